"""The curator's loop in a real browser: an edit is seen, the place is kept, faults are shown and go."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.builders import ROOT, make_content

ADDRESS = "title: A List\naddress: https://example.org/papers/\n"
PAPER = "---\ntitle: {title}\nabstract: {abstract}\ntags: [robotics]\n---\n"
LONG = " ".join(["A sentence that makes the page long."] * 600)
PATIENCE = 20


class Served:
    """`site-builder serve` over a project, and what it says."""

    def __init__(self, project: Path, *words: str) -> None:
        self.project, self.content = project, project / "content"
        port = [] if "--port" in words else ["--port", "0"]
        command = [sys.executable, "-m", "site_builder", "serve", *port, *words]
        self.process = subprocess.Popen(
            command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.lines: Queue[str] = Queue()
        self.said: list[str] = []
        self.listener = Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.address = self.wait_for("serving ").split()[1].rstrip(";")

    @property
    def port(self) -> str:
        """The port that it has."""
        return str(urlsplit(self.address).port)

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as said:
            for line in said:
                self.lines.put(line.rstrip("\n"))

    def wait_for(self, start: str) -> str:
        """Read what it says up to a line that begins so."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.said.append(self.lines.get(timeout=max(0.0, end - time.monotonic())))
            except Empty:
                pytest.fail(f"nothing that begins with {start!r} was said:\n" + "\n".join(self.said))
            if self.said[-1].startswith(start):
                return self.said[-1]

    def rebuilds(self) -> list[str]:
        """Return the lines of the rebuilds up to now; a last one, of another file, tells that all were read."""
        (self.content / "papers" / "last.md").write_text(PAPER.format(title="The Last", abstract="None."))
        self.wait_for("content/papers/last.md: ")
        return [line for line in self.said if re.search(r" ms(;|$)", line)][1:-1]

    def write(self, name: str, text: str) -> None:
        path = self.content / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)

    def stop(self) -> tuple[int, str]:
        """End it as Ctrl-C does; return its exit code, and all that it had said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.listener.join(PATIENCE)
        while not self.lines.empty():
            self.said.append(self.lines.get())
        return code, "\n".join(self.said)


Serve = Callable[..., Served]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "papers/one.md": PAPER.format(title="One", abstract=LONG),
        "papers/two.md": PAPER.format(title="Two", abstract="B."),
    }
    make_content(tmp_path, {"site.yml": ADDRESS, **files})
    return tmp_path


@pytest.fixture
def serve(project: Path) -> Iterator[Serve]:
    """Serves the project; at the end nothing may have gone wrong, and nothing may have been written."""
    started: list[Served] = []

    def start(*words: str) -> Served:
        started.append(Served(project, *words))
        return started[-1]

    yield start
    for served in started:
        code, said = served.stop()
        assert code == 0 and "Traceback" not in said and said.splitlines()[-1] == "stopped", said
    assert not (project / "output").exists() and not (project / ".site-builder").exists()


def open_page(page: Page, served: Served, path: str = "papers/one.html") -> None:
    """Open a page, a long one unless another is named, and wait until it is told of changes."""
    with page.expect_response(lambda answer: "/.site-builder/events" in answer.url):
        page.goto(f"{served.address}{path}")


def errors(faults: list[str]) -> list[str]:
    """What went wrong: a file that the browser had already is no fault."""
    return [fault for fault in faults if not fault.startswith("304:")]


def panel(page: Page) -> Locator:
    return page.locator("#site-builder")


def stay(page: Page) -> None:
    """Put a mark on the page that goes when it is loaded anew."""
    page.evaluate("window.stayed = true")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_an_edit_is_seen_at_the_same_place_of_the_page(page: Page, serve: Serve, faults: list[str]) -> None:
    served = serve()
    open_page(page, served)
    page.get_by_role("button", name="Copy BibTeX").focus()
    page.evaluate("scrollTo(0, 1234)")
    served.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")
    page.wait_for_function("scrollY === 1234")
    expect(page.get_by_role("button", name="Copy BibTeX")).to_be_focused()
    assert errors(faults) == []


def test_what_was_typed_and_opened_stays_too(page: Page, serve: Serve, project: Path) -> None:
    (project / "templates").mkdir()
    own = (ROOT / "templates" / "page.html").read_text()
    own = own.replace("{% block main %}", "{% block main %}<details><summary>More</summary>Much</details>")
    (project / "templates" / "page.html").write_text(own)
    served = serve()
    served.write("pages/text.md", "---\ntitle: A Text\n---\nFirst\n")
    served.wait_for("content/pages")
    open_page(page, served, "text.html")
    page.get_by_text("More").click()
    page.locator("#find").fill("half a que")
    served.write("pages/text.md", "---\ntitle: A Text\n---\nSecond\n")
    expect(page.get_by_text("Second")).to_be_visible()
    expect(page.get_by_text("Much")).to_be_visible()
    expect(page.locator("#find")).to_have_value("half a que")
    expect(page.locator("#find")).to_be_focused()


def test_only_a_page_that_changed_is_loaded_anew(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    stay(page)
    served.write("papers/two.md", PAPER.format(title="Two", abstract="Another."))
    served.wait_for("content/papers/two.md")
    served.write("papers/two.md", "---\ntitle: [\n---\n")
    expect(panel(page)).to_be_visible()  # it was told of both
    assert has_stayed(page)


def test_a_style_changes_without_the_page(page: Page, serve: Serve, project: Path) -> None:
    style = project / "templates" / "assets" / "style.css"
    style.parent.mkdir(parents=True)
    style.write_text("h1 { color: rgb(1, 2, 3) }")
    served = serve()
    open_page(page, served)
    stay(page)
    style.write_text("h1 { color: rgb(4, 5, 6) }")
    expect(page.get_by_role("heading", level=1)).to_have_css("color", "rgb(4, 5, 6)")
    assert has_stayed(page)


def test_a_fault_is_shown_on_top_of_the_last_good_page_until_it_is_mended(
    page: Page, serve: Serve, faults: list[str]
) -> None:
    served = serve()
    open_page(page, served)
    page.evaluate("scrollTo(0, 777)")
    page.locator("#find").focus(timeout=1000)
    page.evaluate("scrollTo(0, 777)")
    served.write("papers/one.md", "---\ntitle: Bad: one\nabstract: gone\n---\n")
    served.write("papers/two.md", "---\ntitle: Two\nratin: 4\n---\n")
    expect(page.get_by_role("alert")).to_have_text("2 faults: the faulty files are shown as they were before")
    for text in ("content/papers/one.md:2:11", "> 2 title: Bad: one", 'quote this value: title: "Bad: one"'):
        expect(panel(page)).to_contain_text(text)
    expect(panel(page)).to_contain_text("content/papers/two.md:3:1")
    expect(page.get_by_role("heading", level=1)).to_have_text("One")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").blur()  # there, Escape is the search's
    page.keyboard.press("Escape")
    expect(panel(page).locator("pre").first).to_be_hidden()
    page.get_by_role("button", name="Show").click()
    expect(panel(page).locator("pre").first).to_be_visible()
    served.write("papers/two.md", PAPER.format(title="Two", abstract="B."))
    expect(page.get_by_role("alert")).to_have_text("1 fault: the faulty file is shown as it was before")
    served.write("papers/one.md", PAPER.format(title="One", abstract=LONG))
    expect(panel(page)).to_be_hidden()
    assert page.evaluate("scrollY") == 777 and errors(faults) == []


def test_a_page_goes_on_while_another_file_has_a_fault(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    served.write("papers/two.md", "---\ntitle: Bad: two\n---\n")
    expect(panel(page)).to_contain_text("content/papers/two.md:2:11")
    served.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")
    served.write("papers/new.md", PAPER.format(title="New", abstract="N."))
    served.wait_for("content/papers/new.md")
    second = page.context.new_page()
    open_page(second, served, "papers/new.html")
    expect(second.get_by_role("heading", level=1)).to_have_text("New")
    expect(second.get_by_role("alert")).to_have_text("1 fault: the faulty file is shown as it was before")


def test_a_fault_that_was_not_there_when_it_was_folded_unfolds_the_panel(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    first = PAPER.format(title="Two", abstract="B.").replace("tags", "ratin: 4\ntags")
    served.write("papers/two.md", first)
    page.get_by_role("button", name="Hide").click()
    served.write("papers/two.md", first.replace("ratin", "\nratin"))
    served.wait_for("content/papers/two.md")
    page.reload()
    expect(page.get_by_role("button", name="Show")).to_be_visible()  # the same, a line lower
    served.write("papers/two.md", first.replace("ratin", "ratinn"))
    expect(panel(page).locator("mark u")).to_have_text("ratinn")
    expect(panel(page).locator("mark u")).to_be_visible()
    page.get_by_role("button", name="Hide").click()
    served.write("papers/two.md", PAPER.format(title="Two", abstract="B."))
    expect(panel(page)).to_be_hidden()
    served.write("papers/two.md", first.replace("ratin", "ratinn"))  # once more
    expect(page.get_by_role("button", name="Hide")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel_leaves_room_for_the_page(page: Page, serve: Serve, width: int) -> None:
    served = serve()
    page.set_viewport_size({"width": width, "height": 740})
    open_page(page, served)
    served.write("papers/two.md", "---\ntitle: Two\n" + "".join(f"field{n}: 4\n" for n in range(9)) + "---\n")
    expect(panel(page)).to_contain_text("9 faults")
    page.evaluate("scrollTo({ top: 1e6, behavior: 'instant' })")
    end, top = page.evaluate(
        "[document.querySelector('footer').getBoundingClientRect().bottom,"
        " document.querySelector('#site-builder').getBoundingClientRect().top]"
    )
    assert end < top + 1
    assert page.evaluate("document.querySelector('#site-builder').offsetHeight") <= 0.45 * 740
    expect(panel(page).locator(".message code").first).to_have_text("field0")
    served.write("papers/two.md", PAPER.format(title="Two", abstract="B."))
    expect(panel(page)).to_be_hidden()
    assert page.evaluate("document.documentElement.style.paddingBlockEnd") == ""


def test_a_page_says_when_the_server_has_ended_and_follows_when_it_is_back(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    stay(page)
    served.stop()
    expect(page.get_by_role("status").filter(has_text="site-builder serve has ended")).to_be_visible()
    again = serve("--port", served.port)
    expect(panel(page)).to_be_hidden()
    assert has_stayed(page)
    again.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")


def test_an_open_page_is_led_on_when_the_site_moves(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    served.write("site.yml", ADDRESS.replace("/papers/", "/new/"))
    address = served.wait_for("serving ").split()[1].rstrip(";")
    assert address == served.address.replace("/papers/", "/new/")
    page.wait_for_url(f"{address}papers/one.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("One")


def test_the_terminal_shows_the_line_of_a_fault(serve: Serve) -> None:
    served = serve()
    served.write("papers/two.md", "---\ntitle: Bad: two\n---\n")
    served.wait_for("content/papers/two.md:2:11: error: ")
    assert [served.wait_for("    |") for _ in range(2)] == ["    | title: Bad: two", "    |           ^"]


def test_a_fault_in_a_template_is_shown_with_its_line(page: Page, serve: Serve, project: Path) -> None:
    served = serve()
    open_page(page, served)
    template = project / "templates" / "paper.html"
    good = (ROOT / "templates" / "paper.html").read_text()
    template.parent.mkdir()
    template.write_text(good.replace("{{ paper.title }}", "{{ papr.title }}"))
    line = good[: good.index("{{ paper.title }}")].count("\n") + 1
    expect(panel(page)).to_contain_text(f"templates/paper.html:{line}'papr'")
    expect(panel(page).locator("mark")).to_contain_text("{{ papr.title }}")
    expect(panel(page)).to_contain_text("'papr' is undefined")
    expect(page.get_by_role("heading", level=1)).to_have_text("One")
    template.write_text(good.replace("{% endblock %}", "{% endblok %}", 1))
    expect(panel(page)).to_contain_text("Encountered unknown tag 'endblok'")
    template.write_text(good.replace("{{ paper.title }}", "Mine: {{ paper.title }}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine: One")
    expect(panel(page)).to_be_hidden()


def test_hostile_text_is_shown_as_text(page: Page, serve: Serve, faults: list[str]) -> None:
    served = serve("--editor", "vscode")
    open_page(page, served)
    text = "<img src=x onerror=alert(1)></pre><script>alert(2)</script>"
    served.write("papers/one.md", f"---\ntitle: One\n{text}: 1\n---\n")
    expect(panel(page).locator("mark")).to_contain_text(text)
    expect(panel(page).get_by_role("link").first).to_have_attribute(
        "href", f"vscode://file{served.content}/papers/one.md:3:1"
    )
    assert errors(faults) == []


def test_a_warning_is_told_quietly(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    served.write("papers/three.md", PAPER.format(title="Two", abstract="C."))
    expect(page.get_by_role("alert")).to_have_text("1 warning")
    expect(panel(page).locator(".message")).to_be_hidden()


@pytest.mark.parametrize("broken", ["---\ntitle: Bad: one\n---\n", PAPER.format(title="One", abstract="Twin.")])
def test_axe_finds_nothing_in_the_panel(page: Page, serve: Serve, node_modules: Path, broken: str) -> None:
    served = serve("--editor", "vscode")
    served.write("papers/draft.md", PAPER.format(title="Draft", abstract="D.").replace("tags", "draft: true\ntags"))
    served.wait_for("content/papers/draft.md")
    open_page(page, served, "papers/draft.html")
    served.write("papers/two.md", broken)
    expect(panel(page)).to_be_visible()
    if page.get_by_role("button", name="Show").is_visible():
        page.get_by_role("button", name="Show").click()
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text())
    violations = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
            found = page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")
            violations += [f"{scheme}, {width} px: {rule['id']}: {rule['help']}" for rule in found["violations"]]
    assert violations == []


def test_a_draft_is_marked_wherever_it_is_named(page: Page, serve: Serve) -> None:
    served = serve()
    served.write(
        "papers/kept.md", PAPER.format(title="Kept", abstract="Zebrafish.").replace("tags", "draft: true\ntags")
    )
    assert "2 papers and 1 draft" in served.wait_for("content/papers/kept.md")
    open_page(page, served, "papers/index.html")
    expect(page.locator("a[data-draft]")).to_have_text("Kept")
    assert "Draft" in page.evaluate("getComputedStyle(document.querySelector('a[data-draft]'), '::after').content")
    page.get_by_role("link", name="Kept").click()
    expect(page.locator("h1[data-draft]")).to_have_text("Kept")
    page.goto(f"{served.address}search.html?q=zebrafish")
    expect(page.locator("main a[data-draft]")).to_have_text("Kept")
    served.write("papers/kept.md", PAPER.format(title="Kept", abstract="Zebrafish."))
    expect(page.locator("a[data-draft]")).to_have_count(0)


def test_a_paper_leads_to_its_file_in_the_editor(page: Page, serve: Serve) -> None:
    served = serve("--editor", "vscode")
    open_page(page, served)
    link = page.get_by_role("link", name="Edit this entry")
    expect(link).to_have_attribute("href", f"vscode://file{served.content}/papers/one.md:1:1")


def test_without_an_editor_the_files_path_can_be_copied(page: Page, serve: Serve) -> None:
    served = serve()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, served)
    expect(page.locator(".edit code")).to_have_text("content/papers/one.md")
    page.locator(".edit").get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "content/papers/one.md"


def test_the_site_lies_where_it_is_published(page: Page, serve: Serve) -> None:
    served = serve()
    assert served.address.endswith("/papers/")
    page.goto(served.address.removesuffix("papers/"))
    assert page.url == served.address
    page.goto(f"{served.address}no/such/page.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.get_by_role("link", name="The home page").click()
    assert page.url == f"{served.address}index.html"


def test_a_page_that_comes_to_be_is_shown(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served, "papers/new.html")
    served.write("papers/new.md", PAPER.format(title="New", abstract="N."))
    expect(page.get_by_role("heading", level=1)).to_have_text("New")


def test_a_page_that_vanishes_says_so_and_comes_back(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    stay(page)
    (served.content / "papers" / "one.md").rename(served.project / "one.md")
    expect(page.get_by_role("alert")).to_have_text("This page is gone")
    expect(page.get_by_role("link", name="Go to the home page")).to_be_visible()
    (served.project / "one.md").rename(served.content / "papers" / "one.md")
    expect(panel(page)).to_be_hidden()
    assert has_stayed(page)


def test_two_browsers_follow(page: Page, browser: Browser, serve: Serve) -> None:
    served = serve()
    with browser.new_context() as other:
        second = other.new_page()
        open_page(page, served)
        open_page(second, served, "papers/index.html")
        served.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
        expect(page.get_by_role("heading", level=1)).to_have_text("One Again")
        expect(second.get_by_role("link", name="One Again")).to_be_visible()


def save_as_vim_does(path: Path, text: str) -> None:
    """Try whether the folder can be written to, put the old file aside, write the new one, remove the old."""
    (path.parent / f".{path.name}.swp").write_text("b0VIM")
    (path.parent / "4913").write_text("")
    (path.parent / "4913").unlink()
    path.rename(f"{path}~")
    path.write_text(text)
    Path(f"{path}~").unlink()


def test_a_rename_save_is_one_rebuild(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    save_as_vim_does(served.content / "papers" / "one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")
    beside = served.content / "papers" / ".one.md.new"
    beside.write_text(PAPER.format(title="And Again", abstract=LONG))
    beside.rename(served.content / "papers" / "one.md")
    expect(page.get_by_role("heading", level=1)).to_have_text("And Again")
    assert [line.split(":")[0] for line in served.rebuilds()] == ["content/papers/one.md"] * 2


def test_a_checkout_of_many_files_is_one_rebuild(page: Page, serve: Serve, project: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
        subprocess.run(["git", *who, *words], cwd=project, check=True, capture_output=True)

    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Few"], ["checkout", "-b", "many"]):
        git(*command)
    for number in range(200):
        title = PAPER.format(title=f"Many {number}", abstract="M.")
        (project / "content" / "papers" / f"many-{number}.md").write_text(title)
    git("add", ".")
    git("commit", "--quiet", "-m", "Many")
    git("checkout", "-")
    served = serve()
    open_page(page, served, "tags/robotics.html")
    git("checkout", "many")
    expect(page.get_by_text("202 papers")).to_be_visible()
    git("checkout", "-")
    expect(page.get_by_text("2 papers", exact=True)).to_be_visible()
    assert len(served.rebuilds()) == 2


def test_a_folder_may_go_and_come_back(page: Page, serve: Serve) -> None:
    served = serve()
    open_page(page, served)
    kept = served.project / "elsewhere"
    shutil.copytree(served.content, kept)
    shutil.rmtree(served.content / "papers")
    expect(page.get_by_role("alert")).to_have_text("This page is gone")
    shutil.copytree(kept / "papers", served.content / "papers")
    expect(panel(page)).to_be_hidden()
    shutil.rmtree(served.content)
    expect(panel(page)).to_contain_text("there is no folder")
    expect(page.get_by_role("heading", level=1)).to_have_text("One")
    shutil.copytree(kept, served.content)
    expect(panel(page)).to_be_hidden()
    served.write("papers/one.md", PAPER.format(title="One Again", abstract=LONG))
    expect(page.get_by_role("heading", level=1)).to_have_text("One Again")


def test_the_site_is_shown_as_soon_as_it_can_be(page: Page, serve: Serve, project: Path) -> None:
    template = project / "templates" / "base.html"
    template.parent.mkdir()
    template.write_text("{% if %}")
    served = serve()
    with page.expect_response(lambda answer: "/events" in answer.url):
        page.goto(served.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to show yet")
    expect(panel(page)).to_contain_text("templates/base.html:1")
    template.unlink()
    page.wait_for_url("**/papers/")
    expect(page.get_by_role("link", name="All papers, by title")).to_be_visible()


def test_the_browser_is_opened_when_asked_for(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "echo opened %s")
    served = serve("--open")
    assert served.wait_for("opened ") == f"opened {served.address}"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_a_page_open(page: Page, serve: Serve, sent: signal.Signals) -> None:
    served = serve()
    open_page(page, served)
    served.process.send_signal(sent)
    assert served.process.wait(PATIENCE) == 0
