"""What readers of records tell of faults: in order, with a record's own text, and no more than somebody may read.

In: Problems, the text of a record, what found no place. Out: Problems. Must not know which format is read.
"""

from collections.abc import Iterable, Mapping

from site_builder.errors import Problem, cut_short

MOST_PROBLEMS = 1000
MOST_LINES = 20
MOST_SHOWN = 2000
LONGEST_LINE = 400


def settle(problems: Iterable[Problem], path: str, left_out: Mapping[str, int] | None = None) -> list[Problem]:
    """Order the Problems of a file by their places, and say in one more what was left out.

    Only so many are kept as somebody may still read: a file that is no bibliography must not fill the memory.
    """
    told = sorted(problems, key=lambda problem: (problem.line, problem.column))
    more = len(told) - MOST_PROBLEMS
    capped = [*told[:MOST_PROBLEMS], Problem(path, 0, 0, f"{more} faults more")] if more > 0 else told
    return [*capped, *_tell_left_out(left_out or {}, path)]


def tell_no_title(path: str, line: int, text: str) -> Problem:
    """Say that a record has no title."""
    return Problem(path, line, 1, "this record has no title", "a title is all that a paper needs", text=text)


def show_record(text: str) -> str:
    """Cut a faulty record's own text to what a message can show."""
    lines = [cut_short(line, LONGEST_LINE) for line in text[:MOST_SHOWN].strip("\n").split("\n")]
    return "\n".join([*lines[:MOST_LINES], "…"] if len(lines) > MOST_LINES or len(text) > MOST_SHOWN else lines)


def _tell_left_out(names: Mapping[str, int], path: str) -> list[Problem]:
    """Say in one warning which fields of a file found no place, and how often; the most frequent first."""
    if not names:
        return []
    counted = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{name} ({times})" for name, times in counted[:30]]
    more = [f"and {len(counted) - 30} more"] if len(counted) > 30 else []
    return [Problem(path, 0, 0, f"left out: {', '.join([*shown, *more])}", severity="warning")]
