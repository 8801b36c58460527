"""stats: the state of the list.

In: what the user typed. Out: tables on the terminal, the same as JSON, or a page in one file.
Must not know how anything is counted.
"""

import json
import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from site_builder.build import make_site, read_catalogue
from site_builder.commands.project import load_project
from site_builder.config import Config
from site_builder.errors import SiteBuilderError, cut_short
from site_builder.excerpts import show_faults
from site_builder.files import read_text, show, write_atomic
from site_builder.importer import load_last_import
from site_builder.library.gaps import GAPS, share_of
from site_builder.library.stats import LastImport, Stats, gather_stats, look_up_links
from site_builder.memory import Memory, open_memory
from site_builder.terminal import count, say, tell_faults

WIDTH = 80
WORST = 20  # entries on a terminal
MADE_HERE = '<meta name="generator" content="site-builder stats">'


def run(given: Namespace) -> None:
    """Tell the state of the list; exits with 1 when the content has faults."""
    config, problems = load_project(given)
    with open_memory(config, dry_run=True) as memory:
        catalogue = read_catalogue(config, memory)
        stats = gather_stats(catalogue.briefs, catalogue.tags, load_last_import(config.content))
        if given.html:
            _write_page(Path(given.html), config, memory, stats)
    if given.json:
        say(json.dumps(show_data(stats), ensure_ascii=False, indent=2))
    elif given.html:
        say(f"open {given.html}")
    else:
        for line in show_tables(stats):
            say(line)
    tell_faults(show_faults((*problems, *catalogue.problems)))


def _write_page(path: Path, config: Config, memory: Memory, stats: Stats) -> None:
    """Write the page in one file. Raises SiteBuilderError when another's file is there."""
    from site_builder.render.assets import load_assets
    from site_builder.render.curate import write_alone
    from site_builder.render.templates import Templates

    if path.exists() and MADE_HERE not in read_text(path)[0]:
        raise SiteBuilderError(f"{show(path)} is there and was not made by this command; name another file")
    style = load_assets(config.templates)["style.css"].decode("utf-8", "replace")
    folder = f"{Path(os.path.relpath(config.content / 'papers', path.absolute().parent)).as_posix()}/"
    site = make_site(config, {}, has_paths=False)
    page = write_alone(stats, Templates(config.templates, memory.keep), site, style, folder)
    write_atomic(path, page.encode())


# ---------------------------------------------------------------- as data


def show_data(stats: Stats) -> dict[str, object]:
    """Show the state of the list as data, all entries with gaps among it."""
    told = stats.last_import
    return {
        "entries": stats.entries,
        "drafts": stats.drafts,
        "complete": stats.complete,
        "gaps": [
            {"key": gap.key, "name": gap.name, "weight": gap.weight, "entries": number}
            for gap, (_, number) in zip(GAPS, stats.lacking, strict=True)
        ],
        "worst": [
            {**row._asdict(), "look_up": dict(look_up_links(row.title))} for row in stats.worst
        ],
        "tags": [use._asdict() for use in stats.tags],
        "years": [{"year": year or None, "entries": n, "inferred": guessed} for year, n, guessed in stats.years],
        "captures": [
            {"file": file, "day": day, "entries": n, "inferred": guessed} for file, day, n, guessed in stats.captures
        ],
        "statuses": {status or "none": number for status, number in stats.statuses},
        "last_import": told and {**told._asdict(), "files": [{"file": f, "outcomes": dict(o)} for f, o in told.files]},
    }  # fmt: skip


# ---------------------------------------------------------------- as tables


def show_tables(stats: Stats) -> Iterator[str]:
    """Show the state of the list in tables that are no wider than a terminal."""
    yield f"{count(stats.entries, 'entry', 'entries')}, {count(stats.drafts, 'draft')}, {stats.complete} lack nothing"
    names = {gap.key: gap.name for gap in GAPS}
    rows = [(gap.name, n, f"{share_of(n, stats.entries)} %", gap.weight)
            for gap, (_, n) in zip(GAPS, stats.lacking, strict=True) if n]  # fmt: skip
    yield from _table("What entries lack", ("", "entries", "share", "weight"), rows)
    shown = stats.worst[:WORST]
    if shown:
        yield f"\nWorst first{f' ({WORST} of {len(stats.worst)}; --json has all)' if len(stats.worst) > WORST else ''}"
    for row in shown:
        yield f"{row.weight:4}  {cut_short(row.slug, WIDTH - 6)}"
        yield from _paragraph(f"{'draft, ' if row.draft else ''}lacks", map(names.__getitem__, row.gaps))
    yield from _tag_tables(stats)
    years = [(year or "no date", number, guessed or "") for year, number, guessed in stats.years]
    yield from _table("Years", ("", "entries", "inferred"), years)
    captures = [(cut_short(file, 40), day, n, guessed or "") for file, day, n, guessed in stats.captures]
    yield from _table("Captures", ("", "day", "entries", "inferred"), captures)
    yield from _table("Status", ("", "entries"), [(status or "none", number) for status, number in stats.statuses])
    if stats.last_import:
        yield from _last_import(stats.last_import)


def _tag_tables(stats: Stats) -> Iterator[str]:
    used = [use for use in stats.tags if use.number]
    half = -(-len(used) // 2)
    cells = [f"{use.number:5}  {cut_short(use.slug, 30)}" for use in used]
    if used:
        yield "\nTags by use"
    for left, right in zip(cells[:half], [*cells[half:], ""], strict=False):
        yield f"{left:40}{right}".rstrip()
    for what, numbers in (("used once:", 1), ("unused:", 0)):
        slugs = [use.slug for use in stats.tags if use.number == numbers]
        if slugs:
            yield from _paragraph(what, slugs)


def _last_import(told: LastImport) -> Iterator[str]:
    yield f"\nLast import{f', {told.when}' if told.when else ''}"
    for file, outcomes in told.files:
        yield f"  {cut_short(file, WIDTH - 2)}"
        yield from _paragraph("", [f"{name} {number}" for name, number in outcomes])
    for what, lines in (("disagreed", told.conflicts), ("left out", told.near)):
        for line in lines:
            yield from wrap(f"{what}: {line}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _paragraph(what: str, parts: Iterable[str]) -> list[str]:
    return wrap(f"{what} {', '.join(parts)}".strip(), WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6,
                break_on_hyphens=False)  # fmt: skip


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Lay out rows in aligned columns: the first and days to the left, numbers to the right."""
    if not rows:
        return
    yield f"\n{title}"
    cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    for row in cells:
        shown = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield f"  {'  '.join(shown)}".rstrip()
