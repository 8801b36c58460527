"""How the vocabulary is used, and where it could be tidied.

In: the tags, and the papers that carry them. Out: counts, and tags that look like one. Must not know files.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from site_builder.paper import Paper, Tag

TOGETHER = 0.8  # share of the papers with one of two tags that carry both: then they nearly always stand together
FEWEST = 3  # papers with a tag, before it is asked what it stands with
SHORTEST = 6  # letters of a slug in which one other letter is a slip: `agents`, not `rag`


class Pair(NamedTuple):
    """Two tags that may be one, and why."""

    one: str
    other: str
    why: str


def present_tags(papers: Iterable[Paper], tags: Iterable[Tag]) -> list[frozenset[str]]:
    """Return the tags of each paper under their present slugs, those of the vocabulary only."""
    present = {name: tag.slug for tag in tags for name in (tag.slug, *tag.aliases)}
    return [frozenset(present[slug] for slug in paper.tags if slug in present) for paper in papers]


def count_use(carried: Iterable[frozenset[str]], tags: Sequence[Tag]) -> dict[str, int]:
    """Count the papers of each tag, the most used first, else in the vocabulary's order."""
    counts = Counter(slug for slugs in carried for slug in slugs)
    return {tag.slug: counts[tag.slug] for tag in sorted(tags, key=lambda tag: -counts[tag.slug])}


def find_lookalikes(tags: Sequence[Tag]) -> list[Pair]:
    """Find tags whose slugs or names differ by an ending, a hyphen, the order of words or one letter."""
    pairs = []
    for one, other in combinations(tags, 2):
        ways = ((one.slug, other.slug, "slugs"), (one.name, other.name, "names"))
        why = next((f"their {what} {how}" for mine, yours, what in ways if (how := _likeness(mine, yours))), "")
        if why:
            pairs.append(Pair(one.slug, other.slug, why))
    return pairs


def find_companions(carried: Iterable[frozenset[str]]) -> list[Pair]:
    """Find tags that (nearly) always stand together."""
    counts, both = Counter[str](), Counter[tuple[str, str]]()
    for slugs in carried:
        counts.update(slugs)
        both.update(combinations(sorted(slugs), 2))
    pairs = []
    for (one, other), together in sorted(both.items()):
        either = counts[one] + counts[other] - together
        if min(counts[one], counts[other]) >= FEWEST and together >= TOGETHER * either:
            pairs.append(Pair(one, other, f"{together} of the {either} papers with one of them have both"))
    return pairs


def _likeness(one: str, other: str) -> str:
    mine, yours = _words(one), _words(other)
    if "".join(mine) == "".join(yours):
        return "differ in hyphens, blanks or capitals only"
    mine, yours = [_stem(word) for word in mine], [_stem(word) for word in yours]
    if "".join(mine) == "".join(yours):
        return "differ in an ending only"
    if sorted(mine) == sorted(yours):
        return "have the same words in another order"
    joined = "".join(mine), "".join(yours)
    if min(map(len, joined)) >= SHORTEST and _differ_in_one_letter(*joined):
        return "differ in one letter"
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))


def _stem(word: str) -> str:
    """Take the ending of a plural away."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _differ_in_one_letter(one: str, other: str) -> bool:
    """Tell whether a letter was changed, left out, put in, or swapped with the next."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) == 1
