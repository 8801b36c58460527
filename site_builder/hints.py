"""What somebody may have meant by a text that cannot be read.

In: the text. Out: a hint for the curator, and the place of the slip where that is not where YAML noticed it.
Must not know fields, nor whose text it is.
"""

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from site_builder.errors import cut_short
from site_builder.escapes import LONGEST_HINT, write_single
from site_builder.paper import MONTHS, to_ascii

TRUE, FALSE = frozenset({"yes", "on", "y", "1", "true"}), frozenset({"no", "off", "n", "0", "false"})
NUMBERS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())}
LONGEST = 300  # characters of a text that are looked at
CURLY = "“”„‟«»‘’‚‛"
QUOTES = CURLY + "\"'`"
AS_DAY = "write it as year-month-day: 2024-10-15"

ENDS_QUOTE = re.compile(r"""(["'])(?:(?!\1).)*(?!\1)\S\1[\s.,;:!?)]""")  # "A" and "B": the first quote ends behind A
FIELD = re.compile(r"(?P<indent> *)(?:- )?(?P<key>[A-Za-z_][\w-]*):(?P<value>.*)")  # status: read
GLUED = re.compile(r"( *(?:- )?)([A-Za-z_][\w-]*):(?!//)(\S.*)")  # status:read
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
HYPHENS = re.compile(r"(?:[-–—]{2,}|—|-)[ \t]*")  # --, ----, —
IDENTIFIER = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?|10\.\d{4,9}/[^\s?#]+")
FILE = re.compile(r"(?:.*/)?([^/]+)\.(?:md|html)|(?:\.{0,2}/)*(?:content/)?papers/([^/]+)")  # papers/one.md
HOST = re.compile(r"(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?")  # github.com/a/b
BROKEN_SCHEME = re.compile(r"(?i)(?!https?://)h?t?t?p?s?:?/{1,3}(?=[a-z0-9-]+\.)|ht{1,3}ps?:?/{0,3}(?=[a-z0-9-]+\.)")


class Slip(NamedTuple):
    """Where a text went wrong, as line and column from 0, and what was meant."""

    line: int
    column: int
    hint: str


def guess_name(found: str, known: Iterable[str]) -> str:
    """Guess which of some names is meant; nothing, when none is like it."""
    names = list(known)
    plain = found[:LONGEST].strip(QUOTES + " ")
    alike = {_bare(name): name for name in reversed(names)}.get(_bare(plain))
    close = [alike] if alike else difflib.get_close_matches(plain.lower(), names, n=1)
    return close[0] if close else ""


def hint_name(found: str, known: Iterable[str], otherwise: str = "") -> str:
    """Say which of some names may be meant."""
    guess = guess_name(found, known)
    return f"did you mean `{guess}`?" if guess else otherwise


def hint_fields(known: Iterable[str]) -> str:
    """Say which fields there are, or where free data goes."""
    names = list(known)
    return "free data goes under `extra`" if "extra" in names else f"the fields here: {', '.join(names)}"


def hint_day(text: str) -> str:
    """Guess the day that is written in another order, or in words."""
    words = re.findall(r"\d+|[A-Za-z]{3,}", text[:LONGEST])
    numbers = [int(word) for word in words if word.isdigit() and len(word) <= 4]
    months = [MONTHS.index(word[:3].title()) + 1 for word in words if word[:3].title() in MONTHS]
    if len(numbers) == 2 and len(months) == 1:
        year, day = max(numbers), min(numbers)
        guesses = [_day(year, months[0], day)]
    elif len(numbers) == 3 and not months:
        first, second, third = numbers
        orders = [(first, second, third), (third, second, first), (third, first, second)]
        guesses = [_day(*order) for order in orders if order[0] > 31]
    else:
        return AS_DAY
    found = list(dict.fromkeys(guess for guess in guesses if guess))
    if not found:
        return "the calendar has no such day" if numbers[0] > 31 else AS_DAY
    return f"{AS_DAY.partition(':')[0]}: {' or '.join(found)}"


def hint_address(text: str) -> str:
    """Guess the web address that lacks its scheme."""
    plain = re.sub(r"\s+", "", text[:LONGEST].strip(QUOTES + "<> "))
    is_whole = re.match(r"(?i)https?://[a-z0-9\[]", plain)
    rest = BROKEN_SCHEME.sub("", plain, count=1) if not is_whole and BROKEN_SCHEME.match(plain) else plain
    if re.match(r"(?i)https?://", rest) and rest != text:
        return f"did you mean `{rest}`?"
    if HOST.fullmatch(rest):
        return f"did you mean `https://{rest}`?"
    return "it starts with https:// or http://"


def hint_form(text: str, fits: Callable[[str], bool]) -> str:
    """Guess the value that stands in quotes, in an address, or behind a name: `doi:10.1000/182`."""
    plain = text[:LONGEST].strip(QUOTES + " ")
    found = IDENTIFIER.search(plain.removesuffix(".pdf"))
    guesses = [plain, f"https://{plain}", *([found[0]] if found else [])]
    fitting = next((guess for guess in guesses if guess != text and fits(guess)), "")
    return f"did you mean `{fitting}`?" if fitting else ""


def hint_flag(text: str) -> str:
    """Guess whether yes or no is meant."""
    word = text.strip(QUOTES + " ").lower()
    meant = "true" if word in TRUE else "false" if word in FALSE else ""
    return f"did you mean `{meant}`, without quotes?" if meant else ""


def hint_number(text: str) -> str:
    """Guess the number in a text."""
    found = re.findall(r"\d+", text[:LONGEST])
    number = NUMBERS.get(text.strip(QUOTES + " ").lower())
    if number is None and len(found) == 1:
        number = int(found[0][:9])
    return "" if number is None else f"did you mean `{number}`?"


def guess_slug(text: str) -> str:
    """Guess the slug of a name, or of a file's."""
    file = FILE.fullmatch(text[:LONGEST].strip())
    name = (file[1] or file[2]) if file else text[:LONGEST]
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(name).lower()).strip("-")


def hint_slug(text: str) -> str:
    """Say how the slug of a name is written."""
    slug = guess_slug(text)
    form = "small letters, digits and single hyphens"
    return f"{form}: did you mean `{slug}`?" if slug else f"{form}: meta-learning"


def hint_list(text: str) -> str:
    """Guess the list that is written as one text."""
    items = [item.strip(f"{QUOTES}# ") for item in text.split(",")]
    if text and all(re.fullmatch(r"[\w .-]+", item) for item in items) and len(text) <= 60:
        return f"write it as [{', '.join(items)}], or with a line `- …` for each"
    return "write it as [one, two] or with a line `- …` for each"


def find_end(lines: list[str]) -> Slip:
    """Guess where front matter that is not closed should end; `lines` are those behind the opening one."""
    for number, line in enumerate(lines):
        if HYPHENS.fullmatch(line):
            return Slip(number, 0, "write exactly three hyphens here: ---")
        if line.strip() and not line.startswith((" ", "\t", "#", "- ")) and not FIELD.match(line):
            return Slip(number, 0, "close it above this line, with a line of three hyphens: ---")
    return Slip(len(lines) - 1, 0, "close it with a line of three hyphens: ---")


def explain_yaml(text: str, line: int, column: int, problem: str, opened: tuple[int, int] | None) -> Slip:
    """Explain what broke YAML: where it was noticed, what it says, and where what is not closed was opened."""
    lines = re.split(r"\r\n|\n|\r", text)
    broken = lines[line] if line < len(lines) else ""
    if "\t" in broken[: len(broken) - len(broken.lstrip())]:
        return Slip(line, column, "use spaces, YAML takes no tab here")
    slip = (
        _escaped(lines, problem, opened)
        or _doubled(lines, line, column, problem)
        or _glued(lines, line, problem)
        or _unclosed(lines, problem, opened)
        or _prose(lines, line, problem)
        or _indented(lines, line, problem)
    )
    return slip or Slip(line, column, _hint_value(broken))


def _escaped(lines: list[str], problem: str, opened: tuple[int, int] | None) -> Slip | None:
    """A backslash in double quotes begins an escape, and YAML does not know this one."""
    if not opened or opened[0] >= len(lines) or not re.search(r"unknown escape|hexa?decimal", problem):
        return None
    line, column = lines[opened[0]], opened[1]
    value = QUOTED.match(line, column)
    mended = f"{line[:column]}{write_single(value[0])}{line[value.end() :]}".strip() if value else ""
    fits = mended and len(mended) <= LONGEST_HINT
    return Slip(*opened, f"use single quotes: {mended}" if fits else "use single quotes, or write each backslash twice")


def _doubled(lines: list[str], line: int, column: int, problem: str) -> Slip | None:
    if "node content" in problem and line < len(lines) and lines[line][column : column + 1] == ",":
        return Slip(line, column, "a comma too many: take it away")
    return None


def _glued(lines: list[str], line: int, problem: str) -> Slip | None:
    """A key without the blank behind its colon, or without a colon, is read as text."""
    above = next((before for before in range(line - 1, -1, -1) if lines[before].strip()), line)
    for number in (line, above):
        match = GLUED.fullmatch(lines[number]) if number < len(lines) else None
        if match:
            column = len(match[1]) + len(match[2]) + 1
            return Slip(number, column, f"put a space behind the colon: `{match[2]}: {cut_short(match[3], 40)}`")
    if problem.startswith("mapping values") and re.fullmatch(r"[a-z_]+", lines[above]):
        return Slip(above, len(lines[above]), f"put a colon behind `{lines[above]}`")
    return None


def _unclosed(lines: list[str], problem: str, opened: tuple[int, int] | None) -> Slip | None:
    if not opened or opened[0] >= len(lines):
        return None
    mark = lines[opened[0]][opened[1] : opened[1] + 1]
    if problem in ("found unexpected end of stream", "found unexpected document indicator") and mark in ('"', "'"):
        return Slip(*opened, f"this quote is not closed: end the value with {mark}")
    if "did not find expected ','" in problem and mark in ("[", "{") and mark:
        closer = {"[": "]", "{": "}"}[mark]
        return Slip(*opened, f"this {mark} is not closed: end it with {closer}, or quote the whole value")
    return None


def _prose(lines: list[str], line: int, problem: str) -> Slip | None:
    """Notes among the fields, or the next line of a value, begin at the line's start without a key."""
    if problem != "could not find expected ':'":
        return None
    for number, text in enumerate(lines[: line + 1]):
        if text.strip() and not text.startswith((" ", "#", "- ", "]", "}")) and not FIELD.match(text):
            hint = "notes stand under the second line of hyphens (---); indent what goes on with the value above"
            return Slip(number, 0, hint)
    return None


def _indented(lines: list[str], line: int, problem: str) -> Slip | None:
    """A field that is indented goes on with the text above it."""
    before = [number for number in range(min(line, len(lines))) if lines[number].strip()]
    here = FIELD.fullmatch(lines[line]) if line < len(lines) else None
    above = FIELD.fullmatch(lines[before[-1]]) if before else None
    if not here or not above:
        return None
    deep, high = len(here["indent"]), len(above["indent"])
    if problem.startswith("mapping values") and deep > high and above["value"].strip() and ": " not in here["value"]:
        return Slip(line, high, f"take the blanks before `{here['key']}:` away")
    if "<document start>" in problem and deep < high:
        return Slip(before[-1], 0, f"take the blanks before `{above['key']}:` away")
    return None


def _hint_value(line: str) -> str:
    match = FIELD.fullmatch(line)
    value = match["value"].strip() if match else ""
    if not match or not value:
        return "quote values that hold any of : # [ ] { } , & * ! | > ' \" % @ `"
    straight = value.translate({ord(mark): None for mark in CURLY}) if value[0] in CURLY else value
    if straight != value:
        return f"write straight quotes: {match['key']}: {_quoted(straight)}"
    if value[-1] == '"' and value.count('"') == 1:
        return f'the opening quote is missing: {match["key"]}: "{cut_short(value, LONGEST_HINT)}'
    if value[0] in "\"'" and value[0] == value[-1] and len(value) > 2 and not ENDS_QUOTE.match(value):
        return f"quotes inside of a value: {match['key']}: {_quoted(value[1:-1])}"
    return f"quote this value: {match['key']}: {_quoted(value)}"


def _quoted(value: str) -> str:
    shown = cut_short(value, LONGEST_HINT)  # what is copied should be whole
    if '"' not in shown and "\\" not in shown:
        return f'"{shown}"'
    return "'" + shown.replace("'", "''") + "'"


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
