"""This program's own JSON: all fields of an entry, and nothing lost on the way."""

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.entry import FIELDS, read_entry, write_entry
from site_builder.content.records import read_records, write_records
from site_builder.formats.draft import Draft
from site_builder.paper import Link, Organization, Paper, Sighting
from tests.builders import make_paper
from tests.test_entries import lines, papers, texts

free = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.tuples(papers, texts, st.dictionaries(lines, free, max_size=3)), min_size=1, max_size=2))
def test_what_is_written_reads_back(given_ones: list[tuple[Paper, str, dict[str, object]]]) -> None:
    drafts = [Draft(paper._replace(extra=extra), "x.json", 1, (), notes) for paper, notes, extra in given_ones]
    read, problems = read_records(write_records(drafts), "x.json")
    assert problems == []
    assert [(draft.paper, draft.notes) for draft in read] == [(draft.paper, draft.notes) for draft in drafts]


def test_an_entry_is_written_with_every_field_in_its_order() -> None:
    paper = make_paper(
        published=date(2024, 1, 2),
        published_year="inferred",
        updated=date(2024, 2, 3),
        authors=("A",),
        authors_count=2,
        organization=Organization("a", "A"),
        comments_count=0,
        tags=("x",),
        links=(Link("pdf", "https://a.example/1"), Link("pdf", "https://a.example/2")),
        arxiv="2406.10010",
        doi="10.1000/182",
        captures=(Sighting("000.txt", date(2025, 3, 14)),),
        status="read",
        rating=5,
        featured=True,
        draft=True,
        aliases=("b",),
        extra={"x": 1},
    )
    entry, problems = read_entry(write_entry(paper, "Notes."), "a-paper.md", "a-paper")
    assert entry is not None and problems == []
    [record] = json.loads(write_records([entry]))
    assert list(record) == ["slug", *[row.key for row in FIELDS], "notes"]
    assert record["links"] == {"pdf": ["https://a.example/1", "https://a.example/2"]}
    assert record["captures"] == [{"file": "000.txt", "day": "2025-03-14"}]
    [draft], _ = read_records(write_records([entry]), "x.json")
    assert (draft.paper, draft.notes) == (paper, "Notes.")


def test_what_is_not_known_is_left_out() -> None:
    assert json.loads(write_records([Draft(Paper(slug="a", title="A"), "", 0)])) == [{"slug": "a", "title": "A"}]
    assert write_records([]) == "[]\n"


EMPTY = """---
title: "A"
abstract:
authors: []
organization:
comments_count:
tags: []
links: {}
arxiv:
captures: []
featured: false
draft: false
aliases: []
extra: {b: 1.50, a: 3, c: '3', d: 2020-01-01, e: 007}
---
"""


@pytest.mark.parametrize("text", [EMPTY, re.sub("extra.*", "extra: {}", EMPTY)])
def test_what_is_there_and_empty_and_numbers_as_they_were_typed_come_back(text: str) -> None:
    entry, problems = read_entry(text, "a.md", "a")
    assert entry is not None and problems == []
    [draft], problems = read_records(write_records([entry]), "x.json")
    assert problems == []
    assert write_entry(draft.paper, draft.notes, draft.given) == text


def test_an_empty_field_is_null_an_object_or_an_array() -> None:
    entry, _ = read_entry("---\ntitle: A\nlinks: {}\nauthors: []\narxiv:\n---\n", "a.md", "a")
    assert entry is not None
    [record] = json.loads(write_records([entry]))
    assert record == {"slug": "a", "title": "A", "authors": [], "links": {}, "arxiv": None}


def test_a_faulty_field_is_not_taken_for_an_empty_one() -> None:
    [draft], _ = read_records('[{"title": "A", "rating": 9, "arxiv": null}]', "x.json")
    assert draft.given == {"arxiv"}


def test_a_fault_in_a_record_is_told_at_its_line_and_column() -> None:
    text = '[\r\n  {"title": "A"}, {\r\n    "title": "B",\r\n    "rating": 9\r\n  }\r\n]'
    drafts, [problem] = read_records(text, "x.json")
    assert [draft.paper.title for draft in drafts] == ["A", "B"]
    assert (problem.line, problem.column, problem.severity) == (4, 15, "warning")
