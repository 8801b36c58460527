"""The way to the web, and one request over it.

In: a method and an address. Out: an `Answer`, whatever happens; what every question over the network needs: a way that
leads nowhere else, a bound for what is read, when to come again. Must not know why it is asked, nor what that means.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

LARGEST_ROBOTS = 500_000  # bytes of the only body that is read
PART = 65_536

# What can go wrong, in words, and whether nothing came back; the first that fits.
FAILURES: tuple[tuple[type[Exception], str, bool], ...] = (
    (TimeoutError, "no answer in time", True),
    (ConnectionRefusedError, "the host refused the connection", False),
    (ConnectionError, "the host hung up", False),
    (ssl.SSLCertVerificationError, "the host's certificate cannot be trusted", False),
    (ssl.SSLError, "no secure connection can be made", False),
    (http.client.HTTPException, "the host's answer cannot be understood", False),
)


class Answer(NamedTuple):
    """What a host answered: `status` is 0 when it did not, and `why` says what happened instead.

    `is_unknown` says that nobody knows the host, `is_silent` that nothing came back: there may be no network.
    `wait` is for how many seconds it asks not to be asked again.
    """

    status: int
    location: str = ""
    why: str = ""
    is_unknown: bool = False
    is_silent: bool = False
    wait: float | None = None
    body: bytes = b""


Ask = Callable[[str, str], Answer]  # by method and address


def make_ask(agent: str, patience: float, now: Callable[[], float]) -> Ask:
    """Make the way to ask over the network, in the name of `agent`, with `patience` seconds for a silent host.

    Nothing is followed and nothing raised: an answer says what happened.
    """
    opener = make_opener()

    def ask(method: str, url: str) -> Answer:
        try:
            request = Request(_encode(url), method=method, headers={"User-Agent": agent, "Accept": "*/*"})
            with opener.open(request, timeout=patience) as response:
                body = read_body(response, LARGEST_ROBOTS, patience) if urlsplit(url).path == "/robots.txt" else b""
                if body is None:
                    return Answer(0, why="no answer in time")
                location, wait = response.headers.get("Location", ""), response.headers.get("Retry-After", "")
                return Answer(response.status, location, wait=read_wait(wait, now()), body=body[:LARGEST_ROBOTS])
        except URLError as error:
            reason = error.reason
            return _failed(reason) if isinstance(reason, OSError) else Answer(0, why=str(reason))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failed(error)

    return ask


def make_opener(*more: BaseHandler) -> OpenerDirector:
    """Make the way to the web: by a proxy where there is one, and neither to files nor to FTP."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), UnknownHandler(), HTTPHandler(), HTTPSHandler(), *more):
        opener.add_handler(handler)
    return opener


def read_body(
    response: http.client.HTTPResponse | HTTPError,
    most: int,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> bytes | None:
    """Read a body: more than `most` bytes of one that is longer, and no further; None when it takes too long."""
    data, began = b"", clock()
    while len(data) <= most and (part := response.read1(PART)):
        data += part
        if clock() - began > seconds:
            return None
    return data


def read_wait(text: str, now: float) -> float | None:
    """Read Retry-After, seconds or a moment, as seconds from now; None when it says nothing."""
    stripped = text.strip()
    if stripped.isascii() and stripped.isdigit():
        return float(stripped[:9])
    try:
        moment = parsedate_to_datetime(stripped)
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _failed(error: Exception) -> Answer:
    """Say in words what went wrong. Who refuses a connection, or hangs up, is there."""
    if isinstance(error, socket.gaierror):
        is_unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        return Answer(0, "", "nobody knows this host" if is_unknown else "no name server answered", is_unknown, True)
    for kind, why, is_silent in FAILURES:
        if isinstance(error, kind):
            return Answer(0, why=why, is_silent=is_silent)
    said = error.strerror if isinstance(error, OSError) else str(error)
    return Answer(0, why=said or type(error).__name__, is_silent=isinstance(error, OSError))


def _encode(url: str) -> str:
    """Write an address in the letters that may travel. Raises ValueError when it is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    place = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return f"{parts.scheme}://{place}{port}{path}{'?' if query else ''}{query}"
