"""Dates as bibliographies write them: a day, a month, or a year, in figures or in words.

In: the text of a date. Out: a `date` when its day is known, a `PartialDate` when not, None when not even its year is.
Must not guess: of a range only what both ends share is known.
"""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from site_builder.paper import MONTHS, PartialDate

# 2024, 2024-10, 2024-10-15T08:00:00Z, 2024/10/15/, 2024//, 2024/10/15/received
FIGURES = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})?(?:\2(\d{1,2})?(?:[T ]\d{1,2}:.*|/.*)?)?)?[?~%]?", re.ASCII | re.DOTALL
)
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
    """Read what a text says of a date. A range gives what both of its ends share."""
    stripped = text.strip()[:LONGEST_DATE]
    ends = [FIGURES.fullmatch(end) for end in stripped.split("/")]
    if len(ends) == 2 and all(ends) and any(len(end) > 4 for end in stripped.split("/")):
        first, last = (_figures(end) for end in ends if end)
        return _shared(first, last)
    figures = FIGURES.fullmatch(stripped)
    return _figures(figures) if figures else read_words(stripped)


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


def _shared(first: Known, last: Known) -> Known:
    """Return what two dates have in common, from the year on."""
    if first.year != last.year:
        return Known()
    if first.month != last.month:
        return Known(first.year)
    return first if first.day == last.day else Known(first.year, first.month)
