"""The search page as a reader uses it: at a domain's root, under a sub-path, and in a folder on disk.

What is done with the list that is found (filters, order, pages, files) is in test_search_list.py.
"""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from site_builder.content.store import load_content
from site_builder.search.terms import terms_of
from tests.conftest import PROJECT, ServedSite

SHOWN = 10  # papers on a page

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
    expect(status).to_have_text(re.compile(r"^\d+ papers?\b"))
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
        slug = (link.get_attribute("href") or "").removeprefix("papers/").removesuffix(".html?q=survey")
        expect(link).to_have_attribute("href", f"papers/{slug}.html?q=survey")
        expect(link).to_have_text(titles[slug])


def test_a_result_leads_to_its_paper_and_back(page: Page, address: str) -> None:
    open_search(page, address, "openvla")
    results_of(page).first.get_by_role("heading").get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(address)}papers/openvla-[a-z0-9-]+[.]html[?]q=openvla$"))
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


def test_back_leads_from_query_to_query_and_not_from_letter_to_letter(page: Page, address: str) -> None:
    open_search(page, address)
    before = page.evaluate("history.length")
    page.keyboard.type("openvla")
    page.keyboard.press("Enter")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert page.evaluate("history.length") == before
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("pokemon")
    expect(results_of(page).first).to_contain_text("Pokémon")
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(box_of(page)).to_have_value("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    page.go_forward()
    expect(box_of(page)).to_have_value("pokemon")
    expect(results_of(page).first).to_contain_text("Pokémon")


def test_where_the_address_may_not_be_written_the_search_works_all_the_same(
    page: Page, served_site: ServedSite, faults: list[str]
) -> None:
    page.add_init_script("history.pushState = history.replaceState = () => { throw new DOMException('no'); };")
    open_search(page, served_site.root)
    page.keyboard.type("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    page.get_by_label("Sort by").select_option("title")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("checkbox", name="Imitation learning").check()
    expect(page.get_by_role("button", name="Remove the filter Imitation learning")).to_be_visible()
    assert faults == []


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
    expect(page.get_by_role("status")).to_contain_text("Page 1 of ")
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


def test_a_misspelled_word_is_corrected_with_a_way_back(page: Page, address: str) -> None:
    open_search(page, address, "pokmon ")
    expect(page.get_by_text("Showing results for pokemon. Search for pokmon instead.")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("for “pokemon”.")
    expect(results_of(page).first).to_contain_text("Pokémon")
    expect(results_of(page).first.get_by_role("link").first).to_have_attribute("href", re.compile("[?]q=pokemon$"))
    page.get_by_role("link", name="pokmon").click()
    expect(page).to_have_url(f"{address}search.html?q=pokmon&literal=1")
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    expect(page.get_by_text("Showing results for")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    page.go_back()
    expect(page.get_by_text("Showing results for pokemon.")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    box_of(page).fill("pokmon")
    box_of(page).press("Backspace")
    box_of(page).press("n")
    expect(page.get_by_text("Showing results for pokemon.")).to_be_visible()


def test_papers_with_some_of_the_words_stand_apart_and_say_what_they_lack(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "openvla pokemon")
    expect(page.get_by_role("status")).to_have_text(
        re.compile("^No paper has all of these words; some of them are in [0-9]+ papers[.]$")
    )
    expect(results_of(page)).to_have_count(0)
    partial = page.get_by_role("region", name="With some of the words").locator("ol > li")
    for title, missing in (("Pokémon", "openvla"), ("OpenVLA", "pokemon")):
        titled = partial.filter(has=page.get_by_role("heading", name=title)).first
        expect(titled.locator(".missing")).to_have_text(f"without: {missing}")


def test_papers_with_all_of_the_words_come_first(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "reinforcement survey")
    told = count_told(page)
    expect(results_of(page)).to_have_count(told)
    assert 0 < told < SHOWN
    expect(page.get_by_role("status")).to_contain_text(re.compile("Some of the words are in [0-9]+ more[.]"))
    partial = page.locator("#partial-results > li")
    expect(partial).to_have_count(SHOWN - told)
    expect(partial.locator(".missing")).to_have_count(SHOWN - told)
    expect(results_of(page).locator(".missing")).to_have_count(0)


def test_a_result_shows_what_is_known_of_its_paper(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "diverse team strategies pokemon")
    first = results_of(page).first
    expect(first.locator("time")).to_have_attribute("datetime", "2025-06-11")
    expect(first.locator(".facts")).to_contain_text("11 Jun 2025 year inferred")
    expect(first.locator(".facts")).to_contain_text("5 authors")
    expect(first.get_by_role("list", name="Tags").get_by_role("link").first).to_have_attribute(
        "href", re.compile("^tags/[a-z-]+[.]html$")
    )


def test_no_dot_hangs_where_a_line_of_facts_is_wrapped(page: Page, served_site: ServedSite) -> None:
    """Each stands before its fact, and at the start of a line it is clipped."""
    open_search(page, served_site.root, "diverse team strategies pokemon")
    facts = results_of(page).first.locator(".facts")
    expect(facts).to_contain_text("5 authors")
    for width in range(320, 360, 5):
        page.set_viewport_size({"width": width, "height": 700})
        after = facts.locator("li").evaluate_all("all => all.map(one => getComputedStyle(one, '::after').content)")
        assert set(after) == {"none"}
    facts.evaluate("facts => facts.style.width = '9rem'")
    left, starts, dot = facts.evaluate(
        """facts => [
            facts.getBoundingClientRect().left,
            [...facts.children].map(one => one.getBoundingClientRect().left),
            parseFloat(getComputedStyle(facts.children[1], '::before').left)]"""
    )
    assert starts == [left] * len(starts)
    assert dot + 4 < -6, "the dot lies beyond the clipped edge"


def test_no_result_is_told(page: Page, served_site: ServedSite) -> None:
    open_search(page, served_site.root, "openvla")
    expect(results_of(page).first).to_be_visible()
    box_of(page).fill("zzyzx")
    expect(page.get_by_role("status")).to_have_text("No paper has any of these words.")
    expect(page.locator(".card")).to_have_count(0)


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


@pytest.mark.parametrize(
    "query",
    [
        "q=%", "q=%E0%A4%A", "q=%00", "q=%ED%A0%80", "q=<script>", "q=a&q=b", "q=__proto__", "q=", "q", "&&=&",
        "tag=__proto__&not=constructor", "tag=&tag=<b>&tag=../x", "tag=robotics&not=robotics", "from=x&to=20255",
        "from=2025&to=2023", "from=-1", "org=%00", "code=yes&comments=2", "sort=best", "page=0", "page=-1", "page=1e9",
        "page=999999", "page=99999999999999999999", "literal=2", "utm_source=x&fbclid=y",
        "q=learning&sort=title&page=400",
    ],
)  # fmt: skip
def test_whatever_stands_in_the_address_is_legal(
    page: Page, served_site: ServedSite, faults: list[str], query: str
) -> None:
    page.goto(f"{served_site.root}search.html?{query}")
    expect(page.get_by_role("status")).not_to_have_text(re.compile("^(Loading.*)?$"))
    expect(page.get_by_role("status").get_by_role("button")).to_have_count(0)
    assert faults == []


def test_half_a_character_is_legal(page: Page, served_site: ServedSite, faults: list[str]) -> None:
    """Some keyboards give an emoji in two halves."""
    open_search(page, served_site.root)
    box_of(page).evaluate("(box) => { box.value = 'openvla \\ud83e'; box.dispatchEvent(new Event('input')); }")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert faults == []


LOADED = ["search/meta.js*", "search/lengths.*.js", "search/t/*.js", "search/terms.*.js", "search/d/*.js*"]


@pytest.mark.parametrize("files", [*LOADED, "assets/spelling.*.js"])
def test_a_file_that_cannot_be_loaded_is_told_and_can_be_tried_again(
    page: Page, served_site: ServedSite, files: str
) -> None:
    page.route(f"**/{files}", lambda route: route.abort())
    open_search(page, served_site.sub_path, "pokmon ")
    expect(page.get_by_role("status")).to_contain_text("The search could not be loaded.")
    retry = page.get_by_role("button", name="Try again")
    retry.click()
    expect(retry).to_be_visible()
    expect(results_of(page)).to_have_count(0)
    page.unroute(f"**/{files}")
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
    expect(page.locator(".card")).to_have_count(0)
    page.unroute("**/search/d/*.js*")
    box_of(page).fill("openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_paper_of_another_build_is_not_shown(page: Page, served_site: ServedSite) -> None:
    """A site may be published anew while a page of the old one is open; a paper's number may be another's then."""

    def answer_with_another(route: Route) -> None:
        text = route.fetch().text()
        letter = "A" if '["A.' not in text else "B"
        route.fulfill(body=re.sub(r'\[".(.*?)",".*?",".*?"', rf'["{letter}\1","other","Another Paper"', text))

    page.route("**/search/d/*.js*", answer_with_another)
    open_search(page, served_site.root, "openvla")
    expect(page.get_by_role("status")).to_contain_text("The list has changed since this page was loaded.")
    expect(page.locator(".card")).to_have_count(0)
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
    expect(page.get_by_role("status")).to_have_text("Loading …")
    ask(page, "openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    with page.expect_request_finished():
        waiting[0].continue_()
    page.wait_for_timeout(200)
    expect(page).to_have_title(re.compile("^openvla · "))
    expect(results_of(page).first).to_contain_text("OpenVLA")


def test_the_index_begins_with_a_file_that_no_cache_keeps(
    page: Page, served_site: ServedSite, asked: list[str]
) -> None:
    """So a browser that kept an older index does not answer with it."""
    open_search(page, served_site.root, "openvla")
    expect(results_of(page).first).to_contain_text("OpenVLA")
    assert any(re.search(r"/search/meta\.js\?\d+$", address) for address in asked)


def test_python_and_the_browser_read_every_text_of_the_list_alike(page: Page, served_site: ServedSite) -> None:
    """The index holds Python's terms; a query and the titles' order use the browser's."""
    papers = [entry.paper for entry in load_content(PROJECT / "content").entries]
    texts = [text for paper in papers for text in (paper.title, paper.abstract)]
    open_search(page, served_site.root)
    page.evaluate("readingList.client.loadEngine()")
    read = page.evaluate("(texts) => texts.map((text) => readingList.terms.termsOf(text))", texts)
    assert [terms_of(text) for text in texts] == read
