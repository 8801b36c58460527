"""Check: what is told of a fault, in each form, with the source line and a caret where it is."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import hints
from site_builder.errors import Problem
from site_builder.excerpts import WIDTH, annotate, cells, mark_column, show_problem, show_problems, source_line
from tests.builders import make_content
from tests.builders import run_command as run

GOOD = '---\ntitle: "Good"\nabstract: An abstract.\ntags: [robotics]\n---\n'
BAD = {
    "papers/bad.md": "---\ntitle: Bad: one\n---\n",
    "papers/worse.md": '---\ntitle: W\ntags: [robotic, Learning theory]\nlinks: {code: "github.com/a"}\n---\n',
    "tags.yml": "- {slug: robotics, name: Robotics, group: G}\n- {slug: theory, name: Learning theory, group: G}\n",
    "site.yml": "titel: x\nrepository: example.org/list\n",
    "captures/captures.yml": "- {day: 2025-03-14}\n",
    "pages/about.md": "no front matter\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_content(tmp_path, {"papers/good.md": GOOD})
    return tmp_path


@pytest.fixture
def faulty(project):
    make_content(project, BAD)
    return project


TOLD = """\
content/captures/captures.yml:1:3: error: `file` is missing
    | - {day: 2025-03-14}
    |   ^
    hint: The capture's file name.
content/pages/about.md:1:1: error: no front matter
    | no front matter
    | ^
    hint: the file begins with a line of three hyphens
content/papers/bad.md:2:11: error: this is not valid YAML: mapping values are not allowed in this context
    | title: Bad: one
    |           ^
    hint: quote this value: title: "Bad: one"
content/papers/worse.md:3:8: error: the vocabulary has no tag `robotic`
    | tags: [robotic, Learning theory]
    |        ^
    hint: did you mean `robotics`?
content/papers/worse.md:3:17: error: `Learning theory` is not a slug
    | tags: [robotic, Learning theory]
    |                 ^
    hint: a tag is named by its slug: did you mean `theory`?
content/papers/worse.md:4:15: error: `github.com/a` is not a web address
    | links: {code: "github.com/a"}
    |               ^
    hint: did you mean `https://github.com/a`?
content/site.yml:1:1: error: unknown field `titel`
    | titel: x
    | ^
    hint: did you mean `title`?
content/site.yml:2:13: error: `example.org/list` is not a web address
    | repository: example.org/list
    |             ^
    hint: did you mean `https://example.org/list`?
"""


def test_every_fault_of_every_file_is_told_with_its_line_and_a_hint(faulty):
    result = run("check")
    assert result.exit_code == 1
    assert result.output == "8 faults found\n"
    assert result.stderr == TOLD


def test_as_json_each_fault_is_a_record(faulty):
    result = run("check", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    records = json.loads(result.output)
    assert len(records) == 8
    assert {
        "path": "content/papers/bad.md",
        "line": 2,
        "column": 11,
        "severity": "error",
        "message": "this is not valid YAML: mapping values are not allowed in this context",
        "hint": 'quote this value: title: "Bad: one"',
        "source": "title: Bad: one",
    } in records


def test_without_a_fault_the_array_is_empty(project):
    result = run("check", "--format", "json")
    assert (result.exit_code, json.loads(result.output)) == (0, [])
    assert run("check", "--format", "github").output == ""


def test_github_gets_an_annotation_for_each_fault(faulty):
    result = run("check", "--format", "github")
    assert result.exit_code == 1
    expected = (
        "::error file=content/papers/worse.md,line=3,col=8,title=site-builder check::"
        "the vocabulary has no tag `robotic`%0Ahint: did you mean `robotics`?"
    )
    assert expected in result.output.splitlines() and len(result.output.splitlines()) == 8


def test_what_github_would_misread_is_escaped():
    problem = Problem("a,b:c%.md", 3, 0, "100%\r\nsure, yes: no", "", "warning")
    expected = "::warning file=a%2Cb%3Ac%25.md,line=3,title=site-builder check::100%25%0D%0Asure, yes: no"
    assert annotate(problem) == expected


def test_a_warning_is_shown_and_fails_nothing(project):
    (project / "content" / "papers" / "twin.md").write_text(GOOD)
    result = run("check")
    assert (result.exit_code, result.output) == (0, "0 faults found, 1 warning\n")
    assert "content/papers/twin.md:2:1: warning: this has the title of content/papers/good.md" in result.stderr


def test_an_alias_that_is_taken_is_told_where_it_stands(project):
    (project / "content" / "papers" / "other.md").write_text("---\ntitle: O\naliases:\n  - elsewhere\n  - good\n---\n")
    assert "other.md:5:5: error: the alias `good` is taken by content/papers/good.md" in run("check").stderr


def test_an_unknown_form_is_wrong_use(project):
    assert run("check", "--format", "xml").exit_code == 2


# ---------------------------------------------------------------- source lines


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("title: x", 8, ["title: x", "       ^"]),
        ("\tcode: x", 2, ["\tcode: x", "\t^"]),
        ("标题: x", 5, ["标题: x", "      ^"]),
        ("e\u0301: x", 5, ["e\u0301: x", "   ^"]),
        ("short", 6, ["short", "     ^"]),
        ("short", 60, ["short", "     ^"]),
        ("of the whole line", 0, ["of the whole line"]),
        ("a\x1b[31mb", 7, ["a␛[31mb", "      ^"]),
        ("\u202eab", 3, ["\ufffdab", "  ^"]),
        ("x" * 300, 1, ["x" * 100 + "…", "^"]),
        ("x" * 300, 300, ["…" + "x" * 100, " " * 100 + "^"]),
        ("a" * 200 + "B" + "c" * 200, 201, ["…" + "a" * 60 + "B" + "c" * 39 + "…", " " * 61 + "^"]),
    ],
)
def test_the_caret_stands_under_the_column(line, column, shown):
    assert mark_column(line, column) == shown


@given(st.text(st.characters(exclude_characters="\n\r"), max_size=400), st.integers(1, 400))
def test_a_line_that_is_shown_is_never_wide_and_the_caret_is_under_its_character(line, column):
    shown, caret = mark_column(line, column)
    assert sum(map(cells, shown)) <= WIDTH + 2 and "\n" not in shown + caret
    assert caret.strip("\t ") == "^"
    if column <= len(line) and "\t" not in line and line[column - 1].isalnum():
        place = 0
        while sum(map(cells, shown[:place])) < len(caret) - 1 or not cells(shown[place]):
            place += 1
        assert shown[place] == line[column - 1]


def test_a_byte_order_mark_moves_no_caret(tmp_path):
    path = tmp_path / "tags.yml"
    path.write_bytes("\ufeffslug: x\r\nname: y\r\n".encode())
    assert source_line(Problem(str(path), 1, 1, "")) == "slug: x"
    assert source_line(Problem(str(path), 2, 1, "")) == "name: y"


@pytest.mark.parametrize("data", [None, b"\0\1\2", b"\xff\xfe", b"", b"one line"])
def test_a_file_that_cannot_be_shown_costs_no_fault(tmp_path, data):
    path = tmp_path / "x.md"
    if data is not None:
        path.write_bytes(data)
    problem = Problem(str(path), 3, 1, "a fault", "a hint")
    assert show_problem(problem) == f"{path}:3:1: error: a fault\n    hint: a hint"


def test_a_record_that_is_lost_otherwise_is_shown_as_it_was():
    problem = Problem("x.bib", 3, 1, "no title", "", "error", text="@book{a,\n}")
    assert show_problem(problem) == "x.bib:3:1: error: no title\n    | @book{a,\n    | }"


def test_a_message_controls_no_terminal():
    assert "\x1b" not in show_problem(Problem("x", 1, 1, "unknown field `\x1b[2J`", "\x1b"))


def test_a_fault_is_told_once(tmp_path):
    problem = Problem("x", 0, 0, "a fault")
    assert show_problems([problem, problem], "text") == "x: error: a fault\n"


# ---------------------------------------------------------------- hints


@given(st.text() | st.from_regex(r"[a-z]*:? ?[\"'\[{“]?[\w:/. -]*", fullmatch=True))
def test_a_hint_can_be_given_for_any_text(text):
    known = ("title", "status")
    for hint in (hints.hint_day, hints.hint_address, hints.hint_flag, hints.hint_number, hints.hint_slug):
        assert isinstance(hint(text), str)
    assert isinstance(hints.hint_name(text, known) + hints.hint_form(text, str.isdigit) + hints.hint_list(text), str)
    assert hints.find_end(text.split("\n")).hint
    assert hints.explain_yaml(text, 0, 0, "could not find expected ':'", (0, 0)).hint


@given(st.dates(date(1900, 1, 1)), st.sampled_from("/.- "))
def test_a_day_in_another_order_is_understood(day, mark):
    orders = [f"{day.day}{mark}{day.month}{mark}{day.year}", f"{day.month}{mark}{day.day}{mark}{day.year}"]
    for text in [*orders, f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"]:
        assert day.isoformat() in hints.hint_day(text)


def test_a_fault_in_a_line_without_end_is_looked_for_near_its_column():
    line = "a" * 500_000 + "\tX" + "b" * 500_000
    shown, caret = mark_column(line, 500_002)
    assert (shown[0], shown[-1], shown[caret.index("^")]) == ("…", "…", "X")
    assert mark_column(line, 2_000_000)[0].endswith("bbb")


@pytest.mark.parametrize(
    "words", [["import"], ["export", "bibtex"], ["stats"], ["complete", "--api", "http://127.0.0.1:9/"]], ids=" ".join
)
def test_commands_show_a_fault_with_its_line_and_a_caret(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    make_content(tmp_path, {"papers/a.md": "---\ntitle: A\nrating: 9\n---\n"})
    assert "    | rating: 9\n    |         ^\n" in run(*words).stderr


# ---------------------------------------------------------------- the vocabulary


@pytest.mark.parametrize(
    "text", ["- {slug: theory, name: a: b}\n", "- {slug: theory, name: T}\n", "slug: theory\n", "- slug\n"]
)
def test_a_vocabulary_that_lost_a_tag_is_the_only_fault(project, text):
    make_content(project, {"tags.yml": text})
    result = run("check", "--format", "json")
    assert {record["path"] for record in json.loads(result.output)} == {"content/tags.yml"}
    assert "the vocabulary has no tag" not in run("build").stderr


def test_a_fault_in_the_vocabulary_that_costs_no_tag_hides_none(project):
    make_content(project, {"tags.yml": "- {slug: theory, name: T, group: G, sugest: [x]}\n"})
    assert [record["message"] for record in json.loads(run("check", "--format", "json").output)] == [
        "the vocabulary has no tag `robotics`", "unknown field `sugest`",
    ]  # fmt: skip


def test_a_vocabulary_that_is_missing_or_empty_is_told_once(project):
    make_content(project, {"papers/more.md": "---\ntitle: M\ntags: [theory, robotics]\n---\n", "tags.yml": "# none\n"})
    assert run("check").stderr.startswith("content/tags.yml: error: this file names no tag\n    hint: entries have")
    (project / "content" / "tags.yml").unlink()
    result = run("check")
    assert (
        result.output == "1 fault found\n" and "content/tags.yml: error: content/tags.yml is missing" in result.stderr
    )
    assert "content/tags.yml is missing" in run("build").stderr
    for path in (project / "content" / "papers").iterdir():
        path.write_text("---\ntitle: T\n---\n")
    assert run("check").output.endswith("0 faults found, 1 warning\n")


# ---------------------------------------------------------------- one paper twice


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("arxiv: 2406.10010", "arxiv: 2406.10010v2", "arXiv id"),
        ("doi: 10.1000/Ab", "doi: 10.1000/aB", "DOI"),
        ("arxiv: 2406.10010", "arxiv: 2406.10011", ""),
    ],
)
def test_two_entries_of_one_identifier_are_told(project, one, other, told):
    make_content(project, {"papers/one.md": f"---\ntitle: One\n{one}\n---\n"})
    make_content(project, {"papers/other.md": f"---\ntitle: Other\n{other}\n---\n"})
    shown = f"content/papers/other.md:3:1: warning: this has the {told} of content/papers/one.md\n"
    assert run("check").stderr.startswith(shown) if told else run("check").stderr == ""
    assert run("import").stderr.startswith(shown) if told else True


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ("published: 2023", "published: 2024-02", False),
        ("published: 2023\npublished_year: inferred", "published: 2024-02", True),
        ("arxiv: 2406.10010", "arxiv: 2406.10011", False),
        ("doi: 10.1000/a", "doi: 10.1000/b", False),
        ("doi: 10.1000/a", "arxiv: 2406.10011", True),
        ("", "", True),
    ],
)
def test_entries_of_one_title_are_two_papers_when_something_certain_says_so(project, one, other, is_told):
    make_content(project, {"papers/one.md": f"---\ntitle: Same\n{one}\n---\n"})
    make_content(project, {"papers/other.md": f"---\ntitle: same.\n{other}\n---\n"})
    assert ("this has the title of content/papers/one.md" in run("check").stderr) == is_told


# ---------------------------------------------------------------- files of every sort


@pytest.mark.parametrize(
    ("name", "text", "fields"),
    [
        ("site.yml", "extra: {a: b}\n", "the fields here: title, description, address, curator,"),
        ("pages/x.md", "---\ntitle: X\nextra: {}\n---\n", "the fields here: title"),
        (
            "collections/x.md",
            "---\ntitle: X\npapers: [{paper: good}]\nextra: {}\n---\n",
            "the fields here: title, papers",
        ),
        ("papers/x.md", "---\ntitle: X\nfoo_bar: 1\n---\n", "free data goes under `extra`"),
    ],
)
def test_a_field_that_there_is_not_is_told_with_those_that_there_are(project, name, text, fields):
    make_content(project, {name: text})
    (record,) = json.loads(run("check", "--format", "json").output)
    assert record["message"].startswith("unknown field `") and record["hint"].startswith(fields)


CONFLICT = "<<<<<<< HEAD\nrating: 4\n=======\nrating: 5\n>>>>>>> other\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("papers/x.md", f"---\ntitle: X\n{CONFLICT}---\n", 3),
        ("papers/x.md", f"---\ntitle: X\n---\n\n{CONFLICT}", 5),
        ("pages/x.md", f"---\ntitle: X\n---\n{CONFLICT}", 4),
        ("collections/x.md", f"---\ntitle: X\n{CONFLICT}---\n", 3),
        ("tags.yml", CONFLICT, 1),
        ("site.yml", CONFLICT, 1),
    ],
)
def test_a_merge_conflict_is_one_fault_that_says_so(project, name, text, line, newline):
    make_content(project, {name: text.replace("\n", newline)})
    (record,) = json.loads(run("check", "--format", "json").output)
    assert (record["path"], record["line"], record["message"], record["source"]) == (
        f"content/{name}", line, "this is a merge conflict of git's", "<<<<<<< HEAD",
    )  # fmt: skip


def test_headings_and_quotes_of_markdown_are_no_merge_conflict(project):
    make_content(project, {"pages/x.md": "---\ntitle: X\n---\n\n>>>>>>> deep\n\nHeading\n=======\n\n<<<<<<< no end\n"})
    assert run("check").output == "0 faults found\n"


@pytest.mark.parametrize(
    ("text", "slug"),
    [("one.md", "one"), ("papers/one.md", "one"), ("content/papers/one", "one"), ("../papers/one.html", "one"),
     ("ümlaut", "umlaut"), ("LLM/RL", "llm-rl"), ("Straße", "strasse")],
)  # fmt: skip
def test_the_slug_that_is_meant_is_guessed(text, slug):
    assert hints.guess_slug(text) == slug


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("http://exa mple.org", "http://example.org"),
        ("htp://a.org", "https://a.org"),
        ("https:/a.org", "https://a.org"),
    ],
)
def test_an_address_keeps_its_scheme(text, meant):
    assert hints.hint_address(text) == f"did you mean `{meant}`?"


def test_a_hint_that_is_copied_holds_the_whole_value(project):
    title = "Mind: the gap " * 12
    make_content(project, {"papers/x.md": f"---\ntitle: {title.strip()}\n---\n"})
    assert f'    hint: quote this value: title: "{title.strip()}"\n' in run("check").stderr
