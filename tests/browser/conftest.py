"""What the browser's tests share: where a reader finds the site, its titles, what a page asks for, what goes wrong."""

from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Dialog, Page, Response

from site_builder.content.store import load_content
from site_builder.prose.repair import plain_text
from tests.conftest import PROJECT, ServedSite


@pytest.fixture(params=["root", "sub-path", "folder"])
def address(request: pytest.FixtureRequest, served_site: ServedSite, real_site: Path) -> str:
    """The site's address, ending in a slash: at a domain's root, under a sub-path, and in a folder on disk."""
    return {
        "root": served_site.root,
        "sub-path": served_site.sub_path,
        "folder": f"{real_site.as_uri()}/",
    }[request.param]


@pytest.fixture(scope="session")
def titles() -> dict[str, str]:
    """The title of every paper, by slug."""
    entries = load_content(PROJECT / "content").entries
    assert entries
    return {entry.paper.slug: plain_text(entry.paper.title) for entry in entries}


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What goes wrong on the page: errors, warnings, dialogs, CSP violations, what was not found."""
    found: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(f"{message.type}: {message.text}")

    def note_dialog(dialog: Dialog) -> None:
        found.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note_answer(answer: Response) -> None:
        if not answer.ok:
            found.append(f"{answer.status}: {answer.url}")

    page.on("pageerror", lambda error: found.append(f"thrown: {error}"))
    page.on("console", note_message)
    page.on("dialog", note_dialog)
    page.on("response", note_answer)
    return found


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The address of everything that the page asks for."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found
