"""The search index, in pieces that a query loads when it needs them: terms, and which papers hold them.

In: for each paper its number, a digest, and its terms by field. Out: an `Index`, and its pieces that are new.
Must not know how results are shown, nor how a query is read: that is templates/assets/.

A piece holds how often a paper says a term, not what that weighs: the number of papers and their average length
stay out of it, and the browser reckons the weight as Lunr does. So a paper changes only the pieces that hold its
words. Where one piece ends and the next begins follows from the terms alone, and mostly stays when they change.
"""

import json
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import accumulate, groupby
from typing import NamedTuple
from zlib import crc32

from site_builder.search.numbers import table_bits
from site_builder.search.postings import DIGITS, Posting, read_postings, write_numbers, write_postings

# How much a word counts where it stands. An abstract is ten times as long as a title.
BOOSTS = {"title": 6, "tags": 2, "people": 2, "abstract": 1}

# Characters of a piece, times the root of the number of papers' numbers: a query loads a piece for each word, and the
# first letters of all pieces; the sum of both is least when they grow alike.
PIECE_SIZE = 64
FEW = 0.1  # of the papers: when more have changed, all is counted anew
# Each query loads a letter of every paper: of a list with so many, a letter of fewer.
MANY = 32_768


class Words(NamedTuple):
    """A paper's terms: the title's in their order, and how often the other fields have each."""

    title: tuple[str, ...]
    tags: Mapping[str, int]
    people: Mapping[str, int]
    abstract: Mapping[str, int]


class Document(NamedTuple):
    """What the index keeps of a paper: all that its words follow from, and how many terms each field has.

    `content` is a digest of the paper's own texts, `tags` are the names of its tags, `shown` is a digest of what a
    result shows of it.
    """

    content: bytes
    tags: tuple[str, ...]
    lengths: tuple[int, int, int, int]
    shown: bytes

    def letter(self, letters: int) -> str:
        """Return the letter, one of so many, that tells what is shown of the paper."""
        return DIGITS[crc32(self.shown) % letters]

    def check(self, letters: int) -> str:
        """Return a mark by which the index and what is shown of the paper know that they are of one build."""
        return f"{self.letter(letters)}.{self.lengths[-1]}"

    def has_words_of(self, other: "Document | None") -> bool:
        """Tell whether its words are those of another."""
        return other is not None and self[:2] == other[:2]


class Index(NamedTuple):
    """The index without its postings: papers by number, terms in order with the size each takes, and the pieces.

    A piece is the place of its first term, and the key that tells its content.
    """

    documents: Mapping[int, Document]
    terms: list[str]
    sizes: list[int]
    pieces: list[tuple[int, str]]


Piece = dict[str, str]  # terms in order, with their postings
Occurrence = tuple[Posting, ...]  # of a term in a paper: for each field a posting without the number, or nothing


def make_index(documents: Mapping[int, Document], words_of: Callable[[int], Words]) -> tuple[Index, dict[str, Piece]]:
    """Make the index of these papers; returns it and all of its pieces by key."""
    small: tuple[dict[str, list[Posting]], ...] = ({}, {}, {})
    abstracts: dict[str, array[int]] = {}  # numbers and counts in turn: ten million fit in memory
    for number in sorted(documents):
        words, lengths = words_of(number), documents[number].lengths
        said = (_places(words.title), words.tags, words.people)
        for field, length, found in zip(small, lengths, said, strict=False):
            for term, occurrence in found.items():
                field.setdefault(term, []).append((number, length, occurrence))
        for term, count in words.abstract.items():
            postings = abstracts.get(term)
            if postings is None:
                postings = abstracts[term] = array("I")
            postings.append(number)
            postings.append(count)
    terms = sorted({*small[0], *small[1], *small[2], *abstracts}, key=utf16)
    written = {
        term: write_postings([*[field.get(term, []) for field in small], _pairs(abstracts.get(term))]) for term in terms
    }
    sizes = [_size(term, written[term]) for term in terms]
    return _cut(documents, terms, sizes, {}, written.__getitem__)


def _pairs(numbers: "array[int] | None") -> list[Posting]:
    return list(zip(numbers[::2], numbers[1::2], strict=True)) if numbers else []


def change_index(
    old: Index,
    documents: Mapping[int, Document],
    words_before: Callable[[int], Words],
    words_of: Callable[[int], Words],
    read_piece: Callable[[str], Piece],
) -> tuple[Index, dict[str, Piece]]:
    """Change an index to that of these papers; returns it and the pieces that are new.

    The result is what `make_index` makes: only papers whose digest differs are looked at, and only pieces that hold
    their terms.
    """
    numbers = [n for n, document in old.documents.items() if not document.has_words_of(documents.get(n))]
    numbers += documents.keys() - old.documents.keys()
    if not numbers:
        return old._replace(documents=documents), {}
    if len(numbers) > FEW * len(documents):
        return make_index(documents, words_of)
    edits: dict[str, dict[int, Occurrence | None]] = {}
    for number in numbers:
        before = _occurrences(words_before(number), old.documents[number]) if number in old.documents else {}
        after = _occurrences(words_of(number), documents[number]) if number in documents else {}
        for term in before.keys() | after.keys():
            if before.get(term) != after.get(term):
                edits.setdefault(term, {})[number] = after.get(term)
    starts = [place for place, _ in old.pieces]
    firsts = [utf16(old.terms[place]) for place in starts]
    touched: dict[int, Piece] = {}
    for term, changes in edits.items():
        place = max(0, bisect_right(firsts, utf16(term)) - 1)
        if place not in touched:
            touched[place] = read_piece(old.pieces[place][1]) if old.pieces else {}
        postings = _edit(touched[place].get(term), changes)
        if postings:
            touched[place][term] = postings
        else:
            del touched[place][term]
    return _assemble(old, documents, touched, read_piece)


def _assemble(
    old: Index, documents: Mapping[int, Document], touched: Mapping[int, Piece], read_piece: Callable[[str], Piece]
) -> tuple[Index, dict[str, Piece]]:
    """Put an index together again of pieces that were changed and pieces that were not."""
    terms: list[str] = []
    sizes: list[int] = []
    kept: dict[tuple[str, int], str] = {}  # by first term and number of terms
    loaded: dict[str, str] = {}  # postings
    owners: dict[str, str] = {}  # the key of the piece that holds a term that was not touched
    ends = [*(start for start, _ in old.pieces[1:]), len(old.terms)]
    for place in range(max(len(old.pieces), len(touched))):
        if place in touched:
            ordered = sorted(touched[place], key=utf16)
            loaded.update(touched[place])
            terms += ordered
            sizes += [_size(term, touched[place][term]) for term in ordered]
        else:
            start, key = old.pieces[place]
            kept[old.terms[start], ends[place] - start] = key
            terms += old.terms[start : ends[place]]
            sizes += old.sizes[start : ends[place]]
            owners.update(dict.fromkeys(old.terms[start : ends[place]], key))

    def postings_of(term: str) -> str:
        if term not in loaded:
            loaded.update(read_piece(owners[term]))
        return loaded[term]

    return _cut(documents, terms, sizes, kept, postings_of)


def _cut(
    documents: Mapping[int, Document],
    terms: list[str],
    sizes: list[int],
    kept: Mapping[tuple[str, int], str],
    postings_of: Callable[[str], str],
) -> tuple[Index, dict[str, Piece]]:
    """Cut an index into pieces; those that were kept have a key already."""
    most = int(PIECE_SIZE * 2 ** (table_bits(len(documents)) / 2))
    starts = list(_find_cuts(terms, sizes, most))
    pieces, new = [], {}
    for start, end in zip(starts, [*starts[1:], len(terms)], strict=False):
        key = kept.get((terms[start], end - start))
        if key is None:
            piece = {term: postings_of(term) for term in terms[start:end]}
            key = blake2b(write_piece(piece).encode(), digest_size=5).hexdigest()
            new[key] = piece
        pieces.append((start, key))
    return Index(documents, terms, sizes, pieces), new


def _find_cuts(terms: list[str], sizes: list[int], most: int) -> Iterator[int]:
    """Yield where pieces begin: terms that begin alike stay together as long as they are not too large.

    So a cut hangs on the terms around it only, not on how many came before.
    """
    sums = [0, *accumulate(sizes)]

    def split(start: int, end: int, depth: int) -> Iterator[int]:
        if end - start == 1 or sums[end] - sums[start] <= most:
            yield start
            return
        begin = -1  # of the light groups that are waiting for their end
        for _, group in groupby(range(start, end), key=lambda place: terms[place][: depth + 1]):
            places = list(group)
            first, after = places[0], places[-1] + 1
            if begin >= 0 and sums[after] - sums[begin] > most:
                yield begin
                begin = -1
            if sums[after] - sums[first] > most:
                yield from split(first, after, depth + 1)
            elif begin < 0:
                begin = first
        if begin >= 0:
            yield begin

    if terms:
        yield from split(0, len(terms), 0)


def _places(title: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return where each term stands in a title."""
    places: dict[str, tuple[int, ...]] = {}
    for place, term in enumerate(title):
        places[term] = (*places.get(term, ()), place)
    return places


def _occurrences(words: Words, document: Document) -> dict[str, Occurrence]:
    """Return how each of a paper's terms occurs in it."""
    said = (_places(words.title), words.tags, words.people)
    found: dict[str, list[Posting]] = {term: [()] * len(BOOSTS) for field in (*said, words.abstract) for term in field}
    for place, (field, length) in enumerate(zip(said, document.lengths, strict=False)):
        for term, occurrence in field.items():
            found[term][place] = (length, occurrence)
    for term, count in words.abstract.items():
        found[term][-1] = (count,)
    return {term: tuple(occurrence) for term, occurrence in found.items()}


def _edit(postings: str | None, changes: Mapping[int, Occurrence | None]) -> str:
    """Change a term's postings for some papers; nothing is left when no paper has the term."""
    before = read_postings(postings, len(BOOSTS)) if postings else [()] * len(BOOSTS)
    fields = []
    for place, field in enumerate(before):
        kept = [posting for posting in field if posting[0] not in changes]
        new = [
            (number, *occurrence[place]) for number, occurrence in changes.items() if occurrence and occurrence[place]
        ]
        fields.append(sorted([*kept, *new]))
    return write_postings(fields) if any(fields) else ""


def _size(term: str, postings: str) -> int:
    return len(term) + len(postings) + 2


# ---------------------------------------------------------------- scripts


def script(name: str, value: object) -> bytes:
    """Write a script that hands over a value; an element loads it, so it works from a folder on disk too."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Line separators end a line of script in old browsers; `</` would end an inline script, were it ever one.
    safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f'readingList.receive("{name}",{safe});\n'.encode()


def write_piece(piece: Piece) -> str:
    """Write a piece's terms and postings; no term holds a blank."""
    return f"{' '.join(piece)}\n{' '.join(piece.values())}"


def describe(index: Index) -> dict[str, object]:
    """Describe an index: what all weights follow from, and where each piece begins, with its key."""
    return {
        "papers": len(index.documents),
        "average": average_lengths(index),
        "boosts": list(BOOSTS.values()),
        "pieces": " ".join([part for start, key in index.pieces for part in (index.terms[start], key)]),
    }


def count_letters(papers: int) -> int:
    """Return how many letters tell apart what is shown of papers, in a list of so many."""
    return 16 if papers > MANY else len(DIGITS)


def write_lengths(index: Index) -> list[str]:
    """Write the papers: the gaps between their numbers, the abstracts' lengths, and a letter that tells the content.

    Of a length, six bits stand apart from the rest: each column alone is packed better. The other fields' lengths
    stand with their postings.
    """
    numbers = sorted(index.documents)
    gaps = [number - before - 1 for before, number in zip([-1, *numbers], numbers, strict=False)]
    rows = [index.documents[number] for number in numbers]
    lengths, letters = [row.lengths[-1] for row in rows], count_letters(len(rows))
    return [
        write_numbers(gaps),
        "".join([DIGITS[length % len(DIGITS)] for length in lengths]),
        write_numbers([length // len(DIGITS) for length in lengths]),
        "".join([row.letter(letters) for row in rows]),
    ]


def average_lengths(index: Index) -> list[float]:
    """Return each field's average length, as Lunr reckons it."""
    if not index.documents:
        return [0] * len(BOOSTS)
    fields = zip(*[document.lengths for document in index.documents.values()], strict=True)
    return [sum(lengths) / len(index.documents) for lengths in fields]


def utf16(term: str) -> bytes:
    """Order terms by their UTF-16 units, as the browser does."""
    return term.encode("utf-16-be")
