"""The files that an import is given, read: captures with their days, and records of other programs.

In: files, and what the list knows. Out: a `Source` with its Drafts for each, and Problems. Must not know which papers
are on the list already.

What a file is, its content tells, not its name.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from site_builder.content.records import read_records
from site_builder.content.store import Content, capture_files, check_captures, load_texts
from site_builder.errors import Problem
from site_builder.files import show
from site_builder.formats.arxiv import read_arxiv
from site_builder.formats.bibtex import read_bibtex
from site_builder.formats.capture import Capture, Class, draft_papers, infer_years, read_capture
from site_builder.formats.csl import read_csl
from site_builder.formats.daily import read_daily
from site_builder.formats.draft import Draft
from site_builder.formats.recognize import recognize
from site_builder.formats.ris import read_ris
from site_builder.formats.table import read_table
from site_builder.paper import fold_title

# By the names that `recognize` gives.
READERS: Mapping[str, Callable[[str, str], tuple[list[Draft], list[Problem]]]] = {
    "arxiv": read_arxiv,
    "bibtex": read_bibtex,
    "csl": read_csl,
    "csv": read_table,
    "daily": read_daily,
    "records": read_records,
    "ris": read_ris,
}


class Source(NamedTuple):
    """A file that was read: the format it has, its text, its drafts.

    Of a capture, `lines` counts its lines by class, and `day` is the one that it is taken to be of.
    """

    path: Path
    format: str
    text: str
    drafts: tuple[Draft, ...] = ()
    lines: Mapping[Class, int] = MappingProxyType({})
    day: date | None = None
    inferred: bool = False


class CaptureDay(NamedTuple):
    """The day that a capture is taken to be of, or the problem that leaves it unknown."""

    day: date | None
    inferred: bool = False
    problem: Problem | None = None


def read_sources(folder: Path, files: Iterable[Path], content: Content) -> tuple[list[Source], list[Problem]]:
    """Read these files, or all captures that the project holds; what is faulty is noted and the rest goes on."""
    given = list(files)
    texts, problems = load_texts(given or capture_files(folder))
    seen = [(row.file, entry.path) for entry in content.entries for row in entry.paper.captures]
    problems.extend(check_captures(folder, content.captures, seen))
    formats = {path: recognize(text) if given else "capture" for path, text in texts.items()}
    captures = _read_captures({path: text for path, text in texts.items() if formats[path] == "capture"}, problems)
    days = _days_of(captures, content)
    sources = []
    for path, text in texts.items():
        name = formats[path]
        if path in captures:
            sources.append(_draft_capture(captures[path], path, text, days[path], problems))
        elif name is None:
            hint = "captures, BibTeX, RIS, CSL-JSON, replies of arXiv and Daily Papers, and what was exported, can be"
            message = "this is nothing that can be imported" if text.strip() else "the file is empty"
            problems.append(Problem(show(path), 0, 0, message, hint))
        elif name != "capture":
            drafts, found = READERS[name](text, show(path))
            problems.extend(found)
            sources.append(Source(path, name, text, tuple(drafts)))
    return sources, problems


def _draft_capture(capture: Capture, path: Path, text: str, settled: CaptureDay, problems: list[Problem]) -> Source:
    """Turn a capture's records into drafts; without a day there are none."""
    problems.extend([settled.problem] if settled.problem else [])
    day, inferred = settled.day, settled.inferred
    drafts, found = draft_papers(capture, path.name, day, inferred=inferred) if day else ([], [])
    problems.extend(found)
    return Source(path, "capture", text, tuple(drafts), capture.ledger, day, inferred)


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
