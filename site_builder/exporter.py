"""The way out: entries to bibliographies and tables, whole or by tag, reading path and status.

In: a Config and what was chosen. Out: a text, and the content's Problems. Must not know where the text goes.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from site_builder.config import Config
from site_builder.content.entry import Entry
from site_builder.content.records import write_records
from site_builder.content.store import load_content, load_paths
from site_builder.errors import Problem, SiteBuilderError
from site_builder.formats.bibtex import write_bibtex
from site_builder.formats.csl import write_csl
from site_builder.formats.draft import Draft
from site_builder.formats.ris import write_ris
from site_builder.formats.table import write_table
from site_builder.hints import hint_name
from site_builder.library.texts import render_texts
from site_builder.paper import Tag

Found = TypeVar("Found")

WRITERS: Mapping[str, Callable[[Iterable[Draft]], str]] = {
    "bibtex": partial(write_bibtex, abstracts=True),
    "ris": write_ris,
    "csl": write_csl,
    "csv": write_table,
    "json": write_records,
}


class Selection(NamedTuple):
    """Which entries are exported: those with all of these tags, of one of these statuses, in the order of a path."""

    tags: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    collection: str | None = None


class Export(NamedTuple):
    """A text for other programs, how many entries it holds, and what is wrong with the content."""

    text: str
    entries: int
    problems: tuple[Problem, ...]


def export_entries(config: Config, format_name: str, selection: Selection) -> Export:
    """Write the selected entries, drafts too. Raises SiteBuilderError when there is no such tag or path."""
    content = load_content(config.content)
    names = {name: tag for tag in content.tags for name in (tag.slug, *tag.aliases)}
    wanted = {_find(tag, names, "tag").slug for tag in selection.tags}
    chosen, problems = _order(config, content.entries, selection.collection)
    entries = [
        entry
        for entry in chosen
        if wanted <= {names[slug].slug for slug in entry.paper.tags if slug in names}
        and (not selection.statuses or entry.paper.status in selection.statuses)
    ]
    drafts = [_draft(entry, names) if format_name != "json" else _whole(entry) for entry in entries]
    return Export(WRITERS[format_name](drafts), len(entries), (*content.problems, *problems))


def _order(config: Config, entries: Iterable[Entry], collection: str | None) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a reading path in its order, or all."""
    if collection is None:
        return list(entries), []
    found, problems = load_paths(config.content)
    path = _find(collection, {path.slug: path for path in found}, "reading path")
    by_slug = {entry.paper.slug: entry for entry in entries}
    return [by_slug[step.paper] for step in path.steps if step.paper in by_slug], problems


def _find(name: str, known: Mapping[str, Found], what: str) -> Found:
    if name in known:
        return known[name]
    raise SiteBuilderError(f"there is no {what} `{name}`; {hint_name(name, known, f'there are {len(known)}')}")


def _whole(entry: Entry) -> Draft:
    return Draft(entry.paper, entry.path, 1, notes=entry.notes, given=entry.given)


def _draft(entry: Entry, names: Mapping[str, Tag]) -> Draft:
    """Write an entry as other programs and readers take it: texts repaired, tags by their names."""
    texts, paper = render_texts(entry), entry.paper
    shown = paper._replace(title=texts.title, abstract=texts.abstract, tags=())
    keywords = tuple(dict.fromkeys([names[slug].name for slug in paper.tags if slug in names]))
    return Draft(shown, entry.path, 1, keywords, entry.notes)
