"""The page for the curator: what entries lack, worst first, and where each can be looked up.

In: the press, all entries in brief. Out: an OutputFile for the site, or the page as one file that needs no other.
Must not know how the state of the list was counted.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from markupsafe import Markup

from site_builder.library.brief import Brief
from site_builder.library.gaps import GAPS, share_of
from site_builder.library.stats import LastImport, Stats, gather_stats, look_up_links
from site_builder.paper import Tag
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.templates import Templates
from site_builder.render.views import STATUS_LABELS, Head, Place, Site, head, show_day

CURATE = "curate.html"
TITLE = "What the list lacks"
MOST_SHOWN = 200  # entries: the page stays light at any size of list
GAP_NAMES = {gap.key: gap.name for gap in GAPS}

Rows = tuple[tuple[str, str, int, str, bool], ...]  # page, text, number of entries, note, whether its year is a guess


class GapView(NamedTuple):
    """A gap: how many entries have it, of all in percent, and what it weighs."""

    name: str
    meaning: str
    number: int
    percent: int
    weight: int


class EntryView(NamedTuple):
    """An entry with gaps; `path` leads to its page or its file, `lookups` to where it can be looked up."""

    path: str
    title: str
    file: str
    weight: int
    gaps: tuple[str, ...]
    draft: bool
    lookups: tuple[tuple[str, str], ...]


class TallyView(NamedTuple):
    """Rows with a number each, under a heading; `note` says something of them all."""

    id: str
    title: str
    rows: tuple[Place, ...]
    note: str = ""


class ImportView(NamedTuple):
    """What the last import did."""

    when: str
    files: tuple[tuple[str, str], ...]
    conflicts: tuple[str, ...]
    near: tuple[str, ...]


class CurateView(NamedTuple):
    """The curator's page. `style` and `policy` are those of a page that needs no other file."""

    site: Site
    head: Head
    title: str
    entries: int
    drafts: int
    complete: int
    gaps: tuple[GapView, ...]
    worst: tuple[EntryView, ...]
    rest: int
    tallies: tuple[TallyView, ...]
    last_import: ImportView | None
    style: Markup = Markup("")
    policy: str = ""


def plan(
    press: Press, briefs: Sequence[Brief], tags: Iterable[Tag], last_import: LastImport | None = None
) -> Iterator[OutputFile]:
    """Plan the curator's page of the site; `briefs` are all entries, drafts too.

    What the last import did is told where the page is not to follow from the content alone: while the site is served.
    """
    stats, papers = gather_stats(briefs, tags, last_import, MOST_SHOWN), press.library.papers
    worst = tuple([(*row, f"papers/{row.slug}.html" if row.slug in papers else "") for row in stats.worst[:MOST_SHOWN]])
    said = (stats.entries, stats.drafts, stats.complete, stats.lacking)
    tallies = _tallies(stats, linked=True)
    yield press.page(CURATE, CURATE, _show, said, worst, tallies, _pack_import(stats.last_import))


def write_alone(stats: Stats, templates: Templates, site: Site, style: str, folder: str) -> str:
    """Write the page as one file, styled by a stylesheet's text; `folder` leads to that of the entries' files."""
    element = re.sub(r"(?i)</(?=style)", r"<\\/", style)
    policy = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(element.encode()).digest()).decode()}'"
    worst = tuple([(*row, f"{folder}{row.slug}.md") for row in stats.worst[:MOST_SHOWN]])
    said = (stats.entries, stats.drafts, stats.complete, stats.lacking)
    view = _show(site, CURATE, said, worst, _tallies(stats, linked=False), _pack_import(stats.last_import))
    return templates.render(
        "curate-alone.html", view._replace(style=Markup(f"<style>{element}</style>"), policy=policy)
    )


def _show(
    site: Site,
    path: str,
    said: tuple[int, int, int, tuple[tuple[str, int], ...]],
    worst: Sequence[tuple[Any, ...]],
    tallies: Sequence[tuple[str, str, Rows, str]],
    last_import: tuple[Any, ...] | None,
) -> CurateView:
    """Show the page; `said` counts the entries, the drafts, those that lack nothing, and each gap."""
    entries, drafts, complete, lacking = said
    numbers = dict(lacking)
    gaps = [
        GapView(gap.name, gap.meaning, numbers[gap.key], share_of(numbers[gap.key], entries), gap.weight)
        for gap in GAPS
        if numbers[gap.key]
    ]
    return CurateView(
        site,
        head(path, TITLE, f"What the entries of {site.title} lack.", section="curate"),
        TITLE,
        entries,
        drafts,
        complete,
        gaps=tuple(gaps),
        worst=tuple([_show_entry(*row) for row in worst]),
        rest=entries - complete - len(worst),
        tallies=tuple([
            TallyView(key, title, tuple([Place(*row) for row in rows]), about) for key, title, rows, about in tallies
        ]),
        last_import=ImportView(*last_import) if last_import else None,
    )  # fmt: skip


def _show_entry(weight: int, slug: str, title: str, gaps: tuple[str, ...], draft: bool, path: str) -> EntryView:
    names = tuple(map(GAP_NAMES.__getitem__, gaps))
    return EntryView(path, title, f"{slug}.md", weight, names, draft, look_up_links(title))


def _tallies(stats: Stats, *, linked: bool) -> tuple[tuple[str, str, Rows, str], ...]:
    """Return what is counted beside gaps: tags, years, captures, status. Links lead to the site's lists."""

    def path(text: str) -> str:
        return text if linked else ""

    tags: Rows = tuple([(path(f"tags/{tag.slug}.html"), tag.name, tag.number, "", False) for tag in stats.tags])
    used = [("used once", 1), ("unused", 0)]
    named = [(what, [tag.name for tag in stats.tags if tag.number == number]) for what, number in used]
    about_tags = "; ".join(f"{what}: {', '.join(names)}" for what, names in named if names)
    years: Rows = tuple([
        (path(f"years/{year or 'undated'}.html"), year or "without a date", n, _some(guessed, n), guessed == n)
        for year, n, guessed in stats.years
    ])  # fmt: skip
    captures: Rows = tuple([
        (path(f"days/{day}.html"), show_day(day).text, number, file, bool(guessed))
        for file, day, number, guessed in stats.captures
    ])  # fmt: skip
    statuses: Rows = tuple(
        [("", STATUS_LABELS.get(status, "None"), number, "", False) for status, number in stats.statuses]
    )
    return (
        ("tags", "Tags by use", tags, about_tags),
        ("years", "Years", years, ""),
        ("captures", "Captures", captures, ""),
        ("statuses", "Status", statuses, ""),
    )


def _some(guessed: int, number: int) -> str:
    return f"the year of {guessed} is inferred" if 0 < guessed < number else ""


def _pack_import(told: LastImport | None) -> tuple[Any, ...] | None:
    """Write what an import did as plain values: its day, a line for each file, what disagreed, what was left out."""
    if told is None:
        return None
    files = tuple([(file, ", ".join(f"{number} {name}" for name, number in outcomes)) for file, outcomes in told.files])
    return (told.when, files, told.conflicts, told.near)
