"""A title's address.

In: a title and the slugs that are taken. Out: a slug. Knows no file.
"""

import re
from collections.abc import Container

from markdown.extensions.toc import slugify

from site_builder.kinds import RESERVED_SLUGS, SLUG
from site_builder.paper import to_ascii

LONGEST_SLUG = 72  # that is made
LONGEST_NAME = 120  # that is read


def slug_of(title: str) -> str:
    """Return the slug that a title has by itself: ASCII, at most LONGEST_SLUG long, cut between words.

    A title without a single Latin letter or digit gives `paper`.
    """
    apart = re.sub(r"(?<=\w)[/+:&.,–—](?=\w)", " ", title)  # Only-IF:Revealing, LLM+P, v2.5
    words = slugify(to_ascii(apart), "-").replace("_", "-").strip("-") or "paper"
    if len(words) <= LONGEST_SLUG:
        return words
    whole_words = words[: LONGEST_SLUG + 1].rpartition("-")[0]
    return whole_words or words[:LONGEST_SLUG]


def is_name(slug: str) -> bool:
    """Tell whether a slug can be the name of a page, and of its file."""
    return SLUG.fullmatch(slug) is not None and len(slug) <= LONGEST_NAME


def make_slug(title: str, taken: Container[str]) -> str:
    """Make a slug that is not taken: what the title gives, or that with `-2`, `-3`, … behind it."""
    base = slug_of(title)
    slug, number = base, 1
    while slug in taken or slug in RESERVED_SLUGS:
        number += 1
        slug = f"{base}-{number}"
    return slug
