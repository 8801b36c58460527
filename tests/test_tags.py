"""Tags: the vocabulary that was asked for, a curated list, suggestions that learn from it."""

import json
import re

import pytest

from site_builder.content.store import load_content
from site_builder.content.vocabulary import read_vocabulary
from site_builder.library.tags import learn_tags, suggest_tags
from site_builder.paper import Tag
from tests.bench.tags import READINGS, agreement
from tests.builders import ROOT, make_paper

ROBOTS = Tag("robotics", "Robotics", "G", suggest=("robot*", "grasping"))
THEORY = Tag("theory", "Theory", "G", suggest=("generalization bound*",))


@pytest.fixture(scope="module")
def content():
    return load_content(ROOT / "content")


def test_the_vocabulary_has_forty_tags_in_six_groups(content):
    assert len(content.tags) == 40
    assert len({tag.group for tag in content.tags}) == 6
    assert all(tag.description and tag.suggest for tag in content.tags)


def test_the_shipped_list_is_curated(content):
    """Nearly all papers have two to five tags; one, a puzzle of combinatorics, fits none."""
    counts = [len(entry.paper.tags) for entry in content.entries]
    assert [entry.paper.slug for entry in content.entries if not entry.paper.tags] == [
        "an-analytical-framework-for-the-levine-hats-problem-new-strategies"
    ]
    assert sum(2 <= count <= 5 for count in counts) >= 210
    assert {slug for entry in content.entries for slug in entry.paper.tags} == {tag.slug for tag in content.tags}


def test_the_shipped_tags_are_those_that_most_readings_gave(content):
    """Five readings of each abstract, each by itself: a tag stands when three gave it."""
    readings = json.loads(READINGS.read_text())
    for entry in content.entries:
        given = [slug for reading in readings[entry.paper.slug] for slug in reading]
        assert set(entry.paper.tags) == {slug for slug in given if given.count(slug) >= 3}, entry.path
    for number in range(5):
        reading = [set(readings[entry.paper.slug][number]) for entry in content.entries]
        assert agreement([set(entry.paper.tags) for entry in content.entries], reading)[2] > 0.96


def test_suggestions_agree_with_the_curated_tags_of_papers_the_model_never_saw(content):
    """Every tenth paper is held out; the whole comparison is `python -m tests.bench.tags`."""
    papers = [entry.paper for entry in content.entries]
    model = learn_tags([paper for number, paper in enumerate(papers) if number % 10], content.tags)
    held_out = papers[::10]
    suggested = [set(suggest_tags(model, paper._replace(tags=()))) for paper in held_out]
    assert agreement(suggested, [set(paper.tags) for paper in held_out])[2] > 0.7


def test_suggestions_need_no_curated_paper_to_begin_with():
    model = learn_tags([], (ROBOTS, THEORY))
    paper = make_paper(title="Robots that grasp", abstract="A robot, robotic arms, robots and grasping by robots.")
    assert suggest_tags(model, paper) == ("robotics",)
    assert suggest_tags(model, make_paper(title="Cooking", abstract="Bread.")) == ()


def test_a_suggesting_phrase_matches_whole_words_and_any_separator():
    model = learn_tags([], (ROBOTS, THEORY))
    found = make_paper(title="Generalization-Bounds", abstract="Generalization bounds, a generalization  bound.")
    assert "theory" in suggest_tags(model, found)
    assert suggest_tags(model, make_paper(title="Overgeneralization boundaries", abstract="None.")) == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("slug: a", (1, 1), "expected a list of tags"),
        ("- {slug: a, name: A}", (1, 3), "`group` is missing"),
        ("- {slug: A b, name: A, group: G}", (1, 10), "`A b` is not a slug"),
        ("- {slug: a, name: A, group: G}\n- {slug: b, name: B, group: G, aliases: [a]}", (2, 3), "`a` names two tags"),
    ],
)
def test_a_faulty_vocabulary_says_where(text, place, message):
    _, problems = read_vocabulary(text, "tags.yml")
    assert [(p.line, p.column, p.message) for p in problems] == [(*place, message)]


def test_the_vocabulary_is_what_readers_see(content):
    for tag in content.tags:
        assert re.fullmatch(r"[A-Z].*\.", tag.description), tag.slug
