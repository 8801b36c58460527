"""Lists of papers and the indexes that lead to them: all papers, tags, years, capture days, organizations.

In: the press. Out: an OutputFile for each page of each list. Must not know how a page looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from site_builder.library.model import Library
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.views import (
    META_DESCRIPTION,
    PAGE_SIZE,
    Card,
    FeedLink,
    Head,
    Pager,
    Place,
    Site,
    file_name,
    head,
    list_page_path,
    paged,
    shorten,
    show_date,
    tag_groups,
)


@dataclass(frozen=True, slots=True)
class PaperList:
    """A list of papers: where its first page lies, what it says of itself, whose papers it holds.

    `kind` is the word above its title, `section` the part of the site it is in. `earlier` and `later` are its
    neighbours in time; `guessed` marks a day whose year was inferred.
    """

    section: str
    kind: str
    path: str
    title: str
    slugs: tuple[str, ...]
    description: str = ""
    guessed: bool = False
    earlier: Place | None = None
    later: Place | None = None
    feed: FeedLink | None = None


@dataclass(frozen=True, slots=True)
class ListingView:
    """One page of a list of papers."""

    site: Site
    head: Head
    kind: str
    title: str
    description: str
    guessed: bool
    count: int
    cards: tuple[Card, ...]
    pager: Pager | None
    earlier: Place | None
    later: Place | None
    feed: str


@dataclass(frozen=True, slots=True)
class DirectoryView:
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
    count = max(1, -(-len(listed.slugs) // PAGE_SIZE))
    papers = "1 paper" if len(listed.slugs) == 1 else f"{len(listed.slugs)} papers"
    about = listed.description or f"{papers} of {press.site.title}: {listed.title}."
    feeds = (press.feed, listed.feed) if listed.feed else (press.feed,)
    for number in range(1, count + 1):
        title = listed.title if number == 1 else f"{listed.title}, page {number}"
        path = list_page_path(listed.path, number)
        shown = listed.slugs[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        view = ListingView(
            site=press.site,
            head=head(path, title, shorten(about, META_DESCRIPTION), section=listed.section, feeds=feeds),
            kind=listed.kind,
            title=listed.title,
            description=listed.description,
            guessed=listed.guessed,
            count=len(listed.slugs),
            cards=tuple(press.cards[slug] for slug in shown),
            pager=paged(listed.path, number, count),
            earlier=listed.earlier,
            later=listed.later,
            feed=listed.feed.path if listed.feed else "",
        )
        yield press.page("listing.html", view)


def _directory(
    press: Press, section: str, title: str, description: str, *groups: tuple[str, tuple[Place, ...]]
) -> OutputFile:
    """Plan an index: groups of rows, each under its heading."""
    page = head(f"{section}/index.html", title, description, section=section, feeds=(press.feed,))
    return press.page("directory.html", DirectoryView(press.site, page, title, description, groups))


def _all_papers(press: Press) -> Iterator[OutputFile]:
    slugs = tuple(press.library.entries)
    description = "Every paper of the list, by title."
    yield from _list_pages(press, PaperList("papers", "A to Z", "papers/index.html", "All papers", slugs, description))


def _tags(press: Press) -> Iterator[OutputFile]:
    library = press.library
    groups = (
        (group, tuple(Place(tag.path, tag.name, tag.count, tag.description) for tag in tags))
        for group, tags in tag_groups(library)
    )
    yield _directory(press, "tags", "Tags", "What the papers are about, by group.", *groups)
    for tag in library.tags.values():
        feed = FeedLink(f"{press.site.title}: {tag.name}", f"tags/{tag.slug}.xml")
        path, slugs = f"tags/{tag.slug}.html", library.by_tag[tag.slug]
        yield from _list_pages(press, PaperList("tags", tag.group, path, tag.name, slugs, tag.description, feed=feed))


def _years(press: Press) -> Iterator[OutputFile]:
    by_year = press.library.by_year
    places = {year: Place(f"years/{year}.html", str(year), len(slugs)) for year, slugs in by_year.items()}
    undated = PaperList(
        "years", "Year", "years/undated.html", "Without a date", press.library.undated,
        "No capture showed a publication day for these.",
    )  # fmt: skip
    rest = (Place(undated.path, undated.title, len(undated.slugs)),) if undated.slugs else ()
    yield _directory(press, "years", "Years", "The papers by year of publication.", ("", (*places.values(), *rest)))
    for year, earlier, later in _with_neighbours(list(by_year)):
        listed = PaperList(
            "years", "Year", places[year].path, f"Published in {year}", by_year[year],
            earlier=places.get(earlier), later=places.get(later),
        )  # fmt: skip
        yield from _list_pages(press, listed)
    if undated.slugs:
        yield from _list_pages(press, undated)


def _days(press: Press) -> Iterator[OutputFile]:
    library, shows = press.library, _what_days_show(press.library)
    places = {
        day: Place(f"days/{day}.html", show_date(day).text, len(slugs), shows.get(day, ""), day in library.guessed_days)
        for day, slugs in library.by_day.items()
    }
    description = "The days on which the listing was captured, and what it showed."
    yield _directory(press, "days", "Capture days", description, ("", tuple(places.values())))
    for day, earlier, later in _with_neighbours(list(places)):
        place = places[day]
        listed = PaperList(
            "days", "Capture day", place.path, f"Captured on {place.text}", library.by_day[day], place.note,
            guessed=place.guessed, earlier=places.get(earlier), later=places.get(later),
        )  # fmt: skip
        yield from _list_pages(press, listed)


def _what_days_show(library: Library) -> dict[date, str]:
    """Return what the curator says of each day's captures."""
    shown: dict[date, set[str]] = {}
    for paper in library.papers:
        for row in paper.captures:
            if row.file in library.captures and library.captures[row.file].shows:
                shown.setdefault(row.day, set()).add(library.captures[row.file].shows)
    return {day: " ".join(sorted(texts)) for day, texts in shown.items()}


def _organizations(press: Press) -> Iterator[OutputFile]:
    by_organization = press.library.by_organization
    known = sorted(press.library.organizations.items(), key=lambda item: (item[1].name.casefold(), item[0]))
    places = {
        handle: Place(f"organizations/{file_name(handle)}.html", organization.name, len(by_organization[handle]))
        for handle, organization in known
    }
    description = "Organizations that the listing showed in the authors' place."
    yield _directory(press, "organizations", "Organizations", description, ("", tuple(places.values())))
    for handle, place in places.items():
        listed = PaperList("organizations", "Organization", place.path, place.text, by_organization[handle])
        yield from _list_pages(press, listed)


def _with_neighbours(keys: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield each key of a list that is newest first, with the one before it in time and the one after it."""
    for index, key in enumerate(keys):
        yield key, keys[index + 1] if index + 1 < len(keys) else None, keys[index - 1] if index else None
