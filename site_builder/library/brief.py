"""What the library has at hand of every entry, so that it need not be read again to be listed.

In: an entry. Out: its `Brief` and its `Body`, both of plain values that are quickly kept and read again.
Must not know pages, nor where anything is kept.
"""

import re
import unicodedata
from typing import Any, NamedTuple

from site_builder.content.entry import Entry
from site_builder.keep import digest
from site_builder.library.gaps import find_gaps
from site_builder.library.texts import Texts, render_texts, shorten
from site_builder.paper import Paper, fold_title, pack_paper, unpack_paper

NOT_ORDERED = re.compile(r"[^\w ]|_")
EXCERPT = 240  # characters of an abstract in a list


class Brief(NamedTuple):
    """A paper as lists and indexes know it. Days are ISO text, what is unknown is empty, HTML is safe.

    `people` says in a few words who wrote it; `is_organizations` that an organization stands in the authors' place.
    `order` sorts by title; `folded` is equal for two spellings of one title. `gaps` are the keys of what the entry
    lacks. `digest` tells the entry's whole content, `listed` what lists show of it.
    """

    slug: str
    title: str
    title_html: str
    order: str
    folded: str
    published: str
    guessed: bool
    added: str
    updated: str
    people: str
    organization: tuple[str, str] | None
    is_organizations: bool
    comments: int | None
    tags: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    arxiv: str
    doi: str
    sightings: tuple[tuple[str, str, bool], ...]
    featured: bool
    draft: bool
    aliases: tuple[str, ...]
    excerpt: str
    status: str
    gaps: tuple[str, ...]
    digest: bytes
    listed: bytes = b""


# What lists show, but for the tags, whose names are the vocabulary's.
LISTED = (
    "slug", "title_html", "published", "guessed", "people", "organization", "is_organizations", "comments", "links",
    "arxiv", "doi", "excerpt",
)  # fmt: skip


# What a result of the search shows, but for its tags, the authors and the abstract.
RESULT = (
    "slug", "title", "published", "guessed", "updated", "people", "organization", "comments", "links", "arxiv", "doi",
)  # fmt: skip


class Body(NamedTuple):
    """All that is known and read of a paper."""

    paper: Paper
    texts: Texts


def make_brief(entry: Entry, content: bytes) -> tuple[Brief, Body]:
    """Make an entry's brief and body; `content` is the digest of its file."""
    paper, texts = entry.paper, render_texts(entry)
    organization = (paper.organization.handle, paper.organization.name) if paper.organization else None
    brief = Brief(
        slug=paper.slug,
        title=texts.title,
        title_html=str(texts.title_html),
        order=title_order(paper.title),
        folded=fold_title(paper.title),
        published=paper.published.isoformat() if paper.published else "",
        guessed=paper.published_year == "inferred",
        added=paper.added.isoformat() if paper.added else "",
        updated=paper.updated.isoformat() if paper.updated else "",
        people=show_people(paper, most=3),
        organization=organization,
        is_organizations=bool(organization and not paper.authors),
        comments=paper.comments_count,
        tags=paper.tags,
        links=tuple([(link.kind, link.url) for link in paper.links]),
        arxiv=paper.arxiv or "",
        doi=paper.doi or "",
        sightings=tuple([(row.file, row.day.isoformat(), row.year == "inferred") for row in paper.captures]),
        featured=paper.featured,
        draft=paper.draft,
        aliases=paper.aliases,
        excerpt=shorten(texts.abstract, EXCERPT),
        status=paper.status or "",
        gaps=find_gaps(entry),
        digest=content,
    )
    return brief._replace(listed=digest(*[getattr(brief, name) for name in LISTED])), Body(paper, texts)


def digest_result(brief: Brief, body: Body) -> bytes:
    """Digest what a result of the search shows of a paper, but for its tags, whose names are the vocabulary's."""
    shown = [getattr(brief, name) for name in RESULT]
    return digest(shown, body.paper.authors, body.texts.abstract)


def pack_body(body: Body) -> tuple[Any, ...]:
    """Write a body as plain values."""
    return (pack_paper(body.paper), tuple([str(text) for text in body.texts]))


def unpack_body(packed: tuple[Any, ...]) -> Body:
    """Read what `pack_body` wrote."""
    return Body(unpack_paper(packed[0]), Texts.of(*packed[1]))


def show_people(paper: Paper, most: int = 60) -> str:
    """Show who wrote a paper, as far as it is known: names, an organization, or how many authors there are."""
    if paper.authors:
        rest = max(paper.authors_count or 0, len(paper.authors)) - min(most, len(paper.authors))
        return ", ".join(paper.authors[:most]) + (f" and {rest} more" if rest > 0 else "")
    if paper.organization:
        return paper.organization.name
    if paper.authors_count is not None:
        return "1 author" if paper.authors_count == 1 else f"{paper.authors_count} authors"
    return ""


def title_order(title: str) -> str:
    """Order titles as a reader looks for them: without accents, case and leading marks."""
    plain = unicodedata.normalize("NFKD", title)
    return NOT_ORDERED.sub("", plain).casefold().strip()
