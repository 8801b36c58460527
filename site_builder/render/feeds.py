"""Atom feeds, the sitemap and robots.txt.

In: the press, the paths of the pages. Out: OutputFiles. Must not read the clock: a feed's day is its newest paper's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from markupsafe import Markup, escape

from site_builder.keep import digest
from site_builder.library.brief import Brief
from site_builder.render.output import OutputFile
from site_builder.render.press import Later, Press
from site_builder.render.views import Site, root_of

FEED_SIZE = 50
NEAR = 2_000  # entries that are at hand
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
NO_DAY = "1970-01-01"


class FeedEntry(NamedTuple):
    """A paper in a feed; `content` is HTML, escaped once more, since in XML it is text."""

    title: str
    id: str
    page: str
    published: str
    updated: str
    author: str
    tags: tuple[str, ...]
    content: Markup


class FeedView(NamedTuple):
    """A feed: `page` is what it follows, seen from `root`; `address` is its own."""

    language: str
    title: str
    subtitle: str
    id: str
    root: str
    page: str
    address: str
    updated: str
    author: str
    entries: tuple[FeedEntry, ...]


def plan(press: Press, feed_id: str, pages: Iterable[OutputFile]) -> Iterator[OutputFile]:
    """Plan the site's feed, one for each tag, and, when the site's address is known, what crawlers read."""
    library, site = press.library, press.site
    feeds = _Feeds(press, feed_id)
    yield feeds.plan("feed.xml", "index.html", site.title, feed_id, library.recent)
    tagged: dict[str, list[str]] = {slug: [] for slug in library.tags}
    for slug in library.recent:
        for name in library.papers[slug].tags:
            tagged[name].append(slug)
    for tag in library.tags.values():
        title, identity = f"{site.title}: {tag.name}", f"{feed_id}/tags/{tag.slug}"
        yield feeds.plan(f"tags/{tag.slug}.xml", f"tags/{tag.slug}.html", title, identity, tagged[tag.slug])
    if site.address:
        paths = sorted(page.path for page in pages if page.path not in ("404.html", "search.html"))
        mark = digest(press.mark, paths)
        yield OutputFile("sitemap.xml", "file", mark, partial(write_sitemap, site.address, paths))
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {site.address}sitemap.xml\n"
        yield OutputFile("robots.txt", "file", digest(robots), robots.encode)


class _Feeds:
    """The feeds of a site; a paper's entry is made once, however many feeds carry it."""

    def __init__(self, press: Press, feed_id: str) -> None:
        self.press, self.feed_id = press, feed_id
        self.moments = {slug: _moment(brief) for slug, brief in press.library.papers.items()}
        self.entry = lru_cache(NEAR)(self._entry)

    def plan(self, path: str, page: str, title: str, identity: str, slugs: Sequence[str]) -> OutputFile:
        """Plan a feed of these papers, the latest first."""
        sheets = self.press.sheets
        newest = max(map(self.moments.__getitem__, slugs), default=NO_DAY)
        shown = slugs[:FEED_SIZE]
        mark = digest(self.feed_id, [(sheets[slug].brief.digest, sheets[slug].tags) for slug in shown])
        entries = Later(lambda: tuple([self.entry(slug) for slug in shown]), mark)
        return self.press.file("feed", "feed.xml", path, _show_feed, page, title, identity, newest, entries)

    def _entry(self, slug: str) -> FeedEntry:
        sheet = self.press.sheets[slug]
        brief, (paper, texts) = sheet.brief, self.press.body(sheet).make()
        return FeedEntry(
            title=_clean(texts.title),
            id=f"{self.feed_id}/papers/{slug}",
            page=f"papers/{slug}.html",
            published=_at(brief.added or NO_DAY),
            updated=_at(self.moments[slug]),
            author=_clean(", ".join(paper.authors) or (paper.organization.name if paper.organization else "")),
            tags=tuple([_clean(name) for _, name in sheet.tags]),
            content=escape(_clean(texts.abstract_html + texts.notes_html)),
        )


def _show_feed(
    site: Site, path: str, page: str, title: str, identity: str, newest: str, entries: tuple[FeedEntry, ...]
) -> FeedView:
    """Show a feed with full abstracts and stable ids."""
    return FeedView(
        site.language,
        _clean(title),
        _clean(site.description),
        identity,
        root=site.address or root_of(path),
        page=page,
        address=site.address + path if site.address else path.rpartition("/")[2],
        updated=_at(newest),
        author=_clean(site.curator),
        entries=entries,
    )


def write_sitemap(address: str, paths: list[str]) -> bytes:
    """Write a sitemap of these pages."""
    rows = "".join(
        f"<url><loc>{escape(address + ('' if path == 'index.html' else path))}</loc></url>\n" for path in paths
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    ).encode()


def _moment(brief: Brief) -> str:
    return max(brief.added, brief.updated) or NO_DAY


def _at(day: str) -> str:
    return f"{day}T00:00:00+00:00"


def _clean(text: str) -> str:
    """Leave out the characters that XML has no place for; the result is plain text, whatever it was."""
    return NOT_IN_XML.sub("", str(text))
