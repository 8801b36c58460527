"""What tests share: the project's own site, built once and served, and the commands that they run."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import settings

from site_builder.build import build
from site_builder.config import load_config

PROJECT = Path(__file__).parent.parent
SUB_PATH = "/some/sub/path/"

settings.register_profile("patient", deadline=None)  # a busy machine is no fault of an example
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _be_quiet_about_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes work long, of which a command tells how far it is; tests of that ask for it."""
    monkeypatch.setattr("site_builder.terminal.PATIENCE", 600)


@dataclass(frozen=True, slots=True)
class ServedSite:
    """A site over http, at a domain's root and under a sub-path; both addresses end in a slash."""

    root: str
    sub_path: str


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a folder at the root and under SUB_PATH, and keeps no log."""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(SUB_PATH))

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own content, built without a problem."""
    folder = tmp_path_factory.mktemp("real") / "site"
    config, problems = load_config(PROJECT / "content", folder, PROJECT / "templates")
    report = build(config)
    assert [str(problem) for problem in (*problems, *report.problems)] == []
    return folder


@pytest.fixture(scope="session")
def served_site(real_site: Path) -> Iterator[ServedSite]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SiteHandler, directory=str(real_site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield ServedSite(f"{address}/", address + SUB_PATH)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def node() -> str:
    return find_command("node")


@pytest.fixture(scope="session")
def java() -> str:
    return find_command("java")


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The npm packages that the tests need: axe-core, lunr, typescript, vnu-jar."""
    folder = PROJECT / "tests" / "node_modules"
    if not folder.is_dir():
        pytest.fail("there is no tests/node_modules; `make test` installs what the tests need", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start Debian's Chromium, and let it ask nobody for anything."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {"executable_path": find_command("chromium"), "args": ["--no-sandbox", *quiet]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name whole addresses. (pytest-playwright's own fixture of this name warns under pytest 9.)"""


def find_command(name: str) -> str:
    """Return where a command is that the tests need."""
    found = shutil.which(name)
    if not found:
        pytest.fail(f"there is no {name}; `make test` installs what the tests need", pytrace=False)
    return found
