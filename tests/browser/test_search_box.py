"""The search box of every page as a reader uses it, and the marks on the page that it leads to."""

import gzip
import json
import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.conftest import ServedSite

PLACE = "tags/robotics.html"  # a page with a box in its header
PAPER = "papers/openvla-an-open-source-vision-language-action-model.html"
PAPER_WITH_MATH = "papers/provably-robust-dpo-aligning-language-models-with-noisy-feedback.html"
FAULT = "The search could not be loaded."
ENGINE = ("engine", "worker")

HOSTILE_TEXTS = [
    "-x", "title:", "a~99999999999", "**** **", '"meta learning', "<img src=x onerror=alert(1)>", "%E0%A4%A",
    "__proto__", "meta\0learning", "a" * 5000, "👩‍👩‍👧‍👦", "\u202egnimrofsnart", "toString", "?!", "of the",
]  # fmt: skip


def box_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search the papers")


def options_of(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Papers").get_by_role("option")


def chosen_of(page: Page) -> Locator:
    return page.locator(".found").get_by_role("option", selected=True)


def panel_of(page: Page) -> Locator:
    return page.locator(".found")


def wait_for(page: Page, query: str) -> None:
    """Wait for the papers that answer a query, and not just what has been typed of it so far."""
    expect(options_of(page).last).to_contain_text(f"“{query}”")


def ask(page: Page, address: str, query: str) -> None:
    """Open a page, type a query into its box, and wait for papers."""
    page.goto(address + PLACE)
    box_of(page).press_sequentially(query)
    wait_for(page, query)


def hold(page: Page, files: str, times: int | None = None) -> list[Route]:
    """Let no file of these arrive; returns what waits."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(files, keep, times=times)
    return waiting


def names_of(addresses: list[str]) -> list[str]:
    """The plain names of the scripts among some addresses: `engine` of `assets/engine.4f2a9c1e70b3.js`."""
    return [found[1] for address in addresses if (found := re.search(r"/assets/(?:vendor/)?(\w+)\b.*\.js$", address))]


# ---------------------------------------------------------------- opening it


@pytest.mark.parametrize("path", ["index.html", PLACE, PAPER, "404.html", "search.html"])
@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_leads_to_the_box_of_any_page(page: Page, served_site: ServedSite, path: str, key: str) -> None:
    page.goto(served_site.root + path)
    page.get_by_role("link", name="Tags", exact=True).first.focus()
    page.keyboard.press(key)
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("")
    page.keyboard.type("and/or")
    expect(page.locator("#find")).to_have_value("and/or")


@pytest.mark.parametrize("key", ["Control+/", "Alt+/", "Meta+/", "k", "Alt+k", "Control+Shift+k"])
def test_other_keys_do_not_lead_to_it(page: Page, served_site: ServedSite, key: str) -> None:
    page.goto(served_site.root + PLACE)
    link = page.get_by_role("link", name="Tags", exact=True).first
    link.focus()
    page.keyboard.press(key)
    expect(link).to_be_focused()


@pytest.mark.parametrize(("key", "field"), [("/", "textarea"), ("/", "input"), ("Control+k", "textarea")])
def test_who_types_elsewhere_is_left_alone(page: Page, served_site: ServedSite, key: str, field: str) -> None:
    page.goto(served_site.root + PLACE)
    page.evaluate("field => document.querySelector('main').prepend(document.createElement(field))", field)
    page.locator(f"main > {field}").focus()
    page.keyboard.press(key)
    expect(page.locator(f"main > {field}")).to_be_focused()


@pytest.mark.parametrize("field", ["#sort", "#find-tag"])
def test_control_and_k_lead_from_a_field_of_one_line_to_the_box(
    page: Page, served_site: ServedSite, field: str
) -> None:
    page.goto(served_site.root + "search.html?q=learning&tag=robotics")
    page.locator(field).focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#find")).to_be_focused()


# ---------------------------------------------------------------- finding


def test_papers_are_listed_as_one_types(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address + PLACE)
    expect(panel_of(page)).to_be_hidden()
    expect(box_of(page)).to_have_attribute("aria-expanded", "false")
    box_of(page).press_sequentially("open")
    expect(box_of(page)).to_have_attribute("aria-expanded", "true")
    expect(options_of(page)).to_have_count(9)
    box_of(page).press_sequentially("vla")
    first = options_of(page).first
    expect(first).to_contain_text("OpenVLA: An Open-Source")
    expect(first.locator("mark").first).to_have_text("OpenVLA")
    expect(first).to_contain_text("Robotics")
    expect(chosen_of(page)).to_have_count(0)
    assert faults == []


@pytest.mark.parametrize("path", ["index.html", PLACE, PAPER, "404.html"])
def test_enter_opens_the_chosen_paper_from_any_page(page: Page, served_site: ServedSite, path: str) -> None:
    page.goto(served_site.sub_path + path)
    page.keyboard.press("/")
    page.keyboard.type("openvla")
    wait_for(page, "openvla")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served_site.sub_path}{PAPER}?q=openvla")


def test_a_paper_opens_from_a_folder_on_disk(page: Page, real_site: Path, faults: list[str]) -> None:
    address = f"{real_site.as_uri()}/"
    ask(page, address, "openvla")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}{PAPER}?q=openvla")
    expect(page.locator("h1 mark").first).to_have_text("OpenVLA")
    assert faults == []


@pytest.mark.parametrize("path", ["index.html", PLACE])
def test_enter_with_nothing_chosen_leads_to_the_search_page(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    box_of(page).fill("open vla")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}search.html?q=open+vla")


def test_the_last_line_leads_to_all_that_was_found(page: Page, address: str) -> None:
    ask(page, address, "robot & more")
    page.keyboard.press("ArrowUp")
    expect(chosen_of(page)).to_have_text(re.compile("^All [0-9]+ results for “robot & more”$"))
    expect(chosen_of(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}search.html?q=robot+%26+more")


def test_arrows_go_round_and_the_box_keeps_the_focus(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "reinforcement")
    count = options_of(page).count()
    assert count == 9
    for place in [*range(count), 0]:
        page.keyboard.press("ArrowDown")
        expect(options_of(page).nth(place)).to_have_attribute("aria-selected", "true")
        expect(chosen_of(page)).to_have_count(1)
        expect(chosen_of(page)).to_be_in_viewport(ratio=1)
        expect(box_of(page)).to_have_attribute("aria-activedescendant", chosen_of(page).get_attribute("id") or "none")
        expect(box_of(page)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(options_of(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.type("x")
    expect(box_of(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_a_choice_outlives_a_late_answer_and_not_another_letter(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "openvl")
    waiting = hold(page, "**/search/t/*.js")
    box_of(page).evaluate("(box) => { box.value = 'openvla '; box.dispatchEvent(new Event('input')); }")
    page.wait_for_timeout(100)
    page.keyboard.press("ArrowDown")
    expect(chosen_of(page)).to_contain_text("OpenVLA")
    for route in waiting:
        route.continue_()
    page.unroute("**/search/t/*.js")
    wait_for(page, "openvla")
    expect(chosen_of(page)).to_contain_text("OpenVLA")
    expect(box_of(page)).to_have_attribute("aria-activedescendant", chosen_of(page).get_attribute("id") or "none")
    page.keyboard.type("x")
    expect(chosen_of(page)).to_have_count(0)


def test_home_and_end_stay_in_the_text(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "robot")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.type("a ")
    page.keyboard.press("End")
    page.keyboard.type("s")
    expect(box_of(page)).to_have_value("a robots")


@pytest.mark.parametrize("key", ["Control+Enter", "Meta+Enter"])
def test_control_enter_opens_a_new_tab(page: Page, served_site: ServedSite, key: str) -> None:
    ask(page, served_site.root, "openvla")
    page.keyboard.press("ArrowDown")
    with page.context.expect_page() as opened:
        page.keyboard.press(key)
    expect(opened.value).to_have_url(f"{served_site.root}{PAPER}?q=openvla")
    expect(page).to_have_url(served_site.root + PLACE)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    with page.context.expect_page() as opened:
        page.keyboard.press(key)
    expect(opened.value).to_have_url(f"{served_site.root}search.html?q=openvla")


def test_escape_closes_then_clears_and_gives_the_focus_back(page: Page, served_site: ServedSite) -> None:
    page.goto(served_site.root + PLACE)
    link = page.locator("main a").nth(2)
    link.focus()
    page.keyboard.press("/")
    page.keyboard.type("openvla")
    wait_for(page, "openvla")
    page.keyboard.press("Escape")
    expect(panel_of(page)).to_be_hidden()
    expect(box_of(page)).to_be_focused()
    expect(box_of(page)).to_have_value("openvla")
    expect(box_of(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(chosen_of(page)).to_contain_text("OpenVLA")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box_of(page)).to_have_value("")
    expect(link).to_be_focused()


def test_an_answer_that_comes_after_escape_stays_away(page: Page, served_site: ServedSite) -> None:
    page.goto(served_site.root + PLACE)
    waiting = hold(page, "**/search/t/*.js")
    box_of(page).fill("openvla ")
    expect(panel_of(page)).to_have_text("Loading the index …")
    page.keyboard.press("Escape")
    for route in waiting:
        route.continue_()
    page.wait_for_timeout(300)
    expect(panel_of(page)).to_be_hidden()


def test_a_mouse_opens_a_paper_and_a_click_elsewhere_closes(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "openvla")
    page.get_by_role("heading", level=1).click()
    expect(panel_of(page)).to_be_hidden()
    box_of(page).click()
    options_of(page).first.click()
    expect(page).to_have_url(f"{served_site.root}{PAPER}?q=openvla")


def test_a_finger_opens_a_paper_on_the_narrowest_phone(browser: Browser, served_site: ServedSite) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 568}) as context:
        page = context.new_page()
        page.goto(served_site.root + PLACE)
        box_of(page).tap()
        page.keyboard.type("robot")
        wait_for(page, "robot")
        expect(options_of(page)).to_have_count(9)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        for option in options_of(page).all():
            shape = option.bounding_box()
            assert shape and shape["height"] >= 24 and shape["x"] >= 0 and shape["x"] + shape["width"] <= 320
        expect(options_of(page).last).to_be_in_viewport(ratio=1)
        options_of(page).nth(1).tap()
        expect(page).to_have_url(re.compile(r"/papers/[a-z0-9-]+\.html\?q=robot$"))


def test_leaving_the_box_closes_it(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "openvla")
    page.keyboard.press("Tab")
    expect(panel_of(page)).to_be_hidden()
    expect(page.locator("main a").first).to_be_focused()


# ---------------------------------------------------------------- what it says


def test_the_number_of_papers_is_announced(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "reinforcement")
    expect(page.get_by_role("status")).to_have_text(re.compile("^[0-9]{2} papers[.]$"))
    box_of(page).fill("zzyzx")
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    expect(panel_of(page)).to_have_text("No paper has any of these words.")
    expect(box_of(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status")).to_be_empty()


def test_papers_with_some_of_the_words_are_told_to_be_such(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "openvla pokemon")
    expect(panel_of(page)).to_contain_text("No paper has all of these words.")
    expect(page.get_by_role("status")).to_contain_text("No paper has all of these words. ")
    expect(options_of(page).filter(has_text="OpenVLA:").first).to_contain_text("Without pokemon")


def test_a_correction_is_told_with_a_way_back(page: Page, served_site: ServedSite) -> None:
    page.goto(served_site.root + PLACE)
    box_of(page).fill("pokmon ")
    expect(panel_of(page)).to_contain_text("Showing results for pokemon.")
    expect(page.get_by_role("status")).to_contain_text("Showing results for pokemon. ")
    expect(options_of(page).first).to_have_attribute("href", re.compile(r"\?q=pokemon$"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search for “pokmon”")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel_of(page)).not_to_contain_text("Showing results for")
    expect(box_of(page)).to_be_focused()


def test_whatever_is_typed_is_legal(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address + PLACE)
    for text in HOSTILE_TEXTS:
        box_of(page).fill("")
        expect(panel_of(page), text).to_be_hidden()
        box_of(page).fill(text)
        expect(panel_of(page), text).to_be_visible()
        expect(panel_of(page), text).not_to_have_text("Loading the index …")
        expect(panel_of(page).get_by_role("button", name="Try again"), text).to_have_count(0)
        assert panel_of(page).locator("img, script").count() == 0
        assert faults == [], text


def test_an_answer_that_comes_too_late_is_not_shown(page: Page, served_site: ServedSite) -> None:
    ask(page, served_site.root, "robot")
    waiting = hold(page, "**/search/t/*.js", times=1)
    box_of(page).fill("pokemon ")
    expect(panel_of(page)).to_have_text("Loading the index …")
    box_of(page).fill("openvla")
    expect(options_of(page).first).to_contain_text("OpenVLA")
    waiting[0].continue_()
    page.wait_for_timeout(200)
    expect(options_of(page).first).to_contain_text("OpenVLA")
    expect(options_of(page).last).to_contain_text("“openvla”")


# ---------------------------------------------------------------- what it loads


def test_a_page_loads_little_and_nothing_of_the_search(page: Page, address: str, asked: list[str]) -> None:
    page.goto(address + PLACE)
    page.wait_for_timeout(300)
    assert sorted(names_of(asked)) == ["box", "client", "prefer"]
    assert [one for one in asked if "/search/" in one] == []
    box_of(page).focus()
    expect(panel_of(page)).to_be_hidden()
    page.wait_for_timeout(300)
    assert set(ENGINE) - set(names_of(asked)) == ({"worker"} if address.startswith("file:") else set())


ASK_AT_ONCE = """async (texts) => {
  const filters = { tags: [], not: [], from: 0, to: 0, organization: "", code: false, comments: false };
  const rest = { literal: false, filters, sort: "relevance", first: 0, count: 3, withCounts: false };
  const answers = await Promise.all(texts.map((text) => readingList.client.ask({ text, ...rest }, true)));
  return answers.map((answer) => answer && answer.results[0].slug);
}"""


def test_of_what_is_typed_in_one_breath_only_the_last_is_looked_for(page: Page, address: str) -> None:
    page.goto(address + PLACE)
    for texts in (["pokemon", "replay", "openvla"], ["survey", "pokemon ", "openvla "]):  # before and after an answer
        assert page.evaluate(ASK_AT_ONCE, texts) == [None, None, "openvla-an-open-source-vision-language-action-model"]


def test_the_scripts_of_every_page_are_a_few_kilobytes(real_site: Path) -> None:
    paths = [path for name in ("client", "box") for path in (real_site / "assets").glob(f"{name}.*.js")]
    assert len(paths) == 2
    assert sum(len(gzip.compress(path.read_bytes())) for path in paths) < 7_000


def test_pages_do_not_change_with_the_index(real_site: Path) -> None:
    """So the edit of one paper leaves all other pages as they are."""
    page = (real_site / PLACE).read_text()
    assert "search/" not in page
    assert not re.search(r"\b(meta|lengths)\.[0-9a-f]{12}", page)


def test_who_types_on_asks_for_few_files_on_the_way(page: Page, served_site: ServedSite, asked: list[str]) -> None:
    ask(page, served_site.root, "robot")
    asked.clear()
    box_of(page).press_sequentially(" manipulation", delay=5)
    expect(options_of(page).last).to_contain_text("manipulation”")
    assert len([one for one in asked if "/search/t/" in one]) <= 4


def test_the_engine_runs_in_a_worker_and_from_a_folder_on_the_page(page: Page, address: str) -> None:
    ask(page, address, "openvla")
    assert len(page.workers) == (0 if address.startswith("file:") else 1)
    assert page.evaluate("'engine' in readingList") == address.startswith("file:")


@pytest.mark.parametrize("how", ["refused", "missing", "broken", "unknown"])
def test_without_a_worker_the_engine_runs_on_the_page(page: Page, served_site: ServedSite, how: str) -> None:
    if how == "refused":
        page.add_init_script("Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } }")
    elif how == "unknown":
        page.add_init_script("delete globalThis.Worker")
    elif how == "missing":
        page.route("**/assets/worker.*.js", lambda route: route.fulfill(status=404))
    else:
        page.route("**/assets/worker.*.js", lambda route: route.fulfill(body="throw 1", content_type="text/javascript"))
    ask(page, served_site.root, "openvla")
    expect(options_of(page).first).to_contain_text("OpenVLA")
    assert page.evaluate("'engine' in readingList")


# ---------------------------------------------------------------- what may go wrong

FILES = ["search/meta.js*", "search/lengths.*.js", "search/t/*.js", "search/d/*.js*", "assets/engine.*.js"]


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("address", ["root", "sub-path"], indirect=True)
def test_what_cannot_be_loaded_is_told_and_tried_again_by_keyboard(page: Page, address: str, files: str) -> None:
    page.route(f"**/{files}", lambda route: route.abort())
    page.goto(address + PLACE)
    box_of(page).fill("openvla")
    expect(panel_of(page)).to_contain_text(FAULT)
    expect(page.get_by_role("status")).to_contain_text(FAULT)
    page.keyboard.press("Tab")
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_focused()
    expect(page.get_by_role("button", name="Reload the page")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reload the page")).to_be_visible()
    page.unroute(f"**/{files}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(options_of(page).first).to_contain_text("OpenVLA")
    expect(box_of(page)).to_be_focused()
    expect(retry).to_have_count(0)


def expect_openvla_when_tried_again(page: Page, files: str) -> None:
    """Let these files come again, and try again."""
    page.unroute(f"**/{files}")
    page.get_by_role("button", name="Try again").click()
    expect(options_of(page).first).to_contain_text("OpenVLA")


def test_a_script_that_was_missing_on_the_page_is_run_when_it_is_there(page: Page, served_site: ServedSite) -> None:
    page.add_init_script("delete globalThis.Worker")
    lost = "engine.*.js"
    page.route(f"**/assets/{lost}", lambda route: route.abort())
    page.goto(served_site.root + PLACE)
    box_of(page).fill("openvla")
    expect(panel_of(page)).to_contain_text(FAULT)
    expect_openvla_when_tried_again(page, f"assets/{lost}")


@pytest.mark.parametrize("files", ["search/t/*.js", "search/meta.js*"])
def test_a_file_that_is_something_else_is_told(page: Page, served_site: ServedSite, files: str) -> None:
    """Some servers answer with a page where a file is missing."""
    page.route(f"**/{files}", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(served_site.root + PLACE)
    box_of(page).fill("openvla")
    expect(panel_of(page)).to_contain_text(FAULT)
    expect_openvla_when_tried_again(page, files)


def test_scripts_that_are_gone_are_met_by_a_new_page(page: Page, served_site: ServedSite) -> None:
    """The site may have been published anew since the page was loaded."""
    page.route("**/assets/**/*.js", lambda route: route.fulfill(status=404))
    page.route(re.compile(r"/assets/(client|box)\."), lambda route: route.continue_())
    page.goto(served_site.root + PLACE)
    box_of(page).fill("openvla")
    page.get_by_role("button", name="Try again").click()
    reload = page.get_by_role("button", name="Reload the page")
    expect(reload).to_be_visible()
    page.unroute("**/assets/**/*.js")
    with page.expect_navigation():
        reload.click()
    box_of(page).fill("openvla")
    expect(options_of(page).first).to_contain_text("OpenVLA")


@pytest.mark.parametrize("files", ["assets/worker.*.js", "assets/engine.*.js"])
def test_a_network_that_hangs_is_told(page: Page, served_site: ServedSite, files: str) -> None:
    page.clock.install()
    hold(page, f"**/{files}")
    page.goto(served_site.root + PLACE)
    box_of(page).fill("openvla")
    page.clock.run_for(1_000)
    expect(panel_of(page)).to_have_text("Loading the index …")
    page.clock.run_for(16_000)
    expect(panel_of(page)).to_contain_text(FAULT)
    page.unroute(f"**/{files}")
    page.get_by_role("button", name="Try again").click()
    page.clock.resume()
    expect(options_of(page).first).to_contain_text("OpenVLA")


def test_a_list_that_has_changed_is_told(page: Page, served_site: ServedSite) -> None:
    def answer_with_another(route: Route) -> None:
        route.fulfill(body=re.sub(r'\["[^"]*",".*?",".*?"', '["-","other","Another Paper"', route.fetch().text()))

    page.route("**/search/d/*.js*", answer_with_another)
    page.goto(served_site.root + PLACE)
    box_of(page).fill("openvla")
    expect(panel_of(page)).to_contain_text("The list has changed since this page was loaded.")
    expect(page.get_by_text("Another Paper")).to_have_count(0)
    page.unroute("**/search/d/*.js*")
    with page.expect_navigation():
        page.get_by_role("button", name="Reload the page").click()


# ---------------------------------------------------------------- for everybody


def show_loading(page: Page) -> None:
    hold(page, "**/search/t/*.js")
    box_of(page).fill("openvla ")
    expect(panel_of(page)).to_have_text("Loading the index …")


def show_fault(page: Page) -> None:
    page.route("**/search/t/*.js", lambda route: route.abort())
    box_of(page).fill("openvla")
    expect(panel_of(page)).to_contain_text(FAULT)


def show_answer(query: str, *keys: str) -> None:
    def show(page: Page) -> None:
        box_of(page).fill(query)
        expect(panel_of(page)).to_contain_text(re.compile("results? for|No paper"))
        for key in keys:
            page.keyboard.press(key)

    return show


STATES = {
    "open": show_answer("reinforcement"),
    "chosen": show_answer("reinforcement", "ArrowDown"),
    "all chosen": show_answer("reinforcement", "ArrowUp"),
    "some words": show_answer("openvla pokemon"),
    "corrected": show_answer("pokmon "),
    "nothing found": show_answer("zzyzx"),
    "loading": show_loading,
    "fault": show_fault,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("path", ["index.html", PLACE])
def test_axe_finds_nothing_in_any_state(
    page: Page, served_site: ServedSite, node_modules: Path, state: str, path: str
) -> None:
    page.goto(served_site.root + path)
    STATES[state](page)
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text())
    violations = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            expect(panel_of(page)).to_be_visible()
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"at {width} px"
            found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
            violations += [f"{scheme}, {width} px: {rule['id']}: {rule['help']}" for rule in found["violations"]]
    assert violations == []


@pytest.mark.parametrize("setting", ["reduce", "no-preference"])
def test_motion_is_the_readers_choice(page: Page, served_site: ServedSite, setting: str) -> None:
    page.emulate_media(reduced_motion=setting)
    ask(page, served_site.root, "openvla")
    name = panel_of(page).evaluate("(panel) => getComputedStyle(panel).animationName")
    assert name == ("none" if setting == "reduce" else "appear")


# ---------------------------------------------------------------- marks


def test_the_words_that_found_a_paper_are_marked_until_they_are_cleared(
    page: Page, address: str, faults: list[str]
) -> None:
    page.goto(address + PAPER)
    before = page.locator("article").inner_html()
    assert "<mark" not in before
    page.goto(f"{address}{PAPER}?q=open+vla+robot#main")
    expect(page.locator("h1 mark").first).to_have_text("OpenVLA")
    assert page.locator(".abstract mark").count() > 1
    assert page.locator("pre mark, aside mark").count() == 0
    line = page.locator(".marked")
    expect(line).to_contain_text("Marked: OpenVLA, ")
    clear = line.get_by_role("button", name="Clear the marks")
    clear.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark, .marked")).to_have_count(0)
    expect(page).to_have_url(f"{address}{PAPER}#main")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.evaluate("document.querySelector('h1').removeAttribute('tabindex')")
    assert page.locator("article").inner_html() == before
    assert page.evaluate("document.querySelector('h1').childNodes.length") == 1
    assert [fault for fault in faults if not fault.startswith("304: ")] == []


def test_marks_leave_math_and_links_whole(page: Page, served_site: ServedSite) -> None:
    math = "Array.from(document.querySelectorAll('article math, article a'), (one) => one.outerHTML)"
    page.goto(served_site.root + PAPER_WITH_MATH)
    before = page.evaluate(math)
    assert before
    page.goto(f"{served_site.root}{PAPER_WITH_MATH}?q=epsilon+preference+robust+n+dpo")
    expect(page.locator(".abstract mark").first).to_be_visible()
    assert page.evaluate(math) == before
    assert page.locator("math mark").count() == 0


def test_a_page_without_a_query_loads_nothing_to_mark(page: Page, served_site: ServedSite, asked: list[str]) -> None:
    page.goto(served_site.root + PAPER)
    page.wait_for_timeout(200)
    assert sorted(names_of(asked)) == ["box", "cite", "client", "marks", "prefer"]
    page.goto(served_site.root + PAPER + "?q=robot")
    expect(page.locator(".marked")).to_be_visible()
    assert "worker" not in names_of(asked)
    assert [one for one in asked if "/search/" in one] == []


@pytest.mark.parametrize("query", ["", "+", "%", "%E0%A4%A", "%00", "zzyzx", "<script>", "of+the", "tag:robotics"])
def test_any_query_in_a_papers_address_is_legal(
    page: Page, served_site: ServedSite, faults: list[str], query: str
) -> None:
    page.goto(f"{served_site.root}{PAPER}?q={query}")
    page.wait_for_timeout(200)
    expect(page.get_by_role("heading", level=1)).to_contain_text("OpenVLA")
    expect(page.locator("article mark")).to_have_count(0)
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_where_words_are_marked(
    page: Page, served_site: ServedSite, node_modules: Path, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{served_site.root}{PAPER}?q=open+vla+robot")
    expect(page.locator(".marked")).to_be_visible()
    shape = page.get_by_role("button", name="Clear the marks").bounding_box()
    assert shape and shape["height"] >= 24 and shape["width"] >= 24
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
    assert json.dumps([rule["id"] for rule in found["violations"]]) == "[]"
