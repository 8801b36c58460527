"""Reading paths: a page for each, and the index that leads to them.

In: the press. Out: OutputFiles. Must not know how a page looks.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from site_builder.keep import digest
from site_builder.library.model import Library
from site_builder.library.texts import shorten
from site_builder.prose.notes import render_notes
from site_builder.render.output import OutputFile
from site_builder.render.press import Later, Press, Sheet
from site_builder.render.views import META_DESCRIPTION, Card, FeedLink, Head, Place, Site, head, root_of, show_card

Stop = tuple[str, str, int, int]  # of a paper on a path: the path's slug and title, its place, how many there are
PathRow = tuple[str, str, str, int]  # a path's slug, title, text, number of papers
Walked = tuple[Sheet, str, int | None]  # a paper, why it stands there, minutes


class StepView(NamedTuple):
    """A paper on a path: why it stands there, and how many minutes it takes."""

    card: Card
    why: str
    minutes: int | None


class PathView(NamedTuple):
    """A reading path: what it is for, how long it takes as far as that is said, its papers in order."""

    site: Site
    head: Head
    title: str
    text: Markup
    minutes: int
    steps: tuple[StepView, ...]
    feed: str


class PathsView(NamedTuple):
    """The index of the reading paths; of each its address, title, number of papers and a line on what it is for."""

    site: Site
    head: Head
    title: str
    rows: tuple[Place, ...]


def plan(press: Press) -> Iterator[OutputFile]:
    """Plan the page of each reading path, and their index when there are any."""
    for path in press.library.paths:
        walked = [(press.sheets[step.paper], step.why, step.minutes) for step in path.steps]
        mark = digest([(sheet.listed, why, minutes) for sheet, why, minutes in walked])
        steps = Later(partial(tuple, walked), mark)
        yield press.page("path.html", path_page(path.slug), _show_path, path.title, path.text, steps)
    if press.library.paths:
        yield press.page("paths.html", "collections/index.html", _show_paths, path_rows(press.library))


def _show_path(site: Site, path: str, title: str, text: str, walked: tuple[Walked, ...]) -> PathView:
    html = render_notes(text)
    about = shorten(_opening(html), META_DESCRIPTION) or f"{title}: {len(walked)} papers in order."
    steps = [
        StepView(show_card(sheet.brief, sheet.tags, root_of(path), 2), why, minutes) for sheet, why, minutes in walked
    ]
    feed = path.removesuffix(".html")
    page = head(path, title, about, section="paths", feeds=(site.feed, FeedLink(f"{site.title}: {title}", feed)))
    return PathView(site, page, title, html, sum(step.minutes or 0 for step in steps), tuple(steps), feed)


def _show_paths(site: Site, path: str, rows: tuple[PathRow, ...]) -> PathsView:
    title = "Reading paths"
    about = "Papers in an order that teaches, each with a reason why it stands there."
    return PathsView(site, head(path, title, about, section="paths", feeds=(site.feed,)), title, show_rows(rows))


def show_rows(rows: Iterable[PathRow]) -> tuple[Place, ...]:
    """Show rows of an index of reading paths."""
    return tuple(
        [Place(path_page(slug), title, size, f"{_opening(render_notes(text))}") for slug, title, text, size in rows]
    )


def _opening(html: Markup) -> str:
    """Return the first paragraph of a text as plain words."""
    return html.partition("</p>")[0].striptags()


def path_page(slug: str) -> str:
    """Return the page of a reading path."""
    return f"collections/{slug}.html"


def path_rows(library: Library) -> tuple[PathRow, ...]:
    """List the reading paths as plain values."""
    return tuple([(path.slug, path.title, path.text, len(path.steps)) for path in library.paths])


def find_paths(library: Library) -> dict[str, tuple[Stop, ...]]:
    """Find the paths that lead over each paper, by its slug."""
    stops: dict[str, tuple[Stop, ...]] = {}
    for path in library.paths:
        for number, step in enumerate(path.steps, 1):
            stops[step.paper] = (*stops.get(step.paper, ()), (path.slug, path.title, number, len(path.steps)))
    return stops
