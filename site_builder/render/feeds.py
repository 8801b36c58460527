"""Feeds in Atom and JSON, the list of them, the sitemap and robots.txt.

In: the press, the paths of the pages. Out: OutputFiles. Must not read the clock: a feed's day is its newest paper's.
"""

import json
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
    """A paper in a feed; `content` is HTML."""

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


class Followed(NamedTuple):
    """What a feed follows: its path without an ending, the page it is about, title, id, and papers in its order."""

    path: str
    page: str
    title: str
    id: str
    slugs: Sequence[str]


def plan(press: Press, feed_id: str, pages: Iterable[OutputFile]) -> Iterator[OutputFile]:
    """Plan the feeds of the site, each tag and reading path, their list, and, with an address, what crawlers read."""
    site = press.site
    followed = list(_follow(press, feed_id))
    feeds = _Feeds(press, feed_id)
    for one in followed:
        yield from feeds.plan(one)
    rows = [(one.title, one.path, one.page) for one in followed]
    yield OutputFile("feeds.opml", "feed", digest(press.mark, rows), partial(write_opml, site, rows))
    if site.address:
        paths = sorted(page.path for page in pages if page.path not in ("404.html", "search.html", "curate.html"))
        mark = digest(press.mark, paths)
        yield OutputFile("sitemap.xml", "file", mark, partial(write_sitemap, site.address, paths))
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {site.address}sitemap.xml\n"
        yield OutputFile("robots.txt", "file", digest(robots), robots.encode)


def _follow(press: Press, feed_id: str) -> Iterator[Followed]:
    """Say what there is to follow."""
    library, site = press.library, press.site
    yield Followed("feed", "index.html", site.title, feed_id, library.recent)
    tagged: dict[str, list[str]] = {slug: [] for slug in library.tags}
    for slug in library.recent:
        for name in library.papers[slug].tags:
            tagged[name].append(slug)
    for tag in library.tags.values():
        path = f"tags/{tag.slug}"
        yield Followed(path, f"{path}.html", f"{site.title}: {tag.name}", f"{feed_id}/{path}", tagged[tag.slug])
    for one in library.paths:
        path, slugs = f"collections/{one.slug}", [step.paper for step in one.steps]
        yield Followed(path, f"{path}.html", f"{site.title}: {one.title}", f"{feed_id}/{path}", slugs)


class _Feeds:
    """The feeds of a site; a paper's entry is made once, however many feeds carry it."""

    def __init__(self, press: Press, feed_id: str) -> None:
        self.press, self.feed_id = press, feed_id
        self.moments = {slug: _moment(brief) for slug, brief in press.library.papers.items()}
        self.entry = lru_cache(NEAR)(self._entry)

    def plan(self, followed: Followed) -> Iterator[OutputFile]:
        """Plan a feed, as Atom and as JSON Feed."""
        press, (path, page, title, identity, slugs) = self.press, followed
        newest = max(map(self.moments.__getitem__, slugs), default=NO_DAY)
        shown = slugs[:FEED_SIZE]
        sheets = [press.sheets[slug] for slug in shown]
        mark = digest(self.feed_id, [(sheet.brief.digest, sheet.tags) for sheet in sheets])
        entries = Later(lambda: tuple([self.entry(slug) for slug in shown]), mark)
        given = (page, title, identity, newest)
        yield press.file("feed", "feed.xml", f"{path}.xml", _show_feed, *given, entries)

        def write() -> bytes:
            return write_json_feed(_show_feed(press.site, f"{path}.json", *given, entries.make()))

        yield OutputFile(f"{path}.json", "feed", digest(press.mark, path, given, mark), write)

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
            content=Markup(_clean(texts.abstract_html + texts.notes_html)),
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


def write_json_feed(feed: FeedView) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    items = [
        {
            "id": entry.id,
            "url": f"{feed.root}{entry.page}",
            "title": entry.title,
            "content_html": entry.content,
            "date_published": entry.published,
            "date_modified": entry.updated,
            **({"authors": [{"name": entry.author}]} if entry.author else {}),
            "tags": entry.tags,
        }
        for entry in feed.entries
    ]
    known = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.root}{feed.page}",
        "feed_url": feed.address,
        **({"description": feed.subtitle} if feed.subtitle else {}),
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "items": items,
    }
    return f"{json.dumps(known, ensure_ascii=False)}\n".encode()


def write_opml(site: Site, rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Write the list of all feeds, each given by title, path and page, as feed readers import it."""
    lines = [
        f'<outline type="rss" text="{escape(_clean(title))}" xmlUrl="{escape(site.address + path)}.xml" '
        f'htmlUrl="{escape(site.address + page)}"/>\n'
        for title, path, page in rows
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<opml version="2.0">\n'
        f"<head><title>{escape(_clean(site.title))}</title></head>\n<body>\n{''.join(lines)}</body>\n</opml>\n"
    ).encode()


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
