"""Drafts and entries: which are one paper, what a draft fills in, and that no other byte changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.entry import Entry, read_entry, write_entry
from site_builder.content.imported import Imported, add_imported, marks_of, read_imported
from site_builder.content.match import open_shelf
from site_builder.content.merge import How, merge_draft
from site_builder.formats.draft import Draft
from site_builder.paper import Link, Paper, PartialDate
from site_builder.prose.repair import plain_text
from tests.builders import make_paper

KNOWN = "Attention Is All You Need"


def make_entry(**fields):
    paper = make_paper(**{"title": KNOWN, "captures": (), "added": None, **fields})
    text = write_entry(paper, "My notes.")
    entry, problems = read_entry(text, f"content/papers/{paper.slug}.md", paper.slug)
    assert problems == []
    return entry


def make_draft(keywords=(), notes="", **fields):
    return Draft(Paper(**{"slug": "", "title": KNOWN, **fields}), "new.bib", 7, keywords, notes)


def make_shelf(*entries):
    return open_shelf("content/papers", entries, readable=plain_text)


PLAIN = How()


def merge(entry, how=PLAIN, **fields):
    shelf = make_shelf(entry)
    merged = merge_draft(shelf, make_draft(**fields), how)
    return merged, shelf.entries[entry.paper.slug]


# ---------------------------------------------------------------- which are one paper


@pytest.mark.parametrize(
    ("known", "drafted"),
    [
        ({"arxiv": "1706.03762v1"}, {"arxiv": "1706.03762v7", "title": "Another Name of It"}),
        ({"doi": "10.5555/ABC"}, {"doi": "10.5555/abc", "title": "Another Name of It"}),
        ({}, {"title": "attention is all you need!"}),
        ({"title": r"Pok\'emon"}, {"title": "Pokémon"}),
        ({"published": date(2017, 6, 12)}, {"published": date(2017, 12, 6)}),
        ({"published": date(2017, 6, 12)}, {"published": PartialDate(2017)}),
        ({"published": date(2018, 6, 12), "published_year": "inferred"}, {"published": date(2017, 6, 12)}),
        ({"aliases": ("attention-is-all",)}, {"title": "Attention Is All"}),
        ({"abstract": "Its very own words. " * 12}, {"abstract": "Its very own words. " * 12, "title": "Renamed"}),
    ],
    ids=lambda fields: " ".join(fields) or "-",
)
def test_a_paper_is_known_by_its_ids_then_its_title_and_year(known, drafted):
    merged, _ = merge(make_entry(**known), **drafted)
    assert merged.path == "content/papers/a-paper.md"


@pytest.mark.parametrize(
    ("known", "drafted", "why"),
    [
        ({}, {"title": "Attention Is All Yuo Need"}, "a title nearly the same"),
        ({}, {"title": "Attention Is All You Need: Transformers"}, "the same title but for a subtitle"),
        ({"title": f"{KNOWN}: Transformers"}, {}, "the same title but for a subtitle"),
        (
            {"published": date(2017, 6, 12)},
            {"published": PartialDate(2023)},
            "the same title, but of 2017, not 2023",
        ),
        (
            {"arxiv": "1706.03762"},
            {"arxiv": "2301.00001"},
            "the same title, but arXiv 1706.03762, not 2301.00001",
        ),
    ],
    ids=["typo", "subtitle", "subtitle on the list", "year", "arXiv"],
)
def test_what_is_nearly_on_the_list_is_listed_and_never_merged_in_silence(known, drafted, why):
    entry = make_entry(**known)
    merged, after = merge(entry, **drafted)
    assert (merged.outcome, [near.why for near in merged.near]) == ("near", [why])
    assert after is entry


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Llama 2 Family of Language Models", "The Llama 3 Family of Language Models"),
        ("Reinforcement Learning: A Survey", "Reinforcement Learning: Its Theory and Its Practice"),
        ("Mamba", "Samba"),
        ("Graphs", "Graphs of Words and of Their Neighbours"),
    ],
)
def test_titles_that_are_alike_by_chance_are_two_papers(one, other):
    shelf = make_shelf(make_entry(title=one))
    assert merge_draft(shelf, make_draft(title=other), How()).outcome == "new"


def test_an_id_counts_more_than_a_title():
    shelf = make_shelf(make_entry(slug="first"), make_entry(slug="second", title="Else", arxiv="1706.03762"))
    assert merge_draft(shelf, make_draft(arxiv="1706.03762"), How()).path == "content/papers/second.md"


def test_what_is_said_to_be_the_same_paper_is_known_by_its_other_title_from_then_on():
    shelf = make_shelf(make_entry())
    draft = make_draft(title="Attention Is All Yuo Need", doi="10.1000/1")
    merged = merge_draft(shelf, draft, How(ask=lambda *_: "same"))
    assert merged.changed == ("doi", "aliases") and [one.key for one in merged.conflicts] == ["title"]
    assert merge_draft(shelf, draft, How()).path == merged.path
    assert merge_draft(make_shelf(shelf.entries["a-paper"]), draft, How()).near == ()


def test_what_is_said_to_be_a_new_paper_is_one():
    shelf = make_shelf(make_entry())
    merged = merge_draft(shelf, make_draft(title="Attention Is All Yuo Need"), How(ask=lambda *_: "new"))
    assert merged.outcome == "new" and len(shelf.entries) == 2


def test_two_records_of_one_import_are_one_paper():
    shelf = make_shelf()
    outcomes = [merge_draft(shelf, make_draft(**fields), How()).outcome for fields in ({}, {"doi": "10.1000/1"})]
    assert outcomes == ["new", "merged"]
    assert next(iter(shelf.entries.values())).paper.doi == "10.1000/1"


# ---------------------------------------------------------------- what is filled in, and what is left


def test_gaps_are_filled_and_what_is_known_stays():
    entry = make_entry(authors=("Ada Lovelace",), rating=4)
    merged, after = merge(
        entry,
        authors=("Ada Lovelace",),
        doi="10.1000/1",
        abstract="Other words.",
        links=(Link("code", "https://a.org"),),
    )
    assert merged.changed == ("links", "doi")
    assert [(c.key, c.kept, c.offered, c.source) for c in merged.conflicts] == [
        ("abstract", "What it is about.", "Other words.", "new.bib:7")
    ]
    assert (after.paper.abstract, after.paper.rating, after.paper.doi) == ("What it is about.", 4, "10.1000/1")


@pytest.mark.parametrize(
    ("key", "kept", "offered"),
    [
        ("authors", ("Jane Smith", "Émile Zola"), ("J. Smith", "E. Zola")),
        ("abstract", "It's ``good'' -- really.", "It’s “good” – really."),
        ("published", date(2017, 6, 12), PartialDate(2017, 6)),
        ("arxiv", "1706.03762", "1706.03762v2"),
        ("doi", "10.1/AB", "10.1/ab"),
    ],
)
def test_one_value_in_other_words_is_no_disagreement(key, kept, offered):
    if key == "authors":
        kept = ("Jane Smith", "E Zola")
    if key == "doi":
        kept, offered = "10.1000/AB", "10.1000/ab"
    merged, _ = merge(make_entry(**{key: kept}), **{key: offered})
    assert (merged.outcome, merged.conflicts) == ("unchanged", ())


@pytest.mark.parametrize(
    ("key", "kept", "offered"),
    [
        ("authors", ("Jane Smith",), ("John Doe",)),
        ("authors", ("Jane Smith",), ("Jane Smith", "John Doe")),
        ("published", PartialDate(2017), date(2017, 6, 12)),
        ("doi", "10.1000/1", "10.1000/2"),
        ("rating", 3, 4),
    ],
)
def test_a_disagreement_is_listed_and_taken_only_where_the_curator_prefers_it(key, kept, offered):
    entry = make_entry(**{key: kept})
    merged, after = merge(entry, **{key: offered})
    assert ([one.key for one in merged.conflicts], after.text) == ([key], entry.text)
    merged, after = merge(entry, How(preferred=frozenset({key})), **{key: offered})
    assert (merged.conflicts, merged.changed, getattr(after.paper, key)) == ((), (key,), offered)


def test_links_of_several_kinds_are_filled_in_as_they_are_written():
    links = (Link("code", "https://a.org/1"), Link("paper", "https://b.org"), Link("code", "https://a.org/2"))
    merged, after = merge(make_entry(), links=links)
    assert (merged.outcome, merged.changed) == ("merged", ("links",))
    assert after.paper.links == (links[1], links[0], links[2])


def test_a_title_takes_the_place_of_one_that_says_it_is_not_known():
    untitled, known = "Untitled (arXiv 1706.03762)", {"arxiv": "1706.03762"}
    merged, after = merge(make_entry(title=untitled, draft=True, **known), **known)
    assert (merged.outcome, merged.changed, merged.conflicts) == ("merged", ("title",), ())
    assert (after.paper.title, after.paper.draft, after.paper.slug) == (
        KNOWN,
        True,
        make_entry(title=untitled).paper.slug,
    )
    merged, after = merge(make_entry(**known), title=untitled, **known)
    assert (merged.outcome, after.paper.title) == ("unchanged", KNOWN)


def test_names_that_are_fewer_than_the_authors_counted_are_told():
    merged, after = merge(make_entry(authors_count=3), authors=("Ada Lovelace", "Alan Turing"))
    assert [(one.key, one.kept, one.offered) for one in merged.conflicts] == [("authors_count", "3", "2")]
    assert after.paper.authors == ("Ada Lovelace", "Alan Turing")


def test_a_venue_fills_extra_and_a_key_alone_does_not():
    key = {"csl": {"type": "article-journal", "citation-key": "vaswani2017"}}
    assert merge(make_entry(), extra=key)[0].outcome == "unchanged"
    venue = {"csl": {**key["csl"], "container-title": "NeurIPS"}}
    assert merge(make_entry(), extra=venue)[1].paper.extra == venue


STYLES = (
    lambda text: text,
    lambda text: "\ufeff" + text,
    lambda text: text.replace("abstract:", "# about it\nabstract:").replace("---\n\nMy", "# the end\n---\n\nMy"),
    lambda text: text.replace(f'"{KNOWN}"', f"'{KNOWN}'   # as printed"),
    lambda text: text.replace("tags: [robotics]", "tags:\n    - robotics # of course\n    # and no other"),
    lambda text: text.replace("My notes.", "My notes.   \n\n---\ntags: [not, these]\n\n"),
    lambda text: text.rstrip("\n"),
)
GIVEN = {
    "doi": "10.1000/1",
    "arxiv": "1706.03762",
    "authors": ("Ada Lovelace", "Alan Turing"),
    "published": PartialDate(2017),
    "links": (Link("code", "https://github.com/a/b"),),
    "updated": date(2020, 1, 2),
    "status": "reading",
}


@given(
    st.sets(st.sampled_from(range(len(STYLES)))),
    st.sets(st.sampled_from(sorted(GIVEN)), min_size=1),
    st.sampled_from(["\n", "\r\n"]),
)
def test_an_edited_file_keeps_every_byte_that_the_import_did_not_have_to_change(styles, keys, line_end):
    text = make_entry(tags=("robotics",), comments_count=2).text
    for style in styles:
        text = STYLES[style](text)
    text = text.replace("\n", line_end)
    entry, problems = read_entry(text, "content/papers/a-paper.md", "a-paper")
    assert problems == []
    merged, after = merge(entry, **{key: GIVEN[key] for key in keys})
    assert set(merged.changed) == keys
    added = {number for number, line in enumerate(after.text.splitlines(True)) if line not in text.splitlines(True)}
    rest = [line for number, line in enumerate(after.text.splitlines(True)) if number not in added]
    assert "".join(rest) == text
    assert after.text.count("\n") == after.text.count(line_end)
    again, _ = merge(after, **{key: GIVEN[key] for key in keys})
    assert again.outcome == "unchanged"


# ---------------------------------------------------------------- what was removed


def test_a_removed_paper_does_not_come_back_under_any_of_its_marks():
    paper = make_draft(doi="10.1000/1", arxiv="1706.03762v2").paper
    how = How(imported=Imported(frozenset(marks_of(paper))))
    for fields in ({}, {"title": "Else", "doi": "10.1000/1"}, {"title": "Else", "arxiv": "1706.03762"}):
        shelf = make_shelf()
        assert merge_draft(shelf, make_draft(**fields), how).outcome == "removed"
        assert shelf.entries == {}


titles = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(
    lambda t: f"T {' '.join(t.split())}".strip()
)


@given(st.lists(titles), st.sampled_from(["", "# mine\r\n- {title: A}\r\n", "- title: A\n  doi: 10.1000/1"]))
def test_what_was_imported_reads_back_and_the_curators_lines_stay(titles, before):
    papers = [Paper(slug="", title=title, arxiv="1706.03762", doi="10.1000/x,y{}") for title in titles]
    text = add_imported(before, papers)
    assert text.startswith(before)
    imported, problems = read_imported(text, "imported.yml")
    assert problems == [] and all(imported.has(paper) for paper in papers)


def test_faults_in_the_list_of_what_was_imported_are_told():
    _, problems = read_imported("- {title: A}\n- {titel: B}\n- no\n", "imported.yml")
    assert [(p.line, p.message) for p in problems] == [
        (2, "unknown field `titel`"),
        (3, "expected fields, one `key: value` a line"),
    ]
    assert read_imported("title: A\n", "imported.yml")[1][0].message == "expected a list of papers"


def test_an_entry_of_a_record_with_a_slug_of_its_own_keeps_it():
    shelf = make_shelf(make_entry(title="Else"))
    for slug, wanted in (("my-slug", "my-slug"), ("a-paper", "one"), ("../up", "two"), ("index", "three")):
        title = {"my-slug": "Zero", "one": "One", "two": "Two", "three": "Three"}[wanted]
        assert merge_draft(shelf, make_draft(slug=slug, title=title), How()).path == f"content/papers/{wanted}.md"
    assert isinstance(shelf.entries["my-slug"], Entry)
