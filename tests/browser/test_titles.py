"""Every paper is the first that its own full title finds, on the search page as readers get it."""

from playwright.sync_api import Page, expect

from tests.conftest import ServedSite

# Types each title into the box and waits for its paper to come first; returns the slugs of those that do not.
SEARCH_FOR_TITLES = """async (titles) => {
  const box = document.getElementById("find");
  const first = () => document.querySelector("main li.card a")?.getAttribute("href").split("?")[0];
  const missed = [];
  for (const [slug, title] of Object.entries(titles)) {
    box.value = title;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    const end = performance.now() + 2000;
    while (first() !== `papers/${slug}.html` && performance.now() < end) await new Promise(requestAnimationFrame);
    if (first() !== `papers/${slug}.html`) missed.push(`${title}: ${first()}`);
  }
  return missed;
}"""


def test_every_paper_is_the_first_hit_for_its_own_title(
    page: Page, served_site: ServedSite, titles: dict[str, str]
) -> None:
    page.goto(f"{served_site.root}search.html")
    expect(page.get_by_role("status")).to_have_text(f"{len(titles)} papers to search in.")
    assert page.evaluate(SEARCH_FOR_TITLES, titles) == []
