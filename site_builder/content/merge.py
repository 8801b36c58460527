"""Drafts joined to the entries that are there, so that nothing a person wrote is touched.

In: entries, and drafts. Out: for each draft what became of it, and the entries as they should be now. Must not know
the disk or the format that a draft came from.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from site_builder.content.entry import ROWS, SIGHTING, SIGHTING_FIELDS, Entry, edit_entry, write_entry
from site_builder.content.frontmatter import append_item, replace_in_item
from site_builder.content.imported import Imported
from site_builder.content.match import Near, Shelf
from site_builder.content.slugs import is_name, make_slug, slug_of
from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.extra import OTHERS, variables_of
from site_builder.formats.identifiers import without_version
from site_builder.kinds import RESERVED_SLUGS
from site_builder.paper import LINK_KINDS, Paper, PartialDate, Sighting, fold_title, is_placeholder

# What a draft may fill in when the entry does not say it. `published` brings its year's mark along.
FILLED = tuple(key for key in ROWS if key not in ("title", "published_year", "captures", "added", "aliases"))
# What an entry and a draft may disagree about.
COMPARED = (
    "title",
    *[key for key in FILLED if key not in ("comments_count", "featured", "draft")],
)

# What a bibliography says of every record: nothing for which an entry on the list needs to grow.
INCIDENTAL = frozenset({"type", "citation-key", "keyword", "language"})

Outcome = Literal["new", "merged", "unchanged", "conflict", "near", "removed"]
OUTCOMES: tuple[Outcome, ...] = ("new", "merged", "unchanged", "conflict", "near", "removed")
Answer = Literal["same", "new", "later"]  # whether a draft is the paper that it is near to


class Conflict(NamedTuple):
    """A value that an entry and a draft disagree about; the entry's stays. `source` is the draft's file and line."""

    path: str
    key: str
    kept: str
    offered: str
    source: str = ""

    def __str__(self) -> str:
        """One line with both values."""
        return f"{self.path}: {self.key}: kept {_shorten(self.kept)}, {self.source} says {_shorten(self.offered)}"


def leave_open(_draft: Draft, _near: Near) -> Answer:
    """Decide nothing: the draft is listed and left out."""
    return "later"


class How(NamedTuple):
    """How drafts are merged: what was imported once, the fields in which a draft is believed, who decides when near.

    `today` is when a paper joins the list that no capture shows.
    """

    imported: Imported
    preferred: frozenset[str] = frozenset()
    ask: Callable[[Draft, Near], Answer] = leave_open
    today: date | None = None


class Merged(NamedTuple):
    """What became of a draft: its entry's path, the fields that changed, what disagrees, what it may be, its faults."""

    outcome: Outcome
    path: str = ""
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    near: tuple[Near, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge_draft(shelf: Shelf, draft: Draft, how: How) -> Merged:
    """Merge one draft: a new entry, gaps of a known one filled, or nothing; disagreements are listed."""
    met = how.imported.find(draft.paper)
    entry = shelf.find(draft.paper, met)
    if entry:
        return _merge_into(shelf, entry, draft, how)
    broken = [slug for slug in (*met, slug_of(draft.paper.title)) if slug in shelf.broken]
    if broken:
        path = f"{shelf.folder}/{broken[0]}.md"
        message = f"cannot be read, so `{draft.paper.title}` was not imported"
        return Merged("conflict", path, problems=(Problem(path, 0, 0, message, "mend the file and import again"),))
    if met and not any(slug in shelf.entries or slug in shelf.by_alias for slug in met):
        return Merged("removed")
    near = shelf.find_near(draft.paper)
    for one in near:
        answer = how.ask(draft, one)
        if answer == "same":
            return _merge_into(shelf, one.entry, draft, how)
        if answer == "new":
            return _add(shelf, draft, how.today)
    return Merged("near", near=tuple(near)) if near else _add(shelf, draft, how.today)


def _add(shelf: Shelf, draft: Draft, today: date | None) -> Merged:
    slug, taken = draft.paper.slug, shelf.entries.keys() | shelf.broken
    if not is_name(slug) or slug in taken or slug in RESERVED_SLUGS:
        slug = make_slug(draft.paper.title, taken)
    paper = draft.paper._replace(slug=slug, added=draft.paper.added or today)
    entry = Entry(
        paper, f"{shelf.folder}/{slug}.md", write_entry(paper, draft.notes, draft.given), draft.notes, draft.given
    )
    shelf.put(entry)
    shelf.fresh.add(slug)
    return Merged("new", entry.path)


def _merge_into(shelf: Shelf, entry: Entry, draft: Draft, how: How) -> Merged:
    """Merge a draft into its entry."""
    conflicts = _conflicts(shelf, entry, draft)
    changes = _changes(entry, draft.paper)
    for conflict in conflicts:
        if conflict.key in how.preferred:
            changes[conflict.key] = _prefer(conflict.key, entry.paper, draft.paper)
    _leave_doubtful_names(changes, conflicts)
    if "published" in changes and draft.paper.published_year != entry.paper.published_year:
        changes["published_year"] = draft.paper.published_year
    left = tuple([conflict for conflict in conflicts if conflict.key not in changes])
    problems: tuple[Problem, ...] = ()
    if changes:
        try:
            shelf.put(_apply(entry, changes, fresh=entry.paper.slug in shelf.fresh))
        except ValueError as error:
            hint = "mend the entry and import again: " + ", ".join(changes)
            problems = (Problem(entry.path, 1, 1, f"cannot be filled in: {error}", hint),)
            return Merged("conflict", entry.path, (), left, (), problems)
    outcome: Outcome = "conflict" if left else "merged" if changes else "unchanged"
    return Merged(outcome, entry.path, tuple(changes), left)


def _prefer(key: str, paper: Paper, drafted: Paper) -> Any:
    """Return the value that a draft gives a field in which it is believed; what it does not speak of stays."""
    if key == "links":
        kinds = {link.kind for link in drafted.links}
        links = [*[link for link in paper.links if link.kind not in kinds], *drafted.links]
        return tuple(sorted(links, key=lambda link: LINK_KINDS.index(link.kind)))
    if key == "extra":
        variables = {**variables_of(paper), **variables_of(drafted)}
        return {**paper.extra, **drafted.extra, **({"csl": variables} if variables else {})}
    return getattr(drafted, key)


def _apply(entry: Entry, changes: dict[str, Any], *, fresh: bool) -> Entry:
    """Change an entry: one that this run made is written anew, one from the disk is edited in its text."""
    if fresh:
        paper = entry.paper._replace(**changes)
        return Entry(paper, entry.path, write_entry(paper, entry.notes, entry.given), entry.notes, entry.given)
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


def _changes(entry: Entry, drafted: Paper) -> dict[str, Any]:
    """Return the fields of an entry that a draft fills, and its sightings with the draft's.

    A field that is there and empty (`links: {}`) is not a gap: the curator wants it so.
    """
    paper = entry.paper
    changes = {
        key: getattr(drafted, key)
        for key in FILLED
        if key not in entry.given and not _is_known(getattr(paper, key)) and _is_known(getattr(drafted, key))
    }
    if drafted.extra.keys() <= {"csl"} and variables_of(drafted).keys() <= INCIDENTAL:
        changes.pop("extra", None)
    if drafted.extra.keys() <= {"csl"} and paper.extra.keys() <= {"csl"}:
        changes |= _fill_variables(paper, drafted)
    if not drafted.captures and paper.links:  # what a capture's abstract links to, the curator may have taken away
        kinds = {link.kind for link in paper.links}
        changes["links"] = (*paper.links, *[link for link in drafted.links if link.kind not in kinds])
    if "links" in changes:  # as they are written: by kind
        changes["links"] = tuple(sorted(changes["links"], key=lambda link: LINK_KINDS.index(link.kind)))
    if is_placeholder(paper.title) and not is_placeholder(drafted.title):
        changes["title"] = drafted.title
    if paper.authors and drafted.authors_count == len(paper.authors):
        changes.pop("authors_count", None)  # the names say it
    if _is_later_guess(paper, drafted) or _is_finer(paper, drafted):
        changes["published"] = drafted.published
    captures = _with_sightings(paper.captures, drafted.captures)
    if captures != paper.captures:
        changes["captures"] = captures
    if paper.added in (None, _first_day(paper.captures)):  # else the curator set it
        changes["added"] = _first_day(captures) or drafted.added
    return {key: value for key, value in changes.items() if value != getattr(paper, key)}


def _fill_variables(paper: Paper, drafted: Paper) -> dict[str, Any]:
    """Return `extra` with what a bibliography says and the entry does not, when that is more than incidental."""
    known = variables_of(paper)
    new = {name: value for name, value in variables_of(drafted).items() if name not in known}
    return {"extra": {"csl": {**known, **new}}} if known and not new.keys() <= INCIDENTAL else {}


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


def _is_finer(paper: Paper, drafted: Paper) -> bool:
    """Tell whether the draft knows the month or day of what the entry knows the year or month."""
    mine, theirs = paper.published, drafted.published
    if not isinstance(mine, PartialDate) or not theirs or paper.published_year != drafted.published_year:
        return False
    return theirs != mine and theirs.isoformat().startswith(mine.isoformat())


def _conflicts(shelf: Shelf, entry: Entry, draft: Draft) -> list[Conflict]:
    """List the fields that both know and that differ."""
    paper, drafted, source = entry.paper, draft.paper, f"{draft.path}:{draft.line}"
    passed = {"published"} if _is_later_guess(paper, drafted) or _is_finer(paper, drafted) else set()
    passed |= {"title"} if is_placeholder(paper.title) or is_placeholder(drafted.title) else set()
    passed |= {"links"} if drafted.captures else set()  # lifted from the abstract, where the curator saw them
    passed |= {"tags"} if draft.keywords else set()  # they are not all that a curator would give
    keys = [key for key in COMPARED if key not in passed]
    pairs = [(key, getattr(paper, key), getattr(drafted, key)) for key in keys]
    if not paper.authors and drafted.authors_count is None and not variables_of(drafted).get(OTHERS):
        pairs.append(("authors_count", paper.authors_count, len(drafted.authors) or None))
    known = {row.file: row.day for row in paper.captures if row.year is None}
    days = [(known[row.file], row.day) for row in drafted.captures if row.file in known and row.year == "inferred"]
    doubted = [
        Conflict(entry.path, "captures", f"{mine}", f"{day}, inferred", source) for mine, day in days if mine != day
    ]
    return doubted + [
        Conflict(entry.path, key, _show(kept), _show(offered), source)
        for key, kept, offered in pairs
        if _is_known(kept) and _is_known(offered) and not _agree(shelf, key, kept, offered)
    ]


def _agree(shelf: Shelf, key: str, kept: Any, offered: Any) -> bool:
    """Tell whether two values of a field say the same: as readers see them, or one in fewer words."""
    match key:
        case "title" | "abstract":
            return kept == offered or shelf.fold(kept) == shelf.fold(offered)
        case "published":
            return bool(kept.isoformat().startswith(offered.isoformat()))
        case "arxiv":
            return without_version(kept) == without_version(offered)
        case "doi":
            return bool(kept.casefold() == offered.casefold())
        case "authors":
            return len(kept) == len(offered) and all(map(_is_same_name, kept, offered))
        case "tags":
            return set(kept) == set(offered)
        case "links":
            kinds = {link.kind for link in kept}
            return {link for link in offered if link.kind in kinds} <= {*kept}
        case "extra":
            return _agree_beside(kept, offered)
    return bool(kept == offered)


def _agree_beside(kept: Mapping[str, Any], offered: Mapping[str, Any]) -> bool:
    """Tell whether an entry's `extra` says what a draft's does; what can be added to it is no disagreement."""
    found = [extra.get("csl") for extra in (kept, offered)]
    mine, theirs = [variables if isinstance(variables, Mapping) else {} for variables in found]
    is_own = not kept.keys() <= {"csl"}  # the curator's own data, which nothing is added to
    telling = [(name, value) for name, value in theirs.items() if name not in INCIDENTAL]
    return all(mine[name] == value if name in mine else not is_own for name, value in telling) and all(
        kept.get(name) == value for name, value in offered.items() if name != "csl"
    )


def _is_same_name(one: str, other: str) -> bool:
    """Tell whether two names may be a person's: `J. Smith` and `Jane Smith`."""
    names = [fold_title(name.split()[-1]) for name in (one, other)]
    return names[0] == names[1] and one[:1].casefold() == other[:1].casefold()


def _is_known(value: Any) -> bool:
    return value is not None and value is not False and value not in ((), "", {})


def _show(value: Any) -> str:
    """Write a value for people."""
    return ", ".join(map(str, value)) if type(value) is tuple else str(value)


def _shorten(text: str) -> str:
    return f"`{text}`" if len(text) <= 60 else f"`{text[:40]}…{text[-18:]}`"


def _leave_doubtful_names(changes: dict[str, Any], conflicts: list[Conflict]) -> None:
    """Leave authors out who are not as many as the entry counts, unless the draft is believed in that."""
    if any(conflict.key == "authors_count" for conflict in conflicts) and "authors_count" not in changes:
        changes.pop("authors", None)
