"""What a reader does with the list that a search found (filters, order, pages, files), and how every state looks."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from site_builder.content.store import load_content
from site_builder.paper import Paper
from tests.builders import make_site
from tests.conftest import PROJECT, ServedSite

SHOWN = 10  # papers on a page
NARROW, WIDE = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    return [entry.paper for entry in load_content(PROJECT / "content").entries]


def open_search(page: Page, address: str, query: str = "") -> None:
    """Open the search page in a state, and wait for its answer."""
    page.goto(f"{address}search.html{query}")
    expect(status_of(page)).to_have_text(re.compile("[a-z0-9”][.]$"))


def status_of(page: Page) -> Locator:
    return page.get_by_role("status")


def titles_of(page: Page) -> Locator:
    return page.locator(".card :is(h2, h3)")


def open_filters(page: Page) -> None:
    page.locator("#filters > summary").click()
    expect(page.get_by_role("form", name="Filters")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Code")).to_be_visible()


def tag_of(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^{name}"))


def chips_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Filters in use").get_by_role("button")


def expect_total(page: Page, count: int) -> None:
    expect(status_of(page)).to_have_text(re.compile(f"^{count} papers?[.]"))


def with_tag(papers: list[Paper], *slugs: str) -> list[Paper]:
    return [paper for paper in papers if set(slugs) <= set(paper.tags)]


# ---------------------------------------------------------------- filters


def test_the_whole_list_is_shown_newest_first_without_a_query(
    page: Page, address: str, papers: list[Paper], faults: list[str]
) -> None:
    open_search(page, address)
    expect(titles_of(page)).to_have_count(0)
    page.get_by_role("link", name="See the whole list, newest first").click()
    expect_total(page, len(papers))
    expect(page).to_have_url(f"{address}search.html?sort=newest")
    expect(titles_of(page)).to_have_count(SHOWN)
    shown = [one.get_attribute("datetime") or "" for one in page.locator(".card time").all()]
    assert shown == sorted((paper.published.isoformat() for paper in papers if paper.published), reverse=True)[:SHOWN]
    page.go_back()
    expect(titles_of(page)).to_have_count(0)
    assert faults == []


def test_filters_combine_without_a_query_and_tell_how_many_papers_each_leaves(
    page: Page, address: str, papers: list[Paper]
) -> None:
    open_search(page, address)
    open_filters(page)
    expect_total(page, len(papers))
    robotics = with_tag(papers, "robotics")
    page.get_by_label("Find a tag").fill("robot")
    row = page.locator("#panel li:visible")
    expect(row).to_have_count(1)
    expect(row.locator(".count")).to_have_text(str(len(robotics)))
    tag_of(page, "Robotics").check()
    expect_total(page, len(robotics))
    page.get_by_label("Find a tag").fill("benchmark")
    both = with_tag(papers, "robotics", "benchmarks")
    expect(page.locator("#panel li:visible .count")).to_have_text([str(len(both))])
    page.get_by_role("button", name="not Benchmarks and datasets").click()
    expect_total(page, len(robotics) - len(both))
    expect(page).to_have_url(f"{address}search.html?tag=robotics&not=benchmarks")
    page.get_by_label("From").select_option("2023")
    years = [paper for paper in robotics if paper not in both and paper.published and paper.published.year >= 2023]
    expect_total(page, len(years))
    expect(page.locator("#panel [value=robotics]")).to_be_checked()
    expect(chips_of(page)).to_have_text(["Robotics×", "not Benchmarks and datasets×", "since 2023×", "Clear all"])
    page.reload()
    expect_total(page, len(years))
    expect(chips_of(page)).to_have_count(4)
    page.go_back()
    expect_total(page, len(robotics) - len(both))
    expect(chips_of(page)).to_have_count(3)
    page.go_back()
    expect_total(page, len(robotics))


def test_a_filter_narrows_a_query_and_counts_follow_what_is_typed(
    page: Page, served_site: ServedSite, papers: list[Paper]
) -> None:
    open_search(page, served_site.root, "?q=openvla")
    open_filters(page)
    count = page.locator("#panel li:has([value=robotics]) .count")
    found = int((status_of(page).text_content() or "").split()[0])
    expect(count).to_have_text(re.compile("^[0-9]+$"))
    assert 0 < int(count.text_content() or "") <= found
    page.get_by_role("searchbox", name="Search the papers").fill("")
    expect_total(page, len(papers))
    expect(count).to_have_text(str(len(with_tag(papers, "robotics"))))


def test_years_code_comments_and_organization_each_narrow_the_list(
    page: Page, served_site: ServedSite, papers: list[Paper]
) -> None:
    open_search(page, served_site.root)
    open_filters(page)
    counts: dict[str, Callable[[Paper], bool]] = {
        "Code": lambda paper: any(link.kind == "code" for link in paper.links),
        "Comments": lambda paper: bool(paper.comments_count),
    }
    for name, holds in counts.items():
        wanted = sum(map(holds, papers))
        expect(page.locator("label", has=page.get_by_role("checkbox", name=name)).locator(".count")).to_have_text(
            str(wanted)
        )
        page.get_by_role("checkbox", name=name).check()
        if wanted:
            expect_total(page, wanted)
        else:
            expect(status_of(page)).to_have_text("No paper is there with these filters.")
        page.get_by_role("checkbox", name=name).uncheck()
        expect_total(page, len(papers))
    organization = next(paper.organization for paper in papers if paper.organization)
    wanted = sum(paper.organization == organization for paper in papers)
    page.get_by_label("Organization").select_option(f"{organization.name} ({wanted})")
    expect_total(page, wanted)
    expect(page).to_have_url(re.compile(f"[?]org={re.escape(organization.handle)}$"))
    expect(chips_of(page)).to_have_text([f"{organization.name}×"])
    page.get_by_label("Organization").select_option("Any")
    page.get_by_role("combobox", name="To").select_option("2022")
    expect_total(page, sum(bool(paper.published and paper.published.year <= 2022) for paper in papers))
    page.get_by_label("From").select_option("2023")
    expect(page.get_by_role("combobox", name="To")).to_have_value("2023")
    expect(chips_of(page)).to_have_text(["2023×"])
    expect_total(page, sum(bool(paper.published and paper.published.year == 2023) for paper in papers))


def test_chips_are_removed_one_by_one_by_keyboard_and_the_focus_goes_on(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?q=learning&tag=robotics&not=surveys&from=2023&to=2025")
    expect(chips_of(page)).to_have_text(["Robotics×", "not Surveys×", "2023 to 2025×", "Clear all"])
    chips_of(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(chips_of(page)).to_have_text(["Robotics×", "2023 to 2025×", "Clear all"])
    expect(page).to_have_url(re.compile("[?]q=learning&tag=robotics&from=2023&to=2025$"))
    expect(chips_of(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(chips_of(page)).to_have_text(["Robotics×"])
    expect(chips_of(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(chips_of(page)).to_have_count(0)
    expect(page.get_by_role("searchbox", name="Search the papers")).to_be_focused()
    expect(page).to_have_url(re.compile("[?]q=learning$"))


def test_all_filters_are_cleared_at_once_and_the_query_stays(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?q=learning&tag=robotics&code=1&sort=title")
    page.get_by_role("button", name="Clear all").click()
    expect(chips_of(page)).to_have_count(0)
    expect(page).to_have_url(re.compile("[?]q=learning&sort=title$"))
    page.go_back()
    expect(chips_of(page)).to_have_count(3)


def test_a_filter_that_was_typed_is_a_chip_too_and_leaves_the_query_with_it(page: Page, address: str) -> None:
    open_search(page, address, "?q=learning+tag:robotics+-tag:surveys+year:2023-2025")
    expect(chips_of(page)).to_have_text(["Robotics×", "not Surveys×", "2023 to 2025×", "Clear all"])
    chips_of(page).first.click()
    box = page.get_by_role("searchbox", name="Search the papers")
    expect(box).to_have_value("learning -tag:surveys year:2023-2025")
    expect(chips_of(page)).to_have_text(["not Surveys×", "2023 to 2025×", "Clear all"])
    chips_of(page).last.click()
    expect(box).to_have_value("learning")
    expect(chips_of(page)).to_have_count(0)


def test_a_filter_that_was_typed_is_ticked_and_is_let_go_by_its_box(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?q=tag:robotics+arm")
    expect(tag_of(page, "Robotics")).to_be_checked()
    tag_of(page, "Imitation learning").check()
    expect(page).to_have_url(re.compile("[?]q=arm&tag=robotics&tag=imitation-learning$"))
    tag_of(page, "Robotics").uncheck()
    expect(page).to_have_url(re.compile("[?]q=arm&tag=imitation-learning$"))


def test_a_tag_that_there_is_not_is_told_and_its_name_is_looked_for(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?q=tag:robtics")
    expect(status_of(page)).to_contain_text("There is no tag “robtics”.")
    expect(page.locator("#correction")).to_contain_text("robotics")


def test_an_unknown_filter_is_shown_and_can_be_taken_away(
    page: Page, served_site: ServedSite, faults: list[str]
) -> None:
    open_search(page, served_site.root, "?q=learning&tag=no-such-tag&org=nobody&from=1066")
    expect(chips_of(page)).to_have_text(["no-such-tag×", "since 1066×", "nobody×", "Clear all"])
    expect(status_of(page)).to_have_text("No paper with these filters has any of these words.")
    page.get_by_role("button", name="Clear all").click()
    expect(titles_of(page)).to_have_count(SHOWN)
    assert faults == []


def test_the_facets_are_asked_for_only_when_filters_are_open_or_in_use(
    page: Page, served_site: ServedSite, asked: list[str]
) -> None:
    open_search(page, served_site.root, "?q=openvla")
    expect(titles_of(page).first).to_be_visible()
    assert not [url for url in asked if re.search("/(facets|exports|panel)[.]", url)]
    open_filters(page)
    expect(page.locator("#panel li:visible").first).to_be_visible()
    assert len([url for url in asked if "/facets." in url]) == 1


def test_filters_are_folded_on_a_phone_and_lead_on_to_the_papers(page: Page, served_site: ServedSite) -> None:
    page.set_viewport_size(NARROW)
    open_search(page, served_site.root, "?tag=robotics")
    expect(page.get_by_role("form", name="Filters")).to_be_hidden()
    open_filters(page)
    before = status_of(page).text_content() or ""
    tag_of(page, "Imitation learning").check()
    expect(status_of(page)).not_to_have_text(before)
    show = page.get_by_role("button", name=re.compile("^Show [0-9]+ papers?$"))
    expect(show).to_have_text(re.compile("^Show " + (status_of(page).text_content() or "").split()[0]))
    show.press("Enter")
    expect(page.get_by_role("form", name="Filters")).to_be_hidden()
    expect(titles_of(page).first.get_by_role("link")).to_be_focused()


def test_five_hundred_tags_stay_usable(page: Page, tmp_path: Path) -> None:
    tags = "".join(f"- {{slug: topic-{number}, name: Topic {number}, group: All}}\n" for number in range(500))
    entry = "---\ntitle: Paper {0}\ntags: [{1}]\n---\n"
    files = {
        f"papers/p{number}.md": entry.format(number, ", ".join(f"topic-{tag}" for tag in range(number, 500, 50)))
        for number in range(50)
    }
    site, report = make_site(tmp_path, {"tags.yml": tags, **files})
    assert report.papers == 50
    page.goto(f"{site.as_uri()}/search.html")
    open_filters(page)
    rows = page.locator("#panel li:visible")
    expect(rows).to_have_count(12)
    page.get_by_role("button", name="Show 488 more").click()
    expect(rows).to_have_count(500)
    assert page.locator("#panel ul").evaluate("list => list.clientHeight < 500 && list.scrollHeight > 5000")
    page.get_by_role("button", name="Show fewer").click()
    page.get_by_label("Find a tag").fill("TOPIC 49")
    expect(rows).to_have_count(11)
    page.get_by_label("Find a tag").fill("topic 499")
    tag_of(page, "Topic 499").check()
    expect_total(page, 1)
    page.get_by_label("Find a tag").fill("nothing like it")
    expect(rows).to_have_count(0)
    expect(page.get_by_text("No tag is called that.")).to_be_visible()
    page.get_by_label("Find a tag").fill("")
    expect(tag_of(page, "Topic 499")).to_be_checked()
    expect(tag_of(page, "Topic 499")).to_be_visible()


# ---------------------------------------------------------------- order and pages


def test_the_order_is_chosen_and_kept_in_the_address(page: Page, address: str) -> None:
    open_search(page, address, "?q=learning&page=2")
    page.get_by_label("Sort by").select_option("title")
    expect(page).to_have_url(f"{address}search.html?q=learning&sort=title")
    expect(titles_of(page).first).to_have_text(re.compile("^A "))
    page.get_by_label("Sort by").select_option("newest")
    expect(page).to_have_url(f"{address}search.html?q=learning&sort=newest")
    expect(titles_of(page).first).not_to_have_text(re.compile("^A "))
    days = [one.get_attribute("datetime") or "" for one in page.locator("#results time").all()]
    assert days == sorted(days, reverse=True)
    page.reload()
    expect(page.get_by_label("Sort by")).to_have_value("newest")
    page.get_by_label("Sort by").select_option("relevance")
    expect(page).to_have_url(f"{address}search.html?q=learning")
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Sort by")).to_have_value("title")


def test_pages_together_hold_every_paper_once(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?q=reinforcement")
    pages = int(re.findall(r"Page 1 of (\d+)", status_of(page).text_content() or "")[0])
    assert pages > 2
    seen: list[str] = []
    for number in range(1, pages + 1):
        expect(status_of(page)).to_contain_text(f"Page {number} of {pages}.")
        expect(page.get_by_role("link", name=f"Page {number}", exact=True)).to_have_attribute("aria-current", "page")
        seen += titles_of(page).all_text_contents()
        if number < pages:
            page.get_by_role("link", name="Next").press("Enter")
            expect(titles_of(page).first.get_by_role("link")).to_be_focused()
            expect(page).to_have_url(re.compile(f"&page={number + 1}$"))
            assert page.evaluate("scrollY") == 0
    assert len(seen) == len(set(seen)) > 2 * SHOWN
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.go_back()
    expect(status_of(page)).to_contain_text(f"Page {pages - 1} of {pages}.")
    page.reload()
    expect(status_of(page)).to_contain_text(f"Page {pages - 1} of {pages}.")


def test_a_page_beyond_the_last_is_the_last(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "?sort=newest&page=4000")
    pages = re.findall(r"Page (\d+) of (\d+)", status_of(page).text_content() or "")
    assert pages and pages[0][0] == pages[0][1]
    expect(page).to_have_url(re.compile(f"page={pages[0][0]}$"))


def test_a_page_number_can_be_opened_in_a_tab_of_its_own(
    page: Page, context: BrowserContext, served_site: ServedSite
) -> None:
    open_search(page, served_site.root, "?q=learning")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Page 2", exact=True).click(modifiers=["ControlOrMeta"])
    expect(status_of(opened.value)).to_contain_text("Page 2 of ")
    expect(status_of(page)).to_contain_text("Page 1 of ")


# ---------------------------------------------------------------- saving the list


def download(page: Page, name: str) -> str:
    """Download the list in a format, and return the file's text."""
    if not page.get_by_role("button", name=name).is_visible():
        page.get_by_text("Save or share").click()
    with page.expect_download() as loading:
        page.get_by_role("button", name=name).click()
    assert loading.value.suggested_filename.startswith("papers.")
    return loading.value.path().read_text()


def test_the_link_of_the_list_is_copied(page: Page, context: BrowserContext, served_site: ServedSite) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served_site.root)
    open_search(page, served_site.sub_path, "?q=learning&tag=robotics&fbclid=x")
    page.get_by_text("Save or share").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert (
        page.evaluate("navigator.clipboard.readText()") == f"{served_site.sub_path}search.html?q=learning&tag=robotics"
    )
    page.keyboard.press("Escape")
    expect(page.get_by_label("Link to this list")).to_be_hidden()
    expect(page.locator("#save > summary")).to_be_focused()


def test_where_copying_is_not_allowed_the_link_is_selected(page: Page, real_site: Path) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));")
    open_search(page, f"{real_site.as_uri()}/", "?q=openvla")
    page.get_by_text("Save or share").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("The link is selected: press Ctrl-C.")).to_be_visible()
    assert page.evaluate("getSelection().toString()") == f"{real_site.as_uri()}/search.html?q=openvla"


def test_the_bibtex_of_the_whole_list_is_that_of_the_papers_own_pages(
    page: Page, address: str, real_site: Path, papers: list[Paper]
) -> None:
    open_search(page, address, "?sort=title")
    text = download(page, "BibTeX")
    expect(page.get_by_text(f"{len(papers)} papers are in the BibTeX file.")).to_be_visible()
    page.goto(f"{address}about.html")  # so that scripts can read HTML
    own = page.evaluate(
        """texts => texts.map(
            text => new DOMParser().parseFromString(text, 'text/html').querySelector('#citation').textContent
        )""",
        [(real_site / "papers" / f"{paper.slug}.html").read_text() for paper in papers],
    )
    entries = re.split(r"(?<=^\}\n)\n", text, flags=re.MULTILINE)
    keys = re.findall(r"^@misc\{(.*),$", text, re.MULTILINE)
    assert len(set(keys)) == len(papers) == len(entries)
    without_key = [re.sub(r"^@misc\{.*,", "", entry.strip()) for entry in (*entries, *own)]
    assert sorted(without_key[: len(papers)]) == sorted(without_key[len(papers) :])


def test_every_format_holds_the_papers_of_the_list_in_its_order(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.sub_path, "?q=pokemon+robots&sort=title")
    told = re.findall(r"in (\d+) papers|^(\d+) papers?|in (\d+) more", status_of(page).text_content() or "")
    count = sum(int(number) for row in told for number in row if number)
    titles = titles_of(page).all_text_contents()
    assert 2 <= len(titles) <= count
    rows = list(csv.DictReader(io.StringIO(download(page, "CSV"), newline="")))
    assert [row["title"] for row in rows][: len(titles)] == titles
    assert all(row["page"].startswith(f"{served_site.sub_path}papers/") for row in rows)
    items = json.loads(download(page, "CSL-JSON"))
    assert [item["title"] for item in items] == [row["title"] for row in rows]
    records = download(page, "RIS")
    assert re.findall(r"^TI  - (.*?)\r?$", records, re.MULTILINE) == [item["title"] for item in items]
    assert records.count("ER  - ") == len(rows) == count


def test_a_list_of_more_than_a_thousand_papers_is_saved_as_far_as_the_first_thousand(
    page: Page, served_site: ServedSite
) -> None:
    open_search(page, served_site.root, "?q=learning")
    page.evaluate(
        """() => {
            const { list } = readingList.client;
            readingList.client.list = async (request) => Array(2345).fill((await list(request))[0]);
        }"""
    )
    assert download(page, "RIS").count("ER  - ") == 1000
    expect(page.get_by_text("The first 1,000 papers of 2,345 are in the RIS file.")).to_be_visible()


@pytest.mark.parametrize("files", ["assets/panel.*.js", "search/facets.*.js"])
def test_filters_that_cannot_be_loaded_are_told_and_can_be_tried_again(
    page: Page, served_site: ServedSite, files: str
) -> None:
    page.route(f"**/{files}", lambda route: route.abort())
    open_search(page, served_site.root, "?q=learning")
    page.locator("#filters > summary").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute(f"**/{files}")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#panel li:visible")).to_have_count(12)


@pytest.mark.parametrize("files", ["assets/exports.*.js", "search/d/*.js*"])
def test_a_file_that_cannot_be_made_is_told_and_can_be_tried_again(
    page: Page, served_site: ServedSite, files: str
) -> None:
    open_search(page, served_site.root, "?q=learning")
    page.route(f"**/{files}", lambda route: route.abort())
    page.get_by_text("Save or share").click()
    page.get_by_role("button", name="CSV").click()
    expect(page.get_by_text("The papers could not be loaded. Please try again.")).to_be_visible()
    page.unroute(f"**/{files}")
    assert download(page, "CSV").startswith("title,authors,")


# ---------------------------------------------------------------- every state


def show_fault(page: Page) -> None:
    def abort(route: Route) -> None:
        route.abort()

    page.route("**/search/d/*.js*", abort)
    page.get_by_role("searchbox", name="Search the papers").fill("pokemon")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def open_saving(page: Page) -> None:
    page.get_by_text("Save or share").click()
    expect(page.get_by_label("Link to this list")).to_be_visible()


def show_all_tags(page: Page) -> None:
    open_filters(page)
    page.get_by_role("button", name=re.compile("^Show [0-9]+ more$")).click()


STATES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "start": ("", None),
    "results": ("?q=robots", None),
    "results of some words": ("?q=reinforcement+survey", None),
    "only some words": ("?q=openvla+pokemon", None),
    "correction": ("?q=pokmon+", None),
    "nothing": ("?q=zzyzx", None),
    "a page": ("?q=learning&page=4", None),
    "filters": ("?q=robots", show_all_tags),
    "chips": ("?q=learning&tag=robotics&not=surveys&from=2020", None),
    "nothing for filters": ("?tag=robotics&tag=federated-learning&tag=surveys", None),
    "saving": ("?q=robots", open_saving),
    "fault": ("?q=robots", show_fault),
}
every_state = pytest.mark.parametrize("state", STATES)


def open_state(page: Page, served_site: ServedSite, state: str) -> None:
    query, act = STATES[state]
    open_search(page, served_site.root, query)
    if act:
        act(page)


@every_state
def test_axe_finds_nothing_in_any_state(page: Page, served_site: ServedSite, node_modules: Path, state: str) -> None:
    """In light and dark, on a phone and on a laptop; nor does anything hang over the edge."""
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    open_state(page, served_site, state)
    page.evaluate(axe)
    violations = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
            assert found["passes"]
            for rule in found["violations"]:
                places = [node["html"] for node in rule["nodes"]]
                violations.append(f"{scheme}, {size['width']} px: {rule['id']}: {rule['help']}: {places}")
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{size['width']} px"
    assert violations == []


@every_state
def test_what_can_be_pressed_is_large_enough_and_reached_by_the_tab_key(
    page: Page, served_site: ServedSite, state: str
) -> None:
    """24 px each way, but for links within a sentence and a box whose label can be pressed too."""
    page.set_viewport_size(NARROW)
    open_state(page, served_site, state)
    small = page.locator("main").evaluate(
        """main => [...main.querySelectorAll(
                'a, button, summary > .button, select, input:not([type=checkbox]), label:has(input[type=checkbox])'
            )]
            .filter(one => one.checkVisibility() && !one.closest('p, h2, h3'))
            .map(one => ({ box: one.getBoundingClientRect(), html: one.outerHTML }))
            .filter(({ box }) => Math.min(box.width, box.height) < 24).map(({ html }) => html)"""
    )
    assert small == []
    wanted = page.locator("main").evaluate(
        """main => [...main.querySelectorAll('a, button, summary, select, input')]
            .filter(one => one.checkVisibility() && !one.disabled).length"""
    )
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("link", name="About", exact=True).focus()
    reached = 0
    for _ in range(wanted + 1):
        page.keyboard.press("Tab")
        if not page.locator("main :focus").count():
            break
        reached += 1
        expect(page.locator(":focus-visible")).to_be_in_viewport()
    assert reached == wanted


def test_filters_order_and_files_are_reached_and_used_by_keyboard_alone(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root)
    page.keyboard.type("learning")
    expect(titles_of(page).first).to_be_visible()
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")  # Filters
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Filters")).to_be_visible()
    expect(page.locator("#panel li:visible").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("robot")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(chips_of(page)).to_have_text(["Robotics×"])
    expect(tag_of(page, "Robotics")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(chips_of(page)).to_have_text(["not Robotics×"])
    page.get_by_label("Sort by").focus()
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("[?]q=learning&not=robotics&sort=title$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Tab")
    with page.expect_download() as loading:
        page.keyboard.press("Enter")
    assert loading.value.suggested_filename == "papers.bib"


def test_nothing_moves_for_who_wants_no_motion(page: Page, served_site: ServedSite) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_search(page, served_site.root, "?q=learning&tag=robotics")
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].filter(one => {
            const style = getComputedStyle(one);
            return style.animationName !== 'none' || style.transitionDuration !== '0s';
        }).length"""
    )
    assert moving == 0
