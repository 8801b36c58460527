"""The curator's loop in a real browser: an edit is seen, the place is kept, faults are shown and go."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.builders import ROOT, make_content

ADDRESS = "title: A List\naddress: https://example.org/papers/\n"
PAPER = "---\ntitle: {title}\nabstract: {abstract}\ntags: [robotics]\n---\n"
LONG = " ".join(["A sentence that makes the page long."] * 600)
PATIENCE = 20


class Served:
    """`site-builder serve` over a project, and what it says."""

    def __init__(self, project: Path, *words: str) -> None:
        self.project, self.content = project, project / "content"
        command = [sys.executable, "-m", "site_builder", "serve", "--port", "0", *words]
        self.process = subprocess.Popen(
            command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.lines: Queue[str] = Queue()
        self.said: list[str] = []
        Thread(target=self._listen, daemon=True).start()
        self.address = self.wait_for("serving ").split()[1].rstrip(";")

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def wait_for(self, start: str) -> str:
        """Read what it says up to a line that begins so."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.said.append(self.lines.get(timeout=max(0.0, end - time.monotonic())))
            except Empty:
                pytest.fail(f"nothing that begins with {start!r} was said:\n" + "\n".join(self.said))
            if self.said[-1].startswith(start):
                return self.said[-1]

    def rebuilds(self) -> list[str]:
        """Return the lines of the rebuilds up to now; a last one, of another file, tells that all were read."""
        (self.content / "papers" / "last.md").write_text(PAPER.format(title="The Last", abstract="None."))
        self.wait_for("content/papers/last.md: ")
        return [line for line in self.said if re.search(r" ms(;|$)", line)][1:-1]

    def write(self, name: str, text: str) -> None:
        path = self.content / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)

    def stop(self) -> tuple[int, str]:
        """End it as Ctrl-C does; return its exit code, and all that it had said."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        while not self.lines.empty():
            self.said.append(self.lines.get())
        return code, "\n".join(self.said)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "papers/one.md": PAPER.format(title="One", abstract=LONG),
        "papers/two.md": PAPER.format(title="Two", abstract="B."),
    }
    make_content(tmp_path, {"site.yml": ADDRESS, **files})
    return tmp_path


@pytest.fixture
def serve(project: Path) -> Iterator[Callable[..., Served]]:
    """Serves the project; at the end nothing may have gone wrong, and nothing may have been written."""
    started: list[Served] = []

    def start(*words: str) -> Served:
        started.append(Served(project, *words))
        return started[-1]

    yield start
    for served in started:
        code, said = served.stop()
        assert code == 0 and "Traceback" not in said and said.splitlines()[-1] == "stopped", said
    assert not (project / "output").exists() and not (project / ".site-builder").exists()


def open_one(page: Page, served: Served) -> None:
    """Open a long page, and wait until it is told of changes."""
    with page.expect_response(lambda answer: "/.site-builder/events" in answer.url):
        page.goto(f"{served.address}papers/one.html")


def test_an_edit_is_seen_at_the_same_place_of_the_page(
    page: Page, serve: Callable[..., Served], faults: list[str]
) -> None:
    served = serve()
    open_one(page, served)
    page.evaluate("scrollTo(0, 1234)")
    page.get_by_role("button", name="Copy BibTeX").focus()
    page.evaluate("scrollTo(0, 1234)")
    served.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")
    page.wait_for_function("scrollY === 1234")
    expect(page.get_by_role("button", name="Copy BibTeX")).to_be_focused()
    assert faults == []


if __name__ == "__main__":
    shutil.which("chromium")
