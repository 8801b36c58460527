"""The links that lead out of the site, asked politely.

In: addresses with the places that name them, what was found in the last days, and a way to ask. Out: what became of
each, and what to remember. One request at a time goes to a host, with a pause between two; what its robots.txt does
not want is not asked. Must not know content files, nor print.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from site_builder.errors import SiteBuilderError
from site_builder.files import write_atomic
from site_builder.jobs import Tell
from site_builder.kinds import is_web_address
from site_builder.network import Answer, Ask, make_ask

PAUSE = 1.0  # seconds between two requests to a host
PATIENCE = 15.0  # seconds that a host may be silent
LONGEST_WAIT = 60.0  # seconds that a host may ask us to wait; longer, and it is left alone
FRESH = 7 * 86_400.0  # seconds for which an answer is believed
HOSTS = 8  # asked at the same time
MOST_HOPS = 8

PERMANENT, PASSING = frozenset({301, 308}), frozenset({302, 303, 307})
GONE = frozenset({404, 410})
BUSY = frozenset({429, 503})
NOT_ASKED = Answer(0, why="not asked, the host asked for a pause")
# What servers answer that know no HEAD, or do not like it.
REFUSES_HEAD = frozenset({400, 403, 404, 405, 406, 410, 500, 501})

Outcome = Literal["alive", "moved", "dead", "unknown"]
KEPT: tuple[Outcome, ...] = ("alive", "moved", "dead")  # what is believed for some days


class Found(NamedTuple):
    """What became of an address: `why` says it in words, `to` is where it has moved for good."""

    outcome: Outcome
    why: str = ""
    to: str = ""


@dataclass(slots=True)
class Manners:
    """How hosts are asked: who says to be asking, the pause in seconds, and the clock."""

    agent: str
    pause: float = PAUSE
    patience: float = PATIENCE
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time


@dataclass(slots=True)
class Host:
    """A host while it is asked: who asks it holds `lock`; it is not asked before `next`.

    When `closed`, it is not asked any more, and that is the answer for the rest.
    """

    lock: Lock = field(default_factory=Lock)
    next: float = 0.0
    robots: RobotFileParser | None = None
    closed: Answer | None = None


@dataclass(slots=True)
class Round:
    """One round of asking. `tried` tells whether any host was asked, and `heard` whether one was there."""

    manners: Manners
    ask: Ask
    resting: dict[str, float] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    tried: bool = False
    heard: bool = False


class Memory(NamedTuple):
    """What was found before: when an address was asked, and what came of it; until when a host wants no requests."""

    addresses: dict[str, tuple[float, Found]]
    resting: dict[str, float]


class Checked(NamedTuple):
    """What became of each address, what to remember, and whether there was a network at all."""

    found: dict[str, Found]
    memory: Memory
    has_network: bool


def check_addresses(
    addresses: Iterable[str],
    memory: Memory,
    manners: Manners,
    ask: Ask | None = None,
    tell: Tell | None = None,
) -> Checked:
    """Ask for addresses, each once, but for those that were asked lately."""
    wanted = list(dict.fromkeys(addresses))
    started = manners.now()
    found = {url: known[1] for url in wanted if (known := memory.addresses.get(url)) and started - known[0] < FRESH}
    way = ask or make_ask(manners.agent, manners.patience, manners.now)
    turn = Round(manners, way, {host: until for host, until in memory.resting.items() if until > started})
    asked = [url for url in wanted if url not in found]
    new = _ask_all(turn, asked, tell)
    has_network = turn.heard or not turn.tried
    if not has_network:
        new = {url: one._replace(outcome="unknown") for url, one in new.items()}
    kept = {url: known for url, known in memory.addresses.items() if started - known[0] < FRESH}
    kept.update({url: (started, one) for url, one in new.items() if one.outcome in KEPT})
    return Checked({url: (found | new)[url] for url in wanted}, Memory(kept, turn.resting), has_network)


def _ask_all(turn: Round, addresses: Sequence[str], tell: Tell | None) -> dict[str, Found]:
    """Ask host by host: some at the same time, the addresses of one after the other."""
    by_host: dict[str, list[str]] = {}
    for url in addresses:
        by_host.setdefault(_host_of(url), []).append(url)
    found: dict[str, Found] = {}
    pool = ThreadPoolExecutor(HOSTS)
    try:
        for part in pool.map(lambda urls: {url: _follow(turn, url) for url in urls}, by_host.values()):
            found |= part
            if tell:
                tell("ask", len(found), len(addresses))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found


def _follow(turn: Round, url: str) -> Found:
    """Ask for an address, and for where it leads on."""
    if not is_web_address(url):
        return Found("unknown", "it is no web address")
    here, _, fragment = url.partition("#")
    moved, only_permanent = "", True
    for _ in range(MOST_HOPS):
        answer = _ask_politely(turn, here)
        if answer.status not in PERMANENT | PASSING or not answer.location:
            return _judge(answer, moved)
        here = _join(here, answer.location)
        if not is_web_address(here):
            return Found("unknown", "it leads to what is no web address")
        only_permanent = only_permanent and answer.status in PERMANENT
        if only_permanent:
            moved = f"{here}#{fragment}" if fragment else here
    return Found("unknown", f"it leads on more than {MOST_HOPS} times")


def _say_moment(until: float) -> str:
    """Say until when; nothing, when no calendar has the day."""
    try:
        return f" (until {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC)"
    except (OverflowError, ValueError, OSError):
        return ""


def _judge(answer: Answer, moved: str) -> Found:
    """Say what an answer means: only what is surely gone is dead."""
    if 200 <= answer.status < 300:
        return Found("moved", f"{answer.status}", moved) if moved else Found("alive")
    why = answer.why or f"{answer.status} {http.client.responses.get(answer.status, '')}".strip()
    return Found("dead" if answer.status in GONE or answer.is_unknown else "unknown", why)


def _ask_politely(turn: Round, url: str) -> Answer:
    """Ask for an address when its host may be asked: HEAD, and GET where HEAD is refused."""
    name = _host_of(url)
    host = turn.hosts.setdefault(name, Host())
    with host.lock:
        if (until := turn.resting.get(name, 0.0)) > turn.manners.now():
            host.closed = Answer(0, why=f"the host asked for a longer pause{_say_moment(until)}")
        if not host.closed and host.robots is None:
            host.robots = _read_robots(turn, host, url)
        if host.closed:
            return host.closed
        if host.robots and not host.robots.can_fetch(turn.manners.agent, url):
            return Answer(0, why="its robots.txt asks programs to stay away")
        answer = _ask_once(turn, host, "HEAD", url)
        if answer.status in REFUSES_HEAD:
            answer = _ask_once(turn, host, "GET", url)
        if answer.status == 429:
            host.closed = NOT_ASKED
        return answer


def _read_robots(turn: Round, host: Host, url: str) -> RobotFileParser:
    """Read what a host wants of programs. One that does not answer is not asked for more."""
    robots = RobotFileParser()
    where = urljoin(url, "/robots.txt")
    answer = _ask_once(turn, host, "GET", where)
    for _ in range(MOST_HOPS):
        onward = _join(where, answer.location)
        if answer.status not in PERMANENT | PASSING or _host_of(onward) != _host_of(url):
            break
        where = onward
        answer = _ask_once(turn, host, "GET", where)
    if answer.status == 0 or answer.status in BUSY:
        host.closed = NOT_ASKED if answer.status == 429 else answer
    try:
        robots.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status == 200 else [])
    except ValueError:  # a rule that is no path: as if there were none
        robots.parse([])
    return robots


def _ask_once(turn: Round, host: Host, method: str, url: str) -> Answer:
    """Make one request, after the pause that the host is due; where it asks for a short wait, a second one."""
    for _ in range(2):
        if (due := host.next - turn.manners.now()) > 0:
            turn.manners.sleep(due)
        answer, turn.tried = turn.ask(method, url), True
        turn.heard = turn.heard or not answer.is_silent
        delay = host.robots.crawl_delay(turn.manners.agent) if host.robots else None
        pause = max(turn.manners.pause, min(float(delay or 0), LONGEST_WAIT))
        host.next = turn.manners.now() + pause
        if answer.status not in BUSY or answer.wait is None:
            return answer
        if answer.wait > LONGEST_WAIT:
            turn.resting[_host_of(url)] = turn.manners.now() + answer.wait
            return answer
        host.next = turn.manners.now() + max(answer.wait, pause)
    return answer


def _join(here: str, location: str) -> str:
    """Return where a redirection leads; nothing, when it is no address."""
    try:
        return urldefrag(urljoin(here, location.replace(" ", "%20")))[0]
    except ValueError:
        return ""


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


# ---------------------------------------------------------------- what is remembered


def read_memory(path: Path) -> Memory:
    """Read what was found in the last days; nothing, when there is none or it is broken."""
    try:
        known = json.loads(path.read_bytes())
        addresses = {
            str(url): (float(asked), Found(outcome, str(why), str(to)))
            for url, (asked, outcome, why, to) in known["addresses"].items()
            if outcome in KEPT
        }
        return Memory(addresses, {str(host): float(until) for host, until in known["resting"].items()})
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return Memory({}, {})


def write_memory(path: Path, memory: Memory) -> bool:
    """Keep what was found for the next days; False when the disk refuses."""
    rows: Mapping[str, Any] = {url: (asked, *found) for url, (asked, found) in sorted(memory.addresses.items())}
    data = json.dumps({"addresses": rows, "resting": memory.resting}, ensure_ascii=False, indent=1)
    try:
        write_atomic(path, data.encode("utf-8", "backslashreplace"))
        if not (path.parent / ".gitignore").exists():
            (path.parent / ".gitignore").write_text("*\n")
    except (OSError, SiteBuilderError):
        return False
    return True
