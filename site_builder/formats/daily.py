"""Replies of the Daily Papers' API in JSON: a day's list, a search's results, or one paper. Only read.

In: the text of a reply. Out: Drafts and Problems. Must not know who asked, nor ask anything itself.
"""

from collections.abc import Callable
from typing import Any

from site_builder.errors import Problem, cut_short
from site_builder.formats.dates import read_instant
from site_builder.formats.draft import Draft
from site_builder.formats.extra import one_line
from site_builder.formats.faults import settle, tell_no_title
from site_builder.formats.identifiers import find_arxiv
from site_builder.formats.items import Item, plain_text, read_items
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Organization, Paper

LINKS = (("code", "githubRepo"), ("project", "projectPage"))  # in the order of paper.LINK_KINDS
MOST_COMMENTS = 999_999_999


def read_daily(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a reply of the API. Votes, pictures and summaries that a model wrote are not kept."""
    items, problems = read_items(text, path)
    drafts = []
    for item in items:
        outcome = _read_item(item, path, problems)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        else:
            drafts.append(outcome)
    return drafts, settle(problems, path)


def _read_item(item: Item, path: str, problems: list[Problem]) -> Draft | Problem:
    def warn(message: str) -> None:
        problems.append(Problem(path, item.line, 1, message, "the rest of the record stands", "warning"))

    # A list wraps each paper; what is asked for by its id comes bare.
    inner = item.value.get("paper")
    given: dict[str, Any] = inner if isinstance(inner, dict) else item.value
    both = {**item.value, **{key: value for key, value in given.items() if value not in (None, "", [], {})}}
    title = one_line(plain_text(both.get("title")))
    if not is_visible(title):
        error = plain_text(item.value.get("error"))
        if error:
            return Problem(path, item.line, 1, f"the API reports an error: {cut_short(one_line(error), 200)}")
        return tell_no_title(path, item.line, item.text)
    identifier = plain_text(given.get("id"))
    arxiv = find_arxiv(identifier)
    if identifier and not arxiv:
        warn(f"`{cut_short(identifier)}` is no arXiv identifier")
    when = plain_text(given.get("publishedAt"))
    published = read_instant(when)
    if when and not published:
        warn(f"`{cut_short(when)}` is no date")
    paper = Paper(
        slug="",
        title=title,
        abstract=one_line(plain_text(both.get("summary"))),
        published=published,
        authors=_read_authors(given.get("authors")),
        organization=_read_organization(both.get("organization")),
        comments_count=_read_comments(both.get("numComments"), warn),
        links=_read_links(given, warn),
        arxiv=arxiv,
    )
    return Draft(paper, path, item.line, _read_keywords(given.get("ai_keywords")))


def _read_comments(value: Any, warn: Callable[[str], None]) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COMMENTS:
        return value
    if value is not None:
        warn("`numComments` is no number")
    return None


def _read_links(given: dict[str, Any], warn: Callable[[str], None]) -> tuple[Link, ...]:
    links = []
    for kind, key in LINKS:
        url = plain_text(given.get(key)).strip()
        if url and not is_web_address(url):
            warn(f"`{cut_short(url)}` is not a web address")
        elif url:
            links.append(Link(kind, url))
    return tuple(links)


def _read_authors(value: Any) -> tuple[str, ...]:
    """Read authors' names; those that the listing hides are no authors."""
    given = value if isinstance(value, list) else []
    names = [
        plain_text(author.get("name")) for author in given if isinstance(author, dict) and not author.get("hidden")
    ]
    return tuple(one_line(name) for name in names if is_visible(name))


def _read_organization(value: Any) -> Organization | None:
    """Read an organization: the API calls its handle `name`, and its name `fullname`."""
    given = value if isinstance(value, dict) else {}
    handle, name = (one_line(plain_text(given.get(key))) for key in ("name", "fullname"))
    return Organization(handle, name if is_visible(name) else handle) if is_visible(handle) else None


def _read_keywords(value: Any) -> tuple[str, ...]:
    words = [one_line(plain_text(word)) for word in value] if isinstance(value, list) else []
    return tuple(dict.fromkeys(word for word in words if is_visible(word)))
