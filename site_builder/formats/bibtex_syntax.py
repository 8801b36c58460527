"""The grammar of BibTeX: what stands where, not what it means.

    record := "@" type "{" key ("," name "=" value)* ","? "}"      or with "(" and ")"
    value  := piece ("#" piece)*
    piece  := "{" balanced "}" | '"' balanced '"' | number | name of an @string or a month

In: the text of a file. Out: its records, each field's value whole but still TeX; Problems for what fits nothing.
Must not know what a field means, nor a Paper.

A record that is not closed ends where the next begins at the start of a line. A value that is not closed ends before
the next line that looks like a field. Each is looked through to its end once and, when that is not found, by such lines
only: so the time that it takes grows with the text and not faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.faults import MOST_PROBLEMS, show_record
from site_builder.paper import MONTHS

RECORD = re.compile(r"@[ \t]*([A-Za-z][\w-]*)\s*([{(])", re.ASCII)  # @article{, @String (
LINE_OF_RECORD = re.compile(r"^[ \t]*(?=@[ \t]*[A-Za-z][\w-]*\s*[{(])", re.ASCII | re.MULTILINE)
KEY = re.compile(r"\s*([^,={}\"\n]*)")
WITHOUT_BRACKET = re.compile(r"^[ \t]*(@[A-Za-z]+)[ \t]+[^\s{(][^\n]*=[^\n]*$", re.ASCII | re.MULTILINE)
BETWEEN_FIELDS = re.compile(r"[\s,]*")
FIELD = re.compile(r"([^\s,={}\"#()@%]+)\s*=\s*")  # author =
FIELD_LINE = re.compile(  # a line that looks like a field, or a record within a line
    r"\n[ \t,]*[A-Za-z][\w:.+-]*[ \t]*=[ \t]*[{\"\w]|@[A-Za-z]+\s*\{\s*[^\s,{}\"=]+\s*,", re.ASCII
)
STRAY_FIELD = re.compile(r"[\s,]*[A-Za-z][\w:.+-]*\s*=\s*[{\"\d]", re.ASCII)
BARE = re.compile(r"[^\s,{}\"#=()]+")  # 2024, jan, 10~jan
BARE_REST = re.compile(r"[ \t]+[^\s,{}\"#=()][^,{}\"#=()\n]*(?=[,\n)}])")  # the further words of a bare value
JUNK = re.compile(r"[^,\n}]+|.", re.DOTALL)
BRACE = re.compile(r"[{}]")
BRACE_OR_QUOTE = re.compile(r"[{}\"]|\\\"(?=[A-Za-z{\\])")
BRACE_QUOTE_OR_PARENTHESIS = re.compile(r"[{}\")]")
CONCATENATION = re.compile(r"\s*#\s*")
MONTH_NAMES = dict(
    zip(
        map(str.lower, MONTHS),
        "January February March April May June July August September October November December".split(),
        strict=True,
    )
)


class Value(NamedTuple):
    """The value of a field, still TeX, and the place in the text where the field begins."""

    text: str
    position: int


class Record(NamedTuple):
    """A record: its type in small letters, its key, its fields by their names in small letters, its place."""

    kind: str
    key: str
    fields: dict[str, Value]
    line: int
    start: int
    end: int


@dataclass(slots=True)
class Source:
    """A file being read: its text, the values of its @strings, the faults found so far.

    `budget` is how many characters @strings may still bring into values: a few lines of them can stand for any number.
    """

    text: str
    path: str
    budget: int
    strings: dict[str, str] = field(default_factory=lambda: dict(MONTH_NAMES))
    problems: list[Problem] = field(default_factory=list)
    seen: tuple[int, int] = (0, 1)  # a place in the text, and its line
    record_line: int = -1  # the next line that begins a record, as far as it has been looked for
    field_line: int = -1  # the next that looks like a field

    def line_at(self, position: int) -> int:
        """Return the line of a place; quick when places are asked for in order."""
        place, line = self.seen
        line += self.text.count("\n", place, position) - self.text.count("\n", position, place)
        self.seen = (position, line)
        return line

    def next_record_line(self, position: int) -> int:
        """Return where the next line behind a place begins a record; the text's end when none does."""
        if self.record_line < position:
            found = LINE_OF_RECORD.search(self.text, position)
            self.record_line = found.start() if found else len(self.text)
        return self.record_line

    def next_field_line(self, position: int) -> int:
        """Return where the next line behind a place looks like a field; the text's end when none does."""
        if self.field_line < position:
            found = FIELD_LINE.search(self.text, position)
            self.field_line = found.start() if found else len(self.text)
        return self.field_line

    def warn(self, position: int, message: str, hint: str = "") -> None:
        """Note a fault that does not cost the record."""
        if len(self.problems) <= MOST_PROBLEMS:
            column = position - self.text.rfind("\n", 0, position)
            self.problems.append(Problem(self.path, self.line_at(position), column, message, hint, "warning"))


def open_source(text: str, path: str) -> Source:
    """Make ready to read a text: line ends are line feeds, a byte order mark is gone."""
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Source(clean, path, budget=2 * len(clean) + 100_000)


def read_records(source: Source) -> Iterator[Record]:
    """Read the records of a text in order; its @strings are kept in the source, comments are passed over."""
    text = source.text
    not_closed = 0  # no record that begins before this place is closed
    found = RECORD.search(text)
    while found:
        limit = source.next_record_line(found.end())
        end = _end_of_group(text, found.end() - 1, limit) if found.start() >= not_closed else 0
        if not end:
            not_closed = limit
        position = end or found.end()
        if found[1].lower() not in ("comment", "preamble"):
            position, record = _read_record(source, found, limit, is_closed=bool(end))
            if record:
                yield record
        found = RECORD.search(text, position)
        _tell_lost(source, position, found.start() if found else len(text))


def _tell_lost(source: Source, start: int, end: int) -> None:
    """Tell of records between two places that have no bracket: they cannot be read."""
    for lost in WITHOUT_BRACKET.finditer(source.text, start, end):
        line, hint = source.line_at(lost.start()), "write it as `@article{key, title = {…}}`"
        message = f"there is no bracket behind `{cut_short(lost[1])}`"
        if len(source.problems) <= MOST_PROBLEMS:
            source.problems.append(Problem(source.path, line, 1, message, hint, text=show_record(lost[0])))


def _end_of_group(text: str, opening: int, limit: int) -> int:
    """Return the place behind the bracket that closes the one at `opening`; 0 when none does before the limit."""
    if text[opening] == "(":
        return _end_of_parentheses(text, opening + 1, limit)
    depth = 0
    for mark in BRACE.finditer(text, opening, limit):
        depth += 1 if mark[0] == "{" else -1
        if not depth:
            return mark.end()
    return 0


def _end_of_parentheses(text: str, position: int, limit: int) -> int:
    depth, is_quoted = 0, False
    for mark in BRACE_QUOTE_OR_PARENTHESIS.finditer(text, position, limit):
        sign = mark[0]
        if sign == '"' and not depth:
            is_quoted = not is_quoted
        elif sign == ")" and not depth and not is_quoted:
            return mark.end()
        depth += (sign == "{") - (sign == "}")
    return 0


def _read_record(source: Source, opening: re.Match[str], limit: int, *, is_closed: bool) -> tuple[int, Record | None]:
    """Read the record whose bracket was opened, or an @string; return the place behind it."""
    start, kind, position, key = opening.start(), opening[1].lower(), opening.end(), ""
    line = source.line_at(start)
    if kind != "string":
        position, key = _read_key(source, position, start)
    closing = "}" if opening[2] == "{" else ")"
    fields: dict[str, Value] = {}
    position = _read_fields(source, start, position, limit, closing, fields, is_closed=is_closed)
    if kind == "string":
        source.strings.update({name: value.text for name, value in fields.items()})
        return position, None
    return position, Record(kind, key, fields, line, start, position)


def _read_key(source: Source, position: int, start: int) -> tuple[int, str]:
    found = KEY.match(source.text, position)
    key, end = (found[1].strip(), found.end()) if found else ("", position)
    behind = source.text[end : end + 1]
    if behind == "=" or not key:  # what stands there is a field's name
        source.warn(start, "this record has no citation key", "it stands behind the bracket: `@article{key,`")
        return (position if behind == "=" else end), ""
    if behind == "\n":
        source.warn(start, f"there is no comma behind the key `{cut_short(key)}`")
    return end, key


def _read_fields(
    source: Source, start: int, position: int, limit: int, closing: str, fields: dict[str, Value], *, is_closed: bool
) -> int:
    """Read fields up to the bracket that closes their record; return the place behind it."""
    text, needs_comma, has_junk = source.text, False, False
    while True:
        behind = position
        position = _skip(BETWEEN_FIELDS, text, position)
        if position >= limit or (text[position] == "@" and RECORD.match(text, position)):
            source.warn(start, f"the `{closing}` that closes this record is missing")
            return min(position, limit)
        if text[position] == closing:
            if not STRAY_FIELD.match(text, position + 1, limit):
                return position + 1
            source.warn(position, f"there is one `{closing}` too many here: more fields follow")
            position, needs_comma = position + 1, False
            continue
        found = FIELD.match(text, position, limit)
        if not found:
            if not has_junk:
                source.warn(position, "expected a field, `name = {value}`", "this line is passed over")
            position, needs_comma, has_junk = _skip(JUNK, text, position), False, True
            continue
        if needs_comma and "," not in text[behind:position]:
            source.warn(position, f"a comma is missing before `{cut_short(found[1])}`")
        value, end, was_closed = _read_value(source, found, limit, is_closed=is_closed)
        is_closed, name = is_closed and was_closed, found[1].lower()
        if name in fields:
            source.warn(position, f"`{cut_short(name)}` is given twice", "the first of them stands")
        else:
            fields[name] = Value(value, position)
        position, needs_comma = end, was_closed


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _read_value(source: Source, opening: re.Match[str], limit: int, *, is_closed: bool) -> tuple[str, int, bool]:
    """Read a value, the place behind it, and whether it was closed; one that is not ends before the next field."""
    text, position, pieces = source.text, opening.end(), []
    while True:
        sign = text[position] if position < limit else ""
        if sign in ("{", '"'):
            within = limit if is_closed else min(limit, source.next_field_line(position))
            end, stop = _end_of_value(text, position, within)
            if end and sign == '"' and text[position + 1 : end - 1].rstrip().endswith("="):
                end = 0  # it is the next field's quote
            if not end:
                stop = min(stop, limit, source.next_field_line(position))
                brace = "}" if sign == "{" else '"'
                source.warn(opening.start(), f"the `{brace}` that closes `{cut_short(opening[1])}` is missing")
                pieces.append(text[position + 1 : stop].rstrip(" \t\n,"))
                return "".join(pieces), stop, False
            pieces.append(text[position + 1 : end - 1])
            position = end
        else:
            piece, position = _read_bare(source, position, limit, opening)
            pieces.append(piece)
        joined = CONCATENATION.match(text, position, limit)
        if not joined:
            return "".join(pieces), position, True
        position = joined.end()


def _end_of_value(text: str, opening: int, limit: int) -> tuple[int, int]:
    """Return the place behind a value in braces or quotes, 0 when it is not closed; and where it was given up."""
    if text[opening] == "{":
        return _end_of_group(text, opening, limit), limit
    depth = 0
    for mark in BRACE_OR_QUOTE.finditer(text, opening + 1, limit):
        if mark[0] == '"' and not depth:
            return mark.end(), limit
        depth += (mark[0] == "{") - (mark[0] == "}")
        if depth < 0:
            return 0, mark.start()
    return 0, limit


def _read_bare(source: Source, position: int, limit: int, opening: re.Match[str]) -> tuple[str, int]:
    """Read a piece without braces: a number, or the names of @strings and months, tied by `~`."""
    found = BARE.match(source.text, position, limit)
    if not found:
        return "", position
    rest = BARE_REST.match(source.text, found.end(), limit)
    if rest:
        source.warn(opening.start(), f"the value of `{cut_short(opening[1])}` stands in no braces")
        return found[0] + rest[0], rest.end()
    parts = found[0].split("~")
    unknown = [part for part in parts if not part.isdecimal() and part.lower() not in source.strings]
    if unknown:
        source.warn(opening.start(), f"no @string defines `{cut_short(unknown[0])}`", "put the value in braces")
    pieces = [source.strings.get(part.lower(), part) for part in parts]
    was_enough = source.budget >= 0
    source.budget -= sum(map(len, pieces))
    if source.budget < 0:
        if was_enough:
            source.warn(opening.start(), "the @strings of this file stand for more text than can be read")
        return "", found.end()
    return "~".join(pieces), found.end()
