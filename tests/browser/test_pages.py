"""One page of each kind, and what must hold for all of them: for eyes, screen readers, keyboards, phones and paper."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ServedSite

PAPER_WITH_MATH = "papers/provably-robust-dpo-aligning-language-models-with-noisy-feedback.html"
PAPER_WITH_ORGANIZATION = "papers/combinatorial-creativity-a-new-frontier-in-generalization-abilities.html"
PAGES = {
    "home": "index.html",
    "all papers": "papers/index.html",
    "page 2 of all papers": "papers/page/2.html",
    "paper with math": PAPER_WITH_MATH,
    "paper with organization": PAPER_WITH_ORGANIZATION,
    "tag": "tags/robotics.html",
    "page 2 of a tag": "tags/large-language-models/2.html",
    "tags": "tags/index.html",
    "year": "years/2023.html",
    "undated": "years/undated.html",
    "years": "years/index.html",
    "day": "days/2025-03-11.html",
    "days": "days/index.html",
    "organization": "organizations/spiralworks.html",
    "organizations": "organizations/index.html",
    "reading path": "collections/why-networks-generalize.html",
    "reading paths": "collections/index.html",
    "about": "about.html",
    "search": "search.html?q=reinforcement+survey",
    "not found": "404.html",
}
every_kind = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)

SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"

# Shows one page after the other in the place of this one, which takes a fifth of the time that loading them does.
SHOW_EACH_AND_LIST_WIDE = """async (paths) => {
  const wide = [];
  for (const path of paths) {
    const text = await (await fetch(path)).text();
    document.body.replaceWith(new DOMParser().parseFromString(text, "text/html").body);
    if (!document.querySelector("h1") || document.documentElement.scrollWidth > innerWidth) wide.push(path);
  }
  return wide;
}"""


def open_page(page: Page, url: str) -> None:
    """Open a page, and wait for what its scripts show."""
    page.goto(url)
    if "search.html" in url:
        expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d papers?[.]"))


def test_the_chosen_pages_show_what_they_were_chosen_for(page: Page, served_site: ServedSite) -> None:
    page.goto(served_site.root + PAPER_WITH_MATH)
    expect(page.locator("math").first).to_be_visible()
    page.goto(served_site.root + PAPER_WITH_ORGANIZATION)
    expect(page.locator("article a[href^='../organizations/']")).to_be_visible()


@every_kind
@pytest.mark.parametrize("address", ["sub-path", "folder"], indirect=True)
def test_a_page_asks_for_nothing_from_elsewhere_and_has_no_fault(
    page: Page, address: str, faults: list[str], asked: list[str], path: str
) -> None:
    open_page(page, address + path)
    assert len(asked) > 2
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert faults == []


@every_kind
def test_a_page_does_not_scroll_sideways(page: Page, served_site: ServedSite, path: str) -> None:
    open_page(page, served_site.root + path)
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate(SCROLLS_SIDEWAYS), f"at {width} px"


def test_no_paper_scrolls_sideways_on_the_narrowest_phone(
    page: Page, served_site: ServedSite, titles: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(served_site.root + PAPER_WITH_MATH)
    assert page.evaluate(SHOW_EACH_AND_LIST_WIDE, [f"{slug}.html" for slug in titles]) == []


@every_kind
def test_axe_finds_nothing(page: Page, served_site: ServedSite, node_modules: Path, path: str) -> None:
    """In light and dark, on a phone and on a laptop."""
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    open_page(page, served_site.root + path)
    page.evaluate(axe)
    violations = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
            assert found["passes"]
            for rule in found["violations"]:
                places = [node["html"] for node in rule["nodes"]]
                violations.append(f"{scheme}, {width} px: {rule['id']}: {rule['help']}: {places}")
    assert violations == []


class Links(HTMLParser):
    """Collects the addresses that a page's links lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def crawl(site: Path, start: str) -> set[str]:
    """Follow every link of a site in a folder from its start; return the paths of the pages that are reached."""
    reached, waiting = set[str](), [start]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        parser = Links()
        parser.feed((site / path).read_text())
        urls = [urlsplit(urljoin(f"http://site/{path}", link)) for link in parser.found]
        waiting += [
            unquote(url.path.lstrip("/")) for url in urls if url.netloc == "site" and url.path.endswith(".html")
        ]
    return reached


def test_links_alone_reach_every_page(real_site: Path, titles: dict[str, str]) -> None:
    reached = crawl(real_site, "index.html")
    assert {f"papers/{slug}.html" for slug in titles} <= reached
    pages = [path for path in real_site.rglob("*.html") if 'http-equiv="refresh"' not in path.read_text()]
    assert {path.relative_to(real_site).as_posix() for path in pages} - reached == {"404.html", "search.html"}


def test_the_list_of_all_papers_can_be_paged_through_with_scripts_off(
    browser: Browser, served_site: ServedSite, titles: dict[str, str]
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served_site.root)
        page.get_by_role("link", name="All papers, by title").click()
        pages = -(-len(titles) // 50)
        listed: list[str] = []
        for number in range(1, pages + 1):
            expect(page.get_by_role("main")).to_contain_text(f"page {number} of {pages}")
            listed += page.locator("main .card h2").all_text_contents()
            if number < pages:
                page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("link", name="Next")).to_have_count(0)
    assert len(listed) == len(titles)


def test_a_paper_can_be_read_with_scripts_off(browser: Browser, served_site: ServedSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served_site.root + PAPER_WITH_MATH)
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Provably Robust DPO"))
        abstract = page.get_by_role("region", name="Abstract")
        expect(abstract.locator("p").first).to_be_visible()
        expect(abstract.locator("math").first).to_be_visible()
        expect(page.locator("#citation")).to_be_visible()
        expect(page.get_by_role("button", name="Copy BibTeX")).to_be_hidden()


def test_the_search_page_leads_on_with_scripts_off(browser: Browser, served_site: ServedSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(served_site.root + "about.html")
        page.get_by_role("searchbox").fill("survey")
        page.keyboard.press("Enter")
        page.locator("noscript a[href='papers/index.html']").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All papers")


def test_the_first_tab_reaches_the_way_past_the_masthead(page: Page, address: str) -> None:
    page.goto(address + PAPER_WITH_ORGANIZATION)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}{PAPER_WITH_ORGANIZATION}#main")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("path", [PAPER_WITH_ORGANIZATION, "days/index.html", "search.html?q=openvla"])
def test_every_stop_of_the_tab_key_is_in_view_and_outlined(page: Page, served_site: ServedSite, path: str) -> None:
    page.goto(served_site.root + path)
    page.get_by_role("link").first.focus()
    stops = 0
    while page.locator("body:focus-within").count():
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        expect(focused).to_have_css("outline-style", "solid")
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 200
    assert stops > 10


@pytest.mark.parametrize("path", ["index.html", PAPER_WITH_MATH, "papers/page/2.html"])
def test_print_leaves_out_what_paper_cannot_use(page: Page, served_site: ServedSite, path: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(served_site.root + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for unseen in (".masthead nav", "search", ".pager", ".cite-as", ".skip", ".colophon"):
        for element in page.locator(unseen).all():
            expect(element, unseen).to_be_hidden()
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)"
