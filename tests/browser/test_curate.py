"""The curator's page: in the site, and in one file."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import SCROLLS_SIDEWAYS
from tests.builders import run_command
from tests.conftest import PROJECT

IMPORTED = {
    "when": "2026-01-05",
    "files": [{"file": "a-file-with-a-long-name-and-no-blank-to-break-it-at.bib", "outcomes": {"new": 3, "near": 1}}],
    "conflicts": ["content/papers/a-paper.md: doi: kept `10.1/1`, refs.bib:3 says `10.1/2`"],
    "near": [{"title": "A Titel", "source": "refs.bib:9", "near": ["content/papers/a-title.md"]}],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the real site, the curator's page in it, and beside it the page in one file."""
    folder = tmp_path_factory.mktemp("curate")
    shutil.copytree(PROJECT / "content", folder / "content")
    with (folder / "content" / "site.yml").open("a") as facts:
        facts.write("\ncurator_page: true\n")
    (folder / ".site-builder").mkdir()
    (folder / ".site-builder" / "import.json").write_text(json.dumps(IMPORTED))
    words = ["--content", str(folder / "content"), "--output", str(folder / "site")]
    assert run_command(*words, "build").exit_code == 0
    assert run_command(*words, "stats", "--html", str(folder / "alone.html")).exit_code == 0
    return folder


@pytest.fixture(params=["site/curate.html", "alone.html"])
def opened(request: pytest.FixtureRequest, page: Page, pages: Path, faults: list[str], asked: list[str]) -> Page:
    """One of the two, opened from the folder; nothing went wrong with it, and it asked for nothing from elsewhere."""
    page.goto(f"{pages.as_uri()}/{request.param}")
    assert faults == [] and all(url.startswith("file:") for url in asked)
    return page


def test_it_is_styled_and_tells_what_the_list_lacks(opened: Page) -> None:
    expect(opened.get_by_role("heading", level=1)).to_have_text("What the list lacks")
    expect(opened.get_by_role("row", name="date 153 67 % 4")).to_be_visible()
    expect(opened.get_by_role("row", name="arXiv id 229 100 % 3")).to_be_visible()
    expect(opened.locator(".worst .card")).to_have_count(200)
    expect(opened.locator(".figure").first).to_have_css("text-align", "right")


def test_every_title_and_look_up_leads_on(opened: Page, pages: Path) -> None:
    titles = opened.locator(".worst h3 a").evaluate_all("links => links.map(link => link.href)")
    assert len(titles) == 200 and all(Path(url.removeprefix("file://")).is_file() for url in titles)
    look_ups = opened.locator(".worst .card").first.get_by_role("list", name="Look up").get_by_role("link")
    expect(look_ups).to_have_count(5)


def test_it_does_not_scroll_sideways(opened: Page) -> None:
    for width in (320, 360, 768, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert not opened.evaluate(SCROLLS_SIDEWAYS), f"at {width} px"


def test_axe_finds_nothing(opened: Page, node_modules: Path) -> None:
    """In light and dark, on a phone and on a laptop; a fifth of the entries are as good as all."""
    opened.locator(".worst .card:nth-child(n + 40)").evaluate_all("cards => cards.forEach(card => card.remove())")
    opened.evaluate((node_modules / "axe-core" / "axe.min.js").read_text())
    violations = []
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (360, 1280):
            opened.set_viewport_size({"width": width, "height": 800})
            found = opened.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
            assert found["passes"]
            violations += [(scheme, width, rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]
    assert violations == []


def test_the_keyboard_reaches_every_part(opened: Page) -> None:
    contents = opened.get_by_role("navigation", name="On this page").get_by_role("link")
    for number in range(contents.count()):
        contents.nth(number).focus()
        expect(contents.nth(number)).to_have_css("outline-style", "solid")
        opened.keyboard.press("Enter")
        expect(opened.locator(":target")).to_be_in_viewport()
        opened.keyboard.press("Tab")
        if contents.nth(number).inner_text() == "Worst first":
            expect(opened.locator(".worst h3 a").first).to_be_focused()


def test_it_is_valid(pages: Path, java: str, node_modules: Path) -> None:
    vnu = [
        java,
        "-jar",
        str(node_modules / "vnu-jar" / "build" / "dist" / "vnu.jar"),
        "--errors-only",
        "--format",
        "json",
    ]
    paths = [str(pages / "site" / "curate.html"), str(pages / "alone.html")]
    done = subprocess.run([*vnu, *paths], capture_output=True, text=True, check=False)
    assert [f"{error['url']}: {error['message']}" for error in json.loads(done.stderr)["messages"]] == []
    assert done.returncode == 0
