"""Serving while writing: what is served, what a rebuild does, what a browser may ask, how changes are gathered."""

import asyncio
import errno
import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from site_builder.build import build
from site_builder.config import load_config
from site_builder.errors import Problem, SiteBuilderError
from site_builder.serve.answers import Request, Server, answer, load_own, write_state
from site_builder.serve.editors import EDITORS, edit_address, find_editor
from site_builder.serve.faults import show_faults
from site_builder.serve.live import Live, open_live
from site_builder.serve.server import MOST_OPEN, Switchboard, open_port, serve_forever
from site_builder.serve.watching import FEW, watch
from tests.builders import ROOT, make_content, read_tree
from tests.builders import run_command as run

ADDRESS = "title: A List\naddress: https://example.org/papers/\n"
ONE = "---\ntitle: One\nabstract: What one says.\ntags: [robotics]\n---\n"
TWO = ONE.replace("One", "Two")
BAD = "---\ntitle: Bad: one\n---\n"
ADDED = re.compile(rb'<link rel="stylesheet" href="/\.site-builder/[^>]*><script src="/\.site-builder/[^>]*></script>')


def run_apart(task: Coroutine[Any, Any, Any]) -> Any:
    """Run a task in a thread of its own: tests of the browser leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, task).result()


@contextmanager
def opened(content: Path, templates: Path | None = None) -> Iterator[Live]:
    config, _ = load_config(content, content.parent / "output", templates)
    with open_live(config, templates) as live:
        live.build()
        yield live


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_content(tmp_path, {"site.yml": ADDRESS, "papers/one.md": ONE, "papers/two.md": TWO})


@pytest.fixture
def live(content: Path) -> Iterator[Live]:
    with opened(content) as live:
        yield live


@pytest.fixture
def server(live: Live) -> Server:
    return Server(live, load_own((ROOT / "templates",)), "")


def ask(server: Server, target: str, method: str = "GET", **headers: str) -> Any:
    given = {"host": "127.0.0.1:8000", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return answer(server, Request(method, target, given))


# ---------------------------------------------------------------- what is served


def copy_without_drafts(source: Path, folder: Path) -> Path:
    shutil.copytree(source, folder / "content")
    for path in (folder / "content" / "papers").glob("*.md"):
        if "\ndraft: true" in path.read_text():
            path.unlink()
    return folder / "content"


@pytest.mark.parametrize("source", ["tests/data/small-site/content", "content"])
def test_what_is_served_is_what_a_build_writes_but_for_one_addition(source: str, tmp_path: Path) -> None:
    content = copy_without_drafts(ROOT / source, tmp_path)
    config, _ = load_config(content, tmp_path / "output")
    build(config)
    written = read_tree(config.output)
    del written[".site-builder.json"]
    assert len(written) > 50
    shutil.rmtree(tmp_path / ".site-builder")
    with opened(content) as live:
        server = Server(live, load_own((ROOT / "templates",)), "vscode://file{path}")
        assert {path: live.read(path) for path in written} == written
        for path, data in written.items():
            given = ask(server, f"{server.root}{path}")
            shown, additions = ADDED.subn(b"", given.body)
            assert (given.status, shown, additions) == (200, data, path.endswith(".html")), path


def test_serving_after_edits_is_serving_from_the_start(live: Live, content: Path, tmp_path: Path) -> None:
    for text in (ONE.replace("says", "tells"), BAD, ONE.replace("robotics", "theory"), ONE.replace("One", "Other")):
        (content / "papers" / "one.md").write_text(text)
        live.rebuild()
        live.complete()
    (content / "papers" / "two.md").unlink()
    (content / "papers" / "three.md").write_text(TWO)
    live.rebuild()
    with opened(content) as fresh:
        paths = {*fresh.edition.files, *fresh.complete()} if fresh.edition else set()
        assert len(paths) > 20 and {*live.edition.files, *live.complete()} == paths if live.edition else False
        assert {path: live.read(path) for path in paths} == {path: fresh.read(path) for path in paths}


def test_nothing_is_written(live: Live, content: Path) -> None:
    (content / "papers" / "one.md").write_text(ONE + "Notes")
    live.rebuild()
    live.complete()
    assert sorted(path.name for path in content.parent.iterdir()) == ["content"]


def test_drafts_are_served_and_named_and_not_built(content: Path) -> None:
    (content / "papers" / "two.md").write_text(TWO.replace("tags", "draft: true\ntags"))
    with opened(content) as live:
        assert b"<h1>Two</h1>" in (live.read("papers/two.html") or b"")
        state = json.loads(write_state(Server(live, {}, ""), "papers/one.html"))
        assert state["drafts"] == ["papers/two.html"]
    config, _ = load_config(content, content.parent / "output")
    build(config)
    assert not (config.output / "papers" / "two.html").exists()


# ---------------------------------------------------------------- rebuilds


def test_the_curators_page_is_served_whatever_the_settings_say(live: Live, content: Path) -> None:
    assert b"What the list lacks</h1>" in (live.read("curate.html") or b"")
    before = live.mark("curate.html")
    (content / "papers" / "one.md").write_text(ONE.replace("tags: [robotics]\n", ""))
    live.rebuild()
    assert live.mark("curate.html") != before
    run("import", "nowhere.bib")
    (content.parent / "more.ris").write_text("TY  - GEN\nTI  - From Elsewhere\nER  - \n")
    run("import", "more.ris")
    assert b"more.ris" in (live.read("curate.html") or b"")


def test_nothing_is_rebuilt_while_nothing_changes(live: Live, content: Path) -> None:
    assert live.rebuild() is None
    (content / "papers" / ".one.md.swp").write_text("b0VIM")
    (content / "papers" / "one.md").touch()
    (content / "papers" / "one.md").write_text(ONE)
    rebuilt = live.rebuild()
    assert rebuilt and rebuilt.changed == ("content/papers/one.md",)
    assert live.rebuild() is None


def test_two_saves_in_one_tick_of_the_clock_are_both_seen(live: Live, content: Path) -> None:
    path = content / "papers" / "one.md"
    path.write_text(ONE.replace("One", "Uno"))
    assert live.rebuild({str(path)})
    known = path.stat()
    path.write_text(ONE.replace("One", "Eno"))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    live.rebuild({str(path)})
    assert b"<h1>Eno</h1>" in (live.read("papers/one.html") or b"")


KINDS = ["papers/three.md", "pages/text.md", "collections/path.md", "tags.yml", "site.yml", "captures/captures.yml"]


@pytest.mark.parametrize("name", KINDS)
def test_every_sort_of_file_is_followed(live: Live, content: Path, name: str) -> None:
    path = content / name
    path.parent.mkdir(exist_ok=True)
    path.write_text({"papers/three.md": ONE, "pages/text.md": "---\ntitle: T\n---\n"}.get(name, ""))
    rebuilt = live.rebuild({str(path)})
    assert rebuilt and f"content/{name}" in rebuilt.changed


def test_a_template_and_a_style_of_ones_own_may_come_and_go(live: Live, content: Path) -> None:
    own = content.parent / "templates"
    (own / "assets").mkdir(parents=True)
    (own / "404.html").write_text("mine")
    (own / "assets" / "style.css").write_text("body { color: red }")
    assert live.rebuild()
    assert live.read("404.html") == b"mine"
    assert live.edition and live.read(live.edition.styles[0]) == b"body { color: red }"
    shutil.rmtree(own)
    assert live.rebuild()
    assert b"Page not found" in (live.read("404.html") or b"")


@pytest.mark.parametrize("bad", [BAD, "", ONE.replace("tags", "ratin: 4\ntags"), "\xff"])
def test_an_entry_with_a_new_fault_stays_as_it_was_until_it_is_mended(live: Live, content: Path, bad: str) -> None:
    before = live.read("papers/one.html")
    (content / "papers" / "one.md").write_bytes(bad.replace("What one", "What else").encode("latin-1"))
    rebuilt = live.rebuild()
    assert rebuilt and not rebuilt.is_held and rebuilt.standing == ("content/papers/one.md",)
    assert {problem.path for problem in live.problems} == {"content/papers/one.md"}
    live.complete()
    assert live.read("papers/one.html") == before
    (content / "papers" / "one.md").write_text(ONE.replace("One", "Uno"))
    rebuilt = live.rebuild()
    assert rebuilt and rebuilt.standing == () and live.problems == ()
    assert b"<h1>Uno</h1>" in (live.read("papers/one.html") or b"")


@pytest.mark.parametrize("name", ["papers/one.md", "tags.yml", "site.yml", "captures/captures.yml", "pages/a.md"])
def test_a_fault_of_one_file_holds_up_no_other(live: Live, content: Path, name: str) -> None:
    (content / name).parent.mkdir(exist_ok=True)
    (content / name).write_text("a: [\n")
    (content / "papers" / "two.md").write_text(TWO.replace("Two", "Deux"))
    (content / "papers" / "three.md").write_text(ONE.replace("One", "Three"))
    rebuilt = live.rebuild()
    assert rebuilt and not rebuilt.is_held
    assert {problem.path for problem in live.problems} == {f"content/{name}"}  # nothing follows from it
    assert b"<h1>Deux</h1>" in (live.read("papers/two.html") or b"")
    assert b"<h1>Three</h1>" in (live.read("papers/three.html") or b"")
    assert live.read("papers/one.html") and live.read("tags/robotics.html")


FRAME = {
    "tags.yml": (
        "- {slug: robotics, name: Robots, group: A}\n", "- {slug: robotics, nam: R, group: A}\n", "index.html",
    ),
    "site.yml": (f"{ADDRESS}curator: Ada\n", f"{ADDRESS}curater: Ada\n", "index.html"),
    "pages/text.md": ("---\ntitle: Words\n---\n", "---\ntitle: [\n---\nOther\n", "text.html"),
    "collections/way.md": (
        "---\ntitle: A Way\npapers:\n  - paper: one\n---\n", "---\ntitle: A Way\npapers:\n  - paper: two\nx: 1\n---\n",
        "collections/way.html",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAME)
def test_every_file_around_the_entries_stays_as_it_was_while_it_has_a_new_fault(content: Path, name: str) -> None:
    good, bad, page = FRAME[name]
    path = content / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(good)
    with opened(content) as live:
        before = live.read(page)
        assert before and not live.problems
        for text in (bad, f"{bad}# more\n"):
            path.write_text(text)
            rebuilt = live.rebuild()
            assert rebuilt and rebuilt.standing == (f"content/{name}",) and live.read(page) == before
            assert {problem.path for problem in live.problems} == {f"content/{name}"}
        path.write_text(good)
        rebuilt = live.rebuild()
        assert rebuilt and rebuilt.standing == () and live.problems == () and live.read(page) == before


def test_a_fault_between_files_is_shown_as_a_build_shows_it(live: Live, content: Path) -> None:
    (content / "papers" / "one.md").write_text(ONE.replace("robotics", "robotic").replace("One", "Uno"))
    rebuilt = live.rebuild()
    assert rebuilt and rebuilt.standing == () and live.problems[0].message == "the vocabulary has no tag `robotic`"
    assert b"<h1>Uno</h1>" in (live.read("papers/one.html") or b"")


def test_a_fault_that_was_there_from_the_start_holds_nothing_up(content: Path) -> None:
    (content / "papers" / "bad.md").write_text(BAD)
    with opened(content) as live:
        (content / "papers" / "one.md").write_text(ONE.replace("One", "Uno"))
        rebuilt = live.rebuild()
        assert rebuilt and not rebuilt.standing and len(live.problems) == 1
        assert b"<h1>Uno</h1>" in (live.read("papers/one.html") or b"")


def test_settings_that_are_gone_for_a_moment_move_nothing(server: Server, content: Path) -> None:
    root = server.root
    (content / "site.yml").unlink()
    server.live.rebuild()
    assert server.root == root and b"A List" in (server.live.read("index.html") or b"")
    (content / "site.yml").write_text(ADDRESS.replace("A List", "Another"))
    server.live.rebuild()
    assert b"Another" in (server.live.read("index.html") or b"")


def test_a_warning_holds_nothing_up(live: Live, content: Path) -> None:
    (content / "papers" / "twin.md").write_text(ONE)
    rebuilt = live.rebuild()
    assert rebuilt and not rebuilt.standing and [problem.severity for problem in live.problems] == ["warning"]
    assert live.read("papers/twin.html")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("one\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("one\ntwo\n{% if %}", 3, "Expected an expression, got 'end of statement block'"),
        ('{% extends "gone.html" %}', 1, "there is no template gone.html"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
    ],
)
def test_a_fault_in_a_template_has_its_file_and_line(
    live: Live, content: Path, text: str, line: int, said: str
) -> None:
    own = content.parent / "templates"
    own.mkdir()
    (own / "paper.html").write_text(text)
    for name, title in (("two", "Deux"), ("three", "Drei")):  # the former templates show what is new
        rebuilt = live.rebuild()
        assert rebuilt and rebuilt.standing == ("templates/paper.html",)
        assert b"<h1>One</h1>" in (live.read("papers/one.html") or b"")
        assert [(p.path, p.line, p.message) for p in live.problems] == [("templates/paper.html", line, said)]
        (content / "papers" / f"{name}.md").write_text(ONE.replace("One", title))
        live.rebuild()
        assert title.encode() in (live.read(f"papers/{name}.html") or b"")
        (own / "new.html").write_text(name)
    (own / "paper.html").write_text("mine")
    assert live.rebuild() and live.problems == () and live.read("papers/three.html") == b"mine"


def test_a_fault_on_an_open_page_counts_too(content: Path) -> None:
    own = content.parent / "templates"
    own.mkdir()
    text = (ROOT / "templates" / "paper.html").read_text()
    bad = "{% if paper.rating == 5 %}{{ nothing }}{% endif %}"
    (own / "paper.html").write_text(text.replace("<article", bad + "<article"))
    with opened(content) as live:
        (content / "papers" / "one.md").write_text(ONE.replace("tags", "rating: 5\ntags"))
        before = live.read("papers/one.html")
        live.rebuild(watched={"papers/one.html"})
        for _ in range(2):
            assert [problem.message for problem in live.problems] == ["'nothing' is undefined"]
            assert live.read("papers/one.html") == before
            (content / "papers" / "two.md").write_text(TWO.replace("Two", "Deux"))
            live.rebuild()  # nobody looks now: it is tried again all the same
        (content / "papers" / "one.md").write_text(ONE)
        live.rebuild()
        assert live.problems == ()


def test_a_page_that_cannot_be_rendered_says_why(content: Path) -> None:
    own = content.parent / "templates"
    own.mkdir()
    (own / "feed.xml").write_text("{{ nothing }}")
    with opened(content) as live:
        given = ask(Server(live, load_own((ROOT / "templates",)), ""), "/papers/feed.xml")
        assert given.status == 500 and live.problems[0].path == "templates/feed.xml"
        assert live.read("papers/one.html")


@pytest.mark.parametrize("text", ["{{ nothing }}", "{% if %}"])
def test_a_new_fault_of_a_template_that_only_feeds_use_is_told_too(live: Live, content: Path, text: str) -> None:
    (content.parent / "templates").mkdir()
    (content.parent / "templates" / "feed.xml").write_text(text)
    for _ in range(2):
        live.rebuild()
        assert [problem.path for problem in live.problems] == ["templates/feed.xml"]
        assert b"What one says." in (live.read("tags/robotics.xml") or b"")
        (content / "papers" / "two.md").write_text(TWO + "Notes")
    (content.parent / "templates" / "feed.xml").unlink()
    live.rebuild()
    assert live.problems == ()


def test_the_content_may_go_and_come_back(live: Live, content: Path) -> None:
    before = live.read("papers/one.html")
    content.rename(content.parent / "away")
    rebuilt = live.rebuild()
    assert rebuilt and rebuilt.is_held and "there is no folder" in live.problems[0].message
    assert live.read("papers/one.html") == before
    (content.parent / "away").rename(content)
    (content / "papers" / "one.md").write_text(ONE.replace("One", "Uno"))
    rebuilt = live.rebuild()
    assert rebuilt and not rebuilt.is_held and b"<h1>Uno</h1>" in (live.read("papers/one.html") or b"")


def test_many_edits_leave_little_behind(live: Live, content: Path) -> None:
    def kept() -> int:
        return int(live._memory.keep._store.execute("SELECT count(*) FROM kept").fetchone()[0])

    counts = []
    for number in range(12):
        (content / "papers" / "one.md").write_text(ONE.replace("What", f"What{'abcdefghijkl'[number]} number"))
        live.rebuild()
        live.complete()
        counts.append(kept())
    assert counts[-1] <= counts[2]


def test_only_an_edited_paper_is_parsed(live: Live, content: Path) -> None:
    (content / "papers" / "one.md").write_text(ONE.replace("says", "tells"))
    live.rebuild({str(content / "papers" / "one.md")})
    assert live.edition and live.edition.catalogue.parsed == 1


def test_a_mark_tells_what_is_shown_and_not_which_style(live: Live, content: Path) -> None:
    one, two, search = (live.mark(f"{name}.html") for name in ("papers/one", "papers/two", "search"))
    own = content.parent / "templates" / "assets"
    own.mkdir(parents=True)
    (own / "style.css").write_text("body { color: red }")
    live.rebuild()
    assert live.mark("papers/one.html") == one
    (content / "papers" / "one.md").write_text(ONE.replace("says", "tells"))
    live.rebuild()
    assert live.mark("papers/one.html") != one and live.mark("papers/two.html") == two
    assert live.mark("search.html") != search
    assert live.mark("papers/gone.html") == ""


# ---------------------------------------------------------------- what a browser may ask


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST"])
def test_a_browser_on_this_machine_is_answered(server: Server, host: str) -> None:
    assert ask(server, "/papers/", host=host).status == 200


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "evil.example:8000", "[", "0.0.0.0"])
def test_another_hosts_name_is_refused(server: Server, host: str) -> None:
    assert ask(server, "/papers/", host=host).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"])
def test_nothing_can_be_sent(server: Server, method: str) -> None:
    given = ask(server, "/papers/", method)
    assert given.status == 405 and ("Allow", "GET, HEAD") in given.headers


@pytest.mark.parametrize(
    "target",
    [
        "/papers/../content/site.yml", "/papers/%2e%2e/content/site.yml", "/../../etc/passwd", "//etc/passwd",
        "/papers/papers/%2e%2e%2fcontent%2fsite.yml", "/papers/..%5c..%5csite.yml", "/papers/\0", "/papers/%00",
        "/papers/%ff", "/papers/content/site.yml", "/papers/search/", "/papers/assets/", "*", "http://127.0.0.1/papers/x",
        "/papers/.site-builder.json", "/nothing", "/papersx", "/papers/" + "x" * 5000, "/.site-builder/../x",
    ],
)  # fmt: skip
def test_what_is_no_file_of_the_site_is_not_found(server: Server, target: str) -> None:
    given = ask(server, target)
    assert given.status == 404 and b"curator" not in given.body.split(b"</head>")[0].replace(b"data-", b"")


@pytest.mark.parametrize(
    ("target", "where"), [("/", "/papers/"), ("/papers", "/papers/"), ("/papers/tags", "/papers/tags/")]
)
def test_a_folder_leads_to_its_page(server: Server, target: str, where: str) -> None:
    given = ask(server, target)
    assert given.status == 302 and ("Location", where) in given.headers
    assert ask(server, where).body.count(b"<h1") == 1


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/papers/", "text/html; charset=utf-8"),
        ("/papers/feed.xml", "application/atom+xml"),
        ("/papers/sitemap.xml", "application/xml"),
        ("/papers/robots.txt", "text/plain; charset=utf-8"),
        ("/papers/search/meta.js", "text/javascript; charset=utf-8"),
        ("/papers/search/meta.js?1", "text/javascript; charset=utf-8"),
        ("/.site-builder/serving.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_their_types(server: Server, target: str, kind: str) -> None:
    assert ask(server, target)[:2] == (200, kind)


def test_a_file_that_the_browser_has_is_not_sent_again(server: Server) -> None:
    tag = dict(ask(server, "/papers/").headers)["ETag"]
    assert ask(server, "/papers/", if_none_match=tag).status == 304
    assert ask(server, "/papers/", if_none_match='"another"').status == 200


def test_a_missing_page_is_the_sites_own_wherever_it_is(server: Server) -> None:
    body = ask(server, "/papers/no/such/page.html").body
    assert body.index(b'<base href="/papers/">') < body.index(b'<base href="https://example.org/papers/">')


def test_a_site_without_an_address_lies_at_the_root(tmp_path: Path) -> None:
    with opened(make_content(tmp_path, {"papers/one.md": ONE})) as live:
        assert ask(Server(live, load_own((ROOT / "templates",)), ""), "/papers/one.html").status == 200


def test_a_page_without_a_head_is_followed_too(content: Path) -> None:
    (content.parent / "templates").mkdir()
    (content.parent / "templates" / "404.html").write_text("mine")
    with opened(content) as live:
        body = ask(Server(live, load_own((ROOT / "templates",)), ""), "/papers/404.html").body
        assert body.startswith(b"mine<link") and ADDED.search(body)


def test_the_fault_of_a_changed_file_comes_first_and_all_are_counted(content: Path) -> None:
    with opened(content) as live:
        for number in range(40):
            (content / "papers" / f"bad-{number:02}.md").write_text(BAD)
        rebuilt = live.rebuild()
        assert rebuilt
        state = json.loads(write_state(Server(live, {}, ""), "index.html", ("content/papers/bad-30.md",)))
        assert state["faults"][0]["place"] == "content/papers/bad-30.md:2:11"
        assert state["faults"][0]["lines"] == [
            [1, ["---"], False],
            [2, ["title: Bad", ":", " one"], True],
            [3, ["---"], False],
            [4, [""], False],
        ]
        assert (len(state["faults"]), state["more"], len(state["errors"])) == (25, 15, 40)
        assert (state["held"], state["standing"]) == (False, [])


def test_an_error_is_known_again_when_its_line_has_moved(live: Live, content: Path) -> None:
    def errors() -> list[str]:
        live.rebuild()
        return list(json.loads(write_state(Server(live, {}, ""), "index.html"))["errors"])

    (content / "papers" / "two.md").write_text(TWO.replace("Two", "Two\nratin: 4"))
    first = errors()
    (content / "papers" / "two.md").write_text(TWO.replace("Two", "Two\nrating: 4\nratin: 4"))
    assert errors() == first and len(first) == 1
    (content / "papers" / "two.md").write_text(TWO.replace("Two", "Two\nratinn: 4"))
    assert errors() != first


def test_the_word_at_the_column_is_marked_in_a_line_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(f"\ufeff{'ü ' * 2000}rati-ng: 4 {'z' * 2000}\n")
    [fault] = show_faults([Problem(str(path), 1, 4001, "m")], (), "vscode://file{path}:{line}:{column}")
    before, word, after = fault["lines"][0][1]
    assert word == "rati-ng" and before.startswith("…ü") and before.endswith("ü ") and after.startswith(": 4 zz")
    assert len(before + word + after) < 1000 and fault["address"].endswith("/x.md:1:4001")
    for column in (1, 6003, 9999):
        [fault] = show_faults([Problem(str(path), 1, column, "m")], (), "")
        assert len(fault["lines"][0][1]) == 3


def test_a_page_stays_at_hand_when_the_site_moves(server: Server, content: Path) -> None:
    for old, new in (("/papers/", "/"), ("/", "/papers/"), ("/papers/", "/new/list/")):
        (content / "site.yml").write_text(f"title: A List\naddress: https://example.org{new}\n")
        server.live.rebuild()
        assert server.root == new
        for path in ("papers/one.html", "feed.xml"):
            given = ask(server, f"{old}{path}")
            assert given.status == 302 and ("Location", f"{new}{path}") in given.headers
            assert ask(server, f"{new}{path}").status == 200
        assert ask(server, f"{old}no/such.html").status == 404
    assert json.loads(write_state(server, "papers/one.html"))["root"] == "/new/list/"


# ---------------------------------------------------------------- editors


@pytest.mark.parametrize("name", EDITORS)
def test_every_known_editor_gets_the_whole_path(name: str) -> None:
    address = edit_address(find_editor(name), Path("/a b/ü#%.md"), 3)
    assert "/a%20b/%C3%BC%23%25.md" in address and "{" not in address and re.match(r"[a-z]+://", address)


def test_an_editor_of_ones_own_is_said_by_the_form_of_its_addresses() -> None:
    assert edit_address(find_editor("my-editor:open?{path}@{line}"), Path("/x.md")) == "my-editor:open?/x.md@1"


@pytest.mark.parametrize(
    "name", ["vscod", "nothing", "javascript:{path}", "data:{path}", "no-scheme{path}", "a:b", "a: {path}", ""]
)
def test_another_editor_is_wrong_use(name: str) -> None:
    with pytest.raises(SiteBuilderError, match="did you mean vscode" if name == "vscod" else "no editor"):
        find_editor(name)


# ---------------------------------------------------------------- connections


def talk(server: Server, use: Callable[[Switchboard, int], Any], told: list[Problem] | None = None) -> Any:
    """Serve on a free port while something is done; what turns out to be wrong meanwhile is added to `told`."""
    tell = [] if told is None else told

    async def main() -> Any:
        switchboard, result = Switchboard(server, tell.extend), []

        async def follow() -> None:
            result.append(await asyncio.wait_for(use(switchboard, port), 30))

        with open_port(0) as listening:
            port = listening.getsockname()[1]
            await serve_forever(switchboard, listening, follow)
        return result[0]

    return run_apart(main())


def request(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode()


async def wait_until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0)


def test_one_connection_carries_many_requests_and_a_head_has_no_body(server: Server) -> None:
    async def use(switchboard: Switchboard, port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = request("/papers/feed.xml").replace(b"GET", b"HEAD")
        writer.write(head + request("/papers/robots.txt", "Range: bytes=0-3\r\nConnection: close\r\n"))
        data = await reader.read()
        writer.close()
        return data

    first, _, rest = talk(server, use).partition(b"\r\n\r\n")
    second, _, body = rest.partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 200 OK") and b"Content-Length: 0" not in first
    assert second.startswith(b"HTTP/1.1 200 OK") and b"Accept-Ranges: none" in second
    assert body == server.live.read("robots.txt")


@pytest.mark.parametrize(
    "sent",
    [b"\r\n\r\n", b"GET /\r\n\r\n", b"\xff\xfe\x00\r\n\r\n", b"GET / HTTP/2\r\n\r\n", b"GET / HTTP/1.1\r\nx\r\n\r\n"],
)
def test_what_is_no_request_is_told_so(server: Server, sent: bytes) -> None:
    async def use(switchboard: Switchboard, port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        data = await reader.read()
        writer.close()
        return data

    assert talk(server, use).startswith(b"HTTP/1.1 400 ")


def test_an_endless_request_is_cut_off(server: Server) -> None:
    async def use(switchboard: Switchboard, port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000)
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    assert talk(server, use) == b""


def test_an_open_page_is_told_what_is_true_now_and_of_every_change(server: Server, content: Path) -> None:
    async def use(switchboard: Switchboard, port: int) -> list[dict[str, Any]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request("/.site-builder/events?path=papers%2Fone.html"))
        told = [await read_event(reader)]
        assert switchboard.watched == {"papers/one.html"}
        (content / "papers" / "one.md").write_text(ONE.replace("says", "tells"))
        rebuilt = server.live.rebuild()
        assert rebuilt
        switchboard.tell_all(rebuilt.changed)
        told.append(await read_event(reader))
        writer.close()
        await wait_until(lambda: not switchboard.watched)
        return told

    before, after = talk(server, use)
    assert before["mark"] != after["mark"] == server.live.mark("papers/one.html")


def test_what_turns_out_to_be_wrong_is_told_once_and_to_every_page(content: Path) -> None:
    (content.parent / "templates").mkdir()
    own = content.parent / "templates" / "paper.html"
    own.write_text("{% if paper.rating == 5 %}{{ nothing }}{% endif %}")
    (content / "papers" / "two.md").write_text(TWO.replace("tags", "rating: 5\ntags"))

    async def use(switchboard: Switchboard, port: int) -> list[Any]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request("/.site-builder/events?path=papers%2Fone.html"))
        counts = [len((await read_event(reader))["faults"])]
        for _ in range(2):
            other, asking = await asyncio.open_connection("127.0.0.1", port)
            asking.write(request("/papers/papers/two.html", "Connection: close\r\n"))
            assert b" 500 " in await other.read()
            asking.close()
        counts.append(len((await read_event(reader))["faults"]))
        writer.close()
        return counts

    told: list[Problem] = []
    with opened(content) as live:
        assert talk(Server(live, load_own((ROOT / "templates",)), ""), use, told) == [0, 1]
    assert [problem.message for problem in told] == ["'nothing' is undefined"]


async def read_event(reader: asyncio.StreamReader) -> dict[str, Any]:
    while not (line := await reader.readline()).startswith(b"data: "):
        pass
    return dict(json.loads(line[6:]))


def test_thousands_of_browsers_that_come_and_go_leave_nothing_behind(server: Server) -> None:
    async def use(switchboard: Switchboard, port: int) -> tuple[int, int]:
        tasks = len(asyncio.all_tasks())
        for number in range(2000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                request("/.site-builder/events?path=index.html" if number % 2 else "/papers/")[: number % 60 or None]
            )
            writer.transport.abort() if number % 3 else writer.close()
        await wait_until(lambda: not switchboard.watched and len(asyncio.all_tasks()) <= tasks)
        return threading.active_count(), len(switchboard.watched)

    threads = threading.active_count()
    assert talk(server, use) == (threads + 1, 0)  # the one that talks


def test_more_browsers_than_there_is_room_for_are_sent_away(server: Server) -> None:
    async def use(switchboard: Switchboard, port: int) -> bytes:
        open_ones = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_OPEN)]
        for _, writer in open_ones:
            writer.write(request("/.site-builder/events?path=index.html"))
        for reader, _ in open_ones:
            await read_event(reader)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        data = await reader.read()
        for _, one in [*open_ones, (reader, writer)]:
            one.close()
        return data

    assert talk(server, use) == b""


def test_a_port_that_is_taken_is_wrong_use_and_the_next_one_is_tried(content: Path) -> None:
    with open_port(None) as first, open_port(None) as second:
        taken = first.getsockname()[1]
        assert taken >= 8000 and second.getsockname()[1] > taken
        given = run("serve", "--port", str(taken))
        assert given.exit_code == 2
        assert given.stderr == f"site-builder: port {taken} is taken; leave --port out to use the next free one\n"


@pytest.mark.parametrize(
    "words", [["--port", "x"], ["--port", "70000"], ["--editor", "nothing"], ["--content", "gone"]]
)
def test_wrong_use_is_told_and_nothing_is_served(content: Path, words: list[str]) -> None:
    assert run("serve", *words).exit_code == 2


# ---------------------------------------------------------------- changes


class Disk:
    """Stands in for the system: each watch gets the sets that are told, in order, and counts."""

    def __init__(self, *faults: OSError) -> None:
        self.faults, self.ways = list(faults), list[bool]()
        self.begun = 0

    def watch(self, path: Path, **given: Any) -> Iterator[set[tuple[object, str]]]:
        self.ways.append(given.get("force_polling", False))
        if self.faults and given["recursive"]:
            raise self.faults.pop(0)
        self.begun += 1
        yield set()
        given["stop_event"].wait()


def test_where_the_system_cannot_watch_files_are_looked_at(tmp_path: Path) -> None:
    said: list[str] = []
    disk = Disk(OSError(errno.ENOSPC, "OS file watch limit reached"))
    (tmp_path / "content").mkdir()

    async def main() -> None:
        changes = watch([tmp_path / "content"], said.append, disk.watch)
        while disk.begun < 2:
            await anext(changes)
        await changes.aclose()

    run_apart(main())
    assert sorted(disk.ways) == [False, False, True]
    assert len(said) == 1 and "twice a second instead" in said[0] and "watch limit" in said[0]


def test_what_changes_together_is_told_together(tmp_path: Path) -> None:
    """With the system's own watch: many files at once, then a folder that goes and comes back."""
    folder = tmp_path / "content"
    folder.mkdir()

    async def main() -> list[set[str]]:
        changes, told = watch([folder], print), []
        assert await anext(changes) == set()
        for number in range(FEW * 40):
            (folder / f"{number}.md").write_text("x")
        told.append(await anext(changes))
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "new.md").write_text("x")
        told.append(await anext(changes))
        await changes.aclose()
        return told

    first, _ = run_apart(main())
    assert first == set() or len(first) == FEW * 40


def test_a_socket_that_cannot_be_opened_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: tuple[str, int]) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(SiteBuilderError, match="cannot listen on port 80: Permission denied"):
        open_port(80)
