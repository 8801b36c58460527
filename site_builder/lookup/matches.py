"""Which of the papers that arXiv gave is meant, and what an entry gains by it.

In: an entry, papers as arXiv describes them. Out: a verdict; the fields to fill, and what disagrees.
Must not ask, write, or guess.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from site_builder.content.entry import Entry
from site_builder.content.merge import Conflict
from site_builder.formats.identifiers import find_arxiv, identify
from site_builder.lookup.titles import is_near, is_same
from site_builder.paper import Paper, PartialDate, fold_title, is_placeholder

A_DAY = timedelta(days=1)  # as far apart as time zones can move one day
MOST_NEAR = 5

# `doubtful` has the title, and two facts that speak against it.
Certainty = Literal["exact", "doubtful", "several", "near", "nothing"]


class Verdict(NamedTuple):
    """How surely papers are the one that is meant: one paper when it is exact or doubtful."""

    certainty: Certainty
    papers: tuple[Paper, ...] = ()


def judge(paper: Paper, found: Sequence[Paper]) -> Verdict:
    """Judge which of the papers that were found is meant.

    Of several with its title it is the one that the entry links to, or the only one that agrees with all that the
    entry knows.
    """
    exact = [one for one in found if is_same(paper.title, one.title)]
    linked = [one for one in exact if one.arxiv in linked_ids(paper)]
    if len(linked) == 1:
        return Verdict("exact", (linked[0],))
    if len(exact) == 1:
        doubts = [agrees for agrees in _evidence(paper, exact[0]) if agrees is False]
        return Verdict("doubtful" if len(doubts) > 1 else "exact", (exact[0],))
    if exact:
        told_apart = [one for one in exact if _speaks_for(paper, one)]
        return Verdict("exact", (told_apart[0],)) if len(told_apart) == 1 else Verdict("several", tuple(exact))
    near = tuple([one for one in found if is_near(paper.title, one.title)][:MOST_NEAR])
    return Verdict("near", near) if near else Verdict("nothing")


def linked_ids(paper: Paper) -> set[str]:
    """Return the arXiv identifiers to which an entry's links lead."""
    return {found for link in paper.links if link.kind in ("paper", "pdf") if (found := identify(link.url).arxiv)}


def _evidence(paper: Paper, found: Paper) -> tuple[bool | None, ...]:
    """Say what speaks for a paper, and against it: number of authors, day, links. None when that is not known."""
    known = _count_authors(paper)
    return (
        known == _count_authors(found) if known and found.authors else None,
        _is_about(paper, found.published) if paper.published and found.published else None,
        found.arxiv in linked_ids(paper) if linked_ids(paper) else None,
    )


def _count_authors(paper: Paper) -> int:
    """Count authors: the names may not be all."""
    return paper.authors_count or len(paper.authors)


def _speaks_for(paper: Paper, found: Paper) -> bool:
    evidence = _evidence(paper, found)
    return True in evidence and False not in evidence


def _is_about(paper: Paper, day: date) -> bool:
    """Tell whether a day is the entry's, but for a time zone; a year that was inferred may be another."""
    known = paper.published
    assert known
    if isinstance(known, PartialDate):
        return day.isoformat().startswith(known.isoformat()) or paper.published_year == "inferred"
    if paper.published_year == "inferred":
        return any(abs(_in_year(known, year) - day) <= A_DAY for year in (day.year - 1, day.year, day.year + 1))
    return abs(known - day) <= A_DAY


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(year, 3, 1) if is_leap_day else day.replace(year=year)


# ---------------------------------------------------------------- what an entry gains


def fill(entry: Entry, found: Paper) -> tuple[dict[str, Any], tuple[Conflict, ...]]:
    """Return the fields of an entry that a paper fills, and what both know and disagree about.

    A field that is there and empty is not a gap: the curator wants it so. Abstracts are not compared: their authors
    rewrite them.
    """
    paper, changes, conflicts = entry.paper, dict[str, Any](), list[Conflict]()

    def doubt(key: str, kept: Any, offered: Any) -> None:
        conflicts.append(Conflict(entry.path, key, str(kept), str(offered), "arXiv"))

    if is_placeholder(paper.title):
        changes["title"] = found.title
    elif not is_same(paper.title, found.title):
        doubt("title", paper.title, found.title)
    for key in ("arxiv", "doi", "abstract"):
        known, offered = getattr(paper, key), getattr(found, key)
        if not known and offered and key not in entry.given:
            changes[key] = offered
        elif key != "abstract" and known and offered and _plain(known) != _plain(offered):
            doubt(key, known, offered)
    _fill_authors(entry, found, changes, doubt)
    _fill_published(entry, found, changes, doubt)
    if found.updated and found.published and found.updated > found.published:
        if not paper.updated and "updated" not in entry.given:
            changes["updated"] = found.updated
        elif paper.updated and paper.updated != found.updated:
            doubt("updated", paper.updated, found.updated)
    return changes, tuple(conflicts)


def _plain(identifier: str) -> str:
    """Write an identifier as it is compared: without version and case."""
    return (find_arxiv(identifier) or identifier).casefold()


def _fill_authors(entry: Entry, found: Paper, changes: dict[str, Any], doubt: Any) -> None:
    """Fill in the authors' names, unless the entry counts other than arXiv does."""
    paper, names = entry.paper, found.authors
    if not names:
        return
    if paper.authors:
        is_cut = len(paper.authors) < _count_authors(paper) == len(names)
        compared = names[: len(paper.authors)] if is_cut else names
        if [*map(fold_title, paper.authors)] != [*map(fold_title, compared)]:
            doubt("authors", ", ".join(paper.authors), ", ".join(names))
    elif paper.authors_count not in (None, len(names)):
        doubt("authors_count", paper.authors_count, len(names))
    elif "authors" not in entry.given:
        changes["authors"] = names


def _fill_published(entry: Entry, found: Paper, changes: dict[str, Any], doubt: Any) -> None:
    """Fill in the day; it takes the place of a year, a month, or a day of an inferred year that it agrees with."""
    paper, day = entry.paper, found.published
    if not day or ("published" in entry.given and not paper.published):
        return
    if not paper.published or (paper.published != day and _is_told_by(paper, day)):
        changes["published"] = day
    elif paper.published != day:
        doubt("published", paper.published, day)
        return
    if paper.published_year:
        changes["published_year"] = None


def _is_told_by(paper: Paper, day: date) -> bool:
    """Tell whether a day says more than the entry, and nothing else."""
    known, is_guess = paper.published, paper.published_year == "inferred"
    if isinstance(known, PartialDate):
        same_month = not known.has_month or known.month == day.month
        return same_month and (is_guess or known.year == day.year)
    return is_guess and known is not None and (known.month, known.day) == (day.month, day.day)
