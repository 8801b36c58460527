"""Reading paths: what is written is read, and what is wrong is told where it stands."""

from site_builder.content.paths import Step, read_path
from tests.builders import make_content
from tests.builders import run_command as run

TEXT = """---
title: From Bandits to Agents
papers:
  - {paper: one, why: It begins here., minutes: 40}
  - paper: two
---

For those who *begin*.
"""


def test_a_reading_path_has_its_papers_in_order_each_with_a_reason():
    path, problems = read_path(TEXT, "content/collections/begin.md", "begin")
    assert problems == []
    assert (path.title, path.text) == ("From Bandits to Agents", "For those who *begin*.")
    assert path.steps == (Step("one", "It begins here.", 40), Step("two"))


def test_faults_of_a_path_are_told_and_the_rest_is_read():
    path, problems = read_path(TEXT.replace("minutes: 40", "minutes: long"), "x.md", "x")
    assert [step.paper for step in path.steps] == ["two"]
    assert [(p.line, p.message) for p in problems] == [(4, "expected a number such as 4, found `long`")]
    for text in ("", "---\n---\n", "---\ntitle: T\n---\n", "---\npapers: []\n---\n", "---\n- x\n---\n"):
        path, problems = read_path(text, "x.md", "x")
        assert path is None and problems


def test_check_tells_papers_of_paths_that_the_list_lacks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paper = '---\ntitle: "One"\n---\n'
    make_content(tmp_path, {"papers/one.md": paper, "collections/begin.md": TEXT, "collections/Bad Name.md": TEXT})
    told = run("check").stderr
    assert "content/collections/begin.md:5:12: error: the list has no paper `two`" in told
    assert "`Bad Name.md` is not a name for a page" in told
