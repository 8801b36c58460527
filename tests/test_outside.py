"""Links outside: asked politely, believed for a week, and called dead only when they surely are.

A stand-in plays all the hosts: `127.0.0.1:port` and `localhost:port` are two. The clock is the tests' own: it goes on
when a pause is asked for, so nothing waits.
"""

import http.client
import io
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import network, outside
from site_builder.network import Answer
from site_builder.outside import Found, Manners, Memory, check_addresses, read_memory, write_memory
from tests.builders import make_content
from tests.builders import run_command as run

NOTHING = Memory({}, {})
START = 1_800_000_000.0


@dataclass
class Clock:
    """A clock that goes on when somebody sleeps, and notes how long they did."""

    time: float = START
    slept: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.slept.append(round(seconds, 3))
            self.time += seconds


class StandIn(ThreadingHTTPServer):
    """A server of every fault; it notes each request, and who asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Faults)
        self.requests: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.robots: tuple[int, str] = (404, "")
        self.busy_until = 0  # how many requests of /busy are refused
        self.wait = "3"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Faults(BaseHTTPRequestHandler):
    server: StandIn

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        server, path = self.server, self.path
        server.requests.append((self.command, path))
        server.agents.add(self.headers["User-Agent"])
        if path == "/robots.txt":
            self.send(server.robots[0], body=server.robots[1].encode())
        elif path.startswith("/status/"):
            self.send(int(path.split("/")[2]))
        elif path.startswith("/no-head/"):
            self.send(int(path.split("/")[2]) if self.command == "HEAD" else 200)
        elif path.startswith("/to/"):
            _, _, status, target = path.split("/", 3)
            self.send(int(status), location=target if "://" in target else f"/{target}")
        elif path == "/ring":
            self.send(302, location="/ring")
        elif path == "/busy":
            server.busy_until -= 1
            self.send(429 if server.busy_until >= 0 else 200, wait=server.wait if server.busy_until >= 0 else "")
        elif path == "/hang-up":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif path == "/nonsense":
            self.wfile.write(b"\x00\x01 what?\r\n\r\n")
        elif path == "/slow":
            self.connection.recv(1)  # until the other side gives up
        else:
            self.send(200, body=b"x" * 100_000)

    def send(self, status: int, location: str = "", wait: str = "", body: bytes = b"") -> None:
        self.send_response_only(status)
        for name, value in (("Location", location), ("Retry-After", wait), ("Content-Length", str(len(body)))):
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # who asked is gone
            self.close_connection = True


@pytest.fixture
def server(monkeypatch) -> Iterator[StandIn]:
    monkeypatch.setenv("no_proxy", "*")
    with StandIn() as standing:
        thread = Thread(target=standing.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield standing
        standing.shutdown()
        thread.join()


def ask(server, *paths, memory=NOTHING, clock=None, patience=10.0):
    """Ask the stand-in for some paths; return what became of each."""
    clock = clock or Clock()
    manners = Manners("site-builder/1 (+https://list.example/)", 1.0, patience, clock.sleep, clock.now)
    urls = [path if "://" in path else server.root + path for path in paths]
    found, memory, has_network = check_addresses(urls, memory, manners)
    assert has_network or not server.requests
    return [found[url] for url in urls], memory


# ---------------------------------------------------------------- what an answer means


@pytest.mark.parametrize("status", [200, 204])
def test_a_page_that_is_there_is_alive(server, status):
    assert ask(server, f"/status/{status}")[0] == [Found("alive")]


@pytest.mark.parametrize("status", [404, 410])
def test_only_what_is_surely_gone_is_dead(server, status):
    ((found,), _) = ask(server, f"/status/{status}")
    assert (found.outcome, found.why[:3]) == ("dead", str(status))


@pytest.mark.parametrize("status", [400, 401, 403, 405, 418, 429, 451, 500, 502, 503, 504])
def test_what_a_server_refuses_could_not_be_checked(server, status):
    ((found,), _) = ask(server, f"/status/{status}")
    assert (found.outcome, found.why[:3]) == ("unknown", str(status))


@pytest.mark.parametrize("path", ["/hang-up", "/nonsense", "/slow", "/ring"])
def test_a_server_that_fails_could_not_be_checked(server, path):
    ((found,), _) = ask(server, path, patience=0.2 if path == "/slow" else 10.0)
    assert found.outcome == "unknown" and found.why
    if path == "/slow":
        assert found.why == "no answer in time"


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_where_head_is_refused_get_is_tried(server, status):
    assert ask(server, f"/no-head/{status}")[0] == [Found("alive")]
    assert [method for method, path in server.requests if path != "/robots.txt"] == ["HEAD", "GET"]


def test_a_page_that_answers_head_is_asked_once(server):
    ask(server, "/a")
    assert server.requests == [("GET", "/robots.txt"), ("HEAD", "/a")]


def test_a_move_for_good_is_told_with_the_new_address(server):
    found, _ = ask(server, "/to/301/a", "/to/308/to/301/b#part", "/to/302/a", "/to/301/to/302/a", "/to/302/to/301/a")
    assert found == [
        Found("moved", "200", f"{server.root}/a"),
        Found("moved", "200", f"{server.root}/b#part"),
        Found("alive"),
        Found("moved", "200", f"{server.root}/to/302/a"),
        Found("alive"),
    ]


def test_a_move_to_nowhere_is_dead_and_one_to_no_page_is_unknown(server):
    found, _ = ask(server, "/to/301/status/404", "/to/302/ftp://a.org/x", "/to/302/http://[bad", "/status/301")
    assert [one.outcome for one in found] == ["dead", "unknown", "unknown", "unknown"]


def test_an_address_that_is_none_is_no_crash(server):
    found, _ = ask(server, "http://127.0.0.1:99999/", "http://a b/", "http://[::1", "http://\u2028/", "/ä%20ö?ü=%C3%A4")
    assert [one.outcome for one in found] == ["unknown"] * 4 + ["alive"]
    assert server.requests[-1] == ("HEAD", "/%C3%A4%20%C3%B6?%C3%BC=%C3%A4")


# ---------------------------------------------------------------- manners


def test_one_host_is_asked_one_at_a_time_with_a_pause_and_by_name(server):
    clock = Clock()
    ask(server, "/a", "/b", "/c", clock=clock)
    assert clock.slept == [1.0, 1.0, 1.0]  # after robots.txt, /a, /b
    assert server.agents == {"site-builder/1 (+https://list.example/)"}


def test_two_hosts_are_asked_without_waiting_for_each_other(server):
    clock = Clock()
    ask(server, "/a", f"http://localhost:{server.server_port}/b", clock=clock)
    assert len(server.requests) == 4 and len(clock.slept) <= 2


def test_robots_txt_is_read_once_and_kept_to(server):
    server.robots = (200, "User-agent: site-builder\nDisallow: /private\nCrawl-delay: 5\n")
    clock = Clock()
    found, _ = ask(server, "/private/x", "/open", "/other", clock=clock)
    assert [one.outcome for one in found] == ["unknown", "alive", "alive"]
    assert found[0].why == "its robots.txt asks programs to stay away"
    assert server.requests == [("GET", "/robots.txt"), ("HEAD", "/open"), ("HEAD", "/other")]
    assert clock.slept[-1] == 5.0


@pytest.mark.parametrize("robots", [(403, ""), (200, "\xff\0<html>"), (200, "Disallow: //["), (301, "")])
def test_a_robots_txt_that_says_nothing_forbids_nothing(server, robots):
    server.robots = robots
    assert ask(server, "/a")[0] == [Found("alive")]


def test_a_host_that_does_not_answer_is_asked_once(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
        asked, clock = [], Clock()
        real = network.make_ask("x", 10.0, clock.now)
        manners = Manners("x", 1.0, 10.0, clock.sleep, clock.now)
        found = check_addresses(
            [f"{closed}/{n}" for n in range(5)], NOTHING, manners, lambda *what: asked.append(what) or real(*what)
        ).found
    assert {one.outcome for one in found.values()} == {"unknown"} and len(asked) == 1


def test_a_short_wait_is_kept_and_asked_again(server):
    server.busy_until, clock = 1, Clock()
    assert ask(server, "/busy", clock=clock)[0] == [Found("alive")]
    assert clock.slept == [1.0, 3.0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7), (" 7 ", 7), ("", None), ("soon", None), ("-5", None), ("9" * 40, 999999999),
     ("Mon, 05 Jan 2026 00:00:30 GMT", 30),
     ("Mon, 05 Jan 2026 00:00:30", 30), ("Sun, 04 Jan 2026 00:00:00 GMT", 0), ("Mon, 99 Jan 2026 00:00:00 GMT", None)],
)  # fmt: skip
def test_when_to_come_again_is_read(text, seconds):
    assert network.read_wait(text, datetime(2026, 1, 5, tzinfo=UTC).timestamp()) == seconds


def test_a_body_is_read_no_longer_than_it_may_be_in_bytes_and_in_seconds():
    body, ticks = io.BytesIO(b"x" * 1_000_000), iter(range(0, 100, 3))
    assert 100_000 < len(network.read_body(body, 100_000, 5.0) or b"") <= 100_000 + network.PART
    assert network.read_body(body, 1_000_000, 5.0, lambda: float(next(ticks))) is None


def test_a_wait_may_be_a_moment(server):
    server.busy_until, server.wait, clock = 1, formatdate(START + 11, usegmt=True), Clock()
    assert ask(server, "/busy", clock=clock)[0] == [Found("alive")]
    assert clock.slept == [1.0, 10.0]


@pytest.mark.parametrize("wait", ["soon", "-4", "Thu, 99 Foo 2024", "9" * 400])
def test_a_wait_that_is_none_or_without_end_is_no_crash(server, wait):
    server.busy_until, server.wait = 2, wait
    assert ask(server, "/busy")[0][0].outcome == "unknown"


def test_a_host_that_wants_a_long_rest_gets_it_the_next_time_too(server):
    server.busy_until, server.wait, clock = 9, "3600", Clock()
    found, memory = ask(server, "/busy", "/a", "/b", clock=clock)
    assert [one.outcome for one in found] == ["unknown"] * 3
    assert len(server.requests) == 2
    found, memory = ask(server, "/a", memory=memory, clock=clock)
    assert found[0].why == "the host asked for a longer pause (until 2027-01-15 09:00 UTC)"
    assert len(server.requests) == 2
    clock.time += 3600
    assert ask(server, "/a", memory=memory, clock=clock)[0] == [Found("alive")]


def test_who_says_too_many_requests_is_asked_no_more(server):
    found, _ = ask(server, "/status/429", "/a")
    assert [one.why for one in found] == ["429 Too Many Requests", "not asked, the host asked for a pause"]
    server.robots = (429, "")
    assert ask(server, "/a")[0] == [Found("unknown", "not asked, the host asked for a pause")]


@pytest.mark.parametrize(
    ("error", "why", "is_silent"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "the host refused the connection", False),
        (ConnectionResetError(104, "reset"), "the host hung up", False),
        (http.client.BadStatusLine("\x1b[2J"), "the host's answer cannot be understood", False),
        (TimeoutError(), "no answer in time", True),
        (OSError(101, "Network is unreachable"), "Network is unreachable", True),
        (ValueError("no address"), "no address", False),
    ],
)
def test_what_goes_wrong_is_said_in_words(error, why, is_silent):
    answer = network._failed(error)
    assert (answer.status, answer.why, answer.is_silent) == (0, why, is_silent)


def test_a_host_that_refuses_or_rests_is_no_missing_network():
    clock = Clock()
    manners = Manners("x", 1.0, 1.0, clock.sleep, clock.now)
    memory = Memory({}, {"rest.test": START + 5, "for-ever.test": 1e300})
    urls = [f"https://{host}.test/" for host in ("rest", "for-ever", "refuses", "silent")]

    def answer(method, url):
        return network._failed(ConnectionRefusedError() if "refuses" in url else TimeoutError())

    checked = check_addresses(urls, memory, manners, answer)
    assert checked.has_network and [checked.found[url].why for url in urls] == [
        "the host asked for a longer pause (until 2027-01-15 08:00 UTC)", "the host asked for a longer pause",
        "the host refused the connection", "no answer in time",
    ]  # fmt: skip


# ---------------------------------------------------------------- what is remembered


def test_what_was_checked_within_a_week_is_not_asked_again(server):
    clock = Clock()
    first, memory = ask(server, "/a", "/status/404", "/to/301/a", "/status/500", clock=clock)
    count = len(server.requests)
    clock.time += 6 * 86_400
    again, memory = ask(server, "/a", "/status/404", "/to/301/a", memory=memory, clock=clock)
    assert again == first[:3] and len(server.requests) == count
    ask(server, "/status/500", memory=memory, clock=clock)
    assert len(server.requests) > count  # that one was never checked
    clock.time += 86_400
    count = len(server.requests)
    ask(server, "/a", memory=memory, clock=clock)
    assert len(server.requests) == count + 2


def test_what_is_remembered_reads_back(tmp_path):
    memory = Memory({"https://a.org/ä": (1.5, Found("moved", "200", "https://b.org"))}, {"a.org": 2.0})
    assert write_memory(tmp_path / "new" / "outside.json", memory)
    assert read_memory(tmp_path / "new" / "outside.json") == memory
    assert (tmp_path / "new" / ".gitignore").read_text() == "*\n"


BROKEN = ["", "[]", "{", '{"addresses": [], "resting": {}}', '{"addresses": {"a": [1]}, "resting": {}}', "\0", "1e999"]


@given(st.sampled_from(BROKEN) | st.text())
def test_a_broken_memory_is_none(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "outside.json"
    path.write_bytes(text.encode("utf-8", "replace"))
    assert read_memory(path) == NOTHING


def test_a_memory_that_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    assert not write_memory(tmp_path / "file" / "outside.json", NOTHING)


# ---------------------------------------------------------------- hosts that nobody knows


def resolve(failing, errno=socket.EAI_NONAME):
    """Answer for all hosts but one, which nobody knows."""

    def answer(method, url):
        if failing in url:
            return network._failed(socket.gaierror(errno, "no"))
        return Answer(200)

    return answer


def test_a_host_that_nobody_knows_is_dead():
    clock = Clock()
    manners = Manners("x", 1.0, 1.0, clock.sleep, clock.now)
    checked = check_addresses(["https://gone.test/a", "https://a.test/"], NOTHING, manners, resolve("gone"))
    assert checked.found["https://gone.test/a"] == Found("dead", "nobody knows this host")


def test_without_a_network_nothing_is_dead():
    clock = Clock()
    manners = Manners("x", 1.0, 1.0, clock.sleep, clock.now)
    for errno in (socket.EAI_NONAME, socket.EAI_AGAIN):
        checked = check_addresses(["https://a.test/", "https://b.test/"], NOTHING, manners, resolve("test", errno))
        assert {one.outcome for one in checked.found.values()} == {"unknown"}
        assert not checked.has_network and checked.memory.addresses == {}


def test_a_name_server_that_fails_makes_nothing_dead():
    clock = Clock()
    manners = Manners("x", 1.0, 1.0, clock.sleep, clock.now)
    answer = resolve("gone", socket.EAI_AGAIN)
    checked = check_addresses(["https://gone.test/a", "https://a.test/"], NOTHING, manners, answer)
    assert checked.found["https://gone.test/a"] == Found("unknown", "no name server answered")


# ---------------------------------------------------------------- the command


@pytest.fixture
def project(tmp_path, monkeypatch, server):
    monkeypatch.chdir(tmp_path)
    root = server.root
    one = (
        f"---\ntitle: One\nabstract: See {root}/status/410.\nlinks:\n  code: {root}/status/404\n"
        f"  project: [{root}/a, {root}/to/301/b]\n---\n\nSee [this]({root}/status/403) and {root}/status/404.\n"
    )
    two = f"---\ntitle: Two\nlinks: {{code: '{root}/status/404'}}\n---\n"
    about = f"---\ntitle: About\n---\n\n<{root}/a>\n"
    files = {"papers/one.md": one, "papers/two.md": two, "pages/about.md": about}
    make_content(tmp_path, {**files, "site.yml": f"address: {root}/list/\n"})
    return tmp_path


def check(*words):
    return run("check", "--outside", "--pause", "0", *words)


def test_a_dead_link_is_told_once_with_all_its_places(project, server):
    result = check()
    root = server.root
    assert result.exit_code == 1
    assert result.output == (
        f"could not be checked: 1 link\n  {root}/status/403: 403 Forbidden (content/papers/one.md:9)\n"
        "3 links outside checked\n1 fault found, 1 warning\n"
    )
    assert result.stderr == (
        f"content/papers/one.md:5:9: error: `{root}/status/404` is dead: 404 Not Found\n"
        f"    |   code: {root}/status/404\n    |         ^\n"
        "    hint: also in content/papers/one.md:9, content/papers/two.md:3\n"
        f"content/papers/one.md:6:{17 + len(root)}: warning: `{root}/to/301/b` has moved for good\n"
        f"    |   project: [{root}/a, {root}/to/301/b]\n    |{' ' * (17 + len(root))}^\n"
        f"    hint: write {root}/b\n"
    )
    assert all("410" not in path for _, path in server.requests)  # a captured text is not the curator's to mend
    (agent,) = server.agents
    assert agent.startswith("site-builder/") and agent.endswith(f"(+{root}/list/)")


def test_what_was_found_is_believed_until_fresh_is_asked_for(project, server):
    first = check()
    count = len(server.requests)
    second = check()
    assert second.stderr == first.stderr
    assert [path for _, path in server.requests[count:]] == ["/robots.txt", "/status/403", "/status/403"]
    count = len(server.requests)
    check("--fresh")
    assert len(server.requests) > count + 3


def test_for_programs_only_the_faults_are_on_the_output(project):
    result = check("--format", "json")
    assert [record["severity"] for record in json.loads(result.output)] == ["error", "warning"]
    assert "could not be checked" in result.stderr


def test_links_that_were_not_asked_are_listed_and_control_no_terminal(project, server, monkeypatch):
    def answer(method, url):
        return Answer(0, why="\x1b[2J") if url.startswith("https://raw.test/") else Answer(429, wait=7200.0)

    monkeypatch.setattr(outside, "make_ask", lambda *asked: answer)
    make_content(project, {"pages/more.md": "---\ntitle: More\n---\n\n<https://raw.test/>\n"})
    first = check().output
    assert "https://raw.test/: ␛[2J (content/pages/more.md:5)" in first and "no network" not in first
    assert "could not be checked: 5 links" in first
    again = check().output
    assert "could not be checked: 5 links" in again and again.count("the host asked for a longer pause (until 20") == 4


def test_without_a_network_that_is_said_and_the_content_is_checked_all_the_same(project, server, monkeypatch):
    monkeypatch.setattr(outside, "make_ask", lambda *asked: resolve("://"))
    result = check()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output.splitlines()[0].startswith("there seems to be no network")
    (project / "content" / "papers" / "bad.md").write_text("---\ntitel: x\n---\n")
    assert check().exit_code == 1
    assert server.requests == []


def test_nothing_outside_is_asked_unless_it_is_wanted(project, server):
    assert run("check").exit_code == 0
    assert server.requests == [] and not (project / ".site-builder" / "outside.json").exists()


@pytest.mark.parametrize("pause", ["-1", "x", "1e3", "٣"])
def test_a_pause_is_a_number(pause):
    assert run("check", "--outside", f"--pause={pause}").exit_code == 2
