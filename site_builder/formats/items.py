"""The records of a JSON file, each with its line; a broken one costs itself only.

In: JSON text: an array of records, one record, or an object that holds them under `items`. Out: `Item`s and Problems.
Must not know what the records say.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from site_builder.errors import Problem
from site_builder.formats.faults import show_record

LONGEST_NUMBER = 18  # a longer one stays text: Python would refuse to read some, or to show them
WINDOW = 16_000  # signs that are decoded at first: a fault's place would be counted from the text's beginning
MOST_WORK = 50  # broken records are tried no longer than it takes to read the file so often
SURROGATES = re.compile("[\ud800-\udfff]")  # halves of a pair: no characters
BLANK = re.compile(r"[ \t\r\n]*")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
FIRST_KEY = re.compile(r'\{\s*"([^"\\\r\n]{1,60})"\s*:')


class Item(NamedTuple):
    """A record: its value, where it begins, and its own text, cut to what a Problem shows (then `is_cut`).

    Numbers with a fraction are the text that stood there, so that 2406.10010 keeps its zero.
    """

    value: dict[str, Any]
    line: int
    text: str
    column: int = 1
    is_cut: bool = False


class _Reading:
    """A text being read: how far its lines are counted, what was wrong, which keys were given twice."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.counted, self.line, self.line_start = 0, 1, 0
        self.work = MOST_WORK * (len(text) + 1_000)
        self.problems: list[Problem] = []
        self.twice: list[str] = []
        self.others: list[int] = []  # the lines of values that are no objects
        self.known_key = ""
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self.pair,
            parse_float=str,
            parse_int=lambda digits: int(digits) if len(digits) <= LONGEST_NUMBER else digits,
            parse_constant=lambda _: None,  # NaN: nothing is known
            strict=False,
        )

    def scan(self, start: int) -> tuple[Any, int]:
        """Decode the value that begins at a place; return it with its end.

        Raises JSONDecodeError, with its place counted from the value's own, and RecursionError.
        """
        size = WINDOW
        while True:
            part = self.text[start : start + size]
            is_whole = start + size >= len(self.text)
            size *= 8
            self.twice.clear()
            try:
                value, end = self.decoder.raw_decode(part)
            except json.JSONDecodeError as error:
                # Near a window's end, and in an open text, it may be the window that is at fault.
                is_sure = error.pos < len(part) - 20 and not error.msg.startswith("Unterminated")
                if is_whole or is_sure:
                    raise
                self.work -= len(part)
                if self.work < 0:
                    raise
            else:
                if is_whole or end < len(part):
                    return value, start + end

    def pair(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Make an object of its pairs; of a key that is given twice the first counts."""
        made = dict(pairs)
        if len(made) < len(pairs):
            made = dict(reversed(pairs))
            self.twice += [key for key, number in Counter(key for key, _ in pairs).items() if number > 1]
        return made

    def line_of(self, place: int) -> int:
        """Return the line of a place behind the one that was asked for last."""
        self.line += len(LINE_BREAK.findall(self.text, self.counted, place))
        self.line_start = max(self.line_start, _line_start(self.text, self.counted, place))
        self.counted = place
        return self.line

    def fault(self, line: int, column: int, message: str, hint: str = "", text: str = "") -> None:
        """Note a fault."""
        self.problems.append(Problem(self.path, line, column, message, hint, text=text))


def read_items(text: str, path: str) -> tuple[list[Item], list[Problem]]:
    """Read the records of a JSON text. What is broken, or no record, is a Problem, and the next one is read."""
    reading = _Reading(SURROGATES.sub("\ufffd", text.removeprefix("\ufeff")), path)
    start = _skip(reading.text, 0)
    if reading.text[start : start + 1] == "[":
        items = list(_read_sequence(reading, start + 1, is_array=True))
    elif reading.text[start : start + 1] == "{":
        inside = _find_items(reading, start)
        items = list(_read_sequence(reading, inside or start, is_array=bool(inside)))
    else:
        reading.fault(1, 1, "this is not JSON with records", "it begins with [ or {")
        return [], reading.problems
    if reading.others:
        number = len(reading.others)
        message = f"{number} values are no records" if number > 1 else "this value is no record"
        reading.fault(reading.others[0], 1, message, "a record is an object: {…}")
    if not items and not reading.problems:
        reading.fault(0, 0, "there is no record in this file")
    return items, reading.problems


def plain_text(value: Any) -> str:
    """Return a value's text: of a text or a whole number itself, of all else nothing."""
    if isinstance(value, str):
        return SURROGATES.sub("\ufffd", value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _read_sequence(reading: _Reading, place: int, *, is_array: bool) -> Iterator[Item]:
    """Read the values of an array from behind its bracket; or values that follow each other without one."""
    text = reading.text
    while (place := _skip(text, place)) < len(text):
        if text[place] == "]" and is_array:
            return
        if text[place] == ",":
            place += 1
            continue
        start, line = place, reading.line_of(place)
        try:
            value, place = reading.scan(start)
        except (json.JSONDecodeError, RecursionError) as error:
            place = _step_over(reading, start, line, error, is_array=is_array)
            if place == len(text):
                return
            continue
        if isinstance(value, dict):
            whole = text[start:place]
            own = show_record(whole)
            _tell_twice(reading, line, own)
            reading.known_key = next(iter(value), "")
            yield Item(value, line, own, start - reading.line_start + 1, own != whole)
        else:
            reading.others.append(line)
    if is_array:
        reading.fault(reading.line_of(len(text)), 1, "the file ends before its list of records does", "is it whole?")


def _tell_twice(reading: _Reading, line: int, own: str) -> None:
    if reading.twice:
        named = ", ".join(f"`{plain_text(key)[:60]}`" for key in dict.fromkeys(reading.twice[:5]))
        message = f"given twice in this record: {named}"
        reading.problems.append(Problem(reading.path, line, 1, message, "the first counts", "warning", text=own))


def _step_over(
    reading: _Reading, start: int, line: int, error: json.JSONDecodeError | RecursionError, *, is_array: bool
) -> int:
    """Note that a record is broken; return where the next one begins, or the end."""
    text, is_known = reading.text, isinstance(error, json.JSONDecodeError)
    at = start + error.pos if isinstance(error, json.JSONDecodeError) else start
    what = f"this is not valid JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else "nested too deep"
    place = _find_next(reading, start, is_array=is_array)
    reading.work -= (at if is_known else len(text)) - start + place - start
    if reading.work < 0:
        place = len(text)
    # A fault behind the next record's beginning has its cause before it.
    seen = at if start <= at < place else start
    row = line + len(LINE_BREAK.findall(text, start, seen))
    is_last = place == len(text)
    hint = "the file ends in this record, or what follows could not be told from it" if is_last and is_array else ""
    column = seen - max(reading.line_start, _line_start(text, start, seen)) + 1
    reading.fault(row, column, what, hint, show_record(text[start:place].rstrip()))
    return place


def _find_next(reading: _Reading, start: int, *, is_array: bool) -> int:
    """Find where the record behind a broken one begins: as far from its line's start, or with the same key.

    Braces alone don't tell: authors and dates have them too.
    """
    text = reading.text
    lead = text[reading.line_start : start]
    if reading.line_start and not lead.strip():
        found = re.compile(rf"[\r\n]{lead}(?=\{{)").search(text, start)
        return found.end() if found else len(text)
    first = FIRST_KEY.match(text, start)
    keys = {re.escape(key) for key in (first and first[1], reading.known_key) if key}
    found = re.compile(rf',\s*(?=\{{\s*"(?:{"|".join(sorted(keys))})"\s*:)').search(text, start) if keys else None
    return found.end() if found and is_array else len(text)


def _find_items(reading: _Reading, start: int) -> int:
    """Find the list in an object that holds records under `items`: the place behind its bracket, or 0."""
    text, place = reading.text, start + 1
    while text[(place := _skip(text, place)) : place + 1] in ('"', ","):
        if text[place] == ",":
            place += 1
            continue
        try:
            key, place = reading.scan(place)
            place = _skip(text, place)
            if text[place : place + 1] != ":":
                return 0
            place = _skip(text, place + 1)
            if key == "items" and text[place : place + 1] == "[":
                return place + 1
            _, place = reading.scan(place)
        except (json.JSONDecodeError, RecursionError):
            return 0
    return 0


def _line_start(text: str, start: int, end: int) -> int:
    """Return where the last line begins that begins within a part of the text; 0 when none does."""
    return max(text.rfind("\n", start, end), text.rfind("\r", start, end)) + 1


def _skip(text: str, place: int) -> int:
    """Return the place of the next sign that is no blank."""
    found = BLANK.match(text, place)
    return found.end() if found else place
