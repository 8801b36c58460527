"""What a reader prefers of the site's looks: chosen once, kept for every page, and never in the way."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ServedSite

LISTS = "tags/robotics.html"
COLOUR = "getComputedStyle(document.documentElement).backgroundColor"
LIGHT, DARK = "rgb(251, 250, 247)", "rgb(23, 22, 20)"


def test_the_appearance_follows_the_system_until_it_is_chosen_and_then_holds_on_every_page(
    browser: Browser, served_site: ServedSite
) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(served_site.root)
    choice = page.get_by_label("Appearance", exact=False).get_by_role("combobox")
    assert (page.evaluate(COLOUR), choice.input_value()) == (DARK, "")
    choice.select_option("light")
    assert page.evaluate(COLOUR) == LIGHT
    page.goto(served_site.root + LISTS)
    assert (page.evaluate(COLOUR), choice.input_value()) == (LIGHT, "light")
    choice.select_option("automatic")
    page.reload()
    assert page.evaluate(COLOUR) == DARK
    context.close()


def test_a_chosen_appearance_is_there_before_the_page_is_painted(page: Page, served_site: ServedSite) -> None:
    page.goto(served_site.root)
    page.locator("select[name=theme]").select_option("dark")
    page.add_init_script(
        "new MutationObserver((_, seen) => { if (document.body) { window.seen = document.documentElement.dataset.theme;"
        " seen.disconnect(); } }).observe(document, { childList: true, subtree: true });"
    )
    page.reload()
    assert page.evaluate("window.seen") == "dark"


def test_lists_show_as_much_of_a_paper_as_the_reader_wants(page: Page, address: str) -> None:
    page.goto(address + LISTS)
    card = page.locator(".card").first
    parts = {name: card.locator(selector) for name, selector in (("excerpt", ".excerpt"), ("tags", ".tags"))}
    choice = page.get_by_label("Show")
    for chosen, shown in (("compact", {"tags"}), ("titles", set()), ("", {"excerpt", "tags"})):
        choice.select_option(chosen)
        assert {name for name, part in parts.items() if part.is_visible()} == shown
        expect(card.get_by_role("heading")).to_be_visible()


def test_the_density_is_kept_for_other_lists_and_search_results_say_why_all_the_same(
    page: Page, served_site: ServedSite
) -> None:
    page.goto(served_site.root + LISTS)
    page.get_by_label("Show").select_option("titles")
    page.goto(served_site.root + "years/2023.html")
    expect(page.locator(".card .excerpt").first).to_be_hidden()
    page.goto(served_site.root + "search.html?q=robot")
    expect(page.locator(".card .excerpt").first).to_be_visible()


def test_where_nothing_can_be_stored_a_choice_holds_for_the_page(page: Page, served_site: ServedSite, faults) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });")
    page.goto(served_site.root + LISTS)
    page.locator("select[name=theme]").select_option("dark")
    assert page.evaluate(COLOUR) == DARK and faults == []


@pytest.mark.parametrize("stored", ["<b>", "no such thing"])
def test_what_is_stored_may_be_anything(page: Page, served_site: ServedSite, faults, stored: str) -> None:
    page.goto(served_site.root + LISTS)
    page.evaluate("(text) => { localStorage['list-theme'] = text; localStorage['list-density'] = text; }", stored)
    page.reload()
    assert page.locator("select[name=theme]").input_value() == "" and faults == []


def test_without_scripts_there_is_nothing_to_choose(browser: Browser, served_site: ServedSite) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served_site.root + LISTS)
    expect(page.locator("form[data-prefers]").first).to_be_hidden()
    context.close()
