"""Atom feeds, the sitemap and robots.txt.

In: a Library, the site's facts. Out: OutputFiles. Must not read the clock: a feed's day is its newest paper's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from xml.sax.saxutils import escape

from feedgenerator import Atom1Feed

from site_builder.library.model import Library, recently_added
from site_builder.paper import Paper
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.views import Site

FEED_SIZE = 50
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
NO_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: where it lies, the page that it follows, its title and its papers, the latest first."""

    path: str
    page: str
    title: str
    papers: list[Paper]


def plan(press: Press, feed_id: str, pages: Iterable[OutputFile]) -> Iterator[OutputFile]:
    """Plan the site's feed, one for each tag, and, when the site's address is known, what crawlers read."""
    library, site = press.library, press.site
    papers = recently_added(library)
    feeds = [Feed(press.feed.path, "index.html", site.title, papers)]
    for tag in library.tags.values():
        title, tagged = f"{site.title}: {tag.name}", [paper for paper in papers if tag.slug in paper.tags]
        feeds.append(Feed(f"tags/{tag.slug}.xml", f"tags/{tag.slug}.html", title, tagged))
    for feed in feeds:
        yield OutputFile(feed.path, "feed", partial(write_feed, feed, library, site, feed_id))
    if site.address:
        paths = sorted(page.path for page in pages if page.path not in ("404.html", "search.html"))
        yield OutputFile("sitemap.xml", "file", lambda: write_sitemap(site.address, paths))
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {site.address}sitemap.xml\n"
        yield OutputFile("robots.txt", "file", robots.encode)


def write_feed(feed: Feed, library: Library, site: Site, feed_id: str) -> bytes:
    """Write an Atom feed of the latest papers, with full abstracts and stable ids."""
    root = site.address or "../" * feed.path.count("/")
    atom = Atom1Feed(
        title=_clean(feed.title),
        link=root + feed.page,
        description=_clean(site.description),
        language=site.language,
        author_name=_clean(site.curator),
        feed_url=site.address + feed.path if site.address else feed.path.rpartition("/")[2],
        feed_guid=feed_id if feed.path == "feed.xml" else f"{feed_id}/{feed.path.removesuffix('.xml')}",
    )
    # The library would ask the clock for the day of an empty feed.
    newest = max((_moment(paper) for paper in feed.papers), default=_at(NO_DAY))
    atom.latest_post_date = lambda: newest
    for paper in feed.papers[:FEED_SIZE]:
        texts = library.texts[paper.slug]
        atom.add_item(
            title=_clean(texts.title),
            link=f"{root}papers/{paper.slug}.html",
            description=None,
            content=_clean(texts.abstract_html + texts.notes_html),
            unique_id=f"{feed_id}/papers/{paper.slug}",
            pubdate=_at(paper.added or NO_DAY),
            updateddate=_moment(paper),
            author_name=_clean(", ".join(paper.authors) or (paper.organization.name if paper.organization else ""))
            or None,
            categories=[_clean(library.tags[slug].name) for slug in paper.tags],
        )
    return str(atom.writeString("utf-8")).encode()


def write_sitemap(address: str, paths: list[str]) -> bytes:
    """Write a sitemap of these pages."""
    rows = "".join(
        f"<url><loc>{escape(address + ('' if path == 'index.html' else path))}</loc></url>\n" for path in paths
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    ).encode()


def _moment(paper: Paper) -> datetime:
    return _at(max(filter(None, (paper.added, paper.updated)), default=NO_DAY))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _clean(text: str) -> str:
    """Leave out the characters that XML has no place for."""
    return NOT_IN_XML.sub("", text)
