"""Views: exactly what one template may see. Frozen, small, ready to be shown.

In: papers, tags, the library. Out: values of text, numbers and safe HTML; addresses from the site's root.
Must not know where a file is written.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from site_builder.keep import digest
from site_builder.library.brief import Brief
from site_builder.library.model import Library, newest_sighting
from site_builder.paper import MONTHS, Paper, parse_day

Groups = tuple[tuple[str, tuple[tuple[str, str, int, str], ...]], ...]  # group: slug, name, number, description

PAGE_SIZE = 50
META_DESCRIPTION = 180

LINK_LABELS = {
    "paper": "Paper", "pdf": "PDF", "code": "Code", "project": "Project page", "data": "Data", "video": "Video",
}  # fmt: skip
STATUS_LABELS = {"to-read": "To read", "reading": "Reading", "read": "Read"}


class Site(NamedTuple):
    """What every page knows: the list's facts, where its files lie, whether it has reading paths, a curator's page."""

    title: str
    description: str
    address: str
    curator: str
    language: str
    repository: str
    assets: dict[str, str]
    has_paths: bool = False
    curator_page: bool = False

    @property
    def mark(self) -> bytes:
        """A digest of all this."""
        return digest(*self)

    @property
    def feed(self) -> "FeedLink":
        """The feed of the whole list."""
        return FeedLink(self.title, "feed")


class FeedLink(NamedTuple):
    """A feed that a page's head names; its path is without an ending, since it is there as Atom and as JSON."""

    title: str
    path: str


class Head(NamedTuple):
    """What the head of a page says. `root` leads from the page back to the site's root."""

    path: str
    root: str
    title: str
    description: str
    section: str = ""
    feeds: tuple[FeedLink, ...] = ()


class DateView(NamedTuple):
    """A day to be shown; `guessed` says that its year was inferred."""

    iso: str
    text: str
    guessed: bool = False


class TagView(NamedTuple):
    """A tag to be shown, with the number of its papers."""

    slug: str
    name: str
    path: str
    number: int = 0
    description: str = ""


class Place(NamedTuple):
    """An address with its text: a neighbour, a row of an index, a page of a list."""

    path: str
    text: str
    number: int = 0
    note: str = ""
    guessed: bool = False


class Card(NamedTuple):
    """A paper in a list on a page from which `root` leads to the site's; `level` is its heading's."""

    root: str
    level: int
    path: str
    title: Markup
    who: str
    who_path: str
    published: DateView | None
    comments: int | None
    tags: tuple[TagView, ...]
    links: tuple[tuple[str, str], ...]
    excerpt: str


class Pager(NamedTuple):
    """Where one is in a list of several pages; None where there is nothing before or after."""

    number: int
    last: int
    previous: str | None
    next: str | None
    pages: tuple[Place, ...] = ()


def head(path: str, title: str, description: str, *, section: str = "", feeds: tuple[FeedLink, ...] = ()) -> Head:
    """Make a page's head."""
    return Head(path, root_of(path), title, description, section, feeds)


def root_of(path: str) -> str:
    """Lead from a page back to the site's root: "", "../", …"""
    return "../" * path.count("/")


def show_date(day: date, *, guessed: bool = False) -> DateView:
    """Show a day."""
    iso = day.isoformat()
    year, *month_and_day = iso.split("-")
    words = [f"{day.day}", MONTHS[day.month - 1]][2 - len(month_and_day) :]
    return DateView(iso, " ".join([*words, year.lstrip("0")]), guessed)


def show_day(iso: str, *, guessed: bool = False) -> DateView:
    """Show a day given as ISO text."""
    return show_date(parse_day(iso), guessed=guessed)


def show_tags(names: Iterable[tuple[str, str]]) -> tuple[TagView, ...]:
    """Show tags, each given by its slug and name."""
    return tuple([TagView(slug, name, f"tags/{slug}.html") for slug, name in names])


def tag_groups(library: Library) -> Groups:
    """Return the vocabulary by its groups, as plain values."""
    return tuple(
        [
            (name, tuple([(tag.slug, tag.name, len(library.by_tag[tag.slug]), tag.description) for tag in tags]))
            for name, tags in library.groups.items()
        ]
    )


def show_groups(groups: Groups) -> tuple[tuple[str, tuple[TagView, ...]], ...]:
    """Show the vocabulary."""
    return tuple(
        [
            (
                group,
                tuple([TagView(slug, name, f"tags/{slug}.html", count, about) for slug, name, count, about in tags]),
            )
            for group, tags in groups
        ]
    )


def show_card(brief: Brief, tags: Iterable[tuple[str, str]], root: str, level: int) -> Card:
    """Show a paper as lists do."""
    return Card(
        root,
        level,
        path=f"papers/{brief.slug}.html",
        title=Markup(brief.title_html),
        who=brief.people,
        who_path=organization_path(brief.organization[0]) if brief.organization and brief.is_organizations else "",
        published=show_day(brief.published, guessed=brief.guessed) if brief.published else None,
        comments=brief.comments,
        tags=show_tags(tags),
        links=show_links(brief.links, brief.arxiv, brief.doi),
        excerpt=brief.excerpt,
    )


class PaperView(NamedTuple):
    """A paper on its own page; `cited_url` is the address that stands for it in citations."""

    slug: str
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
    cited_url: str
    paths: tuple[Place, ...]
    previous: Place | None
    next: Place | None
    lookups: tuple[tuple[str, str], ...]
    source_path: str
    correction: str


# How a code host is asked for a new issue: its address behind the project's, and the names of title and text.
ISSUES = {
    "github.com": ("issues/new", "title", "body"),
    "codeberg.org": ("issues/new", "title", "body"),
    "gitlab.com": ("-/issues/new", "issue[title]", "issue[description]"),
}
PROJECT = re.compile(r"https://([\w.-]+)/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/.*)?")


def correction_address(repository: str, title: str, path: str) -> str:
    """Return the address of a ready-made request to correct a paper's entry; nothing where the host is not known."""
    project = PROJECT.fullmatch(repository)
    if not project or project[1] not in ISSUES:
        return ""
    inner, subject, text = ISSUES[project[1]]
    said = f"{path}\n\nWhat is wrong:\n\nWhat is right, and where it says so:\n"
    return f"https://{project[1]}/{project[2]}/{inner}?{urlencode({subject: f'Correction: {title}', text: said})}"


def show_links(links: Iterable[tuple[str, str]], arxiv: str, doi: str) -> tuple[tuple[str, str], ...]:
    """Show a paper's links, each given by kind and address, and the places to which its identifiers lead."""
    shown = [(LINK_LABELS[kind], url) for kind, url in links]
    known = {url for _, url in shown}
    identified = [
        ("arXiv", f"https://arxiv.org/abs/{arxiv}" if arxiv else ""),
        ("DOI", f"https://doi.org/{doi}" if doi else ""),
    ]
    return (*shown, *[(label, url) for label, url in identified if url and url not in known])


def organization_path(handle: str) -> str:
    """Return the page of an organization."""
    return f"organizations/{file_name(handle)}.html"


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
