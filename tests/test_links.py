"""Links inside the site: told where they stand in the curator's notes, be the site built or not."""

import json

import pytest

from tests.builders import make_content
from tests.builders import run_command as run

PAPER = '---\ntitle: "{}"\ntags: [robotics]\n{}---\n\n{}\n'
PATH = "---\ntitle: Begin\npapers:\n  - {paper: one}\n---\n\n%s\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "papers/one.md": PAPER.format("One", "", "Notes[^1].\n\n[^1]: A footnote."),
        "papers/later.md": PAPER.format("Later", "draft: true\n", "[one](one.html), [later](later.html)"),
        "collections/begin.md": PATH % "",
    }
    make_content(tmp_path, files)
    return tmp_path


def check(project, name, text):
    """Return what check tells of a text in a file of the content."""
    whole = {
        "papers": PAPER.format("A", "", text),
        "collections": PATH % text,
        "pages": f"---\ntitle: A\n---\n\n{text}\n",
    }
    make_content(project, {name: whole[name.partition("/")[0]]})
    records = json.loads(run("check", "--format", "json").output)
    assert {record["path"] for record in records} <= {f"content/{name}"}
    return [(record["line"], record["column"], record["message"], record["hint"]) for record in records]


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("nope.html", ""),
        ("one.md", "pages of the site end in .html: did you mean `one.html`?"),
        ("one", "did you mean `one.html`?"),
        ("ones.html", "did you mean `one.html`?"),
        ("robotics.html", "did you mean `../tags/robotics.html`?"),
        ("../pages/about.md", "pages of the site end in .html: did you mean `../about.html`?"),
        ("/tags/robotics.html", "did you mean `../tags/robotics.html`?"),
        ("../tags/", "did you mean `../tags/index.html`?"),
        ("github.com/a/b", "did you mean `https://github.com/a/b`?"),
        ("../../x.html", ""),
        ("a%00b", ""),
    ],
)
def test_a_link_of_notes_that_leads_to_nothing_is_told_at_its_place(project, link, hint):
    message = f"the link `{link}` leads to no file of the site"
    assert check(project, "papers/a.md", f"First.\n\nSee [that]({link}), [it](one.html).") == [(8, 12, message, hint)]


def test_a_draft_has_no_page_and_may_itself_lead_to_drafts(project):
    told = check(project, "papers/a.md", "[later](later.html)")
    assert told == [(6, 9, "the link `later.html` leads to a draft, which has no page yet", "")]


@pytest.mark.parametrize(
    "link",
    ["one.html", "one.html#fn:1", "../index.html", "../tags/robotics.html", "../feed.xml", "#main", "?q=x", "https://a.org",
     "mailto:a@b.org", "./one.html", "<one.html>"],
)  # fmt: skip
def test_a_link_that_leads_on_is_no_fault(project, link):
    assert check(project, "papers/a.md", f"[there]({link})") == []


def test_a_fragment_is_looked_for_on_its_page(project):
    told = check(project, "papers/a.md", "[there](one.html#fn:2) and [here](#nowhere)")
    assert [one[1:] for one in told] == [
        (9, "the link `one.html#fn:2` leads to no place on that page", "did you mean `#fn:1`?"),
        (35, "the link `#nowhere` leads to no place on that page", ""),
    ]


@pytest.mark.parametrize(("name", "prefix"), [("pages/x.md", ""), ("collections/begin.md", "../")])
def test_pages_and_reading_paths_are_looked_at_too(project, name, prefix):
    message = f"the link `{prefix}tags/x.html` leads to no file of the site"
    text = f"[it]({prefix}tags/robotics.html)\n[x]: {prefix}tags/x.html\n\n[that][x]"
    assert [told[2] for told in check(project, name, text)] == [message]


def test_each_place_of_a_link_is_told_however_it_is_written(project):
    told = check(project, "papers/a.md", 'gone.html\n[a](gone.html) [b](<gone.html> "B")\n\n<a href="gone.html">c</a>')
    assert [one[:2] for one in told] == [(7, 5), (7, 21), (9, 10)]
    assert check(project, "papers/a.md", "[a](gone\\_x.html)")[0][:2] == (6, 1)  # not as it stands in the page


def test_a_file_that_the_curator_laid_into_the_output_can_be_linked(project):
    run("build")
    (project / "output" / "figures").mkdir()
    (project / "output" / "figures" / "a.png").write_bytes(b"")
    assert check(project, "papers/a.md", "![a](../figures/a.png)") == []


def test_the_built_pages_are_looked_at_only_when_they_are_as_the_content(project):
    run("build")
    page = project / "output" / "about.html"
    page.write_text(page.read_text().replace('href="index.html"', 'href="gone.html"'))
    assert "output/about.html" in run("check").stderr
    make_content(project, {"papers/new.md": PAPER.format("New", "", "")})
    result = run("check")
    note = "the built site is older than the content: build again to check its links\n"
    assert (result.output, result.stderr) == (f"{note}0 faults found\n", "")
    assert run("check", "--format", "json").stderr == note


# ---------------------------------------------------------------- templates


@pytest.mark.parametrize("name", ["paper.html", "path.html", "feed.xml", "base.html", "card.html"])
@pytest.mark.parametrize("fault", ["{{ nothing.at.all }}", "{{ 1/0 }}", "{% for %}"])
def test_a_fault_in_a_template_is_told_with_its_line(project, name, fault):
    (project / "templates").mkdir()
    (project / "templates" / name).write_text(f"one\n{fault}\n")
    result = run("check")
    assert result.exit_code == 1 and f"templates/{name}:2: error: " in result.stderr
