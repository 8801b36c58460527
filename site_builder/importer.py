"""The way in: capture files to entries.

In: a Config and the files to import. Out: an ImportReport. Knows the steps and their order, nothing of their work.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from site_builder.config import Config
from site_builder.content.captures import CaptureFact
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


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of one capture: its lines by class, its records by outcome, the day it is taken to be of."""

    file: str
    day: date | None
    inferred: bool
    lines: dict[Class, int]
    outcomes: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class ImportReport:
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
    captures: list[Capture] = []
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        capture, found = read_capture(text, show(path))
        problems.extend(found)
        twin = seen.setdefault(text, path)
        if twin != path:
            hint = "remove one of the two"
            problems.append(Problem(show(path), 0, 0, f"this is {show(twin)} under another name", hint, "warning"))
            continue
        captures.append(capture)
    problems.extend(check_captures(config.content, content))
    days = _days_of(captures, content)
    shelf = open_shelf(show(config.content / "papers"), content.entries, content.broken)
    ledgers, conflicts = [], list[Conflict]()
    for capture in captures:
        if days[capture.path][0] and (clash := _keep(config, capture, texts)):
            problems.append(clash)
            continue
        ledger = _import_one(shelf, capture, days[capture.path], conflicts, problems)
        ledgers.append(ledger)
    _tag_new_entries(shelf, content)
    written = save_entries(config.content, {e.paper.slug: e for e in content.entries}, shelf.entries)
    # A conflict between an entry and its captures is told once, however many captures repeat it.
    told = tuple(dict.fromkeys(conflicts))
    return ImportReport(tuple(ledgers), told, (*content.problems, *problems), written, len(shelf.entries))


def _keep(config: Config, capture: Capture, texts: dict[Path, str]) -> Problem | None:
    """Keep a capture from elsewhere, now that it is sure to bring something."""
    path = next(path for path in texts if show(path) == capture.path)
    if path.parent.resolve() == (config.content / "captures").resolve():
        return None
    return keep_capture(config.content, path, texts[path])


def _days_of(captures: list[Capture], content: Content) -> dict[str, tuple[date | None, bool, list[Problem]]]:
    """Settle each capture's day: stated by the curator, or its heading in the earliest possible year."""
    known, guessed = dict[str, date](), dict[str, date]()
    for paper in (entry.paper for entry in content.entries):
        if paper.published:
            (guessed if paper.published_year else known)[fold_title(paper.title)] = paper.published
    facts = {capture.path: content.captures.get(Path(capture.path).name, CaptureFact("")) for capture in captures}
    stated = {path: fact.day.year for path, fact in facts.items() if fact.day}
    years = infer_years(captures, known, stated, guessed)
    return {c.path: _day_of(c, facts[c.path].day, years.get(c.path)) for c in captures}


def _day_of(capture: Capture, stated: date | None, year: int | None) -> tuple[date | None, bool, list[Problem]]:
    heading = capture.day
    if stated:
        if heading and (heading.month, heading.day) != (stated.month, stated.day):
            message = f"captures.yml says {stated}, this heading says another day"
            return (
                None,
                False,
                [Problem(capture.path, heading.line, 1, message, "correct the day in captures.yml")],
            )
        return stated, False, []
    if not capture.records:
        return None, False, []
    hint = "state its day in content/captures/captures.yml"
    if not heading:
        return (
            None,
            False,
            [Problem(capture.path, 1, 1, "the day of capture is missing; nothing was imported", hint)],
        )
    day = heading.in_year(year) if year else None
    if day and day > date.today():
        message = f"its dates tell that it is of {day}, which has not come yet; nothing was imported"
        newest = max((r.published for r in capture.records if r.published), key=lambda d: d.year or 0, default=heading)
        return None, False, [Problem(capture.path, newest.line, 1, message, f"correct the latest year, or {hint}")]
    if not day:
        message = "no date in the capture or the list tells its year; nothing was imported"
        return None, False, [Problem(capture.path, heading.line, 1, message, hint)]
    return day, True, []


def _import_one(
    shelf: Shelf,
    capture: Capture,
    settled: tuple[date | None, bool, list[Problem]],
    conflicts: list[Conflict],
    problems: list[Problem],
) -> Ledger:
    day, inferred, found = settled
    problems.extend(found)
    outcomes: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    file = Path(capture.path).name
    if day:
        drafts, found = draft_papers(capture, file, day, inferred=inferred)
        problems.extend(found)
        for draft in drafts:
            outcome, disagreements, found = merge_draft(shelf, draft)
            outcomes[outcome] += 1
            conflicts.extend(disagreements)
            problems.extend(found)
    return Ledger(file, day, inferred, dict(capture.ledger), outcomes)


def _tag_new_entries(shelf: Shelf, content: Content) -> None:
    """Give the entries that this run made the tags that the curated ones suggest."""
    from site_builder.content.entry import Entry, write_entry  # noqa: PLC0415

    if not shelf.fresh or not content.tags:
        return
    model = learn_tags([entry.paper for entry in content.entries], content.tags)
    for slug in shelf.fresh:
        entry = shelf.entries[slug]
        paper = replace(entry.paper, tags=suggest_tags(model, entry.paper))
        shelf.put(Entry(paper, entry.path, write_entry(paper), entry.notes))
