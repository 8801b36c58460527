"""Lists of papers and the indexes that lead to them: all papers, tags, years, capture days, organizations.

In: the press. Out: an OutputFile for each page of each list. Must not know how a page looks.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup

from site_builder.library.model import Library
from site_builder.library.texts import shorten
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.views import (
    META_DESCRIPTION,
    PAGE_SIZE,
    FeedLink,
    Head,
    Pager,
    Place,
    Site,
    file_name,
    head,
    list_page_path,
    paged,
    show_day,
    tag_groups,
)

Row = tuple[str, str, int, str, bool]  # of an index: page, text, number of papers, note, whether its year is a guess


class PaperList(NamedTuple):
    """A list of papers: where its first page lies, what it says of itself, whose papers it holds.

    `kind` is the word above its title, `section` the part of the site it is in. `earlier` and `later` are its
    neighbours in time; `guessed` marks a day whose year was inferred; `feed` is the page's own feed.
    """

    section: str
    kind: str
    path: str
    title: str
    slugs: tuple[str, ...]
    description: str = ""
    guessed: bool = False
    earlier: Row | None = None
    later: Row | None = None
    feed: str = ""


class ListingView(NamedTuple):
    """One page of a list of papers."""

    site: Site
    head: Head
    kind: str
    title: str
    description: str
    guessed: bool
    number: int
    cards: tuple[Markup, ...]
    pager: Pager | None
    earlier: Place | None
    later: Place | None
    feed: str


class DirectoryView(NamedTuple):
    """An index: rows under headings."""

    site: Site
    head: Head
    title: str
    description: str
    sections: tuple[tuple[str, tuple[Place, ...]], ...]


def plan(press: Press) -> Iterator[OutputFile]:
    """Plan every list of papers, and the index of each sort of list."""
    yield from _all_papers(press)
    yield from _tags(press)
    yield from _years(press)
    yield from _days(press)
    yield from _organizations(press)


def _list_pages(press: Press, listed: PaperList) -> Iterator[OutputFile]:
    """Plan the pages of one list, PAGE_SIZE papers on each."""
    said, size = tuple(listed._replace(slugs=())), len(listed.slugs)
    for start in range(0, max(1, size), PAGE_SIZE):
        number = start // PAGE_SIZE + 1
        path = list_page_path(listed.path, number)
        cards = press.cards(listed.slugs[start : start + PAGE_SIZE], path, 2)
        yield press.page("listing.html", path, _show_list_page, said, size, number, cards)


def _show_list_page(
    site: Site, path: str, said: tuple[Any, ...], size: int, number: int, cards: tuple[Markup, ...]
) -> ListingView:
    """Show a page of a list of `size` papers; `said` is a PaperList without them."""
    listed = PaperList(*said)
    papers = "1 paper" if size == 1 else f"{size} papers"
    about = listed.description or f"{papers} of {site.title}: {listed.title}."
    feeds = (site.feed, FeedLink(f"{site.title}: {listed.title}", listed.feed)) if listed.feed else (site.feed,)
    named = listed.title if number == 1 else f"{listed.title}, page {number}"
    return ListingView(
        site=site,
        head=head(path, named, shorten(about, META_DESCRIPTION), section=listed.section, feeds=feeds),
        kind=listed.kind,
        title=listed.title,
        description=listed.description,
        guessed=listed.guessed,
        number=size,
        cards=cards,
        pager=paged(listed.path, number, max(1, -(-size // PAGE_SIZE))),
        earlier=Place(*listed.earlier) if listed.earlier else None,
        later=Place(*listed.later) if listed.later else None,
        feed=listed.feed,
    )


def _directory(
    press: Press, section: str, title: str, description: str, *groups: tuple[str, tuple[Row, ...]]
) -> OutputFile:
    """Plan an index: groups of rows, each under its heading."""
    path = f"{section}/index.html"
    return press.page("directory.html", path, _show_directory, section, title, description, groups)


def _show_directory(
    site: Site, path: str, section: str, title: str, description: str, groups: tuple[tuple[str, tuple[Row, ...]], ...]
) -> DirectoryView:
    page = head(path, title, description, section=section, feeds=(site.feed,))
    sections = tuple([(name, tuple([Place(*row) for row in rows])) for name, rows in groups])
    return DirectoryView(site, page, title, description, sections)


def _all_papers(press: Press) -> Iterator[OutputFile]:
    slugs = tuple(press.library.papers)
    description = "Every paper of the list, by title."
    yield from _list_pages(press, PaperList("papers", "A to Z", "papers/index.html", "All papers", slugs, description))


def _tags(press: Press) -> Iterator[OutputFile]:
    library = press.library
    groups = [
        (group, tuple([(f"tags/{slug}.html", name, count, about, False) for slug, name, count, about in tags]))
        for group, tags in tag_groups(library)
    ]
    yield _directory(press, "tags", "Tags", "What the papers are about, by group.", *groups)
    for tag in library.tags.values():
        path, feed, slugs = f"tags/{tag.slug}.html", f"tags/{tag.slug}", library.by_tag[tag.slug]
        yield from _list_pages(press, PaperList("tags", tag.group, path, tag.name, slugs, tag.description, feed=feed))


def _years(press: Press) -> Iterator[OutputFile]:
    by_year = press.library.by_year
    rows: dict[int, Row] = {
        year: (f"years/{year}.html", str(year), len(slugs), "", False) for year, slugs in by_year.items()
    }
    undated = PaperList(
        "years", "Year", "years/undated.html", "Without a date", press.library.undated,
        "No capture showed a publication day for these.",
    )  # fmt: skip
    rest = ((undated.path, undated.title, len(undated.slugs), "", False),) if undated.slugs else ()
    yield _directory(press, "years", "Years", "The papers by year of publication.", ("", (*rows.values(), *rest)))
    for year, earlier, later in _with_neighbours(list(by_year)):
        listed = PaperList(
            "years", "Year", rows[year][0], f"Published in {year}", by_year[year],
            earlier=rows.get(earlier), later=rows.get(later),
        )  # fmt: skip
        yield from _list_pages(press, listed)
    if undated.slugs:
        yield from _list_pages(press, undated)


def _days(press: Press) -> Iterator[OutputFile]:
    library, shows = press.library, _what_days_show(press.library)
    rows: dict[str, Row] = {
        day: (f"days/{day}.html", show_day(day).text, len(slugs), shows.get(day, ""), day in library.guessed_days)
        for day, slugs in library.by_day.items()
    }
    description = "The days on which the listing was captured, and what it showed."
    yield _directory(press, "days", "Capture days", description, ("", tuple(rows.values())))
    for day, earlier, later in _with_neighbours(list(rows)):
        path, text, _, note, guessed = rows[day]
        listed = PaperList(
            "days", "Capture day", path, f"Captured on {text}", library.by_day[day], note,
            guessed=guessed, earlier=rows.get(earlier), later=rows.get(later),
        )  # fmt: skip
        yield from _list_pages(press, listed)


def _what_days_show(library: Library) -> dict[str, str]:
    """Return what the curator says of each day's captures."""
    told = {file: fact.shows for file, fact in library.captures.items() if fact.shows}
    shown: dict[str, set[str]] = {}
    for brief in library.papers.values() if told else ():
        for file, day, _ in brief.sightings:
            if file in told:
                shown.setdefault(day, set()).add(told[file])
    return {day: " ".join(sorted(texts)) for day, texts in shown.items()}


def _organizations(press: Press) -> Iterator[OutputFile]:
    by_organization = press.library.by_organization
    known = sorted(press.library.organizations.items(), key=lambda item: (item[1][1].casefold(), item[0]))
    rows: dict[str, Row] = {
        handle: (f"organizations/{file_name(handle)}.html", name, len(by_organization[handle]), "", False)
        for handle, (_, name) in known
    }
    description = "Organizations that the listing showed in the authors' place."
    yield _directory(press, "organizations", "Organizations", description, ("", tuple(rows.values())))
    for handle, row in rows.items():
        listed = PaperList("organizations", "Organization", row[0], row[1], by_organization[handle])
        yield from _list_pages(press, listed)


def _with_neighbours(keys: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield each key of a list that is newest first, with the one before it in time and the one after it."""
    for index, key in enumerate(keys):
        yield key, keys[index + 1] if index + 1 < len(keys) else None, keys[index - 1] if index else None
