"""The search page as a reader uses it: at a domain's root, under a sub-path, and in a folder on disk."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from site_builder.content.store import load_content
from site_builder.search.terms import terms_of
from tests.conftest import PROJECT, ServedSite

SHOWN = 20  # papers at first, and more at each wish

RIGHT_PAPERS = {
    "survey": "A Survey",
    "replay": "Model-Based Generalization in Reinforcement Learning",
    "pokemon": "Competitive Pokémon",
    "Pokémon": "Competitive Pokémon",
    "openvla": "OpenVLA",
    "open vla": "OpenVLA",
    "open-vla": "OpenVLA",
    "llm+p": "LLM+P",
    "grokked transformer": "Grokked Transformers are Implicit Reasoners",
    "language models know what they know": "Language Models (Mostly) Know What They Know",
}

HOSTILE_TEXTS = {
    "a lone minus": "-x",
    "a field that is none": "foo:bar",
    "a field": "title:",
    "a field of a field": "title:title:title",
    "an edit distance": "~",
    "an endless edit distance": "a~99999999999",
    "a boost": "a^",
    "an unfinished boost": "meta^1e999",
    "a wildcard": "*",
    "only wildcards": "**** **",
    "a leading wildcard": "*ing",
    "a required word": "+generalization -learning",
    "quotes around nothing": '""',
    "an open quote": '"meta learning',
    "an emoji": "🤖",
    "emoji of several characters": "👩‍👩‍👧‍👦 🏳️‍🌈",
    "astral letters": "𝒪(𝑛) 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "a long text": "the quick brown generalization of learning " * 120,
    "a long word": "a" * 5000,
    "right to left": "التعلم العميق \u202egnimrofsnart",
    "an element": "<script>alert(1)</script>",
    "an image": '<img src=x onerror="alert(1)">',
    "a percent sign": "%",
    "a broken escape": "%E0%A4%A",
    "a NUL": "meta\0learning",
    "a replacement of a NUL": "\ufffd\ufffe\u0001",
    "a prototype": "__proto__",
    "a constructor": "constructor",
    "a method of every object": "toString hasOwnProperty valueOf",
    "a regular expression": "(((([a-z]+)*)+$ \\",
    "a hundred accents": "e" + "\u0301" * 100,
    "blanks of many kinds": "\u00a0\u2003\u3000\u200b\ufeff",
    "other scripts": "学习 пример μάθηση सीखना",
}


def open_search(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}search.html" + (f"?q={quote(query)}" if query else ""))


def box_of(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search the papers")


def ask(page: Page, query: str) -> None:
    """Type a query, and wait for its answer: the title follows the results."""
    box_of(page).fill(query)
    expect(page).to_have_title(re.compile(f"^{re.escape(query.strip())} · Search · "))


def results_of(page: Page) -> Locator:
    """The papers that have all words."""
    return page.locator("ol#results > li")


def count_told(page: Page) -> int:
    """The number of papers that the status line tells."""
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d+ papers?\."))
    return int((status.text_content() or "").split()[0])


def test_a_query_in_the_address_is_answered(page: Page, address: str, titles: dict[str, str]) -> None:
    open_search(page, address, "survey")
    expect(box_of(page)).to_have_value("survey")
    expect(page).to_have_title(re.compile("^survey · Search · "))
    told = count_told(page)
    assert 0 < told < 20
    links = results_of(page).get_by_role("heading").get_by_role("link")
    expect(links).to_have_count(told)
    for link in links.all():
        slug = (link.get_attribute("href") or "").removeprefix("papers/").removesuffix(".html")
        expect(link).to_have_attribute("href", f"papers/{slug}.html")
        expect(link).to_have_text(titles[slug])


def test_a_result_leads_to_its_paper_and_back(page: Page, address: str) -> None:
    open_search(page, address, "openvla")
    results_of(page).first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}papers/openvla-[a-z0-9-]+[.]html$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("OpenVLA")
    page.go_back()
    expect(box_of(page)).to_have_value("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")


def test_typing_updates_results_address_and_title(page: Page, address: str, titles: dict[str, str]) -> None:
    open_search(page, address)
    expect(page.get_by_role("status")).to_have_text(f"{len(titles)} papers to search in.")
    expect(box_of(page)).to_be_focused()
    page.keyboard.type("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    expect(page).to_have_url(f"{address}search.html?q=openvla")
    expect(page).to_have_title(re.compile("^openvla · Search · "))
    box_of(page).fill("llm+p & more")
    expect(results_of(page).first).to_contain_text("LLM+P")
    expect(page).to_have_url(f"{address}search.html?q=llm%2Bp+%26+more")
    page.reload()
    expect(box_of(page)).to_have_value("llm+p & more")
    expect(results_of(page).first).to_contain_text("LLM+P")
    box_of(page).fill("")
    expect(results_of(page)).to_have_count(0)
    expect(page).to_have_url(f"{address}search.html")
    expect(page).to_have_title(re.compile("^Search · "))


def test_enter_keeps_the_results_and_the_page(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root)
    page.keyboard.type("openvla")
    page.evaluate("window.stays = true")
    page.keyboard.press("Enter")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert page.evaluate("window.stays") is True


def test_generalization_finds_the_papers_that_speak_of_it_and_no_others(page: Page, address: str) -> None:
    """Stock Lunr folds general, generate and generative into it, and answers with nearly every paper."""
    content = load_content(PROJECT / "content")
    names = {tag.slug: tag.name for tag in content.tags}
    papers = [entry.paper for entry in content.entries]
    texts = [" ".join([paper.title, paper.abstract, *(names[tag] for tag in paper.tags)]) for paper in papers]
    speaking = sum(bool(re.search("generali[sz]ation", text, re.IGNORECASE)) for text in texts)
    open_search(page, address, "generalization")
    assert count_told(page) == speaking < 200
    expect(page.get_by_role("status")).to_contain_text(f"The first {SHOWN} are shown.")
    expect(results_of(page)).to_have_count(SHOWN)
    box_of(page).fill("")
    expect(results_of(page)).to_have_count(0)
    box_of(page).fill("generalisation")
    expect(results_of(page)).to_have_count(SHOWN)
    assert count_told(page) == speaking


def test_the_right_paper_comes_first(page: Page, address: str) -> None:
    open_search(page, address)
    for query, title in RIGHT_PAPERS.items():
        ask(page, query)
        expect(results_of(page).first.get_by_role("heading"), query).to_contain_text(title)


def test_the_words_are_marked_in_title_and_snippet(page: Page, address: str) -> None:
    open_search(page, address, "harder explanations")
    first = results_of(page).first
    expect(first.get_by_role("heading").locator("mark")).to_have_text(["Harder", "Explanations"])
    expect(first.locator(".excerpt mark", has_text="explanations").first).to_be_visible()


def test_a_joined_name_is_marked_however_it_is_typed(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root)
    for query in ("openvla", "open vla", "open-vla", "OpenV"):
        ask(page, query)
        expect(results_of(page).first.locator("h2 mark").first, query).to_have_text("OpenVLA")


def test_a_word_finds_papers_while_it_is_typed(page: Page, served_site: ServedSite) -> None:
    """The index holds `reason`, not `reasonin`."""
    open_search(page, served_site.root)
    for words in ("reinforcement learning", "scaling", "policies", "optimisation", "analysis"):
        for length in range(3, len(words) + 1):
            ask(page, words[:length])
            expect(results_of(page), words[:length]).not_to_have_count(0)


def test_a_misspelled_word_finds_near_spellings(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "pokmon ")
    expect(page.get_by_role("status")).to_contain_text("near spellings")
    expect(results_of(page).first).to_contain_text("Pokémon")


def test_papers_with_some_of_the_words_stand_apart(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "openvla pokemon")
    expect(page.get_by_role("status")).to_have_text("No paper has all of these words.")
    expect(results_of(page)).to_have_count(0)
    partial = page.get_by_role("region", name="With some of the words").get_by_role("listitem")
    expect(partial.filter(has_text="OpenVLA").first).to_be_visible()
    expect(partial.filter(has_text="Pokémon").first).to_be_visible()


def test_no_result_is_told(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "openvla")
    expect(results_of(page).first).to_be_visible()
    box_of(page).fill("zzyzx")
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    expect(page.locator("main li")).to_have_count(0)


def test_words_that_tell_nothing_and_signs_that_are_no_words_are_told_apart(
    page: Page, served_site: ServedSite
) -> None:
    open_search(page, served_site.root, "of the")
    expect(page.get_by_role("status")).to_contain_text("Those words are in nearly every paper.")
    box_of(page).fill("?!")
    expect(page.get_by_role("status")).to_contain_text("no word")


def test_whatever_is_typed_is_legal(page: Page, address: str, faults: list[str]) -> None:
    open_search(page, address)
    status = page.get_by_role("status")
    for name, text in HOSTILE_TEXTS.items():
        box_of(page).fill("")
        expect(status).to_contain_text("papers to search in.")
        box_of(page).fill(text)
        expect(status, name).not_to_contain_text("papers to search in.")
        expect(status, name).not_to_be_empty()
        assert faults == [], name
    assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize("query", ["%", "%E0%A4%A", "%00", "%ED%A0%80", "<script>", "a&q=b", "__proto__", ""])
def test_whatever_stands_in_the_address_is_legal(
    page: Page, served_site: ServedSite, faults: list[str], query: str
) -> None:
    page.goto(f"{served_site.root}search.html?q={query}")
    expect(page.get_by_role("status")).not_to_have_text(re.compile("^(Loading.*)?$"))
    assert faults == []


def test_half_a_character_is_legal(page: Page, served_site: ServedSite, faults: list[str]) -> None:
    """Some keyboards give an emoji in two halves."""
    open_search(page, served_site.root)
    box_of(page).evaluate("(box) => { box.value = 'openvla \\ud83e'; box.dispatchEvent(new Event('input')); }")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert faults == []


@pytest.mark.parametrize("files", ["meta.js*", "lengths.*.js", "t/*.js", "terms.*.js", "d/*.js*"])
def test_a_file_that_cannot_be_loaded_is_told_and_can_be_tried_again(
    page: Page, served_site: ServedSite, files: str
) -> None:
    page.route(f"**/search/{files}", lambda route: route.abort())
    open_search(page, served_site.sub_path, "pokmon ")
    expect(page.get_by_role("status")).to_contain_text("The search index could not be loaded.")
    retry = page.get_by_role("button", name="Try again")
    retry.click()
    expect(retry).to_be_visible()
    expect(results_of(page)).to_have_count(0)
    page.unroute(f"**/search/{files}")
    retry.click()
    expect(results_of(page).first).to_contain_text("Pokémon")
    expect(retry).to_have_count(0)


def test_a_file_that_is_something_else_is_told(page: Page, served_site: ServedSite) -> None:
    """Some servers answer with a page where a file is missing."""
    page.route("**/search/t/*.js", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    open_search(page, served_site.root, "openvla")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/search/t/*.js")
    page.get_by_role("button", name="Try again").click()
    expect(results_of(page).first).to_contain_text("OpenVLA")


def test_papers_of_another_query_go_when_one_cannot_be_answered(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    page.route("**/search/d/*.js*", lambda route: route.abort())
    box_of(page).fill("pokemon")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("main li")).to_have_count(0)
    box_of(page).fill("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_papers_stay_when_more_of_them_cannot_be_loaded(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "generalization")
    expect(results_of(page)).to_have_count(SHOWN)
    page.route("**/search/d/*.js*", lambda route: route.abort())
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(results_of(page)).to_have_count(SHOWN)
    page.unroute("**/search/d/*.js*")
    page.get_by_role("button", name="Try again").click()
    expect(results_of(page)).to_have_count(2 * SHOWN)


def test_a_paper_of_another_build_is_not_shown(page: Page, served_site: ServedSite) -> None:
    """A site may be published anew while a page of the old one is open; a paper's number may be another's then."""

    def answer_with_another(route: Route) -> None:
        text = route.fetch().text()
        letter = "A" if '["A.' not in text else "B"
        route.fulfill(body=re.sub(r'\[".(.*?)",".*?",".*?"', rf'["{letter}\1","other","Another Paper"', text))

    page.route("**/search/d/*.js*", answer_with_another)
    open_search(page, served_site.root, "openvla")
    expect(page.get_by_role("status")).to_contain_text("The list has changed since this page was loaded.")
    expect(page.locator("main li")).to_have_count(0)
    page.unroute("**/search/d/*.js*")
    page.get_by_role("button", name="Reload the page").click()
    expect(results_of(page).first).to_contain_text("OpenVLA")
    expect(page.get_by_text("Another Paper")).to_have_count(0)


def test_an_answer_that_comes_too_late_is_not_shown(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root)
    expect(page.get_by_role("status")).to_contain_text("papers to search in.")
    waiting: list[Route] = []

    def keep_waiting(route: Route) -> None:
        waiting.append(route)

    page.route("**/search/t/*.js", keep_waiting, times=1)
    box_of(page).fill("pokemon ")
    expect(page.get_by_role("status")).to_have_text("Loading the index …")
    ask(page, "openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    with page.expect_request_finished():
        waiting[0].continue_()
    page.wait_for_timeout(200)
    expect(page).to_have_title(re.compile("^openvla · "))
    expect(results_of(page).first).to_contain_text("OpenVLA")


def test_a_query_loads_its_own_pieces_and_the_papers_that_are_shown(
    page: Page, served_site: ServedSite, real_site: Path, asked: list[str]
) -> None:
    open_search(page, served_site.root, "openvla")
    told = count_told(page)
    expect(results_of(page)).to_have_count(told)
    files = [address.split("/search/")[1] for address in asked if "/search/" in address]
    assert len(files) == len(set(files))
    assert len([file for file in files if file.startswith("d/")]) == told < SHOWN
    assert len([file for file in files if file.startswith("t/")]) <= 2 < len(list((real_site / "search/t").iterdir()))
    ask(page, "generalization ")
    expect(results_of(page)).to_have_count(SHOWN)
    box_of(page).fill("openvla")
    expect(results_of(page)).to_have_count(told)
    files = [address.split("/search/")[1] for address in asked if "/search/" in address]
    assert len(files) == len(set(files)), "what is there is not asked for again"


def test_what_is_typed_while_the_index_loads_is_answered_once_it_is_there(page: Page, served_site: ServedSite) -> None:
    waiting: list[Route] = []

    def keep_waiting(route: Route) -> None:
        waiting.append(route)

    page.route("**/search/meta.js*", keep_waiting)
    page.goto(f"{served_site.root}search.html", wait_until="domcontentloaded")
    expect(page.get_by_role("status")).to_have_text("Loading the index …")
    box_of(page).fill("openvla")
    expect(page).to_have_url(f"{served_site.root}search.html?q=openvla")
    expect(page.get_by_role("status")).to_have_text("Loading the index …")
    waiting[0].continue_()
    expect(results_of(page).first).to_contain_text("OpenVLA")


def test_the_index_begins_with_a_file_that_no_cache_keeps(
    page: Page, served_site: ServedSite, asked: list[str]
) -> None:
    """So a browser that kept an older index does not answer with it."""
    open_search(page, served_site.root, "openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert any(re.search(r"/search/meta\.js\?\d+$", address) for address in asked)


def test_more_results_are_shown_on_request(page: Page, served_site: ServedSite) -> None:
    """What has the focus is then the first of the new ones."""
    open_search(page, served_site.root, "generalization")
    told = count_told(page)
    shown = SHOWN
    expect(results_of(page)).to_have_count(shown)
    while shown < told:
        page.get_by_role("button", name="Show more").press("Enter")
        expect(results_of(page).nth(shown).get_by_role("link")).to_be_focused()
        shown = min(shown + SHOWN, told)
        expect(results_of(page)).to_have_count(shown)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    assert len(set(results_of(page).get_by_role("heading").all_text_contents())) == told


def test_python_and_the_browser_read_every_text_of_the_list_alike(page: Page, served_site: ServedSite) -> None:
    """The index holds Python's terms; a query and the titles' order use the browser's."""
    papers = [entry.paper for entry in load_content(PROJECT / "content").entries]
    texts = [text for paper in papers for text in (paper.title, paper.abstract)]
    open_search(page, served_site.root)
    read = page.evaluate("(texts) => texts.map((text) => readingList.terms.termsOf(text))", texts)
    assert [terms_of(text) for text in texts] == read
