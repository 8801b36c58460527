"""The state of the list, for its curator: what entries lack, how tags are used, what the last import did.

In: briefs, the vocabulary, what an import left. Out: `Stats`. Must not know files, pages or the terminal.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Any, NamedTuple
from urllib.parse import urlencode

from site_builder.errors import cut_short
from site_builder.library.brief import Brief
from site_builder.library.gaps import GAPS, weigh_gaps
from site_builder.library.model import present_names
from site_builder.paper import Tag

STATUSES = ("to-read", "reading", "read", "")
MOST_LINES = 1_000  # of what an import tells
LONGEST_LINE = 300

# Where a paper can be looked up by its title: name, address, parameter of the title, other parameters.
PLACES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("arXiv", "https://arxiv.org/search/", "query", {"searchtype": "title"}),
    ("Semantic Scholar", "https://www.semanticscholar.org/search", "q", {}),
    ("Google Scholar", "https://scholar.google.com/scholar", "q", {}),
    ("Daily Papers", "https://huggingface.co/papers", "q", {}),
    ("Crossref", "https://search.crossref.org/search/works", "q", {"from_ui": "yes"}),
)


class Lacking(NamedTuple):
    """An entry with gaps: what they weigh together, and their keys."""

    weight: int
    slug: str
    title: str
    gaps: tuple[str, ...]
    draft: bool


class TagUse(NamedTuple):
    """A tag and how many entries carry it."""

    slug: str
    name: str
    number: int


class LastImport(NamedTuple):
    """What the last import told: its day, the outcomes of each file, what disagreed, what was near."""

    when: str
    files: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    conflicts: tuple[str, ...]
    near: tuple[str, ...]


class Stats(NamedTuple):
    """The state of the list. Drafts count as all entries do.

    `lacking` tells of each gap how many entries have it; `complete` is the number of entries whose gaps weigh nothing,
    `worst` names the others, the heaviest first, as many as were asked for. `years` and `captures` tell the newest
    first, each with the number of entries and of those whose year was inferred; "" is the year of those without a date.
    `statuses` has "" for none.
    """

    entries: int
    drafts: int
    complete: int
    lacking: tuple[tuple[str, int], ...]
    worst: tuple[Lacking, ...]
    tags: tuple[TagUse, ...]
    years: tuple[tuple[str, int, int], ...]
    captures: tuple[tuple[str, str, int, int], ...]
    statuses: tuple[tuple[str, int], ...]
    last_import: LastImport | None = None


def gather_stats(
    briefs: Sequence[Brief], tags: Iterable[Tag], last_import: LastImport | None = None, most: int | None = None
) -> Stats:
    """Gather the state of the list; `most` bounds how many of the worst entries are named."""
    kinds = Counter(brief.gaps for brief in briefs)
    weights = {gaps: weigh_gaps(gaps) for gaps in kinds}
    numbers = Counter[str]()
    for gaps, number in kinds.items():
        numbers.update(dict.fromkeys(gaps, number))
    incomplete = [brief for brief in briefs if weights[brief.gaps]]

    def rank(brief: Brief) -> tuple[int, str, str]:
        return (-weights[brief.gaps], brief.order, brief.slug)

    worst = sorted(incomplete, key=rank) if most is None else nsmallest(most, incomplete, key=rank)
    statuses = Counter(brief.status for brief in briefs)
    return Stats(
        entries=len(briefs),
        drafts=sum(brief.draft for brief in briefs),
        complete=len(briefs) - len(incomplete),
        lacking=tuple([(gap.key, numbers[gap.key]) for gap in GAPS]),
        worst=tuple([Lacking(weights[b.gaps], b.slug, b.title, b.gaps, b.draft) for b in worst]),
        tags=_count_tags(briefs, tuple(tags)),
        years=_count_years(briefs),
        captures=_count_captures(briefs),
        statuses=tuple([(status, statuses[status]) for status in STATUSES if statuses[status]]),
        last_import=last_import,
    )


def _count_tags(briefs: Iterable[Brief], tags: tuple[Tag, ...]) -> tuple[TagUse, ...]:
    """Count the entries of each tag by its present name, the most used first."""
    present = present_names(tags)
    counts: Counter[str] = Counter()
    for carried, number in Counter(brief.tags for brief in briefs).items():
        counts.update(dict.fromkeys([present[slug] for slug in carried if slug in present], number))
    return tuple(sorted([TagUse(tag.slug, tag.name, counts[tag.slug]) for tag in tags], key=lambda use: -use.number))


def _count_years(briefs: Iterable[Brief]) -> tuple[tuple[str, int, int], ...]:
    numbers = Counter((brief.published[:4], bool(brief.published) and brief.guessed) for brief in briefs)
    years = sorted({year for year, _ in numbers}, reverse=True)
    return tuple([(year, numbers[year, False] + numbers[year, True], numbers[year, True]) for year in years])


def _count_captures(briefs: Iterable[Brief]) -> tuple[tuple[str, str, int, int], ...]:
    numbers = Counter(row for brief in briefs for row in brief.sightings)
    captures = sorted({(day, file) for file, day, _ in numbers}, reverse=True)
    return tuple([
        (file, day, numbers[file, day, False] + numbers[file, day, True], numbers[file, day, True])
        for day, file in captures
    ])  # fmt: skip


def look_up_links(title: str) -> tuple[tuple[str, str], ...]:
    """Return where a title can be looked up: names and addresses."""
    return tuple([
        (name, f"{address}?{urlencode({parameter: title, **others})}") for name, address, parameter, others in PLACES
    ])  # fmt: skip


# ---------------------------------------------------------------- what an import left


def read_last_import(text: str) -> LastImport | None:
    """Read the report that an import left, as JSON; None when it cannot be read."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    files = [row for row in _list_of(told.get("files")) if isinstance(row, dict)]
    return LastImport(
        _line(told.get("when") or ""),
        tuple([(_line(row.get("file", "")), _read_outcomes(row.get("outcomes"))) for row in files]),
        tuple(map(_line, _list_of(told.get("conflicts")))),
        tuple([_near_line(row) for row in _list_of(told.get("near")) if isinstance(row, dict)]),
    )


def _list_of(value: Any) -> list[Any]:
    return value[:MOST_LINES] if isinstance(value, list) else []


def _read_outcomes(value: Any) -> tuple[tuple[str, int], ...]:
    known = value.items() if isinstance(value, dict) else ()
    return tuple([(_line(name), number) for name, number in known if isinstance(number, int)])


def _near_line(row: dict[str, Any]) -> str:
    """Say which record may be of which entries."""
    entries = ", ".join(map(_line, _list_of(row.get("near"))))
    return _line(f"{row.get('source', '')}: {row.get('title', '')}: may be {entries}")


def _line(value: Any) -> str:
    """Write a value on one line, without what no terminal and no page can show."""
    text = " ".join(str(value).split())
    return cut_short("".join(c if c.isprintable() else "\ufffd" for c in text[: LONGEST_LINE + 1]), LONGEST_LINE)
