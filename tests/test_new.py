"""New: what the curator types becomes an entry, once; what is there stays."""

import re
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.addition import Wanted, add_paper, read_wanted
from site_builder.config import load_config
from site_builder.content.entry import read_entry
from site_builder.content.slugs import LONGEST_SLUG
from site_builder.errors import SiteBuilderError
from site_builder.paper import Link
from tests.builders import make_content, read_tree
from tests.builders import run_command as run

DAY = date(2025, 3, 14)
KNOWN = """---
title: "A Known Paper: on Things"
links:
  code: https://github.com/a/known
  paper: [https://arxiv.org/abs/2101.00001v3, https://doi.org/10.1000/ABC]
arxiv: "2406.10010v1"
doi: 10.1145/3292500
---
"""


@pytest.fixture
def content(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_content(tmp_path, {"papers/known.md": KNOWN})


def read(content, slug):
    text = (content / "papers" / f"{slug}.md").read_text()
    entry, problems = read_entry(text, f"{slug}.md", slug)
    assert problems == []
    return entry.paper


# ---------------------------------------------------------------- what was meant


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["A title"], Wanted("A title")),
        (["A", " title ", "of words"], Wanted("A title of words")),
        (["2501.00001"], Wanted(arxiv="2501.00001")),
        (["2501.00001v2"], Wanted(arxiv="2501.00001")),
        (["arXiv:2501.00001"], Wanted(arxiv="2501.00001")),
        (["hep-th/9901001"], Wanted(arxiv="hep-th/9901001")),
        (["https://arxiv.org/abs/2501.00001v2"], Wanted(arxiv="2501.00001")),
        (["arxiv.org/abs/2501.00001"], Wanted(arxiv="2501.00001")),
        (["https://arxiv.org/pdf/2501.00001.pdf"], Wanted(arxiv="2501.00001")),
        (["https://huggingface.co/papers/2501.00001"], Wanted(arxiv="2501.00001")),
        (["10.1145/12345"], Wanted(doi="10.1145/12345")),
        (["doi:10.1145/12345"], Wanted(doi="10.1145/12345")),
        (["https://doi.org/10.1145/12345"], Wanted(doi="10.1145/12345")),
        (["https://doi.org/10.1002/(SICI)1%3C2"], Wanted(doi="10.1002/(SICI)1<2")),
        (["10.48550/arXiv.2501.00001"], Wanted(arxiv="2501.00001")),
        (["https://github.com/x/y"], Wanted(links=(Link("code", "https://github.com/x/y"),))),
        (["https://x.github.io/y"], Wanted(links=(Link("project", "https://x.github.io/y"),))),
        (["https://a.org/x.pdf"], Wanted(links=(Link("pdf", "https://a.org/x.pdf"),))),
        (["https://a.org/x"], Wanted(links=(Link("paper", "https://a.org/x"),))),
        (["On", "10.5 percent"], Wanted("On 10.5 percent")),
        (["A title", "2501.00001", "https://a.org/x"], Wanted("A title", "2501.00001", "", (Link("paper", "https://a.org/x"),))),
    ],
)  # fmt: skip
def test_identifiers_and_addresses_are_told_from_words(words, wanted):
    assert read_wanted(words) == wanted


def test_options_say_the_same_as_words():
    given = read_wanted([], "A  title", ["https://a.org/x"], "2501.00001", "https://doi.org/10.1145/12345")
    assert given == read_wanted(["A title", "2501.00001", "10.1145/12345", "https://a.org/x"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new"], "name a title, an address, an arXiv identifier or a DOI"),
        (["new", " \u200b "], "name a title"),
        (["new", "2501.00001", "2501.00002"], "two arXiv identifiers are given"),
        (["new", "T", "--title", "U"], "two titles are given"),
        (["new", "--url", "github.com/a"], "`github.com/a` is not a web address; did you mean `https://github.com/a`?"),
        (["new", "--arxiv", "10.1145/1"], "`10.1145/1` is no arXiv identifier"),
        (["new", "--doi", "2501.00001"], "`2501.00001` is no DOI"),
        (["new", "T", "--tags", "robotic"], "the vocabulary has no tag `robotic`; did you mean `robotics`?"),
        (["new", "T", "--added", "15.10.2024"], "expected a day such as 2024-10-15"),
        (["new", "T", "--edit"], "there is no editor `nowhere-to-be-found`"),
    ],
)
def test_wrong_use_says_what_to_do_and_writes_nothing(content, monkeypatch, words, message):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "nowhere-to-be-found")
    before = read_tree(content)
    result = run(*words)
    assert result.exit_code == 2 and message in result.stderr
    assert read_tree(content) == before


@given(
    st.lists(st.text() | st.from_regex(r"(https?://|doi:|10\.\d{4}/)?[\w./:%#?-]{1,20}", fullmatch=True), max_size=4)
)
def test_any_words_make_an_entry_without_a_fault_or_are_wrong_use(tmp_path_factory, words):
    content = make_content(tmp_path_factory.mktemp("new"), {})
    config, _ = load_config(content, content.parent / "output")
    try:
        added = add_paper(config, read_wanted(words), DAY)
    except SiteBuilderError:
        assert not (content / "papers").exists()
        return
    assert read(content, added.entry.paper.slug) == added.entry.paper


# ---------------------------------------------------------------- the entry


def test_what_is_given_is_in_the_file_and_its_path_is_told(content):
    words = ["A New Paper", "2501.00001", "--url", "https://github.com/x/y", "--tags", "theory,robotics", "--draft"]
    result = run("new", *words, "--added", "2025-03-14")
    assert (result.exit_code, result.output, result.stderr) == (0, "content/papers/a-new-paper.md\n", "")
    assert (content / "papers" / "a-new-paper.md").read_text() == (
        '---\ntitle: "A New Paper"\ntags: [theory, robotics]\nlinks:\n  code: https://github.com/x/y\n'
        'arxiv: "2501.00001"\nadded: 2025-03-14\ndraft: true\n---\n'
    )
    assert run("check").exit_code == 0


def test_a_paper_joins_the_list_today_unless_said_otherwise(content):
    before = date.today()
    run("new", "A title")
    assert before <= read(content, "a-title").added <= date.today()


@pytest.mark.parametrize(
    ("given", "slug", "title"),
    [
        ("2501.00001", "arxiv-2501-00001", "Untitled (arXiv 2501.00001)"),
        ("10.1145/77", "doi-10-1145-77", "Untitled (DOI 10.1145/77)"),
        ("https://www.a.org/x/", "a-org-x", "Untitled (a.org/x)"),
    ],
)
def test_without_a_title_it_is_a_draft_that_says_what_is_missing(content, given, slug, title):
    result = run("new", given)
    assert result.exit_code == 0 and "its title is not known, so it is a draft" in result.output
    paper = read(content, slug)
    assert (paper.title, paper.draft) == (title, True)
    run("build")
    assert not (content.parent / "output" / "papers" / f"{slug}.html").exists()


def test_a_title_in_another_script_and_a_long_one_get_a_file(content):
    assert run("new", "学习").output == "content/papers/paper.md\n"
    run("new", "word " * 50)
    assert all(len(path.stem) <= LONGEST_SLUG for path in (content / "papers").iterdir())


# ---------------------------------------------------------------- what is there


@pytest.mark.parametrize(
    ("given", "place", "what"),
    [
        ("a known paper, on things!", "2:1", "title"),
        ("2406.10010", "6:9", "arXiv identifier"),
        ("https://arxiv.org/abs/2406.10010v7", "6:9", "arXiv identifier"),
        ("10.48550/arxiv.2406.10010", "6:9", "arXiv identifier"),
        ("2101.00001", "5:11", "arXiv identifier"),
        ("https://doi.org/10.1145/3292500", "7:6", "DOI"),
        ("10.1000/abc", "5:47", "DOI"),
        ("http://www.github.com/a/known.git", "4:9", "link"),
    ],
)
def test_what_is_on_the_list_is_told_with_its_place_and_not_added(content, given, place, what):
    before = read_tree(content)
    result = run("new", given)
    assert result.exit_code == 1
    assert f"content/papers/known.md:{place}: error: this is on the list already, by its {what}\n" in result.stderr
    assert read_tree(content) == before


def test_a_paper_is_known_by_the_title_that_its_entry_had_and_as_readers_see_it(content):
    (content / "papers" / "pokemon.md").write_text('---\ntitle: "Pok\\\\\'emon"\naliases: [pocket-monsters]\n---\n')
    result = run("new", "Pocket Monsters")
    assert "content/papers/pokemon.md:3:11: error: this is on the list already, by its former title" in result.stderr
    assert "content/papers/pokemon.md:2:1: error: this is on the list already" in run("new", "Pokémon").stderr


@pytest.mark.parametrize(
    ("title", "why"),
    [("A Known Papper on Things", "a title nearly the same"), ("A Known Paper", "the same title but for a subtitle")],
)
def test_a_title_that_is_near_is_told_and_added(content, title, why):
    result = run("new", title)
    assert result.exit_code == 0 and result.output.startswith("content/papers/a-known-pap")
    assert f"content/papers/known.md:2:1: warning: this may be the paper: {why}\n" in result.stderr


def test_the_name_of_a_paper_without_a_title_is_near_no_other(content):
    assert [run("new", doi).stderr for doi in ("10.1145/abcdefgh", "10.1145/abcdefgi")] == ["", ""]


def test_arxivs_own_doi_is_its_identifier(content):
    assert read_wanted([], doi="10.48550/arXiv.2501.00001") == Wanted(arxiv="2501.00001")


def test_anyway_adds_it_all_the_same_under_another_name(content):
    before = (content / "papers" / "known.md").read_bytes()
    run("new", "Known", "2406.10010", "--anyway")
    assert (content / "papers" / "known.md").read_bytes() == before
    assert read(content, "known-2").arxiv == "2406.10010"


def test_no_file_is_ever_written_over(content):
    (content / "papers" / "Taken.md").write_text("no entry")
    (content / "papers" / "former.md").write_text("---\ntitle: F\naliases: [moved]\n---\n")
    before = read_tree(content)
    assert [run("new", title, "--anyway").output.rsplit("/")[-1] for title in ("Taken", "Moved", "Index")] == [
        "taken-2.md\n",
        "moved-2.md\n",
        "index-2.md\n",
    ]
    after = read_tree(content)
    assert before.items() <= after.items() and len(after) == len(before) + 3


def test_a_broken_entry_is_told_as_one_that_was_not_compared(content):
    (content / "papers" / "broken.md").write_text("---\ntitle: T: U\n---\n")
    result = run("new", "Another")
    assert result.exit_code == 0
    assert "content/papers/broken.md:2:9: warning: this entry was not compared: this is not valid YAML" in result.stderr


# ---------------------------------------------------------------- the editor


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that writes down what it was asked to open."""
    script = tmp_path / "edit or.py"
    script.write_text(
        "import sys, pathlib\npathlib.Path('opened').write_text(sys.argv[-1])\nsys.exit('--fail' in sys.argv)\n"
    )
    monkeypatch.setenv("EDITOR", "nowhere")
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{script}' --wait")
    return script


def test_the_editor_opens_the_new_file(content, editor):
    assert run("new", "A title", "--edit").exit_code == 0
    assert (content.parent / "opened").read_text() == "content/papers/a-title.md"


def test_the_editor_opens_what_is_there_already(content, editor):
    assert run("new", "2406.10010", "--edit").exit_code == 1
    assert (content.parent / "opened").read_text() == "content/papers/known.md"


def test_an_editor_that_fails_is_told_and_the_entry_stays(content, editor, monkeypatch):
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{editor}' --fail")
    result = run("new", "A title", "--edit")
    assert result.exit_code == 1 and re.search(r"the editor `.*` ended with a fault", result.stderr)
    assert (content / "papers" / "a-title.md").exists()
