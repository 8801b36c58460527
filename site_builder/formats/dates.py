"""Dates as bibliographies write them: a day, a month, or a year, in figures or in words.

In: the text of a date. Out: a `date` when its day is known, a `PartialDate` when not, None when not even its year is.
Must not guess: of a range within a year its beginning is known, of a longer one nothing; of 01/02/2020 the year.
"""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from site_builder.paper import MONTHS, PartialDate

# 2024, 2024-10, 2024-10-15T08:00:00Z, 2024/10/15/, 2024//, 2024/10/15/received
FIGURES = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})?(?:\2(\d{1,2})?(?:[T ]\d{1,2}:.*|/.*)?)?)?[?~%]?", re.ASCII | re.DOTALL
)
DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)  # 13/02/2020, 02/13/2020
MONTH_WORD = re.compile(
    r"(?<![a-z])(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+", re.ASCII)
LONGEST_DATE = 200


class Known(NamedTuple):
    """What is known of a date; None stands for what is not."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def read_date(text: str) -> date | None:
    """Read a date in figures (2024-10-15, 2024/10/, 2024) or in words (15 October 2024, Oct 2024)."""
    return make_date(read_known(text))


def read_instant(text: str) -> date | None:
    """Read the day, in UTC, of an instant as ISO 8601 writes it; None when it is none."""
    try:
        instant = datetime.fromisoformat(text.strip())
        return (instant.astimezone(UTC) if instant.tzinfo else instant).date()
    except (ValueError, OverflowError):
        return None


def read_known(text: str) -> Known:
    """Read what a text says of a date. A range within a year gives its beginning."""
    stripped = text.strip()[:LONGEST_DATE]
    ends = [FIGURES.fullmatch(end) for end in stripped.split("/")]
    if len(ends) == 2 and all(ends) and any(len(end) > 4 for end in stripped.split("/")):
        first, last = (_figures(end) for end in ends if end)
        return begin_of(first, last)
    if figures := FIGURES.fullmatch(stripped):
        return _figures(figures)
    turned = DAY_OR_MONTH_FIRST.fullmatch(stripped)
    return _turned(turned) if turned else read_words(stripped)


def begin_of(first: Known, last: Known) -> Known:
    """Return the beginning of a range within a year; of a longer one nothing is known."""
    return first if first.year == last.year else Known()


def find_doubt(text: str) -> str:
    """Say what a date leaves open: whether its day or its month stands first. Nothing when nothing is."""
    turned = DAY_OR_MONTH_FIRST.fullmatch(text.strip())
    is_open = turned and not _turned(turned).month and max(int(turned[1]), int(turned[3])) <= 12
    return f"of `{text.strip()}` only the year is read: its day may stand first, or its month" if is_open else ""


def read_first_month(text: str) -> int | None:
    """Read the first month that is named in a text: June of June–July."""
    found = MONTH_WORD.search(text[:LONGEST_DATE])
    return MONTHS.index(found[1][:3].title()) + 1 if found else None


def read_words(text: str) -> Known:
    """Read a date in words: the one year, the one month and the one day that are named in it."""
    text = text[:LONGEST_DATE]
    numbers = [number[0] for number in NUMBER.finditer(text)]
    years = {int(number) for number in numbers if len(number) == 4}
    days = [int(number) for number in numbers if len(number) <= 2]
    months = {MONTHS.index(word[1][:3].title()) + 1 for word in MONTH_WORD.finditer(text)}
    year = years.pop() if len(years) == 1 else None
    month = months.pop() if len(months) == 1 else None
    return Known(year, month, days[0] if month and len(days) == 1 else None)


def make_date(known: Known) -> date | None:
    """Make the date of what is known; what cannot be (the 31st of June) is left out of it."""
    year, month, day = known
    if not year:
        return None
    if not month or month > 12:
        return PartialDate(year)
    try:
        return date(year, month, day) if day else PartialDate(year, month)
    except ValueError:
        return PartialDate(year, month)


def _figures(found: re.Match[str]) -> Known:
    year, _, month, day = found.groups()
    return Known(int(year), int(month) if month else None, int(day) if day else None)


def _turned(found: re.Match[str]) -> Known:
    """Tell day and month apart when one of them can be no month, or both are the same."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if min(first, second) > 12 or (first != second and max(first, second) <= 12):
        return Known(year)
    return Known(year, second, first) if first >= second else Known(year, first, second)
