"""A paper that the curator adds by hand.

In: what they know of it: words, addresses, identifiers. Out: a new entry, or the place of the one that the list has
already. Nothing is looked up. Must not know how it is told, nor read the clock.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from site_builder.config import Config
from site_builder.content.checks import place_of
from site_builder.content.entry import Entry, write_entry
from site_builder.content.match import Shelf, open_shelf
from site_builder.content.slugs import make_slug, slug_of
from site_builder.content.store import Content, load_content, save_new_entry
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import show
from site_builder.formats.identifiers import ARXIV_DOI, identify
from site_builder.formats.links import kind_of
from site_builder.hints import hint_address, hint_name
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Paper, is_placeholder, name_placeholder
from site_builder.prose.repair import plain_text

BARE_HOSTS = ("arxiv.org", "doi.org", "dx.doi.org", "github.com")  # known without https:// before them


class Wanted(NamedTuple):
    """What is known of a paper that is to be added: at least one of title, identifiers and links."""

    title: str = ""
    arxiv: str = ""
    doi: str = ""
    links: tuple[Link, ...] = ()


class Added(NamedTuple):
    """What became of it: the new entry, or the problem that names the one that is there. `warnings` are of others."""

    entry: Entry | None
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()


def read_wanted(
    words: Sequence[str], title: str = "", urls: Sequence[str] = (), arxiv: str = "", doi: str = ""
) -> Wanted:
    """Tell identifiers and addresses from the words of a title. Raises SiteBuilderError when one of them is none."""
    wanted = Wanted(" ".join(title.split()))
    loose = []
    for word in words:
        part = _recognize(word)
        if part:
            wanted = _join(wanted, part)
        else:
            loose.append(word)
    if loose:
        wanted = _join(wanted, Wanted(" ".join(" ".join(loose).split())))
    for url in urls:
        if not is_web_address(url):
            raise SiteBuilderError(f"`{url}` is not a web address; {hint_address(url)}")
        wanted = _join(wanted, _recognize(url) or Wanted())
    for text, key in ((arxiv, "arxiv"), (doi, "doi")):
        part = _recognize(text) if text else Wanted()
        is_own_doi = key == "doi" and ARXIV_DOI.search(text)  # arXiv's, which says the identifier
        if text and not (part and (getattr(part, key) or is_own_doi)):
            raise SiteBuilderError(f"`{text}` is no {'arXiv identifier' if key == 'arxiv' else 'DOI'}")
        wanted = _join(wanted, part or Wanted())
    if (wanted.title and not is_visible(wanted.title)) or wanted == Wanted():
        raise SiteBuilderError("name a title, an address, an arXiv identifier or a DOI")
    return wanted


def add_paper(
    config: Config, wanted: Wanted, day: date, tags: Sequence[str] = (), *, draft: bool = False, anyway: bool = False
) -> Added:
    """Add a paper to the list, unless it is there: its entry holds what is given, and is a draft without a title.

    Raises SiteBuilderError when the vocabulary lacks a tag, or the disk refuses.
    """
    content = load_content(config.content)
    paper = _make_paper(wanted, day, _present_tags(content, tags), draft=draft)
    warnings = _not_compared(config, content)
    if not anyway:
        shelf = open_shelf(show(config.content / "papers"), content.entries, content.broken, plain_text)
        if known := find_known(shelf, paper):
            return Added(None, known, warnings)
        warnings += find_near(shelf, paper)
    papers = config.content / "papers"
    taken = {path.name.removesuffix(".md").lower() for path in papers.iterdir()} if papers.is_dir() else set()
    former = {alias for entry in content.entries for alias in entry.paper.aliases}
    # A title that is missing will come: until then, and in the address for good, stands what the paper is known by.
    slug = make_slug(wanted.title or _name(wanted), taken | former)
    paper = paper._replace(slug=slug)
    path = papers / f"{slug}.md"
    entry = Entry(paper, show(path), write_entry(paper))
    save_new_entry(path, entry.text)
    return Added(entry, None, warnings)


def find_known(shelf: Shelf, paper: Paper) -> Problem | None:
    """Find the entry of a paper, as an import does, or by an address that leads to it or that they share."""
    found, marks = shelf.find(paper), {mark for mark, _ in _places(paper)}
    for entry in [found] if found else shelf.entries.values():
        shared = next((place for mark, place in _places(entry.paper) if mark in marks), None)
        if found or shared:
            what, key, words = shared or _place_of_title(shelf, entry, paper)
            message, hint = f"this is on the list already, by its {what}", "edit that one, or say --anyway"
            return Problem(entry.path, *place_of(entry.text, key, words), message, hint)
    return None


def _place_of_title(shelf: Shelf, entry: Entry, paper: Paper) -> tuple[str, str, str]:
    if shelf.fold(entry.paper.title) == shelf.fold(paper.title):
        return "title", "title", ""
    return "former title", "aliases", slug_of(paper.title)


def find_near(shelf: Shelf, paper: Paper) -> tuple[Problem, ...]:
    """Warn of entries whose titles are so near that one of them may be the paper."""
    if is_placeholder(paper.title):
        return ()
    hint = "if it is that one, delete the new file"
    return tuple(
        Problem(
            near.entry.path, *place_of(near.entry.text, "title"), f"this may be the paper: {near.why}", hint, "warning"
        )
        for near in shelf.find_near(paper)
    )


def _make_paper(wanted: Wanted, day: date, tags: tuple[str, ...], *, draft: bool) -> Paper:
    return Paper(
        slug="",
        title=wanted.title or name_placeholder(_name(wanted)),
        tags=tags,
        links=wanted.links,
        arxiv=wanted.arxiv or None,
        doi=wanted.doi or None,
        added=day,
        draft=draft or not wanted.title,
    )


def _not_compared(config: Config, content: Content) -> tuple[Problem, ...]:
    """Warn of entries that cannot be read: the paper may be one of them."""
    broken = {show(config.content / "papers" / f"{slug}.md") for slug in content.broken}
    return tuple(
        problem._replace(message=f"this entry was not compared: {problem.message}", severity="warning")
        for problem in content.problems
        if problem.path in broken
    )


def _places(paper: Paper) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    """Yield what tells a paper from others, with what it is, its field, and the words that say it there."""
    texts = [("arxiv", paper.arxiv or ""), ("doi", paper.doi or ""), *(("links", link.url) for link in paper.links)]
    for key, text in texts:
        arxiv, doi = identify(text)
        if arxiv:
            yield ("arxiv", arxiv), ("arXiv identifier", key, text)
        elif doi:
            yield ("doi", doi.casefold()), ("DOI", key, text)
        elif key == "links":
            yield ("link", _plain_address(text)), ("link", key, text)


def _recognize(text: str) -> Wanted | None:
    """Read an address or an identifier; None when it is a word of a title."""
    plain = text.strip()
    if "/" in plain and plain.split("/")[0].lower().removeprefix("www.") in BARE_HOSTS:
        plain = f"https://{plain}"
    arxiv, doi = identify(plain)
    if arxiv or doi:
        return Wanted(arxiv=arxiv or "", doi=doi or "")
    if not is_web_address(plain):
        return None
    kind = kind_of(plain)
    if kind == "project" and not (urlsplit(plain).hostname or "").endswith((".github.io", ".gitlab.io")):
        kind = "paper"  # who adds a paper by its address gives that of the paper
    return Wanted(links=(Link(kind, plain),))


def _join(one: Wanted, other: Wanted) -> Wanted:
    """Join two parts of what is known. Raises SiteBuilderError when they are of two papers."""
    for key, what in (("title", "titles"), ("arxiv", "arXiv identifiers"), ("doi", "DOIs")):
        mine, yours = getattr(one, key), getattr(other, key)
        if mine and yours and mine != yours:
            raise SiteBuilderError(f"two {what} are given, `{mine}` and `{yours}`; add one paper at a time")
    links = tuple(dict.fromkeys([*one.links, *other.links]))
    return Wanted(one.title or other.title, one.arxiv or other.arxiv, one.doi or other.doi, links)


def _name(wanted: Wanted) -> str:
    """Name a paper whose title is not known by what is."""
    if wanted.arxiv:
        return f"arXiv {wanted.arxiv}"
    if wanted.doi:
        return f"DOI {wanted.doi}"
    return re.sub(r"^https?://(?:www\.)?", "", wanted.links[0].url).rstrip("/")


def _present_tags(content: Content, tags: Sequence[str]) -> tuple[str, ...]:
    present = {name: tag.slug for tag in content.tags for name in (tag.slug, *tag.aliases)}
    for tag in tags:
        if tag not in present:
            hint = hint_name(tag, present)
            raise SiteBuilderError(f"the vocabulary has no tag `{tag}`{'; ' if hint else ''}{hint}")
    return tuple(dict.fromkeys(present[tag] for tag in tags))


def _plain_address(url: str) -> str:
    """Fold two ways of writing one address: scheme, www, a slash or .git at the end, capitals of the host."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/').removesuffix('.git')}{'?' if parts.query else ''}{parts.query}"
