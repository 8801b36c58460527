"""Citing a paper from its page: in four formats, copied or saved with one click."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from site_builder.config import load_config
from site_builder.exporter import Selection, export_entries
from tests.conftest import PROJECT, ServedSite

WITH_CODE = "provably-robust-dpo-aligning-language-models-with-noisy-feedback"
DATED = "combinatorial-creativity-a-new-frontier-in-generalization-abilities"


def exported(format_name: str, slug: str) -> str:
    """What `site-builder export` writes of a paper, without the comma or the blank line between two."""
    config, _ = load_config(PROJECT / "content", PROJECT / "output")
    text = export_entries(config, format_name, Selection()).text
    if format_name == "csl":
        return json.dumps(next(item for item in json.loads(text) if item["id"] == slug))
    title = {WITH_CODE: "Provably Robust DPO", DATED: "Combinatorial Creativity"}[slug]
    return next(record for record in text.split("ER  - \r\n") if title in record).strip() + "\r\nER  - \r\n"


def save(page: Page, name: str) -> tuple[str, str]:
    with page.expect_download() as loading:
        page.get_by_role("button", name=f"Save {name}").click()
    return loading.value.suggested_filename, Path(loading.value.path()).read_bytes().decode()


def test_bibtex_is_copied_as_it_is_shown(page: Page, context: BrowserContext, served_site: ServedSite) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served_site.root)
    page.goto(f"{served_site.root}papers/{DATED}.html")
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.locator("#cited")).to_have_text("BibTeX: copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#citation").text_content()
    page.get_by_role("button", name="Copy Plain text").click()
    expect(page.locator("#cited")).to_have_text("Plain text: copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Combinatorial Creativity: A New Frontier")
    expect(page.locator("#cited")).to_have_text("")


@pytest.mark.parametrize("slug", [WITH_CODE, DATED])
def test_what_is_saved_is_what_an_export_writes(page: Page, address: str, slug: str) -> None:
    page.goto(f"{address}papers/{slug}.html")
    assert save(page, "RIS") == (f"{slug}.ris", exported("ris", slug))
    name, text = save(page, "CSL-JSON")
    assert (name, json.loads(text)) == (f"{slug}.json", [json.loads(exported("csl", slug))])
    assert save(page, "BibTeX") == (f"{slug}.bib", page.locator("#citation").text_content())


def test_where_the_clipboard_is_refused_the_text_is_shown_and_selected(page: Page, served_site: ServedSite) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    page.goto(f"{served_site.root}papers/{DATED}.html")
    page.get_by_role("button", name="Copy RIS").click()
    expect(page.locator("#cited")).to_have_text("RIS: selected, press Ctrl-C.")
    assert page.evaluate("getSelection().toString()").startswith("TY  - GEN")


def test_formats_that_did_not_load_are_told_and_load_the_next_time(page: Page, served_site: ServedSite) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.goto(f"{served_site.root}papers/{DATED}.html")
    page.route("**/exports.*.js", refuse)
    page.get_by_role("button", name="Save RIS").click()
    expect(page.locator("#cited")).to_have_text("RIS: could not be loaded, try again.")
    page.unroute("**/exports.*.js")
    assert save(page, "RIS")[0] == f"{DATED}.ris"


def test_nothing_is_loaded_for_citing_before_it_is_wanted(
    page: Page, served_site: ServedSite, asked: list[str]
) -> None:
    page.goto(f"{served_site.root}papers/{DATED}.html")
    page.wait_for_load_state("networkidle")
    assert not any("exports" in address for address in asked)
