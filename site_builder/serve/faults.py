"""Faults as the browser shows them: with the lines of the file around each.

In: Problems. Out: plain values, for JSON. Must not know how they look. The texts are as they were found: hostile.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from site_builder.errors import Problem, cut_short
from site_builder.files import read_text
from site_builder.keep import digest
from site_builder.serve.editors import edit_address

MOST = 25  # faults that are shown; the terminal tells all
AROUND = 2  # lines before and after the faulty one
MOST_MARKED = 1000  # errors that a page can tell from others when it is folded
WIDTH = 400  # characters of a line
WORD = re.compile(r"\w[\w-]*|.")  # what a column stands for


def show_faults(problems: Sequence[Problem], changed: Collection[str], editor: str) -> list[dict[str, Any]]:
    """Show the worst faults: errors first, and of these the ones in files that have just changed."""
    ordered = sorted(problems, key=lambda problem: (problem.severity != "error", problem.path not in changed))
    return [_show_fault(problem, editor) for problem in ordered[:MOST]]


def mark_errors(problems: Iterable[Problem]) -> list[str]:
    """Return a mark of each error, by which it is known again; its line may have moved."""
    errors = (problem for problem in problems if problem.severity == "error")
    return sorted({digest(problem.path, problem.message).hex() for problem in islice(errors, MOST_MARKED)})


def _show_fault(problem: Problem, editor: str) -> dict[str, Any]:
    place = ":".join([problem.path, *(str(number) for number in (problem.line, problem.column) if number)])
    path = Path(problem.path)
    return {
        "severity": problem.severity,
        "place": place,
        "address": edit_address(editor, path, problem.line, problem.column) if editor and path.is_file() else "",
        "message": problem.message,
        "hint": problem.hint,
        "lines": _lines_around(path, problem.line, problem.column) if problem.line else [],
    }


def _lines_around(path: Path, line: int, column: int) -> list[tuple[int, list[str], bool]]:
    """Return the number and the text of the lines around one, and whether it is that one.

    The text of that one is in three parts, the middle one being the word at the column.
    """
    lines = read_text(path)[0].removeprefix("\ufeff").split("\n")
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    shown = [(number, lines[number - 1].rstrip("\r")) for number in range(first, last + 1)]
    return [
        (number, _mark_word(text, column) if number == line and column else [cut_short(text, WIDTH)], number == line)
        for number, text in shown
    ]


def _mark_word(text: str, column: int) -> list[str]:
    """Split a line into what is before the word at a column, the word, and the rest; a long one is cut around it."""
    start = column - 1
    word = WORD.match(text, start)
    end = word.end() if word else start
    first = start - WIDTH // 2 if start > WIDTH else 0
    return [("…" if first else "") + text[first:start], cut_short(text[start:end], WIDTH), cut_short(text[end:], WIDTH)]
