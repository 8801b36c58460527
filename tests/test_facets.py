"""What filters and sorting know of a paper."""

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from site_builder.library.brief import Brief
from site_builder.library.model import make_library
from site_builder.paper import Tag
from site_builder.search.facets import write_facets
from site_builder.search.numbers import number_papers
from site_builder.search.postings import VALUES
from tests.builders import make_site

TAGS = [Tag("robotics", "Robots", "A"), Tag("theory", "Theory", "A"), Tag("unused", "Unused", "A")]


def read_places(text: str) -> list[int]:
    """Read the gaps between places; none of these is as large as to need a second letter."""
    places = [-1]
    for digit in text:
        places.append(places[-1] + VALUES[digit] + 1)
    return places[1:]


def make_brief(slug: str, **known: object) -> Brief:
    unknown = dict.fromkeys(Brief._fields, "") | {
        "guessed": False, "organization": None, "comments": None, "tags": (), "links": (), "sightings": (),
        "draft": False,
    }  # fmt: skip
    return Brief(**{**unknown, "slug": slug, "order": slug, **known})


briefs = st.dictionaries(
    st.sampled_from([f"p{n}" for n in range(30)]),
    st.fixed_dictionaries(
        {
            "published": st.sampled_from(["", "1969-12-31", "2023-12-31", "2024-01-02"]),
            "tags": st.sets(st.sampled_from(["robotics", "theory"])).map(tuple),
            "organization": st.sampled_from([None, ("Lab", "The Lab"), ("lab", "The Lab"), ("x", "Ünder")]),
            "comments": st.sampled_from([None, 0, 3]),
            "links": st.sampled_from([(), (("pdf", "https://example.org/"),), (("code", "https://example.org/"),)]),
            "order": st.sampled_from(["a", "b", "c"]),
        }
    ),
    max_size=25,
).map(lambda papers: [make_brief(slug, **known) for slug, known in papers.items()])


@given(briefs)
def test_facets_say_of_every_paper_what_the_library_knows(papers: list[Brief]) -> None:
    library = make_library(papers, TAGS, {})
    numbers = number_papers(library.papers)
    facets = write_facets(library, numbers)
    slugs, known = list(numbers), library.papers

    def listed(text: str) -> set[str]:
        return {slugs[place] for place in read_places(text)}

    tags = {slug: (name, listed(places)) for slug, name, places in facets["tags"]}
    assert tags == {
        tag.slug: (tag.name, found)
        for tag in TAGS
        if (found := {slug for slug, brief in known.items() if tag.slug in brief.tags})
    }
    organizations = {handle: listed(places) for handle, _, places in facets["organizations"]}
    assert organizations == {handle: set(found) for handle, found in library.by_organization.items()}
    assert listed(facets["comments"]) == {slug for slug, brief in known.items() if brief.comments}
    assert listed(facets["code"]) == {slug for slug, brief in known.items() if dict(brief.links).get("code")}
    assert [slugs[VALUES[digit]] for digit in facets["titles"]] == list(known)
    assert len(re.findall("[A-Za-f]", facets["days"])) == len(slugs)  # a number ends with one of these


def test_the_files_of_the_search_carry_the_record_of_a_paper(tmp_path: Path) -> None:
    text = """---
title: "On Robots"
abstract: They move.
published: 2024-02-29
published_year: inferred
authors: [Ada Abel, Ben Brandt, Chen Cho, Dana Diallo]
organization: {handle: kaist-ai, name: KAIST AI}
links: {code: https://example.org/code}
doi: 10.1000/1
arxiv: "2402.12345"
updated: 2024-03-01
comments_count: 3
tags: [theory, robotics]
---
"""
    output, _ = make_site(tmp_path, {"papers/robots.md": text, "papers/bare.md": "---\ntitle: Bare\n---\n"})
    found = {}
    for path in (output / "search" / "d").iterdir():
        record = json.loads(path.read_text().partition(",")[2].rstrip()[:-2])
        found[record[1]] = record
    assert found["bare"][2:] == ["Bare", "", False, [], "", {}]
    assert found["robots"][2:] == [
        "On Robots", "2024-02-29", True, [["robotics", "Robotics"], ["theory", "Learning theory"]], "They move.",
        {
            "authors": ["Ada Abel", "Ben Brandt", "Chen Cho", "Dana Diallo"],
            "people": "Ada Abel, Ben Brandt, Chen Cho and 1 more",
            "organization": "KAIST AI",
            "links": [["code", "https://example.org/code"]],
            "arxiv": "2402.12345",
            "doi": "10.1000/1",
            "updated": "2024-03-01",
            "comments": 3,
        },
    ]  # fmt: skip
