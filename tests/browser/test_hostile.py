"""A site of hostile papers, in a browser: nothing runs, nothing is asked for, nothing hangs over the edge."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.builders import make_site
from tests.conftest import PROJECT

HOSTILE = (PROJECT / "tests" / "data" / "hostile.txt").read_text().replace("\u0001", "").split("\n---\n")
LONG_WORDS = [
    "Donaudampfschifffahrtsgesellschaft" * 12,
    "学习" * 300,
    "a/b-c_d." * 60,
    "𝒪" * 300,
    f"${'x_1 + ' * 80}x$",
]
ENTRY = "---\ntitle: {0}\nabstract: {0}\nauthors: [{0}]\ntags: [robotics]\naliases: [was-{1}]\n---\n{2}\n"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    papers = {
        f"papers/h{number}.md": ENTRY.format(json.dumps(text, ensure_ascii=False), number, text)
        for number, text in enumerate([*HOSTILE, *LONG_WORDS])
    }
    site, report = make_site(tmp_path_factory.mktemp("hostile"), papers)
    assert report.papers == len(papers)
    return site


def test_hostile_text_does_nothing_on_any_page(
    page: Page, hostile_site: Path, faults: list[str], asked: list[str]
) -> None:
    pages = sorted(path for path in hostile_site.rglob("*.html") if not path.name.startswith("was-"))
    assert len(pages) > len(HOSTILE)
    for path in pages:
        page.goto(path.as_uri())
        # A curator's notes may show pictures; the one that hostile.txt names `x` is not there.
        assert [fault for fault in faults if "ERR_FILE_NOT_FOUND" not in fault] == [], path.name
    assert [url for url in asked if not url.startswith(hostile_site.as_uri())] == []


def test_hostile_titles_are_shown_letter_by_letter_among_the_results(
    page: Page, hostile_site: Path, faults: list[str]
) -> None:
    for title in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>"):
        page.goto(f"{(hostile_site / 'search.html').as_uri()}?q={quote(title)}")
        expect(page.locator("#results h2").get_by_text(title, exact=True).first).to_be_visible()
        expect(page.locator("main").locator("script, img, svg, iframe")).to_have_count(0)
    assert faults == []


def test_long_words_do_not_hang_over_the_edge_of_a_phone(page: Page, hostile_site: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    papers = [f"papers/h{len(HOSTILE) + number}.html" for number in range(len(LONG_WORDS))]
    for path in [*papers, "papers/index.html", "index.html", "search.html?q=x"]:
        page.goto(f"{hostile_site.as_uri()}/{path}")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_a_former_address_leads_to_the_paper(page: Page, hostile_site: Path) -> None:
    page.goto((hostile_site / "papers" / "was-0.html").as_uri())
    expect(page).to_have_url((hostile_site / "papers" / "h0.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("<script>alert(1)</script>")
