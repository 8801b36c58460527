"""The entries while drafts are merged in, and the ways to find the one that a draft is of.

In: entries, then Papers that records tell of. Out: the entry that is surely the same paper, or those that may be.
Must not know the disk, nor what is done with what was found.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from site_builder.content.entry import Entry
from site_builder.content.slugs import slug_of
from site_builder.formats.identifiers import without_version
from site_builder.paper import Paper, fold_title

TELLING_ABSTRACT = 200  # characters that no two papers share
ALIKE = 0.9  # of the characters of two titles, from which on one may be the other mistyped
MOST_NEAR = 3
SUBTITLE = re.compile(r":\s|\?\s|\s[-–—]+\s")  # what parts a title from its subtitle


class Near(NamedTuple):
    """An entry that may be of the same paper as a draft, and why it may or may not be."""

    entry: Entry
    why: str


@dataclass(slots=True)
class Shelf:
    """The entries by slug, and by all that tells a paper.

    `readable` repairs a text as readers see it, so that `Pok\\'emon` and `Pokémon` are one. `broken` holds the slugs of
    files that could not be read: they are never written to, nor doubled. `fresh` are those that this run made.
    """

    folder: str
    readable: Callable[[str], str] = str
    entries: dict[str, Entry] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    fresh: set[str] = field(default_factory=set)
    by_arxiv: dict[str, str] = field(default_factory=dict)
    by_doi: dict[str, str] = field(default_factory=dict)
    by_title: dict[str, list[str]] = field(default_factory=dict)
    by_main_title: dict[str, list[str]] = field(default_factory=dict)
    by_abstract: dict[str, str] = field(default_factory=dict)
    by_alias: dict[str, str] = field(default_factory=dict)
    folded: dict[str, str] = field(default_factory=dict)

    def fold(self, text: str) -> str:
        """Fold a text so that two spellings of what readers see are equal."""
        return fold_title(self.readable(text))

    def put(self, entry: Entry) -> None:
        """Add an entry, or put its newer version in its place."""
        paper = entry.paper
        slug, title = paper.slug, self.fold(paper.title)
        self.entries[slug] = entry
        self.folded[slug] = title
        for index, key in ((self.by_title, title), (self.by_main_title, self.fold(_main_title(paper.title)))):
            if slug not in index.setdefault(key, []):
                index[key].append(slug)
        self.by_alias.update(dict.fromkeys(paper.aliases, slug))
        if paper.arxiv:
            self.by_arxiv.setdefault(without_version(paper.arxiv), slug)
        if paper.doi:
            self.by_doi.setdefault(paper.doi.casefold(), slug)
        if paper.abstract:
            self.by_abstract.setdefault(fold_title(paper.abstract), slug)

    def find(self, paper: Paper) -> Entry | None:
        """Find the entry of a paper: by arXiv id, DOI, title; when that was mended, by abstract, alias or slug.

        One title is not enough where years or arXiv ids differ. A short abstract, and a slug, tell a paper only
        together with a capture that both name.
        """
        slug = self.by_arxiv.get(without_version(paper.arxiv or "")) or self.by_doi.get((paper.doi or "").casefold())
        if slug:
            return self.entries[slug]
        for slug in self.by_title.get(self.fold(paper.title), []):
            if not _difference(self.entries[slug].paper, paper):
                return self.entries[slug]
        slug = self.by_abstract.get(fold_title(paper.abstract)) if paper.abstract else None
        if slug and (_share_capture(self.entries[slug], paper) or len(paper.abstract) >= TELLING_ABSTRACT):
            return self.entries[slug]
        moved = self.by_alias.get(slug_of(paper.title))
        if moved and not _difference(self.entries[moved].paper, paper):
            return self.entries[moved]
        entry = self.entries.get(slug_of(paper.title))
        was_mended = entry and slug_of(entry.paper.title) != entry.paper.slug
        return entry if entry and was_mended and _share_capture(entry, paper) else None

    def find_near(self, paper: Paper) -> list[Near]:
        """List the entries that may be of a paper that was not found, the likeliest first."""
        title = self.fold(paper.title)
        near = [
            Near(self.entries[slug], f"the same title, {_difference(self.entries[slug].paper, paper)}")
            for slug in self.by_title.get(title, [])
        ]
        main = self.fold(_main_title(paper.title))
        longer = self.by_main_title.get(title, []) if main == title else self.by_title.get(main, [])
        near += [Near(self.entries[slug], "the same title but for a subtitle") for slug in longer]
        near += [Near(self.entries[slug], "a title nearly the same") for slug in self._alike(title)]
        first = {found.entry.paper.slug: found for found in reversed(near)}
        return sorted(first.values(), key=near.index)[:MOST_NEAR]

    def _alike(self, title: str) -> list[str]:
        """Return the slugs of titles that are like this one, the likest first."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        scorer = Levenshtein.normalized_similarity
        scored = process.extract(title, self.folded, scorer=scorer, score_cutoff=ALIKE, limit=None)
        return [slug for found, _, slug in scored if is_alike(found, title)]


def is_alike(one: str, other: str) -> bool:
    """Tell whether a few slips of the fingers make one folded title of the other; other numbers are none."""
    from rapidfuzz.distance import Levenshtein

    has_same_numbers = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    return has_same_numbers and Levenshtein.normalized_similarity(one, other) >= ALIKE


def open_shelf(
    folder: str, entries: Iterable[Entry], broken: Iterable[str] = (), readable: Callable[[str], str] = str
) -> Shelf:
    """Put entries on a shelf; `folder` is where the messages say that new ones lie."""
    shelf = Shelf(folder, readable, broken=frozenset(broken))
    for entry in entries:
        shelf.put(entry)
    return shelf


def _difference(known: Paper, paper: Paper) -> str:
    """Say what tells two papers of one title apart; nothing when nothing does."""
    years = [one.published.year for one in (known, paper) if one.published and one.published_year != "inferred"]
    if len(set(years)) > 1:
        return f"but of {years[0]}, not {years[1]}"
    ids = [without_version(one.arxiv) for one in (known, paper) if one.arxiv]
    return f"but arXiv {ids[0]}, not {ids[1]}" if len(set(ids)) > 1 else ""


def _main_title(title: str) -> str:
    return SUBTITLE.split(title, maxsplit=1)[0]


def _share_capture(entry: Entry, paper: Paper) -> bool:
    return bool({row.file for row in paper.captures} & {row.file for row in entry.paper.captures})
