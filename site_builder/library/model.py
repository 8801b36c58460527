"""The library: all entries of the list, indexed the ways in which readers look for them.

In: entries and tags. Out: a frozen `Library`; its indexes hold slugs. Must not know files or templates.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from site_builder.content.captures import CaptureFact
from site_builder.content.entry import Entry
from site_builder.library.texts import Texts, render_texts
from site_builder.paper import Organization, Paper, Sighting, Tag

Key = TypeVar("Key", str, int, date)


@dataclass(frozen=True, slots=True)
class Library:
    """The list. Every index maps to slugs; `papers` is in title order, the indexes are newest first.

    `texts` holds what is read of each paper, `undated` the slugs without a publication day, `guessed_days` the
    days of capture whose year was inferred.
    """

    entries: Mapping[str, Entry]
    texts: Mapping[str, Texts]
    tags: Mapping[str, Tag]
    by_tag: Mapping[str, tuple[str, ...]]
    by_year: Mapping[int, tuple[str, ...]]
    by_day: Mapping[date, tuple[str, ...]]
    by_organization: Mapping[str, tuple[str, ...]]
    undated: tuple[str, ...]
    organizations: Mapping[str, Organization]
    captures: Mapping[str, CaptureFact]
    guessed_days: frozenset[date]

    @property
    def papers(self) -> list[Paper]:
        """All papers, by title."""
        return [entry.paper for entry in self.entries.values()]

    @property
    def groups(self) -> dict[str, list[Tag]]:
        """The tags by their groups, both in the vocabulary's order."""
        groups: dict[str, list[Tag]] = {}
        for tag in self.tags.values():
            groups.setdefault(tag.group, []).append(tag)
        return groups


def make_library(entries: Iterable[Entry], tags: Iterable[Tag], captures: Mapping[str, CaptureFact]) -> Library:
    """Index the entries that are to be shown: no drafts, tags by their present names, only known tags."""
    vocabulary = {tag.slug: tag for tag in tags}
    present = {name: tag.slug for tag in vocabulary.values() for name in (tag.slug, *tag.aliases)}
    shown = [_with_present_tags(entry, present) for entry in entries if not entry.paper.draft]
    by_title = sorted(shown, key=lambda entry: title_key(entry.paper))
    papers = sorted((entry.paper for entry in by_title), key=_newest_first)
    sightings = [row for paper in papers for row in paper.captures]
    by_tag = _index(papers, lambda paper: paper.tags)
    return Library(
        entries={entry.paper.slug: entry for entry in by_title},
        texts={entry.paper.slug: render_texts(entry) for entry in by_title},
        tags=vocabulary,
        by_tag={slug: by_tag.get(slug, ()) for slug in vocabulary},
        by_year=_descending(_index(papers, lambda p: [p.published.year] if p.published else [])),
        by_day=_descending(_index(papers, lambda p: {row.day for row in p.captures})),
        by_organization=_index(papers, lambda p: [p.organization.handle.casefold()] if p.organization else []),
        undated=tuple(paper.slug for paper in papers if not paper.published),
        organizations={p.organization.handle.casefold(): p.organization for p in papers if p.organization},
        captures=captures,
        guessed_days=frozenset(row.day for row in sightings if row.year == "inferred"),
    )


def recently_added(library: Library) -> list[Paper]:
    """Return all papers, the latest to join the list first, then newest, then by title."""
    papers = sorted(library.papers, key=_newest_first)
    return sorted(papers, key=lambda paper: paper.added or date.min, reverse=True)


def newest_sighting(paper: Paper) -> Sighting | None:
    """Return the latest capture that showed a comment count."""
    shown = [row for row in paper.captures if row.comments_count is not None]
    return max(shown, key=lambda row: row.day, default=None)


def title_key(paper: Paper) -> tuple[str, str]:
    """Order titles as a reader looks for them: without accents, case and leading marks."""
    plain = unicodedata.normalize("NFKD", paper.title)
    letters = "".join(c for c in plain if c.isalnum() or c == " ").casefold()
    return letters.strip(), paper.slug


def _newest_first(paper: Paper) -> int:
    return -paper.published.toordinal() if paper.published else 0


def _with_present_tags(entry: Entry, present: Mapping[str, str]) -> Entry:
    tags = tuple(dict.fromkeys(present[slug] for slug in entry.paper.tags if slug in present))
    return entry if tags == entry.paper.tags else replace(entry, paper=replace(entry.paper, tags=tags))


def _index(papers: Iterable[Paper], keys: Callable[[Paper], Iterable[Key]]) -> dict[Key, tuple[str, ...]]:
    index: dict[Key, list[str]] = {}
    for paper in papers:
        for key in keys(paper):
            index.setdefault(key, []).append(paper.slug)
    return {key: tuple(slugs) for key, slugs in index.items()}


def _descending(index: dict[Key, tuple[str, ...]]) -> dict[Key, tuple[str, ...]]:
    return {key: index[key] for key in sorted(index, reverse=True)}
