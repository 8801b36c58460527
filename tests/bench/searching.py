"""What a search costs a reader, beside Pagefind: `python -m tests.bench.searching [SIZE ...] [--write]`.

In: sizes, numbers of made-up papers. Out: a table, in docs/performance.md too with `--write`; exit code 1 when a goal
is not met, 2 when nothing could be measured. Must not know how a search works: it types into the box of a real browser,
waits for a link among the results, and counts what was sent.
"""

import argparse
import gzip
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from statistics import median
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.bench import papers
from tests.bench.builds import ALONE, PAGE, CannotCompare, Ours, Program, Theirs, show_progress, write_papers
from tests.bench.measure import CommandFailed
from tests.bench.table import align, write_sizes
from tests.bench.words import load_source

SIZES = (250, 1000, 10000)
START, END = "<!-- search -->", "<!-- /search -->"
HEADINGS = (
    "papers", "KB of the first query", "worst", "ms to the first result", "worst", "MB of heap",
    "Pagefind: KB", "worst", "ms", "worst", "MB", "target", "met",
)  # fmt: skip
BYTES = {250: 45, 1000: 50, 10000: 100, 100_000: 400}  # the most that a first query may load, in thousands
MOST_TIME, MOST_HEAP = {10000: 150}, {10000: 30}  # milliseconds, millions of bytes
PREFIX = "/papers/"  # where both sites lie: Hugo was told so
PAUSE = 70  # milliseconds between two keys
PATIENCE = 20_000
UNCOUNTED = (".html", ".css", ".svg", ".ico", "/")  # what a page is without its search

# What readers type: one word, several, a name, an unfinished word, and words that nearly every paper has.
QUERIES = (
    "generalization",
    "offline reinforcement learning",
    "vision transf",
    "large language models",
    "robustness to distribution shift",
    "diffusion policy",
    "in-context learning of new tasks",
    "graph neural netw",
    "robot manipulation from demonstrations",
    "learning",
)

# Notes when the last key came, and when the first link stood among the results after it.
WATCH = """
({box, link}) => {
  const times = (window.searchTimes = {key: 0, result: 0});
  const begin = () => Object.assign(times, {key: performance.now(), result: 0});
  const look = () => {
    if (times.key && !times.result && document.querySelector(link)) times.result = performance.now();
  };
  document.querySelector(box).addEventListener("input", begin, true);
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true});
}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program's site is searched: its page, and how the box and a result are found on it."""

    folder: Path
    page: str
    box: str
    link: str


@dataclass(slots=True)
class Figures:
    """What queries cost at one size: thousands of bytes and milliseconds of each, and millions of bytes held after."""

    sent: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    heap: float = 0

    def cells(self) -> list[str]:
        """Write the figures: the median and the worst."""
        return [
            *[f"{value:.1f}" for value in (median(self.sent), max(self.sent))],
            *[f"{value:.0f}" for value in (median(self.waited), max(self.waited))],
            f"{self.heap:.1f}",
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one size; those of Pagefind where it was measured."""

    size: int
    ours: Figures
    theirs: Figures | None

    def goals(self) -> list[tuple[str, bool]]:
        """Return the goals, and whether each is met."""
        goals = [
            ("KB", median(self.ours.sent), BYTES.get(self.size)),
            ("ms", median(self.ours.waited), MOST_TIME.get(self.size)),
            ("MB", self.ours.heap, MOST_HEAP.get(self.size)),
        ]
        return [(f"{most} {unit}", value <= most) for unit, value, most in goals if most]

    def cells(self) -> list[str]:
        """Return what stands in the table's columns."""
        goals = self.goals()
        met = ", ".join("yes" if is_met else "no" for _, is_met in goals)
        theirs = self.theirs.cells() if self.theirs else ["–"] * 5
        return [f"{self.size:,}", *self.ours.cells(), *theirs, ", ".join(goal for goal, _ in goals) or "–", met or "–"]


class Counter(SimpleHTTPRequestHandler):
    """Serves a site gzipped below PREFIX, lets nothing be kept, and notes how many bytes each file has."""

    def __init__(self, *given: Any, sent: dict[str, int], **more: Any) -> None:
        """Serve one request; `sent` is where it is noted."""
        self.sent = sent
        super().__init__(*given, **more)

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path("/" + self.path.removeprefix(PREFIX)))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data, packed = path.read_bytes(), gzip.compress(path.read_bytes(), 6)
        is_packed = len(packed) < len(data)
        self.sent[self.path] = self.sent.get(self.path, 0) + min(len(packed), len(data))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if is_packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(min(len(packed), len(data))))
        # So isolated, a page may ask how much memory it and its workers hold.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(packed if is_packed else data)

    def log_message(self, *args: Any) -> None:
        """Keep no log."""


@contextmanager
def serve(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a site; yields its address, and the bytes of what was asked for, by path."""
    sent: dict[str, int] = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Counter, directory=str(folder), sent=sent)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PREFIX}", sent
        finally:
            server.shutdown()
            thread.join()


def find_place(program: Program) -> Place:
    """Tell how a program's site is searched."""
    if isinstance(program, Ours):
        return Place(program.folder / "output", "search.html", "#find", "#results a")
    return Place(program.folder / "public", "search/", ".pagefind-ui__search-input", "a.pagefind-ui__result-link")


def measure_place(browser: Browser, place: Place) -> Figures:
    """Ask every query of a page that knows nothing yet, at once; then type all of them into one page, key by key."""
    figures = Figures()
    with serve(place.folder) as (address, sent):
        for query in QUERIES:
            sent.clear()
            with open_page(browser, address + place.page, place) as page:
                ask(page, place, query)
            figures.sent.append(sum(size for path, size in sent.items() if counts(path)) / 1000)
        with open_page(browser, address + place.page, place) as page:
            figures.waited = [ask(page, place, query, PAUSE) for query in QUERIES]
            figures.heap = page.evaluate("performance.measureUserAgentSpecificMemory().then(({bytes}) => bytes)") / 1e6
    return figures


def counts(path: str) -> bool:
    """Tell whether a file belongs to the search, and not to the page as it is without."""
    return not path.partition("?")[0].endswith(UNCOUNTED)


@contextmanager
def open_page(browser: Browser, address: str, place: Place) -> Iterator[Page]:
    """Open a page in a browser that has been nowhere."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(place.box)
        page.evaluate(WATCH, {"box": place.box, "link": place.link})
        yield page
    finally:
        context.close()


def ask(page: Page, place: Place, query: str, pause: int = 0) -> float:
    """Enter a query, key by key when there is a pause between keys, and wait until all is there.

    Return the milliseconds from the last key to the first result.
    """
    page.fill(place.box, "")
    page.wait_for_timeout(PAUSE)
    if pause:
        page.locator(place.box).press_sequentially(query, delay=pause)
    else:
        page.fill(place.box, query)
    for _ in range(PATIENCE // PAUSE):
        page.wait_for_timeout(PAUSE)
        if page.evaluate("searchTimes.result"):
            break
    else:
        raise CannotCompare(f"nothing was found for {query} on {page.url}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # for later ones than the first
    return float(page.evaluate("searchTimes.result - searchTimes.key"))


def find_browser() -> str:
    """Return the browser's command. Raises CannotCompare when there is none."""
    found = which("chromium")
    if not found:
        raise CannotCompare("there is no chromium; `make bench-search` installs it")
    return found


def measure_size(browser: Browser, size: int, seed: int, folder: Path) -> Row:
    """Build the sites of one size, and search them."""
    programs: list[Program] = [Ours(folder / "ours"), *([Theirs(folder / "theirs")] if size < ALONE else [])]
    write_papers(load_source(papers.CONTENT), size, seed, 1, programs)
    found = []
    for program in programs:
        show_progress(f"{size:,} papers: {program.name}")
        program.build()
        found.append(measure_place(browser, find_place(program)))
    return Row(size, found[0], found[1] if len(found) > 1 else None)


def run(arguments: argparse.Namespace) -> list[Row]:
    """Measure every size in one browser."""
    rows = []
    # Memory is told when the browser next collects what is not needed: here at once.
    options = ["--no-sandbox", "--enable-blink-features=ForceEagerMeasureMemory"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=options)
        for size in arguments.sizes:
            rows.append(measure_size(browser, size, arguments.seed, Path(folder) / str(size)))
        browser.close()
    return rows


def as_text(rows: Sequence[Row]) -> str:
    """Write the table for a terminal."""
    return align([HEADINGS, *(row.cells() for row in rows)])


def write_into(page: Path, rows: Sequence[Row]) -> None:
    """Write the table into a page between its two marks; rows of other sizes that stand there are kept."""
    write_sizes(page, (START, END), HEADINGS, 2, [row.cells() for row in rows])


def main() -> int:
    """Measure, print the table, and say what falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.searching", description="Measure searches.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of papers", metavar="SIZE")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other papers")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md too")
    arguments = parser.parse_args()
    try:
        rows = run(arguments)
    except (CannotCompare, CommandFailed, Error) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(as_text(rows))
    if arguments.write:
        write_into(PAGE, rows)
    short = [f"falls short: {row.size:,} papers: {goal}" for row in rows for goal, is_met in row.goals() if not is_met]
    print("\n".join(["", *short]) if short else "\nEvery goal is met.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
