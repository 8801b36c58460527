"""One request over the network.

In: a method and an address. Out: an `Answer`, whatever happens. Must not know why it is asked, nor what that
means.
"""

import http.client
import socket
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, UnknownHandler

LARGEST_ROBOTS = 500_000  # bytes of the only body that is read


class Answer(NamedTuple):
    """What a host answered: `status` is 0 when it did not, and `why` says what happened instead.

    `is_unknown` says that nobody knows the host. `wait` is for how many seconds it asks not to be asked again.
    """

    status: int
    location: str = ""
    why: str = ""
    is_unknown: bool = False
    wait: float | None = None
    body: bytes = b""


Ask = Callable[[str, str], Answer]  # by method and address


def make_ask(agent: str, patience: float, now: Callable[[], float]) -> Ask:
    """Make the way to ask over the network, in the name of `agent`, with `patience` seconds for a silent host.

    Nothing is followed and nothing raised: an answer says what happened.
    """
    opener = OpenerDirector()
    for handler in (ProxyHandler(), UnknownHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)

    def ask(method: str, url: str) -> Answer:
        try:
            request = Request(_encode(url), method=method, headers={"User-Agent": agent, "Accept": "*/*"})
            with opener.open(request, timeout=patience) as response:
                body = response.read(LARGEST_ROBOTS) if urlsplit(url).path == "/robots.txt" else b""
                location, wait = response.headers.get("Location", ""), response.headers.get("Retry-After", "")
                return Answer(response.status, location, wait=_read_wait(wait, now()), body=body)
        except URLError as error:
            reason = error.reason
            return _failed(reason) if isinstance(reason, OSError) else Answer(0, why=str(reason))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failed(error)

    return ask


def _failed(error: Exception) -> Answer:
    if isinstance(error, socket.gaierror):
        is_unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        return Answer(0, "", "nobody knows this host" if is_unknown else "no name server answered", is_unknown)
    if isinstance(error, TimeoutError):
        return Answer(0, why="no answer in time")
    return Answer(0, why=str(error) or type(error).__name__)


def _read_wait(text: str, now: float) -> float | None:
    """Read Retry-After: seconds, or a moment."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _encode(url: str) -> str:
    """Write an address in the letters that may travel. Raises ValueError when it is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    place = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return f"{parts.scheme}://{place}{port}{path}{'?' if query else ''}{query}"
