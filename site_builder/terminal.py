"""What the commands print, and how they end.

In: lines, faults, counts. Out: text on the terminal, an exit code. Must not know what was done.
"""

import os
import sys
import time
from collections.abc import Iterable

PATIENCE = 1.0  # seconds of work after which it is told how far it is
BAR = 30  # characters

Fault = tuple[str, str]  # a problem as it is shown, and its severity


def say(line: str, *, to_errors: bool = False, end: str = "\n") -> None:
    """Print a line. Where nobody reads any more, or the disk is full, the work goes on in silence."""
    stream = sys.stderr if to_errors else sys.stdout
    try:
        print(line, file=stream, end=end, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell_faults(faults: Iterable[Fault]) -> None:
    """Show every problem once, and exit with 1 when one of them is an error."""
    told = list(dict.fromkeys(faults))
    for text, _ in told:
        say(text, to_errors=True)
    if any(severity == "error" for _, severity in told):
        sys.exit(1)


def errors(faults: Iterable[Fault]) -> str:
    """Tell how many of some faults are errors."""
    return count(sum(severity == "error" for _, severity in set(faults)), "problem")


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with what it counts."""
    return f"{number} {one if number == 1 else many or one + 's'}"


class Progress:
    """How far long work is: a bar on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        """Start the clock."""
        self.started, self.shown, self.is_terminal = time.perf_counter(), "", bool(sys.stderr and sys.stderr.isatty())

    def tell(self, step: str, done: int, total: int) -> None:
        """Tell how far a step is, when the work is long; elsewhere than on a terminal at each quarter."""
        if time.perf_counter() - self.started < PATIENCE or not total:
            return
        if self.is_terminal:
            filled = BAR * done // total
            self.shown = f"{step:6} [{'#' * filled}{'.' * (BAR - filled)}] {done} of {total}"
            say(f"\r{self.shown}", to_errors=True, end="")
        elif (line := f"{step}: {4 * done // total * 25} %, of {total}") != self.shown:
            self.shown = line
            say(line, to_errors=True)

    def end(self) -> None:
        """Clear the bar."""
        if self.is_terminal and self.shown:
            say(f"\r{' ' * len(self.shown)}\r", to_errors=True, end="")
