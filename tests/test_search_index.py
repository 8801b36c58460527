"""The index: terms agree with their twin in the browser, and lunr.js can load what is built."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunr.builder import Builder

from site_builder.content.entry import Entry, write_entry
from site_builder.content.store import load_content
from site_builder.library.model import make_library
from site_builder.search.builder import TermBuilder
from site_builder.search.index import BOOSTS, build_index, list_documents, searched_texts, write_index
from site_builder.search.terms import LONGEST_TERM, RULES, STOP_WORDS, stem, terms_of
from tests.builders import ROOT, make_paper

VECTORS = json.loads((Path(__file__).parent / "data" / "terms.json").read_text())


def library_of(*papers):
    return make_library([Entry(paper, "x.md", write_entry(paper)) for paper in papers], [], {})


@pytest.fixture(scope="module")
def real_library():
    content = load_content(ROOT / "content")
    return make_library(content.entries, content.tags, content.captures)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector["text"])[:40])
def test_terms_agree_with_the_shared_vectors(vector):
    assert terms_of(vector["text"]) == vector["terms"]


def test_the_twin_has_the_same_rules_and_stop_words():
    twin = (ROOT / "templates" / "assets" / "terms.js").read_text()
    rules = [line.strip() for line in twin.splitlines() if line.strip().startswith("[/")]
    assert rules == [
        f'[/{p.pattern}/, "{to}"],'.replace("\\1", "$1").replace("\\2", "$2").replace("])$2$/", "])\\2$/")
        for p, to in RULES
    ]
    assert all(f" {word} " in twin.replace('"', " ") for word in STOP_WORDS)


@given(st.text())
def test_any_text_gives_terms_that_lunr_can_hold(text):
    for term in terms_of(text):
        assert term and " " not in term and "*" not in term and len(term) <= LONGEST_TERM


def test_inflections_meet_and_derivations_stay_apart():
    assert {stem(word) for word in ("scale", "scales", "scaled", "scaling")} == {"scal"}
    assert stem("generalisation") == stem("generalizations") == "generalization"
    assert len({stem(word) for word in ("general", "generate", "generative", "generalization")}) == 4
    assert terms_of("behaviour modelling") == terms_of("behavior modeling")


def test_the_index_lists_its_terms_by_utf16_units():
    index = build_index(library_of(make_paper(title="𐐀 ﬁne \uffee Zebra 𝒪(n)", abstract="𐐷 \uf900 a b")))
    terms = [row[0] for row in index["invertedIndex"]]
    assert terms == sorted(terms, key=lambda term: term.encode("utf-16-be"))
    assert "fin" in terms  # the ligature became letters, and the word its stem


def test_an_index_of_nothing_can_be_written():
    assert b'"invertedIndex":[]' in write_index(library_of(), [])


def test_no_text_can_end_the_script_that_carries_it():
    library = library_of(make_paper(title="</script><script>alert(1)</script>", abstract="a\u2028b"))
    script = write_index(library, list_documents(library)).decode()
    assert "</script" not in script and "\u2028" not in script


def test_generalization_finds_the_papers_that_say_it_and_no_others(real_library):
    """A coarser stemmer folds it with `general` and `generate`, which are in 219 of the 229 papers."""
    papers = real_library.papers
    index = {row[0]: row[1] for row in build_index(real_library)["invertedIndex"]}
    found = {int(ref) for name in BOOSTS for ref in index["generalization"][name]}
    said = re.compile(r"generali[sz]ations?\b", re.IGNORECASE)
    texts = [" ".join(searched_texts(paper, real_library).values()) for paper in papers]
    assert found == {number for number, text in enumerate(texts) if said.search(text)}
    assert len(found) < 200


def test_every_word_of_every_title_is_in_the_index(real_library):
    terms = {row[0] for row in build_index(real_library)["invertedIndex"]}
    for paper in real_library.papers:
        assert set(terms_of(paper.title)) <= terms


def test_the_index_does_not_depend_on_the_order_of_entries(real_library):
    content = load_content(ROOT / "content")
    turned = make_library(content.entries[::-1], content.tags, content.captures)
    assert write_index(turned, list_documents(turned)) == write_index(real_library, list_documents(real_library))


documents = st.lists(
    st.fixed_dictionaries(dict.fromkeys(BOOSTS, st.lists(st.sampled_from("a bb ccc dddd é 中".split()), max_size=6))),
    min_size=1,
    max_size=8,
)


@given(documents)
def test_the_fast_builder_makes_the_index_that_lunrs_own_makes(texts):
    fast, plain = TermBuilder(), Builder()
    for builder in (fast, plain):
        for name, boost in BOOSTS.items():
            builder.field(name, boost)
    for number, terms in enumerate(texts):
        fast.add_terms(str(number), terms)
        plain.add({"id": str(number), **terms})
    assert fast.build().serialize() == plain.build().serialize()


def test_the_fast_builder_agrees_on_the_real_list(real_library):
    plain = Builder()
    for name, boost in BOOSTS.items():
        plain.field(name, boost)
    for number, paper in enumerate(real_library.papers):
        texts = searched_texts(paper, real_library)
        plain.add({"id": str(number), **{name: terms_of(text) for name, text in texts.items()}})
    index = plain.build().serialize()
    index["invertedIndex"].sort(key=lambda row: row[0].encode("utf-16-be"))
    assert build_index(real_library) == index


def test_papers_without_any_words_can_be_indexed():
    assert build_index(library_of(make_paper(title="…", abstract="")))["invertedIndex"] == []
