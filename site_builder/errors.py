"""What can go wrong: faults of content are `Problem` values, wrong use raises `SiteBuilderError`.

In: nothing. Out: the two kinds of fault. Knows nothing of the rest of the program.
"""

from typing import Literal, NamedTuple


def cut_short(text: str, most: int = 60) -> str:
    """Cut a text for a message."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


class SiteBuilderError(Exception):
    """The program was used in a way that cannot work; the message says what to do instead."""


class Problem(NamedTuple):
    """A fault in somebody's content, where it is, and what to do about it.

    `line` and `column` count from 1; 0 means that the fault is the file's as a whole.
    A warning is shown like an error and does not fail a command. A `passing` fault may be gone the next time without
    a sign that the file changed. `text` is the faulty record's own text, where that is lost otherwise.
    """

    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"
    passing: bool = False
    text: str = ""

    def __str__(self) -> str:
        """`path:line:col: error: message`, the record's own text, and the hint on a line of its own."""
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        lines = [f"    | {line}" for line in self.text.splitlines()]
        hint = [f"    hint: {self.hint}"] if self.hint else []
        return "\n".join([f"{place}: {self.severity}: {self.message}", *lines, *hint])
