"""The commands: what they print, how they exit, and that nothing ends in a traceback."""

import re
import subprocess
import sys

import pytest

from site_builder.arguments import COMMANDS, read_arguments
from tests.builders import ROOT, make_content
from tests.builders import run_command as run

GOOD = '---\ntitle: "Good"\nabstract: An abstract.\ntags: [robotics]\n---\n'
BAD = "---\ntitle: Bad: one\n---\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_content(tmp_path, {"papers/good.md": GOOD})
    return tmp_path


def test_build_says_what_it_did_and_where_to_look(project):
    result = run("build")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert re.fullmatch(r"built: 1 paper, \d+ pages, 0 problems, \d+\.\d\d s", lines[0])
    assert [re.sub(r"[1-9]\d*", "N", " ".join(line.split())) for line in lines[1:-1]] == [
        f"{kind} N written 0 kept 0 pruned" for kind in ("asset", "search", "feed", "page")
    ]
    assert lines[-1] == "open output/index.html"


def test_faults_are_told_in_one_run_and_the_good_rest_is_built(project):
    (project / "content" / "papers" / "bad.md").write_text(BAD)
    (project / "content" / "papers" / "worse.md").write_text("---\ntitle: W\ntags: [robotic]\nratin: 4\n---\n")
    result = run("build")
    assert result.exit_code == 1
    assert (project / "output" / "papers" / "good.html").exists()
    assert result.stderr.splitlines() == [
        "content/papers/bad.md:2:11: error: this is not valid YAML: mapping values are not allowed in this context",
        '    hint: quote this value: title: "Bad: one"',
        "content/papers/worse.md:3:8: error: the vocabulary has no tag `robotic`",
        "    hint: did you mean `robotics`?",
        "content/papers/worse.md:4:1: error: unknown field `ratin`",
        "    hint: did you mean `rating`?",
    ]


def test_check_finds_faults_without_building(project):
    assert run("check").output == "0 faults found\n"
    (project / "content" / "papers" / "bad.md").write_text(BAD)
    result = run("check")
    assert result.exit_code == 1 and "1 fault found" in result.output
    assert not (project / "output").exists()


def test_check_finds_links_that_lead_nowhere_in_notes(project):
    (project / "content" / "papers" / "good.md").write_text(GOOD + "\n[there](gone.html)\n")
    result = run("check")
    assert result.exit_code == 1
    assert "papers/good.md:7:9: error: the link `gone.html` leads to no file of the site" in result.stderr
    run("build")
    assert run("check") == result


@pytest.mark.parametrize("link", ["a%00b", "x" * 300, "//[bad", "?q=%E0%A4%A"])
def test_check_survives_links_that_no_disk_could_have(project, link):
    (project / "content" / "papers" / "good.md").write_text(GOOD + f"\n[there]({link})\n")
    run("build")
    assert run("check").exit_code in (0, 1)


def test_check_finds_a_web_address_that_is_none(project):
    (project / "content" / "papers" / "good.md").write_text(GOOD.replace("tags", 'links: {code: "https://[bad"}\ntags'))
    assert "`https://[bad` is not a web address" in run("check").stderr


def test_a_formula_that_cannot_be_shown_is_a_warning(project):
    (project / "content" / "papers" / "good.md").write_text(GOOD.replace("An abstract", r"See $\frac{1$ there"))
    result = run("check")
    assert result.exit_code == 0
    assert "good.md:3:16: warning: the formula `\\frac{1` in the abstract cannot be read as math" in result.stderr


def test_import_prints_its_ledger(project):
    (project / "content" / "captures").mkdir()
    text = "byAK and the research community\n\nMar 14\n\nA Title\n\nAn abstract.\n\n  • 2 authors\n·\nDec 8, 2022\n"
    (project / "content" / "captures" / "000.txt").write_text(text)
    result = run("import")
    assert result.output.splitlines()[:3] == [
        "000.txt: 2023-03-14 (year inferred)",
        "  lines 7: byline 1, day 1, title 1, abstract 1, meta 3",
        "  records 1: new 1, merged 0, unchanged 0, conflict 0, near 0, removed 0",
    ]
    assert re.search(r"imported: 1 file, 2 entries in the list, 1 written, 0 conflicts, 0 problems, ", result.output)


@pytest.mark.parametrize(
    "words",
    [["--content", "nowhere", "build"], ["--templates", "nowhere", "build"], ["--output", "content", "build"]],
)
def test_wrong_use_is_told_in_one_line(project, words):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("site-builder: ") and result.stderr.count("\n") == 1


def test_an_unknown_command_is_wrong_use(project):
    assert run("biuld").exit_code == 2


def test_a_fault_in_a_template_names_its_line(project):
    (project / "templates").mkdir()
    (project / "templates" / "page.html").write_text("line one\n{{ nothing.at.all }}\n")
    (project / "content" / "pages").mkdir()
    (project / "content" / "pages" / "x.md").write_text("---\ntitle: X\n---\n")
    result = run("build")
    assert result.exit_code == 2
    assert re.search(r"the template \w+\.html cannot be rendered: page\.html:2: 'nothing' is undefined", result.stderr)


def test_templates_of_ones_own_take_the_place_of_the_programs(project):
    (project / "templates" / "assets").mkdir(parents=True)
    (project / "templates" / "404.html").write_text("mine: {{ title }}")
    (project / "templates" / "assets" / "style.css").write_text("body { color: red }")
    assert run("build").exit_code == 0
    assert (project / "output" / "404.html").read_text() == "mine: Page not found"
    assert "color: red" in next((project / "output" / "assets").glob("style.*.css")).read_text()


@pytest.mark.parametrize(
    "command", ["import", "build", "check", "complete", "stats", "new", "tag", "schema", "export", "serve"]
)
def test_every_command_explains_itself_and_is_documented(command):
    result = run(command, "--help")
    assert result.exit_code == 0 and len(result.output) > 100
    docs = (ROOT / "README.md").read_text() + (ROOT / "docs" / "content.md").read_text()
    assert f"site-builder {command}" in docs


def test_help_imports_none_of_the_heavy_libraries():
    code = (
        "import sys; from site_builder.cli import main; "
        "\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('jinja2', 'markdown', 'yaml', 'lunr', 'nh3', 'pylatexenc') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("command", "goes_on"), [("build", "; the next build goes on from here"), ("check", ""), ("stats", "")]
)
def test_a_command_that_is_stopped_promises_no_more_than_it_keeps(monkeypatch, command, goes_on):
    module = {"build": "building", "check": "checking", "stats": "stating"}[command]

    def stop(_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(f"site_builder.commands.{module}.run", stop)
    ended = run(command)
    assert (ended.exit_code, ended.stderr) == (130, f"site-builder: stopped{goes_on}\n")


def test_a_command_that_is_named_first_costs_the_description_of_no_other(monkeypatch):
    described = []
    for name, describe in COMMANDS.items():
        monkeypatch.setitem(
            COMMANDS, name, lambda add, name=name, describe=describe: [described.append(name), describe(add)]
        )
    assert read_arguments(["build", "--dry-run"]).dry_run
    assert described == ["build"]
    assert read_arguments(["--content", "build", "check"]).command == "checking"
    assert described == ["build", *COMMANDS]
