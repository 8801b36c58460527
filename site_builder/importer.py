"""The way in: capture files to entries.

In: a Config and the files to import. Out: an ImportReport. Knows the steps and their order, nothing of their work.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from site_builder.config import Config
from site_builder.content.entry import Entry, write_entry
from site_builder.content.merge import OUTCOMES, Conflict, Outcome, Shelf, merge_draft, open_shelf
from site_builder.content.store import (
    Content,
    capture_files,
    check_captures,
    keep_capture,
    load_captures,
    load_content,
    save_entries,
)
from site_builder.errors import Problem
from site_builder.files import show
from site_builder.formats.capture import Capture, Class, draft_papers, infer_years, read_capture
from site_builder.library.tags import learn_tags, suggest_tags
from site_builder.paper import fold_title


class CaptureDay(NamedTuple):
    """The day that a capture is taken to be of, or the problem that leaves it unknown."""

    day: date | None
    inferred: bool = False
    problem: Problem | None = None


class Ledger(NamedTuple):
    """What became of one capture: its lines by class, its records by outcome, the day it is taken to be of."""

    file: str
    day: date | None
    inferred: bool
    lines: dict[Class, int]
    outcomes: dict[Outcome, int]


class ImportReport(NamedTuple):
    """What an import did, capture by capture."""

    ledgers: tuple[Ledger, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    written: int
    entries: int


def import_captures(config: Config, files: Iterable[Path] = ()) -> ImportReport:
    """Import captures into content/papers/: those of these files, or all that the project holds.

    A file from elsewhere is kept under content/captures/ too. What is faulty is noted and the rest goes on.
    """
    content = load_content(config.content)
    texts, problems = load_captures(list(files) or capture_files(config.content))
    seen = [(row.file, entry.path) for entry in content.entries for row in entry.paper.captures]
    problems.extend(check_captures(config.content, content.captures, seen))
    captures = _read_captures(texts, problems)
    days = _days_of(captures, content)
    shelf = open_shelf(show(config.content / "papers"), content.entries, content.broken)
    ledgers, conflicts = [], list[Conflict]()
    for path, capture in captures.items():
        clash = keep_capture(config.content, path, texts[path]) if days[path].day else None
        if clash:
            problems.append(clash)
        else:
            ledgers.append(_import_one(shelf, capture, days[path], conflicts, problems))
    _tag_new_entries(shelf, content)
    written = save_entries(config.content, {e.paper.slug: e for e in content.entries}, shelf.entries)
    # A conflict between an entry and its captures is told once, however many captures repeat it.
    told = tuple(dict.fromkeys(conflicts))
    return ImportReport(tuple(ledgers), told, (*content.problems, *problems), written, len(shelf.entries))


def _read_captures(texts: dict[Path, str], problems: list[Problem]) -> dict[Path, Capture]:
    """Read the captures; one that is there under two names is read once."""
    captures: dict[Path, Capture] = {}
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        twin = seen.setdefault(text, path)
        if twin != path:
            message = f"this is {show(twin)} under another name"
            problems.append(Problem(show(path), 0, 0, message, "remove one of the two", "warning"))
            continue
        captures[path], found = read_capture(text, show(path))
        problems.extend(found)
    return captures


def _days_of(captures: dict[Path, Capture], content: Content) -> dict[Path, CaptureDay]:
    """Settle each capture's day: stated by the curator, or its heading in the earliest possible year."""
    known, guessed = dict[str, date](), dict[str, date]()
    for paper in (entry.paper for entry in content.entries):
        if paper.published:
            (guessed if paper.published_year else known)[fold_title(paper.title)] = paper.published
    stated = {path: content.captures[path.name].day for path in captures if path.name in content.captures}
    stated_years = {show(path): day.year for path, day in stated.items() if day}
    years = infer_years(captures.values(), known, stated_years, guessed)
    return {path: _day_of(one, stated.get(path), years.get(one.path)) for path, one in captures.items()}


def _day_of(capture: Capture, stated: date | None, year: int | None) -> CaptureDay:
    heading = capture.day

    def unknown(line: int, message: str, hint: str) -> CaptureDay:
        return CaptureDay(None, problem=Problem(capture.path, line, 1, message, hint))

    if stated and heading and (heading.month, heading.day) != (stated.month, stated.day):
        message = f"captures.yml says {stated}, this heading says another day"
        return unknown(heading.line, message, "correct the day in captures.yml")
    if stated and _is_far_ahead(stated):
        hint = "correct the day in captures.yml"
        return unknown(heading.line if heading else 1, f"captures.yml says {stated}, which has not come yet", hint)
    if stated or not capture.records:
        return CaptureDay(stated)
    hint = "state its day in content/captures/captures.yml"
    if not heading:
        return unknown(1, "the day of capture is missing; nothing was imported", hint)
    day = heading.in_year(year) if year else None
    if not day:
        message = "no date in the capture or the list tells its year; nothing was imported"
        return unknown(heading.line, message, hint)
    if _is_far_ahead(day):
        latest = max((r.published for r in capture.records if r.published), key=lambda d: d.year or 0, default=heading)
        message = f"its dates tell that it is of {day}, which has not come yet; nothing was imported"
        return unknown(latest.line, message, f"correct the latest year, or {hint}")
    return CaptureDay(day, inferred=True)


def _is_far_ahead(day: date) -> bool:
    """Tell a mistyped year, and leave room for a clock that is wrong."""
    return day.year > date.today().year + 1


def _import_one(
    shelf: Shelf, capture: Capture, settled: CaptureDay, conflicts: list[Conflict], problems: list[Problem]
) -> Ledger:
    """Merge the papers of one capture into the entries; without a day there is nothing to merge."""
    outcomes: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    file = Path(capture.path).name
    problems.extend([settled.problem] if settled.problem else [])
    drafts, found = draft_papers(capture, file, settled.day, inferred=settled.inferred) if settled.day else ([], [])
    problems.extend(found)
    for draft in drafts:
        outcome, disagreements, found = merge_draft(shelf, draft)
        outcomes[outcome] += 1
        conflicts.extend(disagreements)
        problems.extend(found)
    return Ledger(file, settled.day, settled.inferred, dict(capture.ledger), outcomes)


def _tag_new_entries(shelf: Shelf, content: Content) -> None:
    """Give the entries that this run made the tags that the curated ones suggest."""
    if not shelf.fresh or not content.tags:
        return
    model = learn_tags([entry.paper for entry in content.entries], content.tags)
    for slug in shelf.fresh:
        entry = shelf.entries[slug]
        paper = entry.paper._replace(tags=suggest_tags(model, entry.paper))
        shelf.put(Entry(paper, entry.path, write_entry(paper), entry.notes))
