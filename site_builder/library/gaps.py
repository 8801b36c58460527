"""What an entry lacks, and how much each gap weighs.

In: an entry. Out: the keys of its gaps. Must not know other entries, nor where a gap could be filled.
"""

from functools import cache
from typing import NamedTuple

from site_builder.content.entry import Entry
from site_builder.paper import PartialDate


class Gap(NamedTuple):
    """Something that an entry can lack: its key, its name, what it weighs, when it is lacking.

    `field` is the entry's own; where that is there and empty, the curator wants it so, and nothing is lacking.
    """

    key: str
    name: str
    weight: int
    meaning: str
    field: str


# Heaviest first: what readers miss most.
GAPS = (
    Gap("abstract", "abstract", 5, "has no abstract", "abstract"),
    Gap("date", "date", 4, "has no publication date", "published"),
    Gap("tags", "tags", 4, "has no tag", "tags"),
    Gap("authors", "authors", 3, "names no author", "authors"),
    Gap("arxiv", "arXiv id", 3, "has no arXiv identifier", "arxiv"),
    Gap("links", "links", 2, "has no link", "links"),
    Gap("year", "certain year", 2, "has a year that was inferred", "published_year"),
    Gap("day", "full date", 1, "has a year or month in the date's place", "published"),
    Gap("code", "code", 1, "has no link to code", "links"),
    Gap("notes", "notes", 1, "has no notes of yours", ""),
    Gap("doi", "DOI", 0, "has no DOI; most preprints have none", "doi"),
)
WEIGHTS = {gap.key: gap.weight for gap in GAPS}


def share_of(number: int, whole: int) -> int:
    """Return how many of a hundred a number is, a half rounded up."""
    return (200 * number + whole) // (2 * whole) if whole else 0


def find_gaps(entry: Entry) -> tuple[str, ...]:
    """Return the keys of an entry's gaps, heaviest first."""
    paper = entry.paper
    is_partial = isinstance(paper.published, PartialDate)
    is_lacking = (
        not paper.abstract, not paper.published, not paper.tags, not paper.authors, not paper.arxiv, not paper.links,
        paper.published_year == "inferred", is_partial, all(link.kind != "code" for link in paper.links),
        not entry.notes, not paper.doi,
    )  # fmt: skip
    given = frozenset(key for key in entry.given if not getattr(paper, key))
    return _shared(tuple([
        gap.key for gap, lacks in zip(GAPS, is_lacking, strict=True) if lacks and gap.field not in given
    ]))  # fmt: skip


@cache
def _shared(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return one and the same tuple for equal gaps: it is kept once for all entries."""
    return keys


def weigh_gaps(keys: tuple[str, ...]) -> int:
    """Weigh the gaps of an entry."""
    return sum(map(WEIGHTS.__getitem__, keys))
