"""Views: exactly what one template may see. Frozen, small, ready to be shown.

In: papers, tags, the library. Out: values of text, numbers and safe HTML; addresses from the site's root.
Must not know where a file is written.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from site_builder.library.model import Library, newest_sighting
from site_builder.paper import Paper, Tag

PAGE_SIZE = 50
EXCERPT = 240  # characters of an abstract in a list
META_DESCRIPTION = 180

LINK_LABELS = {
    "paper": "Paper", "pdf": "PDF", "code": "Code", "project": "Project page", "data": "Data", "video": "Video",
}  # fmt: skip
STATUS_LABELS = {"to-read": "To read", "reading": "Reading", "read": "Read"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Site:
    """What every page knows: the list's facts, and where its files lie."""

    title: str
    description: str
    address: str
    curator: str
    language: str
    repository: str
    assets: dict[str, str]
    search_index: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page's head names."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says. `root` leads from the page back to the site's root: "", "../", …"""

    path: str
    root: str
    title: str
    description: str
    section: str = ""
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class DateView:
    """A day to be shown; `guessed` says that its year was inferred."""

    iso: str
    text: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag to be shown, with the number of its papers."""

    slug: str
    name: str
    path: str
    count: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An address with its text: a neighbour, a row of an index, a page of a list."""

    path: str
    text: str
    count: int = 0
    note: str = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A paper in a list."""

    path: str
    title: Markup
    who: str
    who_path: str
    published: DateView | None
    comments: int | None
    tags: tuple[TagView, ...]
    links: tuple[tuple[str, str], ...]
    excerpt: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list of several pages; None where there is nothing before or after."""

    number: int
    count: int
    previous: str | None
    next: str | None
    pages: tuple[Place, ...] = field(default=())


def head(path: str, title: str, description: str, *, section: str = "", feeds: tuple[FeedLink, ...] = ()) -> Head:
    """Make a page's head."""
    return Head(path, "../" * path.count("/"), title, description, section, feeds)


def show_date(day: date, *, guessed: bool = False) -> DateView:
    """Show a day."""
    return DateView(day.isoformat(), f"{day.day} {MONTHS[day.month - 1]} {day.year}", guessed)


def published_date(paper: Paper) -> DateView | None:
    """Show a paper's publication day, with a mark when its year was inferred."""
    return show_date(paper.published, guessed=paper.published_year == "inferred") if paper.published else None


def show_who(paper: Paper, most: int = 60) -> str:
    """Show who wrote a paper, as far as it is known: names, an organization, or how many authors there are."""
    if paper.authors:
        rest = max(paper.authors_count or 0, len(paper.authors)) - min(most, len(paper.authors))
        return ", ".join(paper.authors[:most]) + (f" and {rest} more" if rest > 0 else "")
    if paper.organization:
        return paper.organization.name
    if paper.authors_count is not None:
        return "1 author" if paper.authors_count == 1 else f"{paper.authors_count} authors"
    return ""


def show_tags(slugs: Iterable[str], library: Library) -> tuple[TagView, ...]:
    """Show tags in the vocabulary's order."""
    wanted = set(slugs)
    return tuple(show_tag(tag, library) for tag in library.tags.values() if tag.slug in wanted)


def show_tag(tag: Tag, library: Library) -> TagView:
    """Show a tag with its count."""
    return TagView(tag.slug, tag.name, f"tags/{tag.slug}.html", len(library.by_tag[tag.slug]), tag.description)


def tag_groups(library: Library) -> tuple[tuple[str, tuple[TagView, ...]], ...]:
    """Show the vocabulary by its groups."""
    return tuple((name, tuple(show_tag(tag, library) for tag in tags)) for name, tags in library.groups.items())


def show_card(paper: Paper, library: Library) -> Card:
    """Show a paper as lists do."""
    return Card(
        path=f"papers/{paper.slug}.html",
        title=library.texts[paper.slug].title_html,
        who=show_who(paper, most=3),
        who_path=organization_path(paper),
        published=published_date(paper),
        comments=paper.comments_count,
        tags=show_tags(paper.tags, library),
        links=show_links(paper),
        excerpt=shorten(library.texts[paper.slug].abstract, EXCERPT),
    )


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper on its own page."""

    title: Markup
    who: str
    who_path: str
    published: DateView | None
    updated: DateView | None
    comments: int | None
    comments_day: DateView | None
    tags: tuple[TagView, ...]
    links: tuple[tuple[str, str], ...]
    abstract: Markup
    notes: Markup
    status: str
    rating: int | None
    arxiv: str
    doi: str
    sightings: tuple[tuple[Place, str, str], ...]
    bibtex: str
    previous: Place | None
    next: Place | None
    position: int
    total: int
    source_path: str


def show_links(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Show a paper's links, and the places to which its identifiers lead."""
    links = [(LINK_LABELS[link.kind], link.url) for link in paper.links]
    known = {url for _, url in links}
    identified = [
        ("arXiv", f"https://arxiv.org/abs/{paper.arxiv}" if paper.arxiv else ""),
        ("DOI", f"https://doi.org/{paper.doi}" if paper.doi else ""),
    ]
    return (*links, *((label, url) for label, url in identified if url and url not in known))


def organization_path(paper: Paper) -> str:
    """Return the page of a paper's organization, when that stands in its authors' place."""
    return (
        f"organizations/{file_name(paper.organization.handle)}.html" if paper.organization and not paper.authors else ""
    )


def file_name(text: str) -> str:
    """Make a file name from a handle that a listing gave: nothing in it can lead elsewhere."""
    handle = text.casefold()
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in handle).strip("-")[:60]
    if kept == handle and kept != "index":
        return kept
    # What had to be changed could meet another's name: a digest of the handle tells them apart.
    return f"{kept or 'organization'}-{hashlib.sha256(handle.encode()).hexdigest()[:6]}"


def comments_day(paper: Paper) -> DateView | None:
    """Show the day on which a capture showed the comments."""
    row = newest_sighting(paper)
    return show_date(row.day, guessed=row.year == "inferred") if row else None


def shorten(text: str, most: int) -> str:
    """Cut a text between words."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most + 1].rsplit(' ', 1)[0][:most].rstrip(' ,;:.—–-')}…"


def paged(path: str, number: int, count: int) -> Pager | None:
    """Show where a page of a list stands; `path` is the first page's. None for a list of one page."""

    def page_path(n: int) -> str:
        return list_page_path(path, n)

    if count <= 1:
        return None
    return Pager(
        number,
        count,
        page_path(number - 1) if number > 1 else None,
        page_path(number + 1) if number < count else None,
        tuple(Place(page_path(n), str(n)) for n in range(1, count + 1) if n in (1, count) or abs(n - number) <= 2),
    )


def list_page_path(path: str, number: int) -> str:
    """Return the path of a page of a list: `papers/index.html`, then `papers/page/2.html`; `tags/x/2.html`."""
    if number == 1:
        return path
    folder = path.removesuffix("/index.html") + "/page" if path.endswith("/index.html") else path.removesuffix(".html")
    return f"{folder}/{number}.html"
