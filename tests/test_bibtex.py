"""BibTeX as pages show it; templates/assets/exports.js writes the same, and is held to the same cases."""

import json
from datetime import date
from typing import Any

import pytest

from site_builder.formats.bibtex import write_bibtex
from site_builder.formats.draft import Draft
from site_builder.paper import Link
from tests.builders import make_paper
from tests.conftest import PROJECT

CASES = json.loads((PROJECT / "tests" / "data" / "bibtex.json").read_text())
every_case = pytest.mark.parametrize("case", CASES, ids=[case["title"][:20] for case in CASES])


def write(case: dict[str, Any]) -> str:
    day, more = case["date"], case["more"]
    paper = make_paper(
        slug=case["slug"],
        title=case["title"],
        published=date.fromisoformat(day) if day else None,
        published_year="inferred" if case["guessed"] else None,
        authors=tuple(more.get("authors", ())),
        arxiv=more.get("arxiv"),
        doi=more.get("doi"),
        links=tuple([Link(*link) for link in more.get("links", ())]),
    )
    return write_bibtex([Draft(paper, "", 0)])


@every_case
def test_an_entry_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert write(case) == case["bibtex"]


@every_case
def test_the_braces_of_an_entry_are_balanced_as_bibtex_counts_them(case: dict[str, Any]) -> None:
    depth = 0
    for place, sign in enumerate(text := write(case)):
        depth += (sign == "{") - (sign == "}")
        assert depth > 0 or place < text.index("{") or place >= len(text) - 2
    assert depth == 0
