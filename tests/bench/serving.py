"""What an edit costs the curator who looks at it: `python -m tests.bench.serving [SIZE ...] [--write]`.

In: sizes, numbers of made-up papers. Out: a table, in docs/performance.md too with `--write`; exit code 1 when a goal
is not met, 2 when nothing could be measured. Must not know how the site is served: it saves a file, and waits until a
real browser has loaded the page anew.
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.bench import papers
from tests.bench.builds import PAGE, CannotCompare, our_command, show_progress
from tests.bench.papers import EDITS, MadePaper, edit_paper, make_papers, start_project, write_paper
from tests.bench.searching import find_browser
from tests.bench.table import align, write_sizes
from tests.bench.words import Source, load_source

SIZES = (250, 1000, 10000)
MARKS = ("<!-- serve -->", "<!-- /serve -->")
HEADINGS = ("papers", "ms from the save to the page", "worst", "of these: rebuilding", "target", "met")
MOST = {250: 150, 1000: 200, 10000: 400}  # milliseconds
ROUNDS = 10
PATIENCE = 60_000  # milliseconds

# When the page that is there now was loaded, in milliseconds since 1970; nothing while it is not.
LOADED = """
() => {
  const [entry] = performance.getEntriesByType("navigation");
  return entry.loadEventEnd && performance.timeOrigin + entry.loadEventEnd;
}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """The milliseconds of one size: from each save to the page, and of the rebuilds."""

    size: int
    waited: Sequence[float]
    rebuilt: Sequence[float]

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is met, where there is one."""
        return self.size not in MOST or median(self.waited) <= MOST[self.size]

    def cells(self) -> list[str]:
        """Return what stands in the table's columns."""
        figures = [f"{value:.0f}" for value in (median(self.waited), max(self.waited), median(self.rebuilt))]
        goal = f"{MOST[self.size]} ms" if self.size in MOST else "–"
        return [f"{self.size:,}", *figures, goal, ("yes" if self.is_met else "no") if self.size in MOST else "–"]


@contextmanager
def serve(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve a project; yields its address, and the file that holds what the command says."""
    said = folder / "said.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [*our_command(), "serve", "--port", "0"], cwd=folder, stdout=file, stderr=subprocess.STDOUT
        )
        try:
            while not (found := re.search(r"^serving (\S+);", said.read_text(), re.MULTILINE)):
                if process.poll() is not None:
                    raise CannotCompare(f"the server ended:\n{said.read_text()}")
                time.sleep(0.05)
            yield found[1], said
        finally:
            process.terminate()
            process.wait()


def measure_edit(page: Page, address: str, folder: Path, paper: MadePaper) -> float:
    """Look at a paper's page and save the paper; return the milliseconds until the page has been loaded anew."""
    with page.expect_response(lambda answer: "/events" in answer.url):
        page.goto(f"{address}papers/{paper.slug}.html")
    page.wait_for_load_state("networkidle")
    saved = time.time() * 1000
    write_paper(folder, paper)
    page.wait_for_function(f"() => ({LOADED.strip()})() > {saved}", timeout=PATIENCE)
    return float(page.evaluate(LOADED)) - saved


def measure_size(browser: Browser, source: Source, size: int, seed: int, rounds: int, folder: Path) -> Row:
    """Serve so many papers, and edit some of them, one after the other."""
    chance = random.Random(f"edits {seed}")
    start_project(folder)
    made = list(make_papers(source, seed, size))
    for paper in made:
        write_paper(folder, paper)
    show_progress(f"{size:,} papers")
    with serve(folder) as (address, said):
        page = browser.new_page()
        edited = [
            edit_paper(source, paper, EDITS[number % len(EDITS)], chance)
            for number, paper in enumerate(chance.sample(made, rounds + 1))
        ]
        waited = [measure_edit(page, address, folder, paper) for paper in edited][1:]
        page.close()
        rebuilt = [float(ms) for ms in re.findall(r"^content/papers/.* (\d+) ms", said.read_text(), re.MULTILINE)][1:]
    return Row(size, waited, rebuilt)


def main() -> int:
    """Measure, print the table, and say what falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.serving", description="Measure edits.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of papers", metavar="SIZE")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other papers")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the number of edits")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md too")
    given = parser.parse_args()
    rows, source = [], load_source(papers.CONTENT)
    try:
        with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="bench-") as folder:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
            for size in given.sizes:
                place = Path(folder) / str(size)
                rows.append(measure_size(browser, source, size, given.seed, given.rounds, place))
            browser.close()
    except (CannotCompare, Error) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(align([HEADINGS, *(row.cells() for row in rows)]))
    if given.write:
        write_sizes(PAGE, MARKS, HEADINGS, 2, [row.cells() for row in rows])
    short = [f"falls short: {row.size:,} papers" for row in rows if not row.is_met]
    print("\n".join(["", *short]) if short else "\nEvery goal is met.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
