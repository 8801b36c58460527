"""Projects before and after many edits, their sites, what can be wrong with these, and real builds to be killed."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from site_builder import intake, publish
from site_builder.files import LEFT_OVER
from site_builder.publish import MANIFEST
from site_builder.render.search import META
from tests.builders import ROOT, TAGS, Ended, read_tree, run_command

Tree = dict[str, bytes]
Project = dict[str, str]  # the texts of content/ and templates/, by path

SEED = 20250314
KILLS = 12  # of builds of each sort
PAPER = '---\ntitle: "{title}"\nabstract: {abstract}\ntags: [{tag}]\nadded: {day}\n{more}---\n\n{notes}\n'
PATIENCE = 20  # seconds, after which a build that does not end is a fault
PROGRESS = re.compile(r"(?:read|write): \d+ %, of \d+")  # a slow machine is told how far a build is

FOREIGN = {
    "CNAME": b"papers.example.org\n",
    ".well-known/security.txt": b"Contact: mailto:nobody@example.org\n",
    "pdfs/one.pdf": b"%PDF-1.7 one",
    "papers/mine.pdf": b"%PDF-1.7 mine",  # in a folder of the site's own
    "organizations/mine.html": b"somebody's page",  # in one that a build may find empty otherwise
}


# ---------------------------------------------------------------- projects, before and after many edits


def write_paper(title: str, tag: str = "robotics", day: str = "2025-03-14", notes: str = "", more: str = "") -> str:
    abstract = f"What {title} is about, in some words."
    return PAPER.format(title=title, abstract=abstract, tag=tag, day=day, notes=notes, more=more)


def small(*, edited: bool) -> Project:
    """A project of a handful of papers; the edit touches every page, and adds, removes, renames and changes some."""
    common = {
        "content/tags.yml": TAGS,
        "content/papers/kept.md": write_paper("Kept"),
        "content/pages/about.md": "---\ntitle: About\n---\n\nText.\n",
    }
    if not edited:
        return {
            **common,
            "content/site.yml": "title: Before\n",
            "content/papers/edited.md": write_paper("Edited"),
            "content/papers/removed.md": write_paper(
                "Removed", "theory", more="organization: {handle: lab, name: Lab}\n"
            ),
            "content/papers/first-name.md": write_paper("Renamed", day="2024-01-02"),
            "content/pages/removed.md": "---\ntitle: Removed\n---\n\nText.\n",
            "templates/assets/style.css": "body { color: red }\n",
            "templates/assets/drawings/one/old.svg": "<svg/>\n",
        }
    return {
        **common,
        "content/site.yml": "title: After\n",
        "content/papers/edited.md": write_paper("Edited Now", "theory", notes="With a *note*."),
        "content/papers/added.md": write_paper("Added", day="2023-05-06"),
        "content/papers/second-name.md": write_paper("Renamed", day="2024-01-02"),
        "templates/assets/style.css": "body { color: blue }\n",
    }


def many(*, edited: bool) -> Project:
    """A project of so many papers that processes share them."""
    first = 7 if edited else 0
    papers = {
        f"content/papers/n{number}.md": write_paper(
            f"Paper {number}", notes="An edit." if edited and number % 40 == 0 else ""
        )
        for number in range(first, first + max(intake.PART, publish.PART) + 4)
    }
    return {**small(edited=edited), **papers}


def write_project(folder: Path, texts: Project) -> None:
    """Make a project folder hold these texts: only what differs is written, as a person would edit it."""
    old = {
        f"{name}/{path}": data.decode()
        for name in ("content", "templates")
        for path, data in read_tree(folder / name).items()
    }
    for path in old.keys() - texts.keys():
        (folder / path).unlink()
    for path, text in texts.items():
        if old.get(path) != text:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)


def write_tree(folder: Path, tree: Tree) -> None:
    for path, data in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def build_cold(folder: Path, texts: Project) -> Tree:
    """Build a project for the first time, in a folder of its own, and return the site."""
    write_project(folder, texts)
    ended = run_command("--content", str(folder / "content"), "--output", str(folder / "output"), "build")
    assert (ended.exit_code, without_progress(ended.stderr)) == (0, [])
    return read_tree(folder / "output")


class Site:
    """A project in a folder, which is the working folder, and what its site is before and after the edits."""

    def __init__(self, folder: Path, make: Callable[..., Project], foreign: Tree) -> None:
        self.folder, self.foreign = folder / "project", foreign
        self.output, self.keep = self.folder / "output", self.folder / ".site-builder"
        self.texts = {edited: make(edited=edited) for edited in (False, True)}
        self.trees = {edited: build_cold(folder / f"cold-{edited}", texts) for edited, texts in self.texts.items()}
        self.edited = False
        self.folder.mkdir()
        write_project(self.folder, self.texts[False])
        write_tree(self.output, foreign)

    def edit(self, edited: bool | None = None) -> None:
        """Edit the content to and fro."""
        self.edited = not self.edited if edited is None else edited
        write_project(self.folder, self.texts[self.edited])

    def clear(self) -> None:
        """Take away what was built and kept, so that the next build is a first one."""
        for folder in (self.output, self.keep):
            shutil.rmtree(folder, ignore_errors=True)
        write_tree(self.output, self.foreign)

    def find_faults(self, *, killed: bool = False, done: bool = False) -> list[str]:
        """Return what is wrong with the site as it lies there.

        A `killed` build may leave files half written beside their places; a `done` one leaves what a cold one does.
        """
        tree = read_tree(self.output)
        faults = [
            f"{path}, not ours, was touched" for path, data in self.foreign.items() if tree.pop(path, b"") != data
        ]
        listed = {MANIFEST, *json.loads(tree.get(MANIFEST, b"[]"))}
        for path in [path for path in tree if LEFT_OVER.fullmatch(path.rpartition("/")[2])]:
            faults += [] if killed else [f"{path} is left over"]
            del tree[path]
        for path, data in tree.items():
            if path != MANIFEST and data not in (self.trees[False].get(path), self.trees[True].get(path)):
                faults.append(f"{path} is of neither site: {data[-60:]!r}")
            if path not in listed:
                faults.append(f"{path} is not in the manifest")
            if path.endswith(".html"):
                faults += find_page_faults(path, data.decode(), tree)
        faults += find_search_faults(tree)
        return [*faults, *self._find_differences(tree)] if done else faults

    def _find_differences(self, tree: Tree) -> Iterator[str]:
        cold = self.trees[self.edited]
        yield from (f"{path} is not what a cold build makes" for path in sorted(cold) if tree.get(path) != cold[path])
        yield from (f"{path} should be gone" for path in sorted(tree.keys() - cold.keys()))
        for path in self.keep.rglob(".*.new"):
            yield f"{path.relative_to(self.folder)} is left over"
            path.unlink()  # so that it is told once

    def build(self, *words: str) -> Ended:
        """Build in this process, as a shell sees it."""
        return run_command(*words, "build")

    def build_and_find_faults(self) -> list[str]:
        """Build, and return what is wrong then: with the command, and with the site."""
        ended = self.build()
        told = [f"exit code {ended.exit_code}: {ended.stderr}"] if ended.exit_code else []
        return [*told, *self.find_faults(done=True)]


class Needs(HTMLParser):
    """Notes the files without which a page cannot be shown, or leads to no feed."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "alternate"):
            self.paths.append(given["href"])
        if tag == "a" and given.get("href", "").endswith(".xml"):
            self.paths.append(given["href"])
        if "src" in given:
            self.paths.append(given["src"])


def find_page_faults(path: str, text: str, tree: Tree) -> Iterator[str]:
    """Find what is wrong with a page: it is not whole, or a file that it needs is not there."""
    if not text.endswith("</html>\n"):
        yield f"{path} is half a page"
    needs = Needs()
    needs.feed(text)
    folder = path.rpartition("/")[0]
    for need in needs.paths:
        if os.path.normpath(f"{folder}/{need}").lstrip("/") not in tree:
            yield f"{path} needs {need}"


def find_search_faults(tree: Tree) -> Iterator[str]:
    """Find what the search lacks: the first of its files names the others, and is there when a page is."""
    if META not in tree:
        if any(path.endswith(".html") for path in tree):
            yield "the pages need what the search begins with"
        return
    # A script of one call: its second argument names the other files.
    meta = json.loads(tree[META].partition(b",")[2].rstrip()[:-2])
    named = [f"search/{name}.{meta[name]}.js" for name in ("lengths", "terms", "facets")]
    named += [f"search/t/{key}.js" for key in meta["pieces"].split(" ")[1::2]]
    yield from (f"the search needs {name}" for name in named if name not in tree)


def assert_none(faults: Collection[str]) -> None:
    assert not faults, "\n".join(faults)


def without_progress(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if not PROGRESS.fullmatch(line)]


def assert_refused(ended: Ended, pattern: str) -> None:
    """Assert that a command said in one line why it cannot go on, and left with 2."""
    lines = without_progress(ended.stderr)
    assert len(lines) == 1 and re.match(f"site-builder: .*{pattern}", lines[0]), ended
    assert ended.exit_code == 2


def enter(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.chdir(site.folder)
    return site


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write to a folder and to the files in it."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*")) if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


# ---------------------------------------------------------------- real processes

FOLDERS = ("--content", "content", "--output", "output")
MAIN = "from site_builder.cli import run; run()"

# Root writes where nobody may, unless it gives up that right; for others nothing changes.
AS_ANYBODY = f"""\
import ctypes, os
if os.geteuid() == 0:
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0
{MAIN}
"""

# No file may grow larger: as on a full disk, a write is cut short, and the next one fails.
LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({{0}}, {{0}})); {MAIN}"

# Tells every step by which the build changes the disk, and dies before the one of a given number.
STEPPED = f"""\
import os, signal, sys
last, log = int(sys.argv.pop(1)), os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
count = 0
def step(event, given):
    global count
    writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"):
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
        os.write(log, f"{{event}} {{given[0]}}\\n".encode())
sys.addaudithook(step)
{MAIN}
"""


def start(site: Site, *words: str, code: str = "") -> "subprocess.Popen[str]":
    """Start a real build, in a group of processes of its own."""
    program = ["-Bc", code] if code else ["-Bm", "site_builder"]
    return subprocess.Popen(
        [sys.executable, *program, *words],
        cwd=site.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: "subprocess.Popen[str]") -> Ended:
    """Wait until a build, and every process that it started, has ended: only then its pipes are closed."""
    output, stderr = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, output, stderr)


def kill_at(site: Site, moment: float, jobs: int) -> Ended:
    """Start a build, and kill all of its processes at a moment, in seconds."""
    process = start(site, *FOLDERS, "build", "--jobs", str(jobs))
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return end(process)


def name_phase(site: Site) -> str:
    """Name how far a build came, by what it left."""
    tree, cold = read_tree(site.output), site.trees[site.edited]
    if tree.get(MANIFEST) in (None, site.trees[not site.edited][MANIFEST]):
        return "while reading" if list(site.keep.glob("*/*-journal")) else "while starting"
    if any(tree.get(path) != data for path, data in cold.items() if path != MANIFEST):
        return "while writing"
    return "while remembering" if tree[MANIFEST] == cold[MANIFEST] else "while pruning"
