"""The content's faults, and the faults of the built site as its readers get it.

In: a Config. Out: Problems. Must not build or change anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from yaml.nodes import MappingNode, Node, ScalarNode

from site_builder.build import plan_site, read_catalogue
from site_builder.config import Config
from site_builder.content.frontmatter import FrontMatter, split_front_matter
from site_builder.content.store import check_captures, load_imported
from site_builder.errors import Problem
from site_builder.fields import Source, compose
from site_builder.files import read_text, show
from site_builder.formats.links import ADDRESS_IN_TEXT, trim_address
from site_builder.intake import Catalogue
from site_builder.kinds import is_web_address
from site_builder.memory import open_memory
from site_builder.outside import Found
from site_builder.prose.repair import broken_math

# Fields whose addresses are not the curator's to mend: what was captured, and where the site itself is.
NOT_ASKED = frozenset({"title", "abstract", "address"})


class Place(NamedTuple):
    """Where something stands: a file, and a line and column from 1."""

    path: str
    line: int
    column: int


def check_content(config: Config) -> list[Problem]:
    """Return every fault of every content file."""
    with open_memory(config, dry_run=True) as memory:
        catalogue = read_catalogue(config, memory)
        collisions = plan_site(config, memory, catalogue).collisions
        papers = show(config.content / "papers")
        seen = [(file, f"{papers}/{brief.slug}.md") for brief in catalogue.briefs for file, _, _ in brief.sightings]
        _, unread = load_imported(config.content)
        missing = check_captures(config.content, catalogue.captures, seen)
        formulas = _check_math(config, catalogue)
        return sorted([*catalogue.problems, *collisions, *unread, *missing, *formulas])


def _check_math(config: Config, catalogue: Catalogue) -> Iterator[Problem]:
    """Report formulas that are shown as code, because they cannot be read as math."""
    for brief in catalogue.briefs:
        path = config.content / "papers" / f"{brief.slug}.md"
        paper = catalogue.shelf.body(brief.slug, brief.digest).paper
        for key in ("title", "abstract"):
            for formula in broken_math(getattr(paper, key)):
                line, column = _place_of(formula, key, read_text(path)[0])
                message = f"the formula `{formula}` in the {key} cannot be read as math"
                yield Problem(show(path), line, column, message, "it is shown as it is typed", "warning")


def _place_of(formula: str, key: str, text: str) -> tuple[int, int]:
    """Find a formula in an entry's text; one that goes over several lines is told at its field."""
    field = max(0, text.find(f"\n{key}:") + 1)
    place = text.find(formula, field)
    if place < 0:
        place = field
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


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


def check_links(config: Config) -> list[Problem]:
    """Return a Problem for each link of the built site that leads to no file or fragment of it."""
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
            problems.extend(_check_page(folder, path, page, pages))
    return problems


def _check_page(folder: Path, path: Path, page: Page, pages: dict[Path, Page]) -> Iterator[Problem]:
    for line, link in page.links:
        try:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            leads_on = target.is_relative_to(folder) and target.is_file()
        except (OSError, ValueError):  # no path that a disk could have
            leads_on = False
        if not leads_on:
            yield Problem(show(path), line, 1, f"the link `{link}` leads to no file of the site")
        elif parts.fragment and (target not in pages or unquote(parts.fragment) not in pages[target].ids):
            yield Problem(show(path), line, 1, f"the link `{link}` leads to no place on that page")


def gather_addresses(config: Config) -> dict[str, list[Place]]:
    """Gather the web addresses that the content leads to, each with all its places; those of abstracts are left out."""
    places: dict[str, list[Place]] = {}
    folders = (config.content / "papers", config.content / "pages")
    files = [path for folder in folders for path in sorted(folder.glob("*.md"))]
    for path in [*files, config.content / "site.yml"]:
        text, problem = read_text(path) if path.exists() else ("", None)
        if not problem:
            for url, line, column in _addresses_in(text, is_yaml=path.suffix == ".yml"):
                places.setdefault(url, []).append(Place(show(path), line, column))
    return places


def judge_addresses(places: dict[str, list[Place]], found: dict[str, Found]) -> list[Problem]:
    """Return a Problem for each address that is dead, and a warning for each that has moved for good."""
    problems = []
    for url, (first, *others) in places.items():
        also = f"also in {', '.join(f'{place.path}:{place.line}' for place in others)}" if others else ""
        one = found[url]
        if one.outcome == "dead":
            problems.append(Problem(*first, f"`{url}` is dead: {one.why}", also))
        elif one.outcome == "moved":
            hint = f"write {one.to}{'; ' if also else ''}{also}"
            problems.append(Problem(*first, f"`{url}` has moved for good", hint, "warning"))
    return problems


def _addresses_in(text: str, *, is_yaml: bool) -> Iterator[tuple[str, int, int]]:
    """Yield the addresses of a file, in fields and in notes, with line and column."""
    parts = FrontMatter(text, 0, len(text), len(text)) if is_yaml else split_front_matter(text, "")
    if not isinstance(parts, FrontMatter):
        return
    source = Source("", text.count("\n", 0, parts.start) + 1)
    for node in _scalars(compose(parts.yaml, source)):
        url = str(node.value).strip()
        if is_web_address(url):
            line, column = source.place(node.start_mark)
            yield url, source.first_line + line, column + 1
    for match in ADDRESS_IN_TEXT.finditer(text, parts.body):
        url = trim_address(match.group())
        if is_web_address(url):
            place = match.start()
            yield url, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _scalars(node: Node | None) -> Iterator[ScalarNode]:
    """Yield the values of fields that may be asked for, each once however often it is referred to."""
    waiting, seen = [node] if node else [], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, MappingNode):
            waiting.extend(value for key, value in reversed(one.value) if str(key.value) not in NOT_ASKED)
        elif isinstance(one, ScalarNode):
            yield one
        else:
            waiting.extend(reversed(one.value))
