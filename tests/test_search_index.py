"""The index: terms agree with their twin in the browser, and its pieces hold what Lunr's own index would hold."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunr.builder import Builder

from site_builder.content.store import load_content
from site_builder.library.brief import make_brief
from site_builder.search.index import (
    BOOSTS,
    Document,
    Index,
    Words,
    average_lengths,
    change_index,
    make_index,
    script,
    utf16,
    write_lengths,
)
from site_builder.search.numbers import number_papers
from site_builder.search.postings import read_postings, write_postings
from site_builder.search.terms import LONGEST_TERM, RULES, STOP_WORDS, stem, terms_of
from site_builder.search.words import add_tags, name_link, read_words, searched_texts
from tests.builders import ROOT

VECTORS = json.loads((Path(__file__).parent / "data" / "terms.json").read_text())


class Papers(dict):
    """The words of papers by slug, and what an index needs to know of them."""

    @property
    def numbers(self):
        return number_papers(self)

    @property
    def documents(self):
        return {
            number: Document(json.dumps(self[slug]).encode(), (), tuple(map(count_terms, self[slug])), b"")
            for slug, number in self.numbers.items()
        }

    def words_of(self, number):
        return next(self[slug] for slug, known in self.numbers.items() if known == number)

    def index(self):
        slugs = {number: slug for slug, number in self.numbers.items()}
        return make_index(self.documents, lambda number: self[slugs[number]])


def count_terms(field):
    return len(field) if isinstance(field, tuple) else sum(field.values())


def make_words(title="", tags="", people="", abstract=""):
    return Words(tuple(terms_of(title)), *[dict(Counter(terms_of(text))) for text in (tags, people, abstract)])


@pytest.fixture(scope="module")
def real_papers():
    content = load_content(ROOT / "content")
    names = {tag.slug: tag.name for tag in content.tags}
    papers, texts = Papers(), {}
    for entry in content.entries:
        found = searched_texts(make_brief(entry, b"")[1])
        tags = tuple(names[slug] for slug in entry.paper.tags)
        papers[entry.paper.slug] = add_tags(read_words(found), tags)
        texts[entry.paper.slug] = " ".join([*found, *tags])
    return papers, texts


@pytest.fixture(scope="module")
def real_index(real_papers):
    return real_papers[0].index()


def terms_with_postings(pieces):
    return {term: read_postings(text, len(BOOSTS)) for piece in pieces.values() for term, text in piece.items()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector["text"])[:40])
def test_terms_agree_with_the_shared_vectors(vector):
    assert terms_of(vector["text"]) == vector["terms"]


def test_the_twin_has_the_same_rules_and_stop_words():
    twin = (ROOT / "templates" / "assets" / "terms.js").read_text()
    rules = [line.strip() for line in twin.splitlines() if line.strip().startswith("[/")]
    assert rules == [
        f'[/{p.pattern}/, "{to}"],'.replace("\\1", "$1").replace("\\2", "$2").replace("])$2$/", "])\\2$/")
        for _, _, p, to in RULES
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


ENDS = sorted({inside + end for ends, inside, *_ in RULES for end in ends} | {"us", "ous", "eed", "ise"})
WORD_ENDS = st.sampled_from(ENDS)


@given(st.builds("{}{}{}".format, st.text("abcdefgimorst", max_size=5), WORD_ENDS, WORD_ENDS))
def test_no_rule_could_change_a_word_that_it_passes_by(word):
    for ends, inside, pattern, _ in RULES:
        assert (inside in word and word.endswith(ends)) or not pattern.search(word)


def test_the_index_lists_its_terms_by_utf16_units():
    index, _ = Papers(p=make_words("𐐀 ﬁne \uffee Zebra 𝒪(n)", abstract="𐐷 \uf900 a b")).index()
    assert index.terms == sorted(index.terms, key=lambda term: term.encode("utf-16-be"))
    assert "fin" in index.terms  # the ligature became letters, and the word its stem


def test_an_index_of_nothing_can_be_made():
    index, pieces = Papers().index()
    assert (index.terms, index.pieces, pieces) == ([], [], {})
    assert write_lengths(index) == ["", "", "", ""] and average_lengths(index) == [0, 0, 0, 0]


def test_papers_without_any_words_can_be_indexed():
    index, pieces = Papers(p=make_words("…")).index()
    assert (index.terms, pieces) == ([], {}) and len(index.documents) == 1


def test_no_text_can_end_the_script_that_carries_it():
    written = script("d/1", ["</script><script>alert(1)</script>", "a\u2028b"]).decode()
    assert "</script" not in written and "\u2028" not in written


def test_generalization_finds_the_papers_that_say_it_and_no_others(real_papers, real_index):
    """A coarser stemmer folds it with `general` and `generate`, which are in 219 of the 229 papers."""
    papers, texts = real_papers
    found = {number for field in terms_with_postings(real_index[1])["generalization"] for number, *_ in field}
    said = re.compile(r"generali[sz]ations?\b", re.IGNORECASE)
    assert found == {number for slug, number in papers.numbers.items() if said.search(texts[slug])}
    assert len(found) < 200


def test_every_word_of_every_title_is_in_the_index(real_papers, real_index):
    assert {term for words in real_papers[0].values() for term in words.title} <= set(real_index[0].terms)


def test_the_index_does_not_depend_on_the_order_of_papers(real_papers, real_index):
    papers, _ = real_papers
    assert Papers(reversed(papers.items())).index() == real_index


# ---------------------------------------------------------------- numbers and postings


@given(st.sets(st.text("abcdef-0123", min_size=1, max_size=8), max_size=60), st.text("ghi", min_size=1))
def test_numbers_are_different_and_hang_on_the_slugs_alone(slugs, another):
    numbers = number_papers(slugs)
    assert len(set(numbers.values())) == len(slugs)
    assert list(numbers.values()) == sorted(numbers.values())
    assert number_papers(sorted(slugs, reverse=True)) == numbers


def test_a_new_paper_moves_few_numbers():
    slugs = [f"paper-{n}" for n in range(1000)]
    before = number_papers(slugs)
    moved = [
        sum(before[s] != after[s] for s in slugs) for n in range(50) if (after := number_papers([*slugs, f"new-{n}"]))
    ]
    assert sum(moved) / len(moved) < 5


numbers, lengths, counts = st.integers(0, 200_000), st.integers(0, 5000), st.integers(1, 5000)
places = st.sets(st.integers(0, 40), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))
placed = st.lists(st.tuples(numbers, lengths, places), max_size=12, unique_by=lambda posting: posting[0]).map(sorted)
sized = st.lists(st.tuples(numbers, lengths, counts), max_size=12, unique_by=lambda posting: posting[0]).map(sorted)
counted = st.lists(st.tuples(numbers, counts), max_size=12, unique_by=lambda posting: posting[0]).map(sorted)


@given(st.tuples(placed, sized, sized, counted))
def test_postings_are_read_as_they_were_written(fields):
    text = write_postings(fields)
    assert read_postings(text, len(fields)) == fields
    assert re.fullmatch(r"[\w-]+", text)


def test_postings_and_numbers_are_written_as_their_twin_in_the_browser_reads_them():
    known = json.loads((Path(__file__).parent / "data" / "postings.json").read_text())
    assert write_postings(known["fields"]) == known["postings"]
    lengths = {number: Document(b"", (), (1, 1, 1, 1), b"") for number in known["numbers"]}
    lengths[99999] = Document(b"", (), (1, 1, 1, 129), b"")
    assert write_lengths(Index(lengths, [], [], []))[:3] == [known["gaps"], "BBBBBBB", "AAAAAAC"]


# ---------------------------------------------------------------- what Lunr's own index holds


def whole_index(papers):
    """The index that the lunr package makes: weights by field and paper, and where it found each term."""
    builder = Builder()
    for name, boost in BOOSTS.items():
        builder.field(name, boost)
    for slug, number in papers.numbers.items():
        words = papers[slug]
        fields = [words.title, *[list(Counter(field).elements()) for field in words[1:]]]
        builder.add({"id": str(number), **dict(zip(BOOSTS, map(list, fields), strict=True))})
    return builder.build()


def weigh(index, pieces):
    """Weigh every term of every paper by Lunr's formula, from what the pieces say."""
    average = average_lengths(index)
    weights = {}
    for term, (title, *others, abstract) in terms_with_postings(pieces).items():
        fields = [
            [(number, length, len(places)) for number, length, places in title],
            *others,
            [(number, index.documents[number].lengths[-1], times) for number, times in abstract],
        ]
        count = sum(map(len, fields))
        rarity = math.log(1 + abs((len(index.documents) - count + 0.5) / (count + 0.5)))
        for place, (name, field) in enumerate(zip(BOOSTS, fields, strict=True)):
            for number, length, times in field:
                norm = 1.2 * (1 - 0.75 + 0.75 * (length / average[place])) + times
                weights[f"{name}/{number}", term] = round(rarity * ((1.2 + 1) * times) / norm * BOOSTS[name], 3)
    return weights


def assert_pieces_are_the_whole(papers):
    index, pieces = papers.index()
    whole = whole_index(papers)
    terms = {posting["_index"]: term for term, posting in whole.inverted_index.items()}
    weights = {
        (key, terms[place]): weight
        for key, vector in whole.field_vectors.items()
        for place, weight in zip(vector.elements[::2], vector.elements[1::2], strict=True)
    }
    assert set(index.terms) == set(whole.inverted_index)
    assert weigh(index, pieces) == weights


fields_of_terms = st.lists(st.sampled_from("alpha beta gamma über 中 𝒪x".split()), max_size=6).map(" ".join)
some_papers = st.dictionaries(
    st.sampled_from([f"paper-{n}" for n in range(12)]),
    st.builds(make_words, fields_of_terms, fields_of_terms, fields_of_terms, fields_of_terms),
    min_size=1,
    max_size=9,
).map(Papers)


@given(some_papers)
def test_the_pieces_hold_the_weights_of_lunrs_own_index(papers):
    assert_pieces_are_the_whole(papers)


def test_the_pieces_of_the_real_list_hold_the_weights_of_lunrs_own_index(real_papers):
    assert_pieces_are_the_whole(real_papers[0])


# ---------------------------------------------------------------- changes


def assert_a_change_is_as_good_as_a_new_index(before, after, most_new=None):
    index, pieces = before.index()
    changed, new = change_index(index, after.documents, before.words_of, after.words_of, lambda key: dict(pieces[key]))
    whole, all_pieces = after.index()
    assert changed == whole
    assert {key: (pieces | new)[key] for _, key in changed.pieces} == all_pieces
    assert most_new is None or len(new) <= most_new


@given(some_papers, some_papers)
def test_an_index_that_was_changed_is_the_index_made_anew(before, after):
    assert_a_change_is_as_good_as_a_new_index(before, after)


def test_one_paper_changes_only_the_pieces_that_hold_its_words(real_papers):
    papers, _ = real_papers
    slug = min(papers)
    words = papers[slug]
    assert_a_change_is_as_good_as_a_new_index(
        papers, Papers({**papers, slug: words._replace(abstract={**words.abstract, "zebra": 1})}), most_new=1
    )
    assert_a_change_is_as_good_as_a_new_index(papers, Papers({**papers, slug: words._replace(title=words.title[::-1])}))
    assert_a_change_is_as_good_as_a_new_index(papers, Papers({**papers, "a-new-paper": words}))
    assert_a_change_is_as_good_as_a_new_index(papers, Papers({s: w for s, w in papers.items() if s != slug}))


def test_pieces_are_cut_where_their_terms_say_and_hold_a_few_thousand_letters(real_index):
    index, pieces = real_index
    assert len(pieces) > 8
    sizes = [sum(len(term) + len(text) + 2 for term, text in piece.items()) for piece in pieces.values()]
    assert max(sizes) <= 4_000
    assert [index.terms[place] for place, _ in index.pieces] == sorted(
        (min(p, key=utf16) for p in pieces.values()), key=utf16
    )


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("https://github.com/Owner/Na-me", ["OwnerName", "Name"]),
        ("https://github.com/owner/name.git", ["ownername", "name"]),
        ("https://www.gitlab.com/owner/name/tree/main?x#y", ["ownername", "name"]),
        ("https://anypattern.github.io/", ["anypatterngithubio"]),
        ("https://x.org/a/b?q=1#c", ["xorgab"]),
        ("mailto:someone", []),
    ],
)
def test_a_link_is_found_by_the_name_of_what_it_leads_to(url: str, names: list[str]) -> None:
    assert name_link(url) == names
