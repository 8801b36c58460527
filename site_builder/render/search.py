"""The search index and what its results show, as files of the site.

In: the press, the papers as they were taken in, the last build's index. Out: OutputFiles, and the index for the
next build. Must not know how an index is made, nor how results look.

META names all others, and is the last to be written: whatever moment a build is killed at, what it names is there.
Its own name never changes, so that no page has to change when the index does.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from site_builder.intake import Row, Shelf
from site_builder.keep import digest, seal
from site_builder.render.assets import hashed_path
from site_builder.render.output import OutputFile
from site_builder.render.press import Press, Sheet, TagNames
from site_builder.search.facets import write_facets
from site_builder.search.index import (
    Document,
    Index,
    Piece,
    Words,
    change_index,
    count_letters,
    describe,
    make_index,
    script,
    write_lengths,
    write_piece,
)
from site_builder.search.numbers import number_papers
from site_builder.search.postings import DIGITS
from site_builder.search.words import add_tags, tag_words

META = "search/meta.js"


def plan_search(
    press: Press, rows: Mapping[str, Row], shelf: Shelf, before: Index | None
) -> tuple[list[OutputFile], Index]:
    """Plan the pieces of the index, the papers' results, and the file by which the browser finds them.

    Returns the index too, for the next build.
    """
    numbers = number_papers(press.sheets)
    slugs = {number: slug for slug, number in numbers.items()}
    shown = {n: rows[f"{slug}.md"] for slug, n in numbers.items()}
    documents = {n: _document(press.sheets[slugs[n]], row) for n, row in shown.items()}
    pieces = _Pieces(documents, shown, shelf)
    index = pieces.update(before)
    files = [
        OutputFile(f"search/t/{key}.js", "search", digest(key), partial(pieces.script, key)) for _, key in index.pieces
    ]
    letters = count_letters(len(documents))
    few = b"few" if letters < len(DIGITS) else b""  # then each result's mark is another
    for number, document in documents.items():
        sheet = press.sheets[slugs[number]]
        render = partial(_write_result, number, document.check(letters), sheet, shelf)
        files.append(OutputFile(f"search/d/{number}.js", "search", document.shown + few, render))
    named = {
        "lengths": _hashed("lengths", write_lengths(index)),
        "terms": _hashed("terms", " ".join(index.terms)),
        "facets": _hashed("facets", write_facets(press.library, numbers)),
    }
    data = script("meta", describe(index) | {name: file.path.split(".")[1] for name, file in named.items()})
    last = OutputFile(META, "search", digest(data), lambda: data, names_others=True)
    return [*files, *named.values(), last], index


class _Lost(Exception):
    """Something that the last build kept is not there any more."""


class _Pieces:
    """The index's pieces: made now, kept from before, or, when they were lost, made again."""

    def __init__(self, documents: Mapping[int, Document], rows: Mapping[int, Row], shelf: Shelf) -> None:
        self.documents, self.rows, self.shelf = documents, rows, shelf
        self.made: dict[str, Piece] = {}

    def update(self, before: Index | None) -> Index:
        """Make the index, of the last build's as far as that serves."""
        try:
            index, self.made = (
                change_index(before, self.documents, self._words_before(before), self._words, self._kept)
                if before
                else make_index(self.documents, self._words)
            )
        except _Lost:
            index, self.made = make_index(self.documents, self._words)
        self.shelf.keep.put([seal(digest("piece", key), piece) for key, piece in self.made.items()])
        return index

    def script(self, key: str) -> bytes:
        """Write a piece as the browser loads it."""
        if key not in self.made:
            try:
                self.made[key] = self._kept(key)
            except _Lost:
                self.made = make_index(self.documents, self._words)[1]
        return script(f"t/{key}", write_piece(self.made[key]))

    def _kept(self, key: str) -> Piece:
        piece: Piece | None = self.shelf.keep.get(digest("piece", key))
        if piece is None:
            raise _Lost
        return piece

    def _words(self, number: int) -> Words:
        return add_tags(self.shelf.words(self.rows[number]), self.documents[number].tags)

    def _words_before(self, index: Index) -> Callable[[int], Words]:
        def words(number: int) -> Words:
            document = index.documents[number]
            known = self.shelf.words_before(document.content)
            if known is None:
                raise _Lost
            return add_tags(known, document.tags)

        return words


def _document(sheet: Sheet, row: Row) -> Document:
    names, size = _size_tags(sheet.tags)
    title, people, abstract = row.lengths
    return Document(row.found, names, (title, size, people, abstract), row.shown + sheet.mark)


@lru_cache(65_536)
def _size_tags(tags: TagNames) -> tuple[tuple[str, ...], int]:
    """Return the names of some tags, and how many terms they have."""
    names = tuple([name for _, name in tags])
    return names, sum(tag_words(names).values())


def _write_result(number: int, check: str, sheet: Sheet, shelf: Shelf) -> bytes:
    """Write what a result shows of a paper, and its record for other programs: see RESULT in library/brief.py."""
    brief, (paper, texts) = sheet.brief, shelf.body(sheet.brief.slug, sheet.brief.digest)
    more = {
        "authors": paper.authors,
        "people": brief.people,
        "organization": brief.organization and brief.organization[1],
        "links": brief.links,
        "arxiv": brief.arxiv,
        "doi": brief.doi,
        "updated": brief.updated,
        "comments": brief.comments,
    }
    known = {name: value for name, value in more.items() if value or value == 0}
    shown = [check, brief.slug, brief.title, brief.published, brief.guessed, sheet.tags, texts.abstract, known]
    return script(f"d/{number}", shown)


def _hashed(name: str, value: Any) -> OutputFile:
    """Plan a script whose name tells its content."""
    data = script(name, value)
    path = hashed_path("search", f"{name}.js", data)
    return OutputFile(path, "search", digest(path), lambda: data)
