"""A part of the index answers exactly as the whole index of Lunr's own, in the real lunr.js, at any size of list.

Here the papers are made and indexed; tests/js/identity.mjs builds the whole index of the same terms, and asks both.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from site_builder.keep import digest
from site_builder.search.index import Document, describe, make_index, write_lengths, write_piece
from site_builder.search.numbers import number_papers
from site_builder.search.words import add_tags, read_words
from tests.bench.papers import CONTENT, make_papers
from tests.bench.words import load_source
from tests.test_javascript import SCRIPTS, run

HOSTILE = (Path(__file__).parent / "data" / "hostile.txt").read_text().splitlines()
QUERIES = {250: 600, 2_000: 300, 10_000: 100}  # the larger the list, the longer the whole index takes for each


@pytest.mark.parametrize("size", QUERIES)
def test_a_part_of_the_index_answers_as_the_whole_of_lunr(
    size: int, node: str, node_modules: Path, tmp_path: Path
) -> None:
    (tmp_path / "index.json").write_text(json.dumps(write_index(size)))
    run(node, str(SCRIPTS / "identity.mjs"), str(tmp_path / "index.json"), str(QUERIES[size]))


def write_index(size: int) -> dict[str, object]:
    """Index so many papers, one in ten of which says something hostile; return their terms and the index's files."""
    words = {}
    for place, paper in enumerate(make_papers(load_source(CONTENT), 4, size)):
        said = HOSTILE[place // 10 % len(HOSTILE)] if place % 10 == 0 else ""
        people = " ".join([*paper.authors, paper.organization])
        own = read_words((f"{paper.title} {said}", people, f"{paper.abstract} {said}"))
        words[paper.slug] = add_tags(own, paper.tags)
    slugs = {number: slug for slug, number in number_papers(words).items()}
    fields = {
        number: [words[slug].title, *[tuple(Counter(field).elements()) for field in words[slug][1:]]]
        for number, slug in slugs.items()
    }
    documents = {
        number: Document(digest(slug), (), tuple(map(len, fields[number])), b"") for number, slug in slugs.items()
    }
    index, pieces = make_index(documents, lambda number: words[slugs[number]])
    files = {f"t/{key}.js": write_piece(piece) for key, piece in pieces.items()}
    files["meta.js"] = describe(index) | {"lengths": "1", "terms": "1"}
    files["lengths.1.js"], files["terms.1.js"] = write_lengths(index), " ".join(index.terms)
    return {"papers": [[number, *fields[number]] for number in slugs], "files": files}
