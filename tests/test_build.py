"""Builds after builds: only what a change needs is done, and the site is always what a cold build would give."""

import errno
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from site_builder import state
from site_builder.build import Options, Report, build
from site_builder.config import load_config
from site_builder.publish import MANIFEST
from site_builder.search.numbers import number_papers
from site_builder.search.postings import DIGITS
from site_builder.state import Glance
from tests.builders import ROOT, make_content, read_tree
from tests.builders import run_command as run

PAPER = '---\ntitle: "{title}"\nabstract: {abstract}\ntags: [{tags}]\nadded: 2025-03-14\n---\n'


def make_paper(title: str, abstract: str = "An abstract.", tags: str = "robotics") -> str:
    return PAPER.format(title=title, abstract=abstract, tags=tags)


def look_back(project: Path, output: str = "output") -> Glance | None:
    return state.look_back(str(project / "content"), None, str(project / output))


def build_in(project: Path, output: str = "output", **options: bool) -> Report:
    """Build as the command does, which has looked at the project before."""
    glance = look_back(project, output)
    config, problems = load_config(project / "content", project / output)
    return build(config, problems, Options(jobs=1, **options), glance=glance)


def build_cold(project: Path) -> dict[str, bytes]:
    """Build into a new folder, of which nothing is known, and take it away again."""
    build_in(project, "cold")
    tree = read_tree(project / "cold")
    shutil.rmtree(project / "cold")
    for folder in (project / ".site-builder").iterdir():
        if folder.is_dir() and not (folder / "of-output").exists():
            shutil.rmtree(folder)
    return tree


def written(report: Report) -> list[str]:
    """The paths that a build wrote; hashed names without their hash."""
    assert report.published
    names = [path.split(".") for _, path in report.published.written]
    return sorted(".".join([name[0], name[-1]]) for name in names)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three papers, built."""
    papers = {f"papers/p{n}.md": make_paper(f"Paper {name}") for n, name in enumerate(("alpha", "beta", "gamma"))}
    make_content(tmp_path, papers)
    build_in(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- what a change needs


def test_a_second_build_parses_renders_and_writes_nothing(project):
    report = build_in(project)
    assert (report.parsed, report.published.rendered, written(report)) == (0, 0, [])


def test_a_file_that_was_only_touched_is_not_parsed_again(project):
    path = project / "content" / "papers" / "p1.md"
    path.write_bytes(path.read_bytes())
    report = build_in(project)
    assert (report.parsed, report.published.rendered) == (0, 0)


def test_a_note_touches_its_page_and_the_feeds_that_carry_it(project):
    path = project / "content" / "papers" / "p1.md"
    path.write_text(path.read_text() + "\nA note.\n")
    report = build_in(project)
    feeds = ["feed.json", "feed.xml", "tags/robotics.json", "tags/robotics.xml"]
    assert written(report) == sorted(["papers/p1.html", *feeds])
    assert (report.parsed, report.published.rendered) == (1, 5)


def test_an_abstract_touches_what_shows_it_and_the_pieces_of_the_index_that_hold_its_words(project):
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper beta", "An abstract of zebras."))
    report = build_in(project)
    lists = ["days/index.html", "organizations/index.html", "years/index.html"]
    pages = [path for path in written(report) if path.endswith(".html")]
    assert pages == ["index.html", "papers/index.html", "papers/p1.html", "tags/robotics.html",
                     "years/undated.html"]  # fmt: skip
    assert not set(lists) & set(pages)
    assert report.parsed == 1


def test_an_edit_writes_only_the_files_of_the_search_that_hold_what_changed(project):
    numbers = number_papers(["p0", "p1", "p2"])
    own = f"search/d/{numbers['p1']}.js"
    text = make_paper("Paper beta")

    def edit(more: str) -> set[str]:
        (project / "content" / "papers" / "p1.md").write_text(text.replace("added", f"{more}\nadded", 1))
        names = [re.sub(r"/t/\w+", "/t/PIECE", path) for path in written(build_in(project))]
        return {path for path in names if path.startswith("search/")} - {"search/lengths.js"}  # a letter may stay

    listed = {own, "search/meta.js"}
    found = {"search/t/PIECE.js", "search/terms.js"}
    assert edit("status: read") == set()
    assert edit("links: {pdf: https://example.org/p1}") == listed | found
    assert edit("links: {project: https://example.org/p1}") == listed
    assert edit("links: {code: https://example.org/p1}") == listed | {"search/facets.js"}
    assert edit("published: 2024-02-29") == listed | {"search/facets.js"} | found
    assert edit("published: 2024-02-28") == listed | {"search/facets.js"}
    assert edit("doi: 10.1000/1") == listed | {"search/facets.js"} | found


def test_a_list_that_grows_or_shrinks_past_many_papers_marks_all_its_results_anew(project, monkeypatch):
    def marks() -> set[str]:
        scripts = [path.read_text() for path in (project / "output" / "search" / "d").iterdir()]
        return {re.search(r'\["([\w-])\.', script)[1] for script in scripts}

    one_more = project / "content" / "papers" / "one-more.md"
    few = set(DIGITS[:16])
    monkeypatch.setattr("site_builder.search.index.MANY", len(list(one_more.parent.iterdir())))
    build_in(project)
    assert marks() - few
    one_more.write_text(make_paper("One more"))
    build_in(project)
    assert marks() <= few and read_tree(project / "output") == build_cold(project)
    one_more.unlink()
    build_in(project)
    assert marks() - few and read_tree(project / "output") == build_cold(project)


def test_the_file_that_names_the_others_of_the_search_is_written_after_them(project):
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper beta", "Of zebras."))
    files = [path for kind, path in build_in(project).published.written if kind == "search"]
    assert len(files) > 3 and files[-1] == "search/meta.js"


def test_a_new_paper_leaves_the_pages_of_the_papers_that_are_not_beside_it(project):
    papers = {f"papers/q{n:02}.md": make_paper(f"Quite {n:02}") for n in range(20)}
    make_content(project, papers)
    build_in(project)
    (project / "content" / "papers" / "q10x.md").write_text(make_paper("Quite 10 x"))
    report = build_in(project)
    changed = [path for path in written(report) if path.startswith("papers/q")]
    assert changed == ["papers/q10.html", "papers/q10x.html", "papers/q11.html"]
    assert report.parsed == 1


def test_a_template_touches_the_pages_that_are_made_with_it(project):
    own = project / "templates"
    own.mkdir()
    shipped = (ROOT / "templates" / "listing.html").read_text()
    (own / "listing.html").write_text(shipped.replace("See all papers.", "All papers are here."))
    report = build_in(project)
    assert report.parsed == 0
    assert report.published.rendered == sum(
        '<p class="kicker">' in path.read_text() for path in (project / "output").rglob("*.html")
    )
    (own / "macros.html").write_text((ROOT / "templates" / "macros.html").read_text() + "\n")
    report = build_in(project)
    assert report.published.rendered > 0 and "search.html" not in written(report)


def test_one_edit_of_a_thousand_papers_does_what_one_edit_of_a_hundred_does(tmp_path):
    done = []
    for count in (100, 1000):
        project = tmp_path / str(count)
        make_content(
            project,
            {f"papers/p{n:04}.md": make_paper(f"Paper {n:04} of many", f"Word{n} again.") for n in range(count)},
        )
        build_in(project)
        (project / "content" / "papers" / "p0042.md").write_text(make_paper("Paper 0042 of many", "Other words."))
        report = build_in(project)
        done.append((report.parsed, sum(kind in ("page", "feed") for kind, _ in report.published.written)))
        assert report.published.rendered < 40
    assert done[0] == done[1]


# ---------------------------------------------------------------- nothing changed


def heavy_modules(project: Path, *words: str) -> list[str]:
    """Run the program in a process of its own; return the heavy libraries that it loaded."""
    code = (
        "import sys; from site_builder.cli import main\n"
        f"try: main({list(words)!r})\n"
        "finally: print([m for m in ('jinja2', 'markdown', 'yaml', 'lunr', 'sqlite3', 'nh3', 'dataclasses', 'pathlib') "
        "if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=project, env=environment, check=False
    )
    assert shown.stdout, shown.stderr
    return eval(shown.stdout.splitlines()[-1])


def test_a_build_without_changes_loads_none_of_the_libraries_that_a_build_needs(project):
    time.sleep(0.1)  # until a change of the files would show in their times
    heavy_modules(project, "build")  # messages name paths as seen from another folder than before
    assert heavy_modules(project, "build") == []
    (project / "content" / "papers" / "p0.md").write_text(make_paper("Paper other"))
    assert {"jinja2", "yaml"} <= set(heavy_modules(project, "build"))


def test_a_build_without_changes_tells_what_the_build_before_it_told(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "bad.md").write_text("---\ntitle: Bad: one\n---\n")
    time.sleep(0.1)
    first, second = run("build"), run("build")
    assert (first.exit_code, second.exit_code) == (1, 1)
    assert first.stderr == second.stderr != ""
    assert second.output.splitlines()[0].startswith("built: 3 papers, ")
    assert "written" in second.output and not re.search(r"[1-9]\d* written", second.output)
    assert run("build", "--output", "elsewhere").stderr == first.stderr


def test_a_file_that_was_written_in_the_moment_of_the_build_is_read_again(project):
    path = project / "content" / "papers" / "p1.md"
    for word in ("zebra", "horse", "tiger", "camel"):  # of one length, so that only the times could tell
        path.write_text(make_paper("Paper beta", f"About a {word}."))
        build_in(project)
        assert f"About a {word}." in (project / "output" / "papers" / "p1.html").read_text()


def test_a_look_that_an_edit_and_another_build_have_overtaken_harms_nothing(project):
    path = project / "content" / "papers" / "p1.md"
    glance = look_back(project)
    path.write_text(make_paper("Paper beta", "Of zebras."))
    build_in(project)
    config, problems = load_config(project / "content", project / "output")
    build(config, problems, glance=glance)
    assert read_tree(project / "output") == build_cold(project)
    path.write_text(make_paper("Paper beta", "Of horses."))
    build_in(project)
    assert read_tree(project / "output") == build_cold(project)


# ---------------------------------------------------------------- ways to build


def test_a_dry_run_says_what_would_change_and_touches_nothing(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper beta") + "\nA note.\n")
    (project / "content" / "papers" / "p2.md").unlink()
    before = read_tree(project)
    told = run("build", "--dry-run")
    assert told.exit_code == 0 and read_tree(project) == before
    wanted = {line.split()[-1] for line in told.output.splitlines() if line.startswith("would write")}
    pruned = [line.split()[-1] for line in told.output.splitlines() if line.startswith("would remove")]
    assert "papers/p2.html" in pruned
    assert "would be built: 2 papers" in told.output
    report = build_in(project)
    assert {path for _, path in report.published.written} == wanted
    assert [path for _, path in report.published.pruned] == pruned


def test_a_first_dry_run_touches_nothing_either(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_content(tmp_path, {"papers/a.md": make_paper("A")})
    assert "would write papers/a.html" in run("build", "--dry-run").output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content"]


def test_a_strict_build_builds_nothing_when_the_content_has_faults(project, monkeypatch):
    monkeypatch.chdir(project)
    before = read_tree(project / "output")
    (project / "content" / "papers" / "p1.md").write_text("---\ntitle: Bad: one\n---\n")
    told = run("build", "--strict")
    assert told.exit_code == 1 and "nothing was built: 1 problem" in told.output and "p1.md:2:11: error" in told.stderr
    assert read_tree(project / "output") == before
    assert run("build").exit_code == 1
    assert run("build", "--strict").exit_code == 1  # also when the build before it had nothing left to do
    assert not (project / "output" / "papers" / "p1.html").exists()


def test_timings_are_told_for_each_step(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    told = run("build", "--timings").output
    assert [line.split()[0] for line in told.splitlines() if re.fullmatch(r"  \w+ +\d+\.\d\d s", line)] == [
        "read", "plan", "write", "remember",
    ]  # fmt: skip
    time.sleep(0.1)
    run("build")
    assert re.search(r"look +0\.\d\d s", run("build", "--timings").output)


def test_any_number_of_jobs_gives_the_same_bytes(tmp_path):
    trees = []
    for jobs in ("1", "2", "3"):
        make_content(
            tmp_path / jobs, {f"papers/p{n}.md": make_paper(f"Paper {n}", f"Word{n} $x^{n}$.") for n in range(30)}
        )
        folders = [f"--{name}={tmp_path / jobs / name}" for name in ("content", "output")]
        assert run("build", *folders, "--jobs", jobs).exit_code == 0
        trees.append(read_tree(tmp_path / jobs / "output"))
    assert trees[0] == trees[1] == trees[2]


def test_long_work_tells_how_far_it_is_in_plain_lines_where_there_is_no_terminal(project, monkeypatch):
    monkeypatch.chdir(project)
    monkeypatch.setattr("site_builder.terminal.PATIENCE", 0)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    lines = run("build").stderr.splitlines()
    assert re.fullmatch(r"read: 100 %, of \d", lines[0]) and re.fullmatch(r"write: 100 %, of \d+", lines[-1])


def test_long_work_shows_a_bar_on_a_terminal_and_clears_it(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    code = (
        "import sys; from site_builder import cli, terminal\n"
        "terminal.PATIENCE = 0; sys.stderr.isatty = lambda: True; cli.main(['build'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=project, env=environment, check=True)
    assert re.search(rb"\rread   \[#{30}\] (\d) of \1\r", shown.stderr)
    assert shown.stderr.endswith(b" \r")


def test_an_upgraded_program_makes_all_anew(tmp_path):
    """The program is copied, used, changed and used again: the site is what the changed one builds cold."""
    program = tmp_path / "program"
    shutil.copytree(ROOT / "site_builder", program / "site_builder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", program / "templates")
    make_content(tmp_path, {"papers/a.md": make_paper("A", "Many words " * 40), "papers/b.md": make_paper("B")})

    def run_copy(output: str) -> dict[str, bytes]:
        environment = {**os.environ, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "site_builder", "--output", output, "build"]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        return read_tree(tmp_path / output)

    first = run_copy("output")
    brief = program / "site_builder" / "library" / "brief.py"
    brief.write_text(brief.read_text().replace("EXCERPT = 240", "EXCERPT = 120"))
    second = run_copy("output")
    assert second["papers/index.html"] != first["papers/index.html"]
    assert second == run_copy("cold")


@pytest.mark.parametrize("jobs", ["-1", "x", "1.5", "²"])
def test_a_number_of_processes_that_is_none_is_wrong_use(project, monkeypatch, jobs):
    monkeypatch.chdir(project)
    assert run("build", "--jobs", jobs).exit_code == 2


def test_more_processes_than_there_is_work_are_not_started(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    assert run("build", "--jobs", "100000").exit_code == 0
    assert read_tree(project / "output") == build_cold(project)


@pytest.mark.parametrize("reader", ["head -1", "head -c 5", "true"])
def test_nobody_needs_to_read_what_a_build_tells(project, reader):
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    script = f"set -o pipefail; '{sys.executable}' -m site_builder build --timings | {reader}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):  # a build, and one that finds nothing changed
        shown = subprocess.run(["bash", "-c", script], cwd=project, env=environment, capture_output=True, check=False)
        assert (shown.returncode, shown.stderr) == (0, b"")


def test_a_dry_run_that_finds_nothing_changed_says_so(project, monkeypatch):
    monkeypatch.chdir(project)
    time.sleep(0.1)
    run("build")
    told = run("build", "--dry-run").output
    assert told.startswith("would be built: ") and "would write" not in told and "open " not in told


@pytest.mark.parametrize("put", ["file", "link", "nested"])
def test_a_dry_run_is_refused_where_a_build_is(project, monkeypatch, put):
    monkeypatch.chdir(project)
    (project / "a-file").write_text("")
    (project / "a-link").symlink_to("nowhere")
    output = {"file": "a-file", "link": "a-link", "nested": "a-file/output"}[put]
    assert run("build", "--dry-run", "--output", output).exit_code == run("build", "--output", output).exit_code == 2


def test_templates_that_are_not_there_are_wrong_use_also_when_nothing_has_changed(project, monkeypatch):
    monkeypatch.chdir(project)
    time.sleep(0.1)
    run("build")
    assert run("build", "--templates", "nowhere").exit_code == 2


# ---------------------------------------------------------------- whose files


def test_a_file_of_somebody_else_is_never_written_over(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "output" / "robots.txt").write_text("mine")
    (project / "content" / "site.yml").write_text("address: https://example.org/\n")
    for words in (["build", "--dry-run"], ["build"]):
        told = run(*words)
        assert told.exit_code == 2 and "did not write: robots.txt" in told.stderr
    assert (project / "output" / "robots.txt").read_text() == "mine"
    (project / "output" / "robots.txt").unlink()
    assert run("build").exit_code == 0


def test_a_damaged_manifest_is_told(project, monkeypatch):
    monkeypatch.chdir(project)
    for text in ("garbage", '["papers//p1.html"]', '["a\\u0000b/c"]', '["\\ud800/x"]', '["../x"]', "{}"):
        (project / "output" / MANIFEST).write_text(text)
        shutil.rmtree(project / ".site-builder")
        told = run("build")
        assert told.exit_code == 0 and "is damaged; none of them is removed" in told.stderr, text
        assert read_tree(project / "output") == build_cold(project)


def test_assets_behind_a_link_are_followed_and_hidden_ones_are_not_published(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "styles" / ".git").mkdir(parents=True)
    (project / "styles" / ".git" / "config.txt").write_text("secret")
    (project / "styles" / "LICENSE").write_text("free")
    (project / "styles" / "ring").symlink_to(project / "styles")
    (project / "templates").mkdir()
    (project / "templates" / "assets").symlink_to(project / "styles")
    for colour in ("red", "blue"):
        (project / "styles" / "style.css").write_text(f"body {{ color: {colour} }}")
        run("build")
        assert colour in next((project / "output" / "assets").glob("style.*.css")).read_text()
    names = [path.name for path in (project / "output" / "assets").rglob("*")]
    assert any(re.fullmatch(r"LICENSE\.\w{12}", name) for name in names) and not any("config" in n for n in names)


# ---------------------------------------------------------------- what cannot be read


def test_a_file_that_could_not_be_read_is_tried_again_though_nothing_of_it_changed(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "content" / "papers" / "p1.md").write_text(make_paper("Paper other"))
    time.sleep(0.1)
    with monkeypatch.context() as patch:
        patch.setattr("site_builder.intake.read_bytes", fail_to_read)
        told = run("build")
    assert told.exit_code == 1 and "p1.md: error: cannot be read: Input/output error" in told.stderr
    assert run("build").exit_code == 0
    assert read_tree(project / "output") == build_cold(project)


def fail_to_read(path: str) -> bytes:
    raise OSError(errno.EIO, os.strerror(errno.EIO), path)


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(project, monkeypatch):
    monkeypatch.chdir(project)
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if str(folder).endswith("content/papers/"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    told = run("build")
    assert told.exit_code == 2 and "cannot read content/papers: Permission denied" in told.stderr
    assert (project / "output" / "papers" / "p1.html").exists()


def test_papers_that_are_gone_altogether_are_told(project, monkeypatch):
    monkeypatch.chdir(project)
    shutil.rmtree(project / "content" / "papers")
    assert "content/papers: warning: this folder is gone, and with it every paper" in run("build").stderr


def test_a_pipe_among_the_papers_is_a_problem_and_does_not_hold_the_build(project, monkeypatch):
    monkeypatch.chdir(project)
    os.mkfifo(project / "content" / "papers" / "pipe.md")
    told = run("build")
    assert told.exit_code == 1 and "pipe.md: error: cannot be read: it is no file" in told.stderr


def test_templates_that_no_page_uses_may_be_anything(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "templates").mkdir()
    (project / "templates" / "README.md").write_bytes(b"{% broken \xff")
    assert run("build").exit_code == 0
    (project / "templates" / "page.html").write_text('{% include "gone.html" %}')
    (project / "content" / "pages").mkdir()
    (project / "content" / "pages" / "x.md").write_text("---\ntitle: X\n---\n")
    assert "there is no template gone.html" in run("build").stderr


# ---------------------------------------------------------------- always what a cold build gives


WORDS = st.sampled_from(
    [
        "zebra",
        "learning",
        "policies",
        "Über",
        "naïve",
        "$x^2$",
        "𝒪(n)",
        "ﬁne",
        "state-of-the-art",
        "robot",
        "\\'e",
        "GPT-4V",
    ]
)
TEXT = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
NUMBER = st.integers(0, 7)
TAGS = st.lists(st.sampled_from(["robotics", "theory", "new-tag", "old-name", "unknown"]), max_size=3)
SITES = [
    "",
    "title: Another title\n",
    "address: https://example.org/list/\n",
    "titel: wrong\n",
    "curator: Me\nlanguage: de\n",
]
VOCABULARIES = [
    "- {slug: robotics, name: Robotics, group: A}\n- {slug: theory, name: Theory, group: B}\n",
    "- {slug: robotics, name: Robots, group: A}\n- {slug: theory, name: Theory, group: B, description: Why.}\n",
    "- {slug: theory, name: Theory, group: B}\n- {slug: robotics, name: Robotics, group: A, aliases: [old-name]}\n",
    "- {slug: new-tag, name: New, group: A, aliases: [robotics]}\n- {slug: theory, name: T, group: A}\n",
    "- {slug: robotics, name: [broken\n",
]
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "published": st.sampled_from(["2024-02-29", "2023-01-01", "nonsense"]),
        "status": st.sampled_from(["read", "to-read"]),
        "organization": st.sampled_from(["{handle: kaist-ai, name: KAIST AI}", "{handle: x, name: Ünder}"]),
        "authors": st.sampled_from(["[Ada Abel]", "[Ada Abel, Ben Brandt, Chen Cho, Dana Diallo]"]),
        "featured": st.just("true"),
        "draft": st.just("true"),
        "updated": st.just("2024-03-01"),
        "comments_count": st.sampled_from(["0", "3"]),
        "doi": st.just("10.1000/1"),
        "aliases": st.sampled_from(["[old-one]", "[p1]"]),
        "captures": st.sampled_from(
            ["[{file: a.txt, day: 2025-03-14}]", "[{file: b.txt, day: 2025-04-01, year: inferred}]"]
        ),
        "links": st.just("{code: https://example.org/code}"),
    },
)


class Edits(RuleBasedStateMachine):
    """A curator who edits as it comes, and builds now and then."""

    @initialize()
    def begin(self) -> None:
        self.project = Path(mkdtemp())
        make_content(self.project, {f"papers/p{n}.md": make_paper(f"Paper {n}", f"Word{n} again.") for n in range(4)})
        self.build()
        kept = next(folder for folder in (self.project / ".site-builder").iterdir() if folder.is_dir())
        (kept / "of-output").touch()

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.compare()
            shutil.rmtree(self.project)

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def paper(self, number: int) -> Path:
        return self.project / "content" / "papers" / f"p{number}.md"

    @rule(
        number=NUMBER, title=TEXT, abstract=TEXT, tags=TAGS, fields=FIELDS, notes=st.sampled_from(["", "\n*Note*.\n"])
    )
    def write_paper(self, number, title, abstract, tags, fields, notes):
        more = "".join(f"{key}: {value}\n" for key, value in fields.items())
        given = f"title: '{title}'\nabstract: '{abstract}'\ntags: [{', '.join(dict.fromkeys(tags))}]\n{more}"
        self.write(f"content/papers/p{number}.md", f"---\n{given}---\n{notes}")

    @rule(number=NUMBER)
    def break_paper(self, number):
        self.write(f"content/papers/p{number}.md", "---\ntitle: Broken: here\n---\n")

    @rule(number=NUMBER)
    def delete_paper(self, number):
        self.paper(number).unlink(missing_ok=True)

    @rule(number=NUMBER, other=NUMBER)
    def rename_paper(self, number, other):
        if self.paper(number).exists():
            self.paper(number).replace(self.paper(other))

    @rule(text=st.sampled_from(VOCABULARIES))
    def write_vocabulary(self, text):
        self.write("content/tags.yml", text)

    @rule(text=st.sampled_from(SITES))
    def write_settings(self, text):
        self.write("content/site.yml", text)

    @rule(text=TEXT, name=st.sampled_from(["about", "more", "search"]))
    def write_page(self, text, name):
        self.write(f"content/pages/{name}.md", f"---\ntitle: A page\n---\n\n{text}\n")

    @rule(numbers=st.lists(NUMBER, max_size=3), text=TEXT, name=st.sampled_from(["one", "two"]))
    def write_path(self, numbers, text, name):
        steps = "".join(f"  - {{paper: p{number}, why: '{text}', minutes: {number}}}\n" for number in numbers)
        self.write(f"content/collections/{name}.md", f"---\ntitle: '{text} path'\npapers:\n{steps}---\n\n{text}\n")

    @rule(name=st.sampled_from(["one", "two"]))
    def delete_path(self, name):
        (self.project / "content" / "collections" / f"{name}.md").unlink(missing_ok=True)

    @rule(day=st.sampled_from(["2025-03-14", "2025-04-01"]), shows=TEXT)
    def state_capture(self, day, shows):
        self.write("content/captures/captures.yml", f"- {{file: a.txt, day: {day}, shows: '{shows}'}}\n")

    @rule(name=st.sampled_from(["style.css", "query.js", "mine.svg"]), text=TEXT)
    def write_asset(self, name, text):
        self.write(f"templates/assets/{name}", f"/* {text} */")

    @rule(
        name=st.sampled_from(["paper.html", "macros.html", "base.html", "feed.xml"]),
        text=st.sampled_from(["", "<!-- a -->"]),
    )
    def write_template(self, name, text):
        self.write(f"templates/{name}", (ROOT / "templates" / name).read_text() + text)

    @precondition(lambda self: (self.project / "templates").exists())
    @rule()
    def drop_templates(self):
        shutil.rmtree(self.project / "templates")

    @rule(place=st.integers(0, 1000), damage=st.sampled_from(["delete", "change", "grow"]))
    def damage_output(self, place, damage):
        files = sorted(
            path for path in (self.project / "output").rglob("*") if path.is_file() and path.name != MANIFEST
        )
        path = files[place % len(files)]
        data = path.read_bytes()
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(data + b"!" if damage == "grow" else b"?" * len(data))

    @rule()
    def forget(self):
        for path in (self.project / ".site-builder").rglob("kept.db"):
            path.unlink()

    @rule()
    def build(self):
        build_in(self.project)

    def compare(self) -> None:
        """The site is what a cold build gives, and the build after it has nothing to do."""
        self.build()
        assert read_tree(self.project / "output") == build_cold(self.project)
        report = build_in(self.project)
        assert (report.parsed, report.published.rendered, report.published.pruned) == (0, 0, ())


TestAnySequenceOfEdits = Edits.TestCase
TestAnySequenceOfEdits.settings = settings(
    max_examples=int(os.environ.get("EXAMPLES", "25")), stateful_step_count=12, deadline=None
)
