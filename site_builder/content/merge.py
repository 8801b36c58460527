"""Drafts joined to the entries that are there, so that nothing a person wrote is touched.

In: entries, and draft Papers of one capture. Out: for each draft what became of it, and the entries as they
should be now. Must not know the disk or the format that a draft came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from site_builder.content.entry import SIGHTING, SIGHTING_FIELDS, Entry, edit_entry, write_entry
from site_builder.content.frontmatter import append_item, replace_in_item
from site_builder.content.slugs import make_slug, slug_of
from site_builder.errors import Problem
from site_builder.paper import Paper, Sighting, fold_title

# What a draft may fill in when the entry does not say it. `published` brings its year's mark along.
FILLED = (
    "abstract",
    "published",
    "authors",
    "authors_count",
    "organization",
    "comments_count",
    "links",
    "arxiv",
    "doi",
)
COMPARED = tuple(key for key in ("title", *FILLED) if key not in ("links", "comments_count"))

TELLING_ABSTRACT = 200  # characters that no two papers share

Outcome = Literal["new", "merged", "unchanged", "conflict"]
OUTCOMES: tuple[Outcome, ...] = ("new", "merged", "unchanged", "conflict")


class Conflict(NamedTuple):
    """A value that an entry and a draft disagree about; the entry's stays."""

    path: str
    key: str
    kept: str
    offered: str

    def __str__(self) -> str:
        """One line with both values."""
        return f"{self.path}: {self.key}: kept {_shorten(self.kept)}, the capture says {_shorten(self.offered)}"


@dataclass(slots=True)
class Shelf:
    """The entries by slug while drafts are merged in, and the ways to find one.

    `broken` holds the slugs of files that could not be read: they are never written to, nor doubled.
    """

    folder: str
    entries: dict[str, Entry] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    by_title: dict[str, str] = field(default_factory=dict)
    by_abstract: dict[str, str] = field(default_factory=dict)
    by_alias: dict[str, str] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)

    def put(self, entry: Entry) -> None:
        """Add an entry, or put its newer version in its place."""
        paper = entry.paper
        self.entries[paper.slug] = entry
        self.by_title.setdefault(fold_title(paper.title), paper.slug)
        self.by_alias.update(dict.fromkeys(paper.aliases, paper.slug))
        if paper.abstract:
            self.by_abstract.setdefault(fold_title(paper.abstract), paper.slug)

    def find(self, draft: Paper) -> Entry | None:
        """Find the entry of a draft: by folded title; when that was mended, by the abstract, an alias or the slug.

        A short abstract, and a slug, tell a paper only together with a capture that both name.
        """
        slug = self.by_title.get(fold_title(draft.title))
        if slug:
            return self.entries[slug]
        slug = self.by_abstract.get(fold_title(draft.abstract))
        if slug and (_share_capture(self.entries[slug], draft) or len(draft.abstract) >= TELLING_ABSTRACT):
            return self.entries[slug]
        if moved := self.by_alias.get(slug_of(draft.title)):
            return self.entries[moved]
        entry = self.entries.get(slug_of(draft.title))
        was_mended = entry and slug_of(entry.paper.title) != entry.paper.slug
        return entry if entry and was_mended and _share_capture(entry, draft) else None


def _share_capture(entry: Entry, draft: Paper) -> bool:
    return bool({row.file for row in draft.captures} & {row.file for row in entry.paper.captures})


def open_shelf(folder: str, entries: Iterable[Entry], broken: Iterable[str] = ()) -> Shelf:
    """Put entries on a shelf; `folder` is where the messages say that new ones lie."""
    shelf = Shelf(folder, broken=frozenset(broken))
    for entry in entries:
        shelf.put(entry)
    return shelf


def merge_draft(shelf: Shelf, draft: Paper) -> tuple[Outcome, list[Conflict], list[Problem]]:
    """Merge one draft: a new entry, gaps of a known one filled, or nothing; disagreements are listed."""
    entry = shelf.find(draft)
    if entry is None:
        return _add(shelf, draft)
    conflicts = _conflicts(entry, draft)
    changes = _changes(entry, draft)
    if not changes:
        return ("conflict" if conflicts else "unchanged"), conflicts, []
    try:
        shelf.put(_apply(entry, changes, fresh=entry.paper.slug in shelf.fresh))
    except ValueError as error:
        hint = "mend the entry and import again: " + ", ".join(changes)
        return "conflict", conflicts, [Problem(entry.path, 1, 1, f"cannot be filled in: {error}", hint)]
    return ("conflict" if conflicts else "merged"), conflicts, []


def _add(shelf: Shelf, draft: Paper) -> tuple[Outcome, list[Conflict], list[Problem]]:
    if slug_of(draft.title) in shelf.broken:
        path = f"{shelf.folder}/{slug_of(draft.title)}.md"
        message = f"cannot be read, so `{draft.title}` was not imported"
        return "conflict", [], [Problem(path, 0, 0, message, "mend the file and import again")]
    slug = make_slug(draft.title, shelf.entries.keys() | shelf.broken)
    paper = draft._replace(slug=slug)
    shelf.put(Entry(paper, f"{shelf.folder}/{slug}.md", write_entry(paper)))
    shelf.fresh.add(slug)
    return "new", [], []


def _apply(entry: Entry, changes: dict[str, Any], *, fresh: bool) -> Entry:
    """Change an entry: one that this run made is written anew, one from the disk is edited in its text."""
    if fresh:
        paper = entry.paper._replace(**changes)
        return Entry(paper, entry.path, write_entry(paper), entry.notes)
    grown = _set_captures(entry, changes["captures"]) if "captures" in changes else entry
    return edit_entry(grown, {key: value for key, value in changes.items() if getattr(grown.paper, key) != value})


def _set_captures(entry: Entry, captures: tuple[Sighting, ...]) -> Entry:
    """Change and add rows of `captures` one by one, so that the others, and every comment, keep every byte."""
    text, old = entry.text, entry.paper.captures
    try:
        for number, row in enumerate(captures):
            if number >= len(old):
                text = append_item(text, "captures", SIGHTING.write(row).strip())
                continue
            for field_row in SIGHTING_FIELDS:
                value = getattr(row, field_row.key)
                if value != getattr(old[number], field_row.key):
                    written = None if value is None else field_row.kind.write(value).strip()
                    text = replace_in_item(text, "captures", number, field_row.key, written)
    except ValueError:  # written in another style: the field is replaced whole
        return entry
    return entry._replace(paper=entry.paper._replace(captures=captures), text=text)


def _changes(entry: Entry, draft: Paper) -> dict[str, Any]:
    """Return the fields of an entry that a draft fills, and its sightings with the draft's.

    A field that is there and empty (`links: {}`) is not a gap: the curator wants it so.
    """
    paper = entry.paper
    changes = {
        key: getattr(draft, key)
        for key in FILLED
        if key not in entry.given and not _is_known(getattr(paper, key)) and _is_known(getattr(draft, key))
    }
    if _is_later_guess(paper, draft):
        changes["published"] = draft.published
    if "published" in changes and draft.published_year != paper.published_year:
        changes["published_year"] = draft.published_year
    captures = _with_sightings(paper.captures, draft.captures)
    if captures != paper.captures:
        changes["captures"] = captures
    if paper.added in (None, _first_day(paper.captures)):  # else the curator set it
        changes["added"] = _first_day(captures) or draft.added
    return {key: value for key, value in changes.items() if value != getattr(paper, key)}


def _with_sightings(known: tuple[Sighting, ...], drafted: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
    """Add sightings in captures that are not listed yet; a guess gives way to a guess, all to a stated day."""
    rows = {row.file: row for row in known}
    for row in drafted:
        if row.file not in rows or rows[row.file].year == "inferred" or row.year is None:
            rows[row.file] = row
    return tuple(rows.values())


def _first_day(captures: tuple[Sighting, ...]) -> date | None:
    return min((row.day for row in captures), default=None)


def _is_later_guess(paper: Paper, draft: Paper) -> bool:
    """Tell whether the draft knows better than an entry whose year was inferred."""
    if paper.published_year != "inferred" or not (paper.published and draft.published):
        return False
    same_day = (paper.published.month, paper.published.day) == (draft.published.month, draft.published.day)
    return same_day and (paper.published != draft.published or draft.published_year is None)


def _conflicts(entry: Entry, draft: Paper) -> list[Conflict]:
    """List the fields that both know and that differ."""
    paper = entry.paper
    keys = [key for key in COMPARED if not (key == "published" and _is_later_guess(paper, draft))]
    pairs = [(key, getattr(paper, key), getattr(draft, key)) for key in keys]
    known = {row.file: row.day for row in paper.captures if row.year is None}
    days = [(known[row.file], row.day) for row in draft.captures if row.file in known and row.year == "inferred"]
    doubted = [Conflict(entry.path, "captures", f"{mine}", f"{day}, inferred") for mine, day in days if mine != day]
    return doubted + [
        Conflict(entry.path, key, str(kept), str(offered))
        for key, kept, offered in pairs
        if _is_known(kept) and _is_known(offered) and kept != offered
        if key != "title" or fold_title(kept) != fold_title(offered)
    ]


def _is_known(value: Any) -> bool:
    return value not in (None, (), "")


def _shorten(text: str) -> str:
    return f"`{text}`" if len(text) <= 60 else f"`{text[:40]}…{text[-18:]}`"
