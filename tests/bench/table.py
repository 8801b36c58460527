"""The benchmark's table: what was measured, what is aimed at, and whether it is met.

In: the costs of both programs for each size and case. Out: verdicts, the table as text and as Markdown. Must not
measure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Cost

START, END = "<!-- bench -->", "<!-- /bench -->"
CASES = ("cold", "one edit", "nothing changed")
HEADINGS = (
    "papers", "case", "CPU s", "wall s", "MB", "theirs: CPU s", "wall s", "MB", "ratio", "target", "met",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is aimed at: the ratio of ours to theirs, or, with a unit, a figure that ours stays below."""

    figure: str
    most: float
    unit: str = ""

    def __str__(self) -> str:
        """Say the goal: `CPU ≤ 0.6`, `memory < 3,000 MB`."""
        return f"{self.figure} < {self.most:,} {self.unit}" if self.unit else f"{self.figure} ≤ {self.most:.2f}"


GOALS = {
    (250, "cold"): (Goal("CPU", 0.9),),
    (250, "one edit"): (Goal("CPU", 0.4),),
    (250, "nothing changed"): (Goal("CPU", 0.10),),
    (1000, "cold"): (Goal("CPU", 0.65),),
    (1000, "one edit"): (Goal("CPU", 0.15),),
    (1000, "nothing changed"): (Goal("CPU", 0.04),),
    (10000, "cold"): (Goal("CPU", 0.6), Goal("wall", 0.5), Goal("memory", 0.4)),
    (10000, "one edit"): (Goal("CPU", 0.05),),
    (10000, "nothing changed"): (Goal("CPU", 0.02),),
    (100000, "cold"): (Goal("CPU", 240, "s"), Goal("memory", 3000, "MB")),
    (100000, "one edit"): (Goal("CPU", 15, "s"),),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one case of one size cost: ours, and theirs unless it was left out."""

    size: int
    case: str
    ours: Cost
    theirs: Cost | None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What is aimed at here."""
        return GOALS.get((self.size, self.case), ())

    def value(self, goal: Goal) -> float | None:
        """Return what a goal is about: our figure or the ratio; None when there is nothing to compare with."""
        return float(getattr(self.ours, goal.figure.lower())) if goal.unit else self.ratio(goal.figure)

    def ratio(self, figure: str) -> float | None:
        """Return what we need for each second or byte of theirs."""
        name = figure.lower()
        return getattr(self.ours, name) / getattr(self.theirs, name) if self.theirs else None

    def meets(self, goal: Goal) -> bool:
        """Tell whether a goal is met."""
        value = self.value(goal)
        return value is not None and (value < goal.most if goal.unit else value <= goal.most)

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the table's columns."""
        shown = dict.fromkeys(["CPU", *(goal.figure for goal in self.goals if not goal.unit)])
        ratios = ", ".join(f"{figure} {self.ratio(figure):.3f}" for figure in shown if self.theirs)
        met = ("yes" if all(map(self.meets, self.goals)) else "no") if self.goals else "–"
        aimed = ", ".join(map(str, self.goals)) or "–"
        return (f"{self.size:,}", self.case, *figures(self.ours), *figures(self.theirs), ratios or "–", aimed, met)


def figures(cost: Cost | None) -> tuple[str, str, str]:
    """Show what something cost."""
    return (f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}") if cost else ("–", "–", "–")


def shortfalls(rows: Iterable[Row]) -> list[str]:
    """Say every goal that is not met, a line each."""
    lines = []
    for row in rows:
        for goal in row.goals:
            value = row.value(goal)
            if not row.meets(goal):
                found = "not measured" if value is None else f"{value:,.3f}{' ' if goal.unit else ''}{goal.unit}"
                lines.append(f"falls short: {row.size:,} papers, {row.case}: {goal}, and it is {found}")
    return lines


def as_text(rows: Sequence[Row]) -> str:
    """Write the table for a terminal."""
    return align([HEADINGS, *(row.cells() for row in rows)])


def align(cells: Sequence[Sequence[str]]) -> str:
    """Write lines of cells in columns, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)


def markdown_line(cells: Iterable[str]) -> str:
    """Write a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def write_into(page: Path, rows: Iterable[Row]) -> None:
    """Write the table into a page between its two marks; rows of other sizes that stand there are kept."""
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    old, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{page.name} has no marks {START} and {END}")
    lines = {place_of(line): line for line in old.splitlines() if line[2:3].isdigit()}
    lines |= {(row.size, CASES.index(row.case)): markdown_line(row.cells()) for row in rows}
    head = [markdown_line(HEADINGS), markdown_line(["--:", ":--", *["--:"] * 6, ":--", ":--", ":--"])]
    table = "\n".join([*head, *(lines[place] for place in sorted(lines))])
    page.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")


def write_sizes(
    page: Path, marks: tuple[str, str], headings: Sequence[str], words: int, rows: Iterable[Sequence[str]]
) -> None:
    """Write a table of a row a size into a page between two marks; rows of other sizes that stand there are kept.

    The last columns, so many, are of words, the others of numbers.
    """
    before, _, rest = page.read_text(encoding="utf-8").partition(marks[0])
    old, mark, after = rest.partition(marks[1])
    if not mark:
        raise ValueError(f"{page.name} has no marks {marks[0]} and {marks[1]}")
    lines = {line.split(" | ")[0].strip("| "): line for line in old.splitlines() if line[2:3].isdigit()}
    lines |= {row[0]: markdown_line(row) for row in rows}
    head = [markdown_line(headings), markdown_line([*["--:"] * (len(headings) - words), *[":--"] * words])]
    table = "\n".join([*head, *(lines[size] for size in sorted(lines, key=lambda size: int(size.replace(",", ""))))])
    page.write_text(f"{before}{marks[0]}\n{table}\n{marks[1]}{after}", encoding="utf-8")


def place_of(line: str) -> tuple[int, int]:
    """Tell where a line of the Markdown table belongs: its size and its case."""
    size, case = line.strip("| ").split(" | ")[:2]
    return int(size.replace(",", "")), CASES.index(case)
