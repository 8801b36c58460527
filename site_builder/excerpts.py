"""Problems as people and other programs read them: with the source line, as JSON, as GitHub's annotations.

In: Problems. Out: text. The source lines are read when they are shown, so a Problem can be kept for long and stays
small. Must not know where a problem was found, nor print.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from site_builder.errors import Problem
from site_builder.files import read_text
from site_builder.terminal import Fault

Format = Literal["text", "json", "github"]

WIDTH = 100  # cells of a line that are shown
FAR = 10  # widths of a line on both sides of the column that are looked at
LONGEST_LEAD = 60  # of them before the column
GUTTER = "    | "
LINE_BREAK = re.compile(r"\r\n|\n|\r")
IN_MESSAGES, IN_PROPERTIES = "%\r\n", "%\r\n:,"  # what GitHub wants to be escaped there
# What turns the direction of a line round, and would show it as it is not.
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def show_problems(problems: Iterable[Problem], form: Format) -> str:
    """Write problems, each once: as text for people, as a JSON array, or as GitHub's workflow commands."""
    told, lines_of = list(dict.fromkeys(problems)), lru_cache(8)(_read_lines)
    if form == "json":
        records = [_record(problem, source_line(problem, lines_of)) for problem in told]
        return json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    if form == "github":
        return "".join(f"{annotate(problem)}\n" for problem in told)
    return "".join(f"{show_problem(problem, lines_of)}\n" for problem in told)


def show_faults(problems: Iterable[Problem]) -> list[Fault]:
    """Write problems for people, each with its severity."""
    lines_of = lru_cache(8)(_read_lines)
    return [(show_problem(problem, lines_of), problem.severity) for problem in problems]


def show_problem(problem: Problem, lines_of: Callable[[str], list[str]] | None = None) -> str:
    """Write a problem as it writes itself, with its source line and a caret under the column."""
    lines = [make_visible(line) for line in str(problem._replace(hint="", text="")).splitlines()]
    line = source_line(problem, lines_of)
    if problem.text:
        lines += [f"{GUTTER}{make_visible(part)}" for part in problem.text.splitlines()]
    elif line.strip():
        lines += [f"{GUTTER}{part}" for part in mark_column(line, problem.column)]
    return "\n".join([*lines, *([f"    hint: {make_visible(problem.hint)}"] if problem.hint else [])])


def source_line(problem: Problem, lines_of: Callable[[str], list[str]] | None = None) -> str:
    """Return the line of a problem as it stands in its file; nothing when the file is gone or holds no such line."""
    if not problem.line:
        return ""
    lines = (lines_of or _read_lines)(problem.path)
    return lines[problem.line - 1] if problem.line <= len(lines) else ""


def mark_column(line: str, column: int, width: int = WIDTH) -> list[str]:
    """Return a line as it can be shown, cut around the column when it is long, and a caret under that column."""
    at = min(max(column - 1, 0), len(line))
    first = max(0, at - FAR * width)  # a file may be one line, and have a thousand faults
    visible = make_visible(line[first : at + FAR * width])
    place = at - first
    start, end = _cut(visible, place, width)
    shown = ("…" if first + start else "") + visible[start:end] + ("…" if first + end < len(line) else "")
    # A tab is as wide as the tab above it.
    lead = "".join("\t" if c == "\t" else " " * cells(c) for c in visible[start:place])
    return [shown] if not column else [shown, (" " if first + start else "") + lead + "^"]


def make_visible(text: str) -> str:
    """Put a sign in the place of each character that would control a terminal, one for one."""
    return "".join(map(_visible, text)) if not text.isprintable() else text


def cells(character: str) -> int:
    """Tell how many cells of a terminal a character takes: 0 for one that joins the one before, 2 for a wide one."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def annotate(problem: Problem) -> str:
    """Write a problem as a workflow command of GitHub's: `::error file=…,line=…,col=…,title=…::message`."""
    place = {"file": problem.path, "line": problem.line, "col": problem.column, "title": "site-builder check"}
    given = ",".join(f"{key}={_escape(str(value), IN_PROPERTIES)}" for key, value in place.items() if value)
    message = f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
    return f"::{problem.severity} {given}::{_escape(message, IN_MESSAGES)}"


def _escape(text: str, marks: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in marks else c for c in text)


def _record(problem: Problem, source: str) -> dict[str, str | int | None]:
    return {
        "path": problem.path,
        "line": problem.line or None,
        "column": problem.column or None,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "source": problem.text or source,
    }


def _read_lines(path: str) -> list[str]:
    text, _ = read_text(Path(path))
    return LINE_BREAK.split(text.removeprefix("\ufeff"))


def _cut(text: str, place: int, width: int) -> tuple[int, int]:
    """Choose the part of a text that is shown: at most `width` cells, some of them before the place."""
    start, used = place, 0
    least = width - sum(map(cells, text[place : place + width]))
    while start and used + cells(text[start - 1]) <= max(LONGEST_LEAD * width // WIDTH, least):
        start -= 1
        used += cells(text[start])
    end = place
    while end < len(text) and used + cells(text[end]) <= width:
        used += cells(text[end])
        end += 1
    return start, end


def _visible(character: str) -> str:
    code = ord(character)
    if character == "\t" or not (unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or character in TURNS):
        return character
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"
