"""Faults as the browser shows them: with the lines of the file around each.

In: Problems. Out: plain values, for JSON. Must not know how they look. The texts are as they were found: hostile.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from site_builder.errors import Problem, cut_short
from site_builder.files import read_text
from site_builder.serve.editors import edit_address

MOST = 25  # faults that are shown; the terminal tells all
AROUND = 2  # lines before and after the faulty one
WIDTH = 400  # characters of a line


def show_faults(problems: Sequence[Problem], changed: Collection[str], editor: str) -> list[dict[str, Any]]:
    """Show the worst faults: errors first, and of these the ones in files that have just changed."""
    ordered = sorted(problems, key=lambda problem: (problem.severity != "error", problem.path not in changed))
    return [_show_fault(problem, editor) for problem in ordered[:MOST]]


def _show_fault(problem: Problem, editor: str) -> dict[str, Any]:
    place = ":".join([problem.path, *(str(number) for number in (problem.line, problem.column) if number)])
    path = Path(problem.path)
    return {
        "severity": problem.severity,
        "place": place,
        "address": edit_address(editor, path, problem.line) if editor and path.is_file() else "",
        "message": problem.message,
        "hint": problem.hint,
        "lines": _lines_around(path, problem.line) if problem.line else [],
    }


def _lines_around(path: Path, line: int) -> list[tuple[int, str, bool]]:
    """Return the number and text of the lines around one, and whether it is that one."""
    lines = read_text(path)[0].split("\n")
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    return [(n, cut_short(lines[n - 1].rstrip("\r"), WIDTH), n == line) for n in range(first, last + 1)]
