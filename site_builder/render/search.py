"""The search index and what its results show, as files of the site.

In: the press, the papers as they were taken in, the last build's index. Out: OutputFiles, and the index for the
next build. Must not know how an index is made, nor how results look.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from site_builder.intake import Row, Shelf
from site_builder.keep import digest, seal
from site_builder.render.assets import hashed_path
from site_builder.render.output import OutputFile
from site_builder.render.press import Press, Sheet
from site_builder.search.index import (
    BOOSTS,
    Document,
    Index,
    Piece,
    Words,
    average_lengths,
    change_index,
    make_index,
    script,
    write_lengths,
    write_piece,
)
from site_builder.search.numbers import number_papers
from site_builder.search.words import add_tags, tag_words


@dataclass(frozen=True, slots=True)
class Search:
    """The search's files, the path of the one that the search page names, and the index for the next build."""

    files: list[OutputFile]
    path: str
    index: Index


def plan_search(press: Press, rows: Mapping[str, Row], shelf: Shelf, before: Index | None) -> Search:
    """Plan the pieces of the index, the papers' results, and the file by which the search page finds them."""
    numbers = number_papers(press.sheets)
    slugs = {number: slug for slug, number in numbers.items()}
    shown = {n: rows[f"{slug}.md"] for slug, n in numbers.items()}
    documents = {n: _document(press.sheets[slugs[n]], row) for n, row in shown.items()}
    pieces = _Pieces(documents, shown, shelf)
    index = pieces.update(before)
    files = [
        OutputFile(f"search/t/{key}.js", "search", digest(key), partial(pieces.script, key)) for _, key in index.pieces
    ]
    for number, document in documents.items():
        sheet = press.sheets[slugs[number]]
        mark = digest(press.program, number, document.content, document.tags)
        render = partial(_write_result, number, document, sheet, shelf)
        files.append(OutputFile(f"search/d/{number}.js", "search", mark, render))
    lengths, terms = _hashed("lengths", write_lengths(index)), _hashed("terms", " ".join(index.terms))
    meta = {
        "papers": len(documents),
        "average": average_lengths(index),
        "boosts": list(BOOSTS.values()),
        "pieces": " ".join([part for start, key in index.pieces for part in (index.terms[start], key)]),
        "lengths": lengths.path.split(".")[1],
        "terms": terms.path.split(".")[1],
    }
    last = _hashed("meta", meta)
    return Search([*files, lengths, terms, last], last.path, index)


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
    names = tuple([name for _, name in sheet.tags])
    title, people, abstract = row.lengths
    return Document(row.found, names, (title, sum(tag_words(names).values()), people, abstract))


def _write_result(number: int, document: Document, sheet: Sheet, shelf: Shelf) -> bytes:
    """Write what a result shows of a paper: title, day, whether its year was inferred, tags, abstract."""
    brief = sheet.brief
    abstract = shelf.body(brief.slug, brief.digest).texts.abstract
    shown = [document.check, brief.slug, brief.title, brief.published, brief.guessed, document.tags, abstract]
    return script(f"d/{number}", shown)


def _hashed(name: str, value: Any) -> OutputFile:
    """Plan a script whose name tells its content."""
    data = script(name, value)
    path = hashed_path("search", f"{name}.js", data)
    return OutputFile(path, "search", digest(path), lambda: data)
