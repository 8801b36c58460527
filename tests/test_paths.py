"""Reading paths: what is written is read, and what is wrong is told where it stands."""

from site_builder.build import build
from site_builder.config import load_config
from site_builder.content.paths import Step, read_path
from site_builder.errors import Problem
from tests.builders import make_content, make_site
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


def test_a_paper_is_on_a_path_once_and_a_path_has_papers():
    twice = TEXT.replace("---\n\nFor", "  - {why: Again., paper: one}\n---\n\nFor")
    path, problems = read_path(twice, "x.md", "x")
    assert path.steps == (Step("one", "It begins here.", 40), Step("two"))
    assert problems == [
        Problem("x.md", 6, 26, "`one` is on this path already, in line 4", "take one of the two away")
    ]  # fmt: skip
    path, (problem,) = read_path("---\ntitle: T\npapers: []\n---\n", "x.md", "x")
    assert path.steps == () and (problem.line, problem.column, problem.severity) == (3, 9, "warning")
    assert problem.message == "this path has no papers, and so no page"


def test_a_paper_of_a_path_whose_entry_is_broken_is_told_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    papers = {"papers/one.md": PAPER.format("One"), "papers/two.md": "---\ntitle: a: b\n---\n"}
    make_content(tmp_path, {**papers, "collections/begin.md": TEXT})
    result = run("check")
    assert result.output == "1 fault found\n" and result.stderr.startswith("content/papers/two.md:2:9: error:")


def test_check_tells_papers_of_paths_that_the_list_lacks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paper = '---\ntitle: "One"\n---\n'
    make_content(tmp_path, {"papers/one.md": paper, "collections/begin.md": TEXT, "collections/Bad Name.md": TEXT})
    told = run("check").stderr
    assert "content/collections/begin.md:5:12: error: the list has no paper `two`" in told
    assert "`Bad Name.md` is not a name for a page" in told


PAPER = '---\ntitle: "{}"\nauthors: [Ada Lovelace]\n---\n'


def test_a_path_has_a_page_in_its_order_and_its_papers_lead_to_it(tmp_path):
    papers = {f"papers/{slug}.md": PAPER.format(slug.title()) for slug in ("one", "two")}
    output, report = make_site(tmp_path, {**papers, "collections/begin.md": TEXT})
    assert report.problems == ()
    page = (output / "collections" / "begin.html").read_text()
    assert page.index("../papers/one.html") < page.index("It begins here.") < page.index("../papers/two.html")
    assert "<p>For those who <em>begin</em>.</p>" in page and "about 1 hour<" in page
    assert (
        '<a href="../collections/begin.html">From Bandits to Agents</a> <span class="count">2 of 2</span>'
        in (output / "papers" / "two.html").read_text()
    )
    assert "For those who begin." in (output / "collections" / "index.html").read_text()
    assert "collections/begin.html" in (output / "index.html").read_text()


def test_a_draft_is_left_out_of_a_path_and_a_path_without_papers_is_not_shown(tmp_path):
    draft = PAPER.replace("authors", "draft: true\nauthors")
    papers = {"papers/one.md": draft.format("One"), "papers/two.md": draft.format("Two")}
    output, report = make_site(tmp_path, {**papers, "collections/begin.md": TEXT})
    assert [problem[1:4] for problem in report.problems] == [
        (3, 1, "no paper of this path is shown, and so it has no page"),
    ]  # fmt: skip
    assert report.problems[0].severity == "warning" and not (output / "collections").exists()
    assert "collections" not in (output / "index.html").read_text()


def test_a_change_of_a_path_touches_its_pages_and_no_others(tmp_path):
    papers = {f"papers/{slug}.md": PAPER.format(slug.title()) for slug in ("one", "two", "three")}
    content = make_content(tmp_path, {**papers, "collections/begin.md": TEXT})
    config, _ = load_config(content, tmp_path / "output")
    build(config)
    (content / "collections" / "begin.md").write_text(TEXT.replace("It begins here.", "It ends here."))
    assert [path for _, path in build(config).published.written] == ["collections/begin.html"]
    (content / "collections" / "begin.md").write_text(TEXT.replace("Bandits", "Agents"))
    touched = {path for _, path in build(config).published.written}
    assert touched == {
        "collections/begin.html", "collections/index.html", "index.html", "papers/one.html", "papers/two.html",
        "collections/begin.xml", "collections/begin.json", "feeds.opml", "about.html",
    }  # fmt: skip
