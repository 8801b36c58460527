"""The entries while drafts are merged in, and the ways to find the one that a draft is of.

In: entries, then Papers that records tell of. Out: the entry that is surely the same paper, or those that may be.
Must not know the disk, nor what is done with what was found.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from site_builder.content.entry import Entry
from site_builder.content.slugs import slug_of
from site_builder.formats.identifiers import find_arxiv, without_version
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
        for arxiv in filter(None, (paper.arxiv, find_arxiv(paper.doi or ""))):
            self.by_arxiv.setdefault(without_version(arxiv), slug)
        if paper.doi:
            self.by_doi.setdefault(paper.doi.casefold(), slug)
        if paper.abstract:
            self.by_abstract.setdefault(fold_title(paper.abstract), slug)

    def find(self, paper: Paper, met: Sequence[str] = ()) -> Entry | None:
        """Find the entry of a paper: by arXiv id, DOI, title; one whose title was mended by what was met, or a capture.

        `met` are the slugs under which the paper was imported once. One title is not enough where years or ids differ,
        nor where it is that of several entries.
        """
        by_id = self._by_ids(paper)
        if by_id:
            return by_id[0] if len(by_id) == 1 else None
        same = [self.entries[slug] for slug in self.by_title.get(self.fold(paper.title), [])]
        same = [entry for entry in same if not _difference(entry.paper, paper)]
        if same:
            return same[0] if len(same) == 1 or not any(_difference(same[0].paper, one.paper) for one in same) else None
        for slug in met:
            if present := self.entries.get(slug) or self.entries.get(self.by_alias.get(slug, "")):
                return present
        return self._find_mended(paper)

    def _by_ids(self, paper: Paper) -> list[Entry]:
        """Return the entries that a paper's identifiers name; two when they are of two papers."""
        slugs = [self.by_arxiv.get(without_version(paper.arxiv or "")), self.by_doi.get((paper.doi or "").casefold())]
        return [self.entries[slug] for slug in dict.fromkeys(slugs) if slug]

    def _find_mended(self, paper: Paper) -> Entry | None:
        """Find an entry whose title was mended: by a former slug, or by slug or abstract and a capture of both."""
        moved = self.by_alias.get(slug_of(paper.title))
        if moved and not _difference(self.entries[moved].paper, paper):
            return self.entries[moved]
        own = self.entries.get(slug_of(paper.title))
        was_mended = own and slug_of(own.paper.title) != own.paper.slug
        slugs = [self.by_abstract.get(fold_title(paper.abstract)), own.paper.slug if own and was_mended else None]
        return next((self.entries[slug] for slug in slugs if slug and self._share_capture(slug, paper)), None)

    def _share_capture(self, slug: str, paper: Paper) -> bool:
        """Tell whether a capture that named an entry before this run names the paper."""
        files = {row.file for row in self.entries[slug].paper.captures}
        return slug not in self.fresh and bool(files & {row.file for row in paper.captures})

    def find_near(self, paper: Paper) -> list[Near]:
        """List the entries that may be of a paper that was not found, the likeliest first."""
        near = [Near(entry, "one of its identifiers") for entry in self._by_ids(paper)]
        title = self.fold(paper.title)
        for slug in self.by_title.get(title, []):
            why = _difference(self.entries[slug].paper, paper) or "as another entry has"
            near.append(Near(self.entries[slug], f"the same title, {why}"))
        main = self.fold(_main_title(paper.title))
        longer = self.by_main_title.get(title, []) if main == title else self.by_title.get(main, [])
        near += [Near(self.entries[slug], "the same title but for a subtitle") for slug in longer]
        near += [Near(self.entries[slug], "a title nearly the same") for slug in self._alike(title)]
        abstract = self.by_abstract.get(fold_title(paper.abstract))
        if abstract and len(paper.abstract) >= TELLING_ABSTRACT:
            near.append(Near(self.entries[abstract], "the same abstract"))
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
    for name, ids in (
        ("arXiv", [without_version(one.arxiv) for one in (known, paper) if one.arxiv]),
        ("DOI", [one.doi.casefold() for one in (known, paper) if one.doi]),
    ):
        if len(set(ids)) > 1:
            return f"but {name} {ids[0]}, not {ids[1]}"
    return ""


def _main_title(title: str) -> str:
    return SUBTITLE.split(title, maxsplit=1)[0]
