"""Tag: suggested, given, renamed and merged across all files, with every other byte where it was."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.content.entry import read_entry
from site_builder.content.retag import change_tags, merge_tags, rename_tag
from site_builder.content.vocabulary import read_vocabulary
from site_builder.library.hygiene import count_use, find_companions, find_lookalikes, present_tags
from site_builder.paper import Tag
from tests.builders import ROOT, make_content, make_paper, read_tree
from tests.builders import run_command as run

VOCABULARY = """\
# The words of the list.
- slug: robotics   # what moves
  name: Robotics
  group: Applications
  suggest: [robot*,
            grasping]

# Bounds and the like.
- {slug: theory, name: "Learning theory", group: Theory, suggest: [provabl*, Grasping], aliases: [bounds]}
- slug: 'agents'
  name: Agents
  group: Applications
  aliases:
    - actors  # until 2024
# the end
"""
ONE = '---\ntitle: "One"\ntags: [robotics,  "agents"]  # mine\n---\n\nNotes about robotics.\n'
TWO = "---\r\n# CRLF\r\ntitle: Two\r\ntags:\r\n  - agents # first\r\n  # and\r\n  - theory\r\nrating: 4\r\n---\r\n"
NONE = "---\ntitle: Robots that grasp\nabstract: Robots grasping, a robot and robotic arms.\n---\n"
BROKEN = "---\ntitle: x: y\ntags: [agents]\n---\n"


@pytest.fixture
def content(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"papers/one.md": ONE, "papers/two.md": TWO, "papers/none.md": NONE, "tags.yml": VOCABULARY}
    return make_content(tmp_path, files)


def read(content, name):
    return (content / name).read_bytes().decode()


# ---------------------------------------------------------------- the command


def test_a_renamed_tag_is_renamed_everywhere_and_its_address_leads_on(content):
    result = run("tag", "rename", "agents", "language-agents", "--name", "Language agents")
    assert (result.exit_code, result.stderr) == (0, "")
    assert read(content, "papers/one.md") == ONE.replace('"agents"', '"language-agents"')
    assert read(content, "papers/two.md") == TWO.replace("agents", "language-agents")
    expected = VOCABULARY.replace("slug: 'agents'", "slug: 'language-agents'").replace("Agents", "Language agents")
    assert read(content, "tags.yml") == expected.replace("# until 2024\n", "# until 2024\n    - agents\n")
    assert run("build").exit_code == 0
    redirect = (content.parent / "output" / "tags" / "agents.html").read_text()
    assert "language-agents.html" in redirect


def test_merged_tags_are_one_and_no_paper_has_it_twice(content):
    result = run("tag", "merge", "agents", "theory", "robotics")
    assert (result.exit_code, result.stderr) == (0, "")
    assert read(content, "papers/one.md") == ONE.replace(',  "agents"', "")
    assert read(content, "papers/two.md") == TWO.replace("agents", "robotics").replace("  - theory\r\n", "")
    (tag,), problems = read_vocabulary(read(content, "tags.yml"), "tags.yml")
    assert problems == []
    assert tag.aliases == ("agents", "actors", "theory", "bounds")
    assert tag.suggest == ("robot*", "grasping", "provabl*")
    assert read(content, "tags.yml") == (
        "# The words of the list.\n- slug: robotics   # what moves\n  name: Robotics\n  group: Applications\n"
        "  suggest: [robot*,\n            grasping, provabl*]\n  aliases: [agents, actors, theory, bounds]\n\n"
        "# Bounds and the like.\n# the end\n"
    )
    assert run("check").exit_code == 0


def test_a_tag_is_added_and_removed_again_with_every_byte_as_before(content):
    before = read_tree(content)
    assert run("tag", "add", "bounds", "one", "content/papers/two.md").output.endswith("1 file changed\n")
    assert read(content, "papers/one.md") == ONE.replace('"agents"]', '"agents", theory]')
    assert read(content, "papers/two.md") == TWO  # it has that tag under its present slug
    assert run("tag", "remove", "theory", "one").exit_code == 0
    assert read_tree(content) == before


def test_a_tag_that_is_carried_already_changes_nothing(content):
    assert run("tag", "add", "theory", "two").output == "0 files changed\n"


def test_a_dry_run_shows_what_would_change_and_touches_nothing(content):
    before = read_tree(content)
    result = run("tag", "rename", "theory", "learning-theory", "--dry-run")
    assert read_tree(content) == before
    assert result.output.splitlines()[0] == "would change content/tags.yml"
    assert result.output.splitlines()[-1] == "2 files would change"
    assert "  -  - theory" in result.output and "  +  - learning-theory" in result.output
    run("tag", "merge", "theory", "agents", "--dry-run")
    run("tag", "add", "theory", "one", "--dry-run")
    run("tag", "suggest", "--write", "--dry-run")
    assert read_tree(content) == before


def test_a_broken_entry_is_told_and_left_and_the_others_are_done(content):
    (content / "papers" / "broken.md").write_text(BROKEN)
    result = run("tag", "rename", "agents", "actors-of-language")
    assert result.exit_code == 1
    assert "content/papers/broken.md:2:9: error: this is not valid YAML" in result.stderr
    assert read(content, "papers/broken.md") == BROKEN
    assert "actors-of-language" in read(content, "papers/one.md")


def test_an_entry_with_another_fault_can_be_edited(content):
    (content / "papers" / "one.md").write_text(ONE.replace("title", "ratin: 3\ntitle"))
    assert run("tag", "remove", "agents", "one").exit_code == 0
    assert read(content, "papers/one.md") == ONE.replace("title", "ratin: 3\ntitle").replace(',  "agents"', "")


def test_tags_that_are_another_values_too_are_left_alone(content):
    text = "---\ntitle: T\nextra: {mine: &t [agents]}\ntags: *t\n---\n"
    (content / "papers" / "one.md").write_text(text)
    result = run("tag", "rename", "agents", "actor")
    assert result.exit_code == 1 and "one.md: error: its tags cannot be changed" in result.stderr
    assert read(content, "papers/one.md") == text
    assert "language" not in read(content, "papers/two.md") and "actor" in read(content, "papers/two.md")


def test_a_vocabulary_with_faults_is_left_and_so_is_every_entry(content):
    (content / "tags.yml").write_text(VOCABULARY + "- {slug: x}\n")
    before = read_tree(content)
    for words in (["rename", "agents", "actor"], ["merge", "agents", "theory"]):
        result = run("tag", *words)
        assert result.exit_code == 1 and "`name` is missing" in result.stderr
        assert read_tree(content) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rename", "agent", "x"], "the vocabulary has no tag `agent`; did you mean `agents`?"),
        (["rename", "Learning theory", "x"], "the vocabulary has no tag `Learning theory`; did you mean `theory`?"),
        (["rename", "actors", "x"], "`actors` is a former slug of `agents`; name that one"),
        (["rename", "agents", "Big Agents"], "`Big Agents` is not a slug: "),
        (["rename", "agents", "theory"], "to make two tags one: site-builder tag merge agents theory"),
        (["rename", "agents", "bounds"], "`bounds` is a former slug of `theory`"),
        (["rename", "agents", "agents"], "has this slug and this name already"),
        (["merge", "agents", "agents"], "cannot be merged into itself"),
        (["merge", "agents", "none"], "the vocabulary has no tag `none`"),
        (["add", "theory", "onee"], "there is no entry `onee`; did you mean `one`?"),
        (["add", "nothing", "one"], "the vocabulary has no tag `nothing`"),
        (["suggest", "nowhere"], "there is no entry `nowhere`"),
    ],
)
def test_wrong_use_says_what_to_do_and_touches_nothing(content, words, message):
    before = read_tree(content)
    result = run("tag", *words)
    assert result.exit_code == 2 and message in result.stderr
    assert read_tree(content) == before


def test_without_a_vocabulary_there_is_nothing_to_do(content):
    (content / "tags.yml").unlink()
    assert run("tag", "list").exit_code == 2
    assert run("tag").exit_code == 2


def test_tags_are_suggested_for_entries_without_and_written_when_asked(content):
    for name in ("one", "two"):
        (content / "papers" / f"{name}.md").unlink()
    result = run("tag", "suggest")
    assert re.fullmatch(r"content/papers/none\.md: robotics 0\.\d\d\n", result.output)
    assert read(content, "papers/none.md") == NONE
    assert run("tag", "suggest", "--write").exit_code == 0
    assert read(content, "papers/none.md") == NONE.replace("arms.\n", "arms.\ntags: [robotics]\n")
    assert run("tag", "suggest").output.startswith("every entry has tags")
    assert run("tag", "suggest", "none").output == "content/papers/none.md: no tag comes near\n"  # it has that one


def test_a_papers_own_tags_do_not_suggest_themselves(content):
    (content / "papers" / "one.md").write_text(ONE.replace("One", "Bread").replace("robotics,", "theory,"))
    assert run("tag", "suggest", "one").output == "content/papers/one.md: no tag comes near\n"


def test_the_list_of_tags_is_by_use(content):
    lines = run("tag", "list").output.splitlines()
    assert lines == [
        "     2  agents    Agents (Applications)",
        "     1  robotics  Robotics (Applications)",
        "     1  theory    Learning theory (Theory)",
        "3 tags in 2 groups, 3 entries, 1 without tags",
    ]


def test_the_check_of_tags_says_which_may_be_one_and_how_to_join_them(content):
    more = "- {slug: robotic, name: Robots, group: G}\n"
    (content / "tags.yml").write_text(VOCABULARY + more)
    lines = run("tag", "check").output.splitlines()
    assert lines == [
        "robotic: carried by no paper",
        "robotics: carried by one paper",
        "theory: carried by one paper",
        "robotics (1) and robotic (0) look alike: their slugs differ in an ending only",
        "    hint: site-builder tag merge robotic robotics",
        "4 things to look at in 4 tags",
    ]


# ---------------------------------------------------------------- look-alikes


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("meta-learning", "metalearning", "hyphens"),
        ("world-model", "world-models", "ending"),
        ("study", "studies", "ending"),
        ("learning-theory", "theory-learning", "order"),
        ("generalization", "generalisation", "one letter"),
        ("grokking", "grokkign", "one letter"),
        ("reasoning", "resoning", "one letter"),
    ],
)
def test_tags_that_look_alike_are_found(one, other, why):
    (pair,) = find_lookalikes([Tag(one, "A", "G"), Tag(other, "B", "G")])
    assert why in pair.why


@pytest.mark.parametrize(
    ("one", "other"), [("rag", "rug"), ("vision", "reasoning"), ("offline-rl", "online-rl-x"), ("gas", "ga")]
)
def test_tags_that_only_resemble_are_let_be(one, other):
    assert find_lookalikes([Tag(one, "A", "G"), Tag(other, "B", "G")]) == []


def test_names_that_look_alike_are_found():
    (pair,) = find_lookalikes([Tag("aa", "Large models", "G"), Tag("bb", "large model", "G")])
    assert pair.why == "their names differ in an ending only"


def test_tags_that_nearly_always_stand_together_are_found():
    tags = [Tag(slug, slug, "G", aliases=(f"old-{slug}",)) for slug in "abc"]
    carried = [("a", "b"), ("old-a", "b"), ("a", "b", "c"), ("a", "b", "gone"), ("a",)]
    found = present_tags([make_paper(tags=slugs) for slugs in carried], tags)
    (pair,) = find_companions(found)
    assert pair == ("a", "b", "4 of the 5 papers with one of them have both")
    assert count_use(found, tags) == {"a": 5, "b": 4, "c": 1}


# ---------------------------------------------------------------- every other byte

slugs = st.from_regex(r"[a-z]{1,5}(-[a-z]{1,4})?", fullmatch=True).filter(
    lambda slug: not re.fullmatch(r"true|false|null|yes|no|on|off|[ex-]+", slug)  # these get quotes
)
blanks = st.sampled_from(["", " ", "  "])
comments = st.sampled_from(["", " # why", "  # [a, b]: 'c'"])


@st.composite
def lists(draw):
    """A list of tags as people write it, and its text: in a line, over several, in quotes, with comments."""
    items = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    quoted = [draw(st.sampled_from(["{}", "'{}'", '"{}"'])).format(item) for item in items]
    style = draw(st.sampled_from(["line", "lines", "block"]))
    if style == "line":
        text = ",".join(draw(blanks) + item + draw(blanks) for item in quoted)
        return items, f"tags: [{text}{draw(st.sampled_from(['', ',']))}]{draw(comments)}\n"
    indent = draw(st.sampled_from(["", "  ", "    "]))
    if style == "block":
        lines = [f"{indent}-{' ' * draw(st.integers(1, 3))}{item}{draw(comments)}\n" for item in quoted]
        between = [draw(st.sampled_from(["", f"{indent}# between\n", "\n"])) for _ in lines]
        return items, f"tags:{draw(comments)}\n" + "".join(a + b for a, b in zip(between, lines, strict=True))
    lines = [f"\n   {indent}{item}{',' if n < len(items) - 1 else ''}{draw(comments)}" for n, item in enumerate(quoted)]
    return items, f"tags: [{draw(comments)}{''.join(lines)}\n  ]{draw(comments)}\n"


@st.composite
def entries(draw):
    tags, written = draw(lists())
    extra = draw(st.sampled_from(["", "# a comment\n", "extra: {tags: [a, robotics]}\n"]))
    text = f"---\ntitle: 'T'  # t\n{extra}{written}status:   read\n---\n\ntags: [a]\n{tags[0]}\n"
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    entry, problems = read_entry(text, "x.md", "x")
    assert problems == [] and entry.paper.tags == tuple(tags)
    return entry


@given(entries(), slugs)
def test_a_tag_that_is_renamed_back_leaves_every_byte(entry, new):
    old = entry.paper.tags[-1]
    if new in entry.paper.tags:
        return
    there = change_tags(entry, {old: new})
    assert there.paper.tags == (*entry.paper.tags[:-1], new)
    assert len(there.text) - len(entry.text) == len(new) - len(old)
    assert change_tags(there, {new: old}).text == entry.text


@given(entries(), st.data())
def test_taking_a_tag_away_takes_nothing_else(entry, data):
    gone = data.draw(st.sampled_from(entry.paper.tags))
    left = change_tags(entry, {gone: None})
    assert left.paper == entry.paper._replace(tags=tuple(tag for tag in entry.paper.tags if tag != gone))
    lost = [line for line in entry.text.splitlines() if line not in left.text.splitlines()]
    assert len(lost) <= 2 and left.text.count("#") >= entry.text.count("#") - sum("-" in line for line in lost)
    for word in ("title: 'T'  # t", "status:   read", "tags: [a]"):
        assert word in left.text


@given(entries(), st.lists(slugs, min_size=1, max_size=3, unique=True))
def test_adding_tags_adds_them_and_nothing_else(entry, new):
    grown = change_tags(entry, {}, new)
    assert grown.paper == entry.paper._replace(tags=tuple(dict.fromkeys([*entry.paper.tags, *new])))
    remaining = iter(grown.text)
    assert all(character in remaining for character in entry.text)  # in its order


@given(entries(), st.data())
def test_tags_that_become_one_stand_there_once(entry, data):
    merged = data.draw(st.sets(st.sampled_from(entry.paper.tags), min_size=1))
    into = data.draw(slugs)
    one = change_tags(entry, dict.fromkeys(merged - {into}, into))
    expected = {tag for tag in entry.paper.tags if tag not in merged} | {into}
    assert set(one.paper.tags) == expected and len(one.paper.tags) == len(expected)


def test_the_vocabulary_comes_back_but_for_the_former_slug():
    text = (ROOT / "content" / "tags.yml").read_text()
    for newline in ("\n", "\r\n"):
        before = text.replace("\n", newline)
        for tag in read_vocabulary(text, "")[0][::8]:
            there = rename_tag(before, "", tag.slug, "something-else")
            back = rename_tag(there, "", "something-else", tag.slug)
            assert back.replace(f"  aliases: [something-else]{newline}", "") == before
            assert rename_tag(rename_tag(back, "", tag.slug, "something-else"), "", "something-else", tag.slug) == back


@settings(deadline=None, max_examples=8)
@given(st.data())
def test_any_tags_of_the_real_vocabulary_can_be_merged(data):
    text = (ROOT / "content" / "tags.yml").read_text()
    tags = [tag.slug for tag in read_vocabulary(text, "")[0]]
    into, *merged = data.draw(st.lists(st.sampled_from(tags), min_size=2, max_size=4, unique=True))
    after, problems = read_vocabulary(merge_tags(text, "", merged, into), "")
    assert problems == [] and [tag.slug for tag in after] == [slug for slug in tags if slug not in merged]


def test_the_paper_of_a_renamed_tag_is_otherwise_the_same():
    text = '---\ntitle: "T"\npublished: 2024-10-15\ntags: [a]\n---\n'
    edited = change_tags(read_entry(text, "x.md", "x")[0], {"a": "b"})
    assert edited.paper.published == date(2024, 10, 15) and edited.text == text.replace("[a]", "[b]")


def test_a_fault_that_names_a_line_below_is_no_reason_to_refuse():
    text = "---\ntags: [a]\nextra: {b: 1, b: 2}\ntitle: T\n---\n"
    entry, problems = read_entry(text.replace("[a]", "\n- a\n- c"), "x.md", "x")
    assert len(problems) == 1 and "first in line 5" in problems[0].message
    assert change_tags(entry, {"c": None}).text == text.replace("[a]", "\n- a")
