"""What a build costs, beside Hugo with Pagefind: `python -m tests.bench.builds [SIZE ...] [--write]`.

In: sizes, numbers of made-up papers. Out: a table, in docs/performance.md too with `--write`; exit code 1 when a goal
is not met, 2 when nothing could be measured. Must not favour either: both get the same papers and the same edits, and
are run in turn, round by round.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.bench import hugo, papers
from tests.bench.measure import CommandFailed, Cost, measure, middle
from tests.bench.papers import EDITS, MadePaper
from tests.bench.table import CASES, Row, as_text, shortfalls, write_into
from tests.bench.words import Source, load_source

PAGE = Path(__file__).parent.parent.parent / "docs" / "performance.md"
SIZES = (250, 1000, 10000)
ALONE = 100000  # from here on Hugo is left out
WARM_UP = 60


class CannotCompare(Exception):
    """The two programs did not do the same work, or one of them is not there."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages of two sorts a site has: of papers, and of the lists of tags."""

    papers: int
    tags: int


class Ours:
    """This program: its project, and how it is built."""

    name = "site-builder"

    def __init__(self, folder: Path) -> None:
        """Start a project in a folder that is not there yet."""
        self.folder = folder
        papers.start_project(folder)

    def write(self, paper: MadePaper) -> None:
        """Write a paper, new or edited."""
        papers.write_paper(self.folder, paper)

    def forget(self) -> None:
        """Take away what builds have left."""
        put_aside(self.folder, "output", ".site-builder")

    def build(self) -> Cost:
        """Build the site."""
        return measure([[*our_command(), "--content", "content", "--output", "output", "build"]], self.folder)

    def count(self) -> Pages:
        """Count the pages of the site."""
        return count_ours(self.folder / "output")


class Theirs:
    """Hugo, and Pagefind after it."""

    name = "Hugo + Pagefind"

    def __init__(self, folder: Path) -> None:
        """Start a project in a folder that is not there yet; Hugo's own cache lies in it too."""
        self.folder = folder
        self.hugo, self.pagefind = their_programs()
        hugo.start_project(folder)

    def write(self, paper: MadePaper) -> None:
        """Write a paper, new or edited."""
        hugo.write_paper(self.folder, paper)

    def forget(self) -> None:
        """Take away what builds have left."""
        put_aside(self.folder, "public", "resources", "cache")

    def build(self) -> Cost:
        """Build the site, and its search after it."""
        commands = [[self.hugo], [self.pagefind, "--site", "public"]]
        return measure(commands, self.folder, {"HUGO_CACHEDIR": str(self.folder / "cache")})

    def count(self) -> Pages:
        """Count the pages of the site."""
        return count_theirs(self.folder / "public")


Program = Ours | Theirs


def put_aside(folder: Path, *names: str) -> None:
    """Move what builds have left out of the way; it is removed when the size is done.

    Were it removed at once, a file system would do a part of that work for whoever makes new files right after.
    """
    aside = Path(tempfile.mkdtemp(prefix="aside-", dir=folder.parent))
    for name in names:
        if (folder / name).exists():
            (folder / name).rename(aside / name)


def our_command() -> list[str]:
    """Return the command of this program: the installed one beside this Python, or else the package."""
    script = Path(sys.executable).parent / "site-builder"
    return [str(script)] if script.exists() else [sys.executable, "-m", "site_builder"]


def their_programs() -> tuple[Path, Path]:
    """Return Hugo's and Pagefind's own programs, so that no Python is started for them."""
    found = []
    for package, program in (("hugo", "binaries/hugo"), ("pagefind_bin", "pagefind")):
        spec = find_spec(package)
        if not spec or not spec.submodule_search_locations:
            raise CannotCompare("Hugo and Pagefind are not installed; `make bench` installs them")
        found.append(Path(spec.submodule_search_locations[0]) / program)
    return found[0], found[1]


def count_ours(output: Path) -> Pages:
    """Count papers/<slug>.html, and tags/<slug>.html with tags/<slug>/N.html."""
    made = [path for path in output.glob("papers/*.html") if path.name != "index.html"]
    tags = [path for path in output.glob("tags/*.html") if path.name != "index.html"]
    return Pages(len(made), len(tags) + len(list(output.glob("tags/*/*.html"))))


def count_theirs(public: Path) -> Pages:
    """Count papers/<slug>/, and tags/<tag>/ with tags/<tag>/page/N/; page 1 is a redirect of Hugo's."""
    more = [path for path in public.glob("tags/*/page/*/index.html") if path.parent.name != "1"]
    return Pages(len(list(public.glob("papers/*/index.html"))), len(list(public.glob("tags/*/index.html"))) + len(more))


def check_pages(programs: Sequence[Program]) -> None:
    """Raise CannotCompare unless all have made the same numbers of pages."""
    counts = [program.count() for program in programs]
    if len(set(counts)) > 1:
        told = ", ".join(
            f"{program.name} made {count.papers} paper pages and {count.tags} tag pages"
            for program, count in zip(programs, counts, strict=True)
        )
        raise CannotCompare(f"the sites are not the same: {told}")


def measure_size(source: Source, size: int, seed: int, rounds: int, folder: Path) -> list[Row]:
    """Measure every case at one size, round by round, each program in its turn."""
    programs: list[Program] = [Ours(folder / "ours")]
    if size < ALONE:
        programs.append(Theirs(folder / "theirs"))
    edited = write_papers(source, size, seed, rounds, programs)
    costs: dict[tuple[str, str], list[Cost]] = {}
    for number, paper in enumerate(edited):
        edit, chance = EDITS[number % len(EDITS)], random.Random(f"edit {seed} {number}")
        changed = papers.edit_paper(source, paper, edit, chance)
        for case in CASES:
            for program in programs:
                prepare(program, case, changed)
            for program in programs:
                costs.setdefault((case, program.name), []).append(program.build())
            check_pages(programs)
            show_progress(f"{size:,} papers, round {number + 1} of {rounds}: {case}")
    found = {key: middle(several) for key, several in costs.items()}
    return [Row(size, case, found[case, Ours.name], found.get((case, Theirs.name))) for case in CASES]


def write_papers(source: Source, size: int, seed: int, rounds: int, programs: Sequence[Program]) -> list[MadePaper]:
    """Write the papers for every program; return those to edit, one a round, from all over the list."""
    wanted = {(2 * number + 1) * size // (2 * rounds) for number in range(rounds)}
    edited = []
    for index, paper in enumerate(papers.make_papers(source, seed, size)):
        for program in programs:
            program.write(paper)
        if index in wanted:
            edited.append(paper)
    return edited


def prepare(program: Program, case: str, changed: MadePaper) -> None:
    """Bring a project into the state from which a case is built."""
    if case == "cold":
        program.forget()
    elif case == "one edit":
        program.write(changed)


def usual_rounds(size: int) -> int:
    """Return how many rounds give a steady median without taking the day."""
    return 5 if size <= 1000 else 3 if size < ALONE else 1


def show_progress(text: str) -> None:
    """Say on the terminal how far it is; the table alone goes to the output."""
    print(text, file=sys.stderr, flush=True)


def run(arguments: argparse.Namespace) -> list[Row]:
    """Measure every size, after a small build that nobody measures."""
    source, rows = load_source(papers.CONTENT), []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if min(arguments.sizes) < ALONE:
            measure_size(source, WARM_UP, arguments.seed, 1, Path(folder) / "warm-up")
        for size in arguments.sizes:
            place = Path(folder) / str(size)
            rows += measure_size(source, size, arguments.seed, arguments.rounds or usual_rounds(size), place)
            shutil.rmtree(place)
    return rows


def main() -> int:
    """Measure, print the table, and say what falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.builds", description="Measure builds.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of papers", metavar="SIZE")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other papers")
    parser.add_argument("--rounds", type=int, help="how often each case is measured")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md too")
    arguments = parser.parse_args()
    try:
        rows = run(arguments)
    except (CannotCompare, CommandFailed) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(as_text(rows))
    if arguments.write:
        write_into(PAGE, rows)
    short = shortfalls(rows)
    print("\n".join(["", *short]) if short else "\nEvery goal is met.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
