"""A captured "Daily Papers" listing: text saved from a page as a reader copied it.

    capture := preamble capture-day entry*
    entry   := title abstract meta?
    meta    := (authors | organization) "·" published

In: the text of a capture. Out: its records, a ledger in which every non-blank line has a class, Problems for
lines that fit nothing; and from these, once the capture's year is known, draft Papers.
Must not know what the list holds already.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.draft import Draft
from site_builder.formats.links import lift_links
from site_builder.paper import MONTHS, Organization, Paper, Sighting, fold_title

Class = Literal["banner", "byline", "day", "title", "abstract", "meta", "footer", "unknown"]
CLASSES: tuple[Class, ...] = ("banner", "byline", "day", "title", "abstract", "meta", "footer", "unknown")

BANNER = frozenset({"new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers"})
FOOTER = frozenset({"Previous", "Next", "Trending Papers ranked by GitHub stars activity"})
BYLINE = re.compile(r"by ?AK and the research community|Daily|Weekly|Monthly|Trending Papers")
BYLINE_ITSELF = re.compile(r"by ?AK and the research community")
MONTH = "|".join(MONTHS)
DAY = r"(?<=Feb )(?:[12]?\d|0\d)|(?<!Feb )(?:[12]?\d|0\d|3[01])"  # no day of February beyond the 29th
CAPTURE_DAY = re.compile(rf"({MONTH}) ({DAY})")  # Nov 24
PUBLISHED = re.compile(rf"({MONTH}) ({DAY})(?:, ((?:19|20)\d\d))?(?: (\d{{1,9}}))?")  # Dec 8, 2022 | Aug 19 | Sep 26 4
AUTHORS = re.compile(r"(?:• *)?(\d{1,6}) authors?")  # • 18 authors
ORGANIZATION = re.compile(r"([^\s•·]\S*)(?: +(\S.*))?")  # kaist-ai KAIST AI
SEPARATOR = "·"

# The longest title of the real captures has 139 characters, the shortest abstract 1,365.
LONGEST_TITLE = 300
LONGEST_QUERY = 4  # lines of query text between byline and day


class MonthDay(NamedTuple):
    """A day as a listing shows it: the year is None when it left it out."""

    month: int
    day: int
    year: int | None = None
    line: int = 0

    def in_year(self, year: int) -> date | None:
        """Return the day in a year, None when that year has no such day."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


class Record(NamedTuple):
    """One paper of a listing, as captured; `line` is its title's."""

    title: str
    abstract: str
    line: int
    authors_count: int | None = None
    organization: Organization | None = None
    published: MonthDay | None = None
    comments_count: int | None = None


class Capture(NamedTuple):
    """What a capture holds. `day` is None when its heading is missing; `ledger` counts its lines by class."""

    path: str
    day: MonthDay | None
    records: tuple[Record, ...]
    ledger: Mapping[Class, int]


@dataclass(slots=True)
class _Lines:
    """The non-blank lines of a capture with their numbers, and the class that each was given."""

    path: str
    numbers: list[int]
    texts: list[str]
    classes: list[Class] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def at(self, position: int) -> str:
        """Return the line at a position, nothing beyond the end."""
        return self.texts[position] if 0 <= position < len(self.texts) else ""

    def take(self, *classes: Class) -> int:
        """Class the next lines; return the position after them."""
        self.classes.extend(classes)
        return len(self.classes)

    def are_adjacent(self, position: int) -> bool:
        """Tell whether the line at a position stands right above the next one, without a blank line between."""
        return position + 1 < len(self.numbers) and self.numbers[position] + 1 == self.numbers[position + 1]

    def fault(self, position: int, message: str, hint: str = "") -> None:
        """Note a fault in the line at a position."""
        self.problems.append(Problem(self.path, self.numbers[position], 1, message, hint))


def read_capture(text: str, path: str) -> tuple[Capture, list[Problem]]:
    """Read a capture. Every non-blank line is classed; what fits nothing is noted with its number."""
    numbered = [(n, line.strip()) for n, line in enumerate(re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")), 1)]
    kept = [(n, line) for n, line in numbered if line]
    lines = _Lines(path, [n for n, _ in kept], [line for _, line in kept])
    if not kept:
        problem = Problem(path, 0, 0, "the file is empty", "capture the page again, or remove the file")
        return Capture(path, None, (), _count([])), [problem]
    day = _preamble(lines)
    if day is None and not any(map(BYLINE.fullmatch, lines.texts)):
        hint = 'a capture begins with the listing\'s banner, "byAK and the research community" and its day'
        problem = Problem(path, lines.numbers[0], 1, "this is not a capture of a Daily Papers listing", hint)
        return Capture(path, None, (), _count(["unknown"] * len(kept))), [problem]
    records: list[Record] = []
    while len(lines.classes) < len(kept):
        record = _entry(lines)
        if record:
            records.append(record)
    if not records:
        lines.problems.append(
            Problem(path, kept[-1][0], 1, "there is no paper in this capture", "capture the page again")
        )
    return Capture(path, day, tuple(records), _count(lines.classes)), lines.problems


def _count(classes: Iterable[Class]) -> dict[Class, int]:
    given = list(classes)
    return {name: given.count(name) for name in CLASSES}


def _preamble(lines: _Lines) -> MonthDay | None:
    """Class the lines above the first entry. The day is the first date that stands alone."""
    position = 0
    while lines.at(position) in BANNER or BYLINE.fullmatch(lines.at(position)):
        position = lines.take("banner" if lines.at(position) in BANNER else "byline")
    for ahead in range(position, position + LONGEST_QUERY + 1):
        match = CAPTURE_DAY.fullmatch(lines.at(ahead))
        query: list[Class] = ["byline"] * (ahead - position)
        if match:
            lines.take(*query, "day")
            return MonthDay(MONTHS.index(match[1]) + 1, int(match[2]), None, lines.numbers[ahead])
        if len(lines.at(ahead)) > LONGEST_TITLE or lines.at(ahead + 1) == SEPARATOR:
            break
    return None


def _entry(lines: _Lines) -> Record | None:
    """Read a title, its abstract and its meta; or class one line that begins no entry."""
    start = len(lines.classes)
    title, abstract = lines.at(start), lines.at(start + 1)
    if title in BANNER:
        lines.take("banner")
    elif BYLINE_ITSELF.fullmatch(title):
        hint = "put it into a file of its own, and import both"
        message = f"unknown lines {lines.numbers[start]} to {lines.numbers[-1]}: a second capture begins here"
        lines.fault(start, message, hint)
        rest: list[Class] = ["unknown"] * (len(lines.texts) - start)
        lines.take(*rest)
    elif title in FOOTER and not _is_prose(abstract):
        lines.take("footer")
    elif fault := _why_no_entry(lines, start):
        lines.fault(start, *fault)
        lines.take("unknown")
    elif _meta_begins(lines, start + 1) and _is_prose(title):
        hint = "join it to the abstract above; the lines under it belong to that paper"
        lines.fault(start, f"unknown line: a paragraph without a title, `{cut_short(title)}`", hint)
        lines.take("unknown")
    elif _meta_begins(lines, start + 1):
        lines.fault(start, f"`{cut_short(title)}` has no abstract under it", "put the abstract in the line below")
        lines.take("title")
        return _meta(lines, Record(title, "", lines.numbers[start]))
    else:
        lines.take("title", "abstract")
        return _meta(lines, Record(title, abstract, lines.numbers[start]))
    return None


def _why_no_entry(lines: _Lines, start: int) -> tuple[str, str] | None:
    """Say why no entry can begin at a line, and what to do about it; None when one can."""
    title, abstract, after = (lines.at(start + ahead) for ahead in range(3))
    if title == SEPARATOR or PUBLISHED.fullmatch(title) or AUTHORS.fullmatch(title):
        hint = "a paper's last lines stand right under its abstract"
        return f"unknown line: `{cut_short(title)}` belongs to no paper", hint
    if len(title) > LONGEST_TITLE:
        hint = "join it to the abstract, or put a title above it"
        return f"unknown line: a paragraph without a title, `{cut_short(title)}`", hint
    is_followed_by_title = not _is_prose(abstract) and _is_prose(after)
    if not abstract or abstract in FOOTER or (is_followed_by_title and not _meta_begins(lines, start + 1)):
        hint = "put the abstract in the line below, or remove it"
        return f"unknown line: `{cut_short(title)}` has no abstract under it", hint
    return None


def _is_prose(text: str) -> bool:
    """Tell an abstract from a title by its length, or by how it ends."""
    return len(text) > LONGEST_TITLE or text.endswith(".")


def _meta_begins(lines: _Lines, position: int) -> bool:
    """Tell whether a paper's last lines begin at a position: at the `·`, or at what stands on it."""
    who = lines.at(position)
    if who == SEPARATOR or lines.at(position + 1) != SEPARATOR:
        return who == SEPARATOR
    return bool(AUTHORS.fullmatch(who)) or (lines.are_adjacent(position) and len(who) <= LONGEST_TITLE)


def _meta(lines: _Lines, record: Record) -> Record:
    """Read the lines around a `·`, if one follows: who above it, when below it."""
    start = len(lines.classes)
    if not _meta_begins(lines, start):
        return record
    authors_count, organization = (None, None) if lines.at(start) == SEPARATOR else _who(lines, start)
    record = record._replace(authors_count=authors_count, organization=organization)
    position = lines.take("meta")
    when = PUBLISHED.fullmatch(lines.at(position))
    if not when:
        shown = lines.at(position) if lines.are_adjacent(position - 1) else ""
        message = (
            f"unknown line: `{cut_short(shown)}` is no publication day"
            if shown
            else "no publication day under this `·`"
        )
        lines.fault(position if shown else position - 1, message, "it looks like `Dec 8, 2022` or `Aug 19`")
        if shown:
            lines.take("unknown")
        return record
    lines.take("meta")
    month, day, year, comments = when.groups()
    published = MonthDay(MONTHS.index(month) + 1, int(day), int(year) if year else None, lines.numbers[position])
    return record._replace(published=published, comments_count=int(comments) if comments else None)


def _who(lines: _Lines, position: int) -> tuple[int | None, Organization | None]:
    """Read the line above a `·`: a number of authors, or an organization in their place."""
    text = lines.at(position)
    if authors := AUTHORS.fullmatch(text):
        lines.take("meta")
        return int(authors[1]), None
    if (organization := ORGANIZATION.fullmatch(text)) and len(text) <= LONGEST_TITLE:
        lines.take("meta")
        return None, Organization(organization[1], organization[2] or organization[1])
    lines.fault(position, f"unknown line: `{cut_short(text)}` is neither authors nor an organization")
    lines.take("unknown")
    return None, None


# ---------------------------------------------------------------- the year, and Papers


def infer_years(
    captures: Iterable[Capture], known: Mapping[str, date], stated: Mapping[str, int], guessed: Mapping[str, date]
) -> dict[str, int]:
    """Return the earliest year that each capture, by path, can be of; none for one that gives no clue.

    An explicit year is always older than the capture's. A paper that is dated elsewhere was out when the capture
    was made: `known` holds such dates by folded title, `guessed` those whose year was inferred, which can still
    turn out later. `stated` years, by path, are taken as they are.
    """
    captures = [capture for capture in captures if capture.day]
    dates = {**guessed, **known}
    years: dict[str, int] = dict(stated)
    for _ in captures:  # a year found for one capture can date a paper of another
        for capture in captures:
            year = _earliest_year(capture, dates)
            if year and capture.path not in stated:
                years[capture.path] = year
            for record in capture.records:
                key = fold_title(record.title)
                day = record.published.in_year(years.get(capture.path, 0)) if record.published else None
                if day and key not in known:
                    dates[key] = max(day, dates.get(key, day))
    return years


def _earliest_year(capture: Capture, dates: Mapping[str, date]) -> int | None:
    assert capture.day  # the caller keeps captures without a day away
    shown = [record.published for record in capture.records if record.published is not None]
    bounds = [day.year + 1 for day in shown if day.year]
    for record in capture.records:
        day = dates.get(fold_title(record.title))
        if day and not (record.published and record.published.year is None):
            bounds.append(day.year + ((day.month, day.day) > (capture.day.month, capture.day.day)))
    if not bounds:
        return None
    yearless = [capture.day, *(day for day in shown if not day.year)]
    earliest = max(bounds)
    # Feb 29 without a year says that the capture is of a leap year.
    return next((y for y in range(earliest, earliest + 9) if all(d.in_year(y) for d in yearless)), earliest)


def draft_papers(capture: Capture, file: str, day: date, *, inferred: bool) -> tuple[list[Draft], list[Problem]]:
    """Turn the records of a capture of that day into Drafts, with lifted links.

    `inferred` marks the day's year, and the yearless dates that rest on it. A date after the capture's day is
    noted and left out.
    """
    sighting_year: Literal["inferred"] | None = "inferred" if inferred else None
    drafts, problems = [], []
    for record in capture.records:
        shown = record.published
        published = shown.in_year(day.year) if shown else None
        if shown and (published is None or published > day):
            text = f"{MONTHS[shown.month - 1]} {shown.day}" + (f", {shown.year}" if shown.year else "")
            why = f"is after the day of capture, {day}" if published else f"is not a day of {shown.year or day.year}"
            hint = (
                "state the capture's year in captures.yml"
                if inferred
                else "correct the line, or the day in captures.yml"
            )
            problems.append(Problem(capture.path, shown.line, 1, f"`{text}` {why}", hint))
            published = None
        paper = Paper(
            slug="",
            title=record.title,
            abstract=record.abstract,
            published=published,
            published_year=sighting_year if published and shown and not shown.year else None,
            authors_count=record.authors_count,
            organization=record.organization,
            comments_count=record.comments_count,
            links=lift_links(record.abstract),
            captures=(Sighting(file, day, sighting_year, record.comments_count),),
            added=day,
        )
        drafts.append(Draft(paper, capture.path, record.line))
    return drafts, problems
