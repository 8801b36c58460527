"""A paper that the curator adds by hand.

In: what they know of it: words, addresses, identifiers. Out: a new entry, or the place of the one that the list has
already. Nothing is looked up. Must not know how it is told, nor read the clock.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from site_builder.config import Config
from site_builder.content.entry import Entry, write_entry
from site_builder.content.slugs import make_slug
from site_builder.content.store import Content, load_content, save_new_entry
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import show
from site_builder.formats.identifiers import ARXIV, DOI
from site_builder.formats.links import lift_links
from site_builder.hints import hint_address, hint_name
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Paper, fold_title

ARXIV_HOSTS = ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org")
ARXIV_PATH = re.compile(rf"/(?:abs|pdf|html|format|e-print)/({ARXIV})(?:\.pdf)?/?")
LISTING_PATH = re.compile(rf"/papers/({ARXIV})/?")  # huggingface.co/papers/2406.10010
ARXIV_DOI = re.compile(rf"(?i)10\.48550/arxiv\.({ARXIV})")  # arXiv's own DOI of each of its papers
PREFIX = re.compile(r"(?i)(?:arxiv|doi)\s*:\s*")


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
        if text and not (part and getattr(part, key)):
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
    if not anyway and (known := find_known(content, paper)):
        return Added(None, known, warnings)
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


def find_known(content: Content, paper: Paper) -> Problem | None:
    """Find the entry of a paper: by arXiv identifier without version, DOI, folded title, or an address they share."""
    mine = dict(_marks(paper))
    for entry in content.entries:
        for mark, (what, key, text) in _marks(entry.paper):
            if mark in mine:
                line, column = _place_of(entry.text, key, text)
                hint = "edit that one, or say --anyway"
                return Problem(entry.path, line, column, f"this is on the list already, by its {what}", hint)
    return None


def _make_paper(wanted: Wanted, day: date, tags: tuple[str, ...], *, draft: bool) -> Paper:
    return Paper(
        slug="",
        title=wanted.title or f"Untitled ({_name(wanted)})",
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


def _marks(paper: Paper) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    """Yield what tells a paper from others: a mark, and in which field and words it stands."""
    if paper.arxiv:
        yield ("arxiv", _unversioned(paper.arxiv)), ("arXiv identifier", "arxiv", paper.arxiv)
    if paper.doi:
        yield from _doi_marks(paper.doi, "doi")
    yield ("title", fold_title(paper.title)), ("title", "title", "")
    for link in paper.links:
        part = _recognize(link.url) or Wanted()
        if part.arxiv:
            yield ("arxiv", _unversioned(part.arxiv)), ("arXiv identifier", "links", link.url)
        elif part.doi:
            yield from _doi_marks(part.doi, "links", link.url)
        else:
            yield ("link", _plain_address(link.url)), ("link", "links", link.url)


def _doi_marks(doi: str, key: str, text: str = "") -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    own = ARXIV_DOI.fullmatch(doi)
    if own:
        yield ("arxiv", _unversioned(own[1])), ("arXiv identifier", key, text or doi)
    yield ("doi", doi.casefold()), ("DOI", key, text or doi)


def _recognize(text: str) -> Wanted | None:
    """Read an address or an identifier; None when it is a word of a title."""
    plain = text.strip()
    if is_web_address(plain):
        return _read_address(plain)
    bare = PREFIX.sub("", plain, count=1)
    if re.fullmatch(ARXIV, bare):
        return Wanted(arxiv=_unversioned(bare))
    if re.fullmatch(DOI, bare):
        own = ARXIV_DOI.fullmatch(bare)
        return Wanted(arxiv=_unversioned(own[1]) if own else "", doi=bare)
    host = plain.split("/")[0].lower().removeprefix("www.")
    if "/" in plain and host in ("arxiv.org", "doi.org", "dx.doi.org", "github.com"):
        return _read_address(f"https://{plain}")
    return None


def _read_address(url: str) -> Wanted:
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), unquote(parts.path)
    arxiv = ARXIV_PATH.fullmatch(path) if host in ARXIV_HOSTS or host == "www.alphaxiv.org" else None
    arxiv = arxiv or (LISTING_PATH.fullmatch(path) if host in ("huggingface.co", "hf.co") else None)
    if arxiv:
        return Wanted(arxiv=_unversioned(arxiv[1]))
    doi = path.lstrip("/")
    if host in ("doi.org", "dx.doi.org", "www.doi.org") and re.fullmatch(DOI, doi):
        return _recognize(doi) or Wanted(doi=doi)
    lifted = lift_links(url)
    kind = lifted[0].kind if len(lifted) == 1 else "project"
    if parts.path.lower().endswith(".pdf"):
        kind = "pdf"
    elif kind == "project" and not host.endswith((".github.io", ".gitlab.io")):
        kind = "paper"  # who adds a paper by its address gives that of the paper
    return Wanted(links=(Link(kind, url),))


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


def _unversioned(arxiv: str) -> str:
    return re.sub(r"v\d+$", "", arxiv)


def _plain_address(url: str) -> str:
    """Fold two ways of writing one address: scheme, www, a slash or .git at the end, capitals of the host."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/').removesuffix('.git')}{'?' if parts.query else ''}{parts.query}"


def _place_of(text: str, key: str, words: str) -> tuple[int, int]:
    """Find where a value stands in an entry, or its field."""
    field = re.search(rf"^{key}:[ \t]*", text, re.MULTILINE)
    place = text.find(words, field.end()) if field and words else -1
    if place < 0:
        place = field.start() if field else 0
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
