"""The links inside the site: those of the curator's notes, and those of the built pages.

In: the content, the planned files, the output folder. Out: Problems. Must not know the web, nor build anything.
"""

import difflib
import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from site_builder.config import Config
from site_builder.content.frontmatter import FrontMatter, split_front_matter
from site_builder.errors import Problem
from site_builder.files import read_text, show
from site_builder.hints import HOST, hint_address
from site_builder.intake import Catalogue
from site_builder.prose.notes import render_notes
from site_builder.render.output import OutputFile
from site_builder.render.templates import TemplateFault

Told = frozenset[tuple[str, str]]  # a page and a link of it


class Note(NamedTuple):
    """The curator's Markdown: the file that it stands in, the page that shows it, and its HTML."""

    path: str
    page: str
    html: str


@dataclass(slots=True)
class Page(HTMLParser):
    """The addresses that a page uses and the ids that it has."""

    links: list[tuple[int, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    base: str = ""

    def __post_init__(self) -> None:
        """Set up the parser."""
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's id and the addresses it uses."""
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(given["id"] or "")
        if tag == "base":
            self.base = given.get("href") or ""
            return
        for name in ("href", "src", "data-index"):
            if given.get(name) is not None:
                self.links.append((self.getpos()[0], given[name] or ""))


def read_page(text: str) -> Page:
    """Read a page's addresses and ids."""
    page = Page()
    page.feed(text)
    page.close()
    return page


# ---------------------------------------------------------------- the curator's notes


class Ground:
    """What a link can lead to: the planned files, what else lies in the output, and pages of drafts."""

    def __init__(
        self, config: Config, files: Iterable[OutputFile], own: Container[str], drafts: frozenset[str]
    ) -> None:
        """Look at planned files; `own` are those that the last build left, which are gone if they are not planned."""
        self.files: Mapping[str, OutputFile] = {file.path: file for file in files}
        self.drafts = drafts
        self._output, self._own = config.output, own
        self._ids: dict[str, set[str]] = {}

    def holds(self, path: str) -> bool:
        """Tell whether a build gives a file, or the curator has laid one into the output."""
        if path in self.files:
            return True
        try:
            return path not in self._own and not path.startswith("..") and (self._output / path).is_file()
        except (OSError, ValueError):  # no path that a disk could have
            return False

    def ids_of(self, path: str) -> set[str] | None:
        """Return the ids of a page; None when it cannot be made, which is told elsewhere."""
        if path not in self.files or not path.endswith(".html"):
            return set()
        if path not in self._ids:
            try:
                self._ids[path] = read_page(self.files[path].render().decode()).ids
            except TemplateFault:
                return None
        return self._ids[path]


def check_notes(config: Config, catalogue: Catalogue, ground: Ground) -> tuple[list[Problem], Told]:
    """Return a Problem at each link of the notes that leads to nothing, and which links of which pages these are."""
    problems, told = list[Problem](), set[tuple[str, str]]()
    for note in _gather_notes(config, catalogue):
        page = read_page(note.html)
        for link in dict.fromkeys(link for _, link in page.links):
            found = _judge(note, link, page.ids, ground)
            if found:
                told.add((note.page, link))
                places = _find_link(note.path, link)
                problems += [Problem(note.path, line, column, *found) for line, column in places]
    return problems, frozenset(told)


def _gather_notes(config: Config, catalogue: Catalogue) -> Iterator[Note]:
    folder = show(config.content / "papers")
    for brief in catalogue.briefs:
        html = catalogue.shelf.body(brief.slug, brief.digest).texts.notes_html
        if html:
            yield Note(f"{folder}/{brief.slug}.md", f"papers/{brief.slug}.html", html)
    for page in catalogue.pages:
        yield Note(page.path, f"{page.slug}.html", render_notes(page.text))
    for path in catalogue.paths:
        yield Note(path.path, f"collections/{path.slug}.html", render_notes(path.text))


def _judge(note: Note, link: str, ids: set[str], ground: Ground) -> tuple[str, str] | None:
    """Say what is wrong with a link of a note, and what may be meant."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return f"the link `{link}` is no address", ""
    if parts.scheme or parts.netloc:
        return None
    asked = unquote(parts.path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(note.page), asked)) if asked else note.page
    is_itself = target == note.page
    if not is_itself and (asked.endswith("/") or not ground.holds(target)):
        if target in ground.drafts:
            if note.page in ground.drafts:
                return None
            return f"the link `{link}` leads to a draft, which has no page yet", ""
        return f"the link `{link}` leads to no file of the site", _hint_target(note.page, link, target, ground)
    if not parts.fragment or (is_itself and unquote(parts.fragment) in ids) or target in ground.drafts:
        return None
    known = ground.ids_of(target)
    if known is None or unquote(parts.fragment) in known:
        return None
    close = difflib.get_close_matches(unquote(parts.fragment), sorted(known), 1)
    return f"the link `{link}` leads to no place on that page", f"did you mean `#{close[0]}`?" if close else ""


def _hint_target(page: str, link: str, target: str, ground: Ground) -> str:
    """Guess the page that is meant: the one of a Markdown file, of another folder, or of a name that is alike."""
    stem = re.sub(r"\.(?:md|htm|html)$", "", target.strip("/"))
    name = stem.rpartition("/")[2]
    guesses = [
        f"{stem}.html",
        f"{stem}/index.html",
        *(f"{part}{name}.html" for part in ("papers/", "tags/", "collections/", "")),
    ]
    found = next((guess for guess in guesses if guess in ground.files), "")
    if not found and HOST.fullmatch(link) and not link.endswith((".html", ".htm", ".md")):
        return hint_address(link)
    if not found:
        named = {path.rpartition("/")[2]: path for path in ground.files if path.endswith(".html")}
        close = difflib.get_close_matches(name, [one.removesuffix(".html") for one in named], 1, 0.75)
        found = named[f"{close[0]}.html"] if close else ""
    lead = "pages of the site end in .html: " if target.endswith(".md") else ""
    return f"{lead}did you mean `{posixpath.relpath(found, posixpath.dirname(page) or '.')}`?" if found else lead[:-2]


def _find_link(path: str, link: str) -> list[tuple[int, int]]:
    """Find each place where a note's text has a link; its first line when it is written in another way."""
    text, _ = read_text(Path(path))
    parts = split_front_matter(text, path)
    body = parts.body if isinstance(parts, FrontMatter) else 0
    written = "|".join(re.escape(one) for one in dict.fromkeys((link, unquote(link), link.replace("&", "&amp;"))))
    found = [
        m.start(1)
        for m in re.compile(rf"""(?:\(\s*<?|\]:\s*<?|=\s*["']?)({written})(?=[\s)>"'])""").finditer(f"{text}\n", body)
    ]
    places = found or [body + len(text[body:]) - len(text[body:].lstrip())]
    return [(text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)) for place in places]


# ---------------------------------------------------------------- the built pages


def check_links(config: Config, told: Told = frozenset()) -> list[Problem]:
    """Return a Problem for each link of the built site that leads to no file or fragment of it, but for those told."""
    folder = config.output.resolve()
    pages: dict[Path, Page] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.html")):
        text, problem = read_text(path)
        if problem:
            problems.append(problem)
        else:
            pages[path] = read_page(text)
    for path, page in pages.items():
        if not page.base:  # a page for any address, 404, names the site's root
            problems.extend(_check_page(folder, path, pages, told))
    return problems


def _check_page(folder: Path, path: Path, pages: dict[Path, Page], told: Told) -> Iterator[Problem]:
    name = path.relative_to(folder).as_posix()
    for line, link in pages[path].links:
        try:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or (name, link) in told:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            leads_on = target.is_relative_to(folder) and target.is_file()
        except (OSError, ValueError):  # no path that a disk could have
            leads_on = False
        if not leads_on:
            yield Problem(show(path), line, 1, f"the link `{link}` leads to no file of the site")
        elif parts.fragment and (target not in pages or unquote(parts.fragment) not in pages[target].ids):
            yield Problem(show(path), line, 1, f"the link `{link}` leads to no place on that page")
