"""Bytes between this machine's browsers and the site, in one thread: nothing is looked at while it is rebuilt.

In: a `Server`, a listening socket. Out: answers; to pages that are open, the state of the site whenever it changes.
Must not know what is answered.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from site_builder.errors import Problem, SiteBuilderError
from site_builder.serve.answers import EVENTS, Answer, Request, Server, answer, read_path, refuse, write_state

FIRST_PORT, PORTS = 8000, 100
LONGEST_HEAD = 32_768  # bytes of a request
MOST_OPEN = 250  # connections: fewer than the files that a process may have open
PATIENCE = 30.0  # seconds for a request to come, or an answer to be taken
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),  # drafts are for nobody else's page
    ("Accept-Ranges", "none"),
)
GONE = (OSError, EOFError, asyncio.LimitOverrunError)  # a browser may leave at any moment


def open_port(port: int | None) -> socket.socket:
    """Listen on this machine, at a port or at the first that is free. Raises SiteBuilderError when it is taken."""
    ports = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS)
    for one in ports:
        try:
            return socket.create_server(("127.0.0.1", one))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SiteBuilderError(f"cannot listen on port {one}: {error.strerror}") from error
    if port is not None:
        raise SiteBuilderError(f"port {port} is taken; leave --port out to use the next free one")
    raise SiteBuilderError(f"no port from {ports[0]} to {ports[-1]} is free; name another by --port")


class Switchboard:
    """The browsers that are connected, and those of their pages that want to be told of changes."""

    def __init__(self, server: Server, tell: Callable[[Iterable[Problem]], None]) -> None:
        """Connect browsers to a site; `tell` is told what turns out to be wrong when it is looked at."""
        self.server, self.tell = server, tell
        self.changed: tuple[str, ...] = ()
        self._open = 0
        self._pages: dict[asyncio.Event, str] = {}

    @property
    def watched(self) -> set[str]:
        """The pages that somebody looks at."""
        return set(self._pages.values())

    def tell_all(self, changed: tuple[str, ...]) -> None:
        """Tell every open page what is true now; `changed` are the files that brought it about."""
        self.changed = changed
        for event in self._pages:
            event.set()

    def _note(self, known: dict[str, Problem]) -> None:
        """Tell of the files of the site that could not be rendered for an answer; `known` are those before it."""
        if new := [problem for path, problem in self.server.live.failed.items() if known.get(path) != problem]:
            self.tell(new)
            self.tell_all(self.changed)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with a browser until one of both has enough."""
        self._open += 1
        try:
            if self._open <= MOST_OPEN:
                while await self._talk(reader, writer):
                    pass
        except GONE:
            pass
        except asyncio.CancelledError:  # the server ends
            pass
        finally:
            self._open -= 1
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether another may follow."""
        async with asyncio.timeout(PATIENCE):  # wait_for may swallow that the server ends, here and below
            head = await reader.readuntil(b"\r\n\r\n")
        request = read_request(head)
        if request is None:
            await _send(writer, Answer(400, "text/plain", b"this is no request\n"), is_last=True)
            return False
        if read_path(request.target) == EVENTS and request.method == "GET" and not refuse(request):
            await self._tell(reader, writer, parse_qs(request.target.partition("?")[2]).get("path", [""])[0])
            return False
        has_body = "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"
        is_last = has_body or request.headers.get("connection", "").lower() == "close"
        known = dict(self.server.live.failed)
        given = answer(self.server, request)
        self._note(known)
        await _send(writer, given, is_last=is_last, is_head=request.method == "HEAD")
        return not is_last

    async def _tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
        """Send a page the state of the site now, and whenever it changes, until the browser goes away."""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n")
        writer.write(b"".join(b"%b: %b\r\n" % (name.encode(), value.encode()) for name, value in ALWAYS))
        writer.write(b"Connection: close\r\n\r\nretry: 500\n\n")
        event = asyncio.Event()
        self._pages[event] = path
        gone = asyncio.ensure_future(reader.read(1))
        try:
            while not gone.done():
                event.clear()
                known = dict(self.server.live.failed)
                state = write_state(self.server, path, self.changed)
                self._note(known)
                writer.write(b"data: %b\n\n" % state)
                async with asyncio.timeout(PATIENCE):
                    await writer.drain()
                change = asyncio.ensure_future(event.wait())
                await asyncio.wait({gone, change}, return_when=asyncio.FIRST_COMPLETED)
                change.cancel()
        finally:
            del self._pages[event]
            gone.cancel()


def read_request(head: bytes) -> Request | None:
    """Read the head of a request; None when it is none."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or not all(colon and name for name, colon, _ in pairs):
        return None
    closing = {"connection": "close"} if words[2] == "HTTP/1.0" else {}
    return Request(words[0], words[1], closing | {name.lower(): value.strip() for name, _, value in pairs})


async def _send(writer: asyncio.StreamWriter, given: Answer, *, is_last: bool, is_head: bool = False) -> None:
    """Send an answer, without its body when only the head was asked for."""
    lines = [f"HTTP/1.1 {given.status} {HTTPStatus(given.status).phrase}"]
    headers = [*given.headers, *ALWAYS, ("Connection", "close" if is_last else "keep-alive")]
    if given.status != 304:
        headers += [("Content-Type", given.kind), ("Content-Length", str(len(given.body)))]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""]).encode("latin-1")
    writer.write(head if is_head else head + given.body)
    async with asyncio.timeout(PATIENCE):
        await writer.drain()


async def serve_forever(
    switchboard: Switchboard, listening: socket.socket, follow: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Answer browsers while `follow` keeps the site up to date."""
    server = await asyncio.start_server(switchboard.connect, sock=listening, limit=LONGEST_HEAD)
    try:
        await follow()
    finally:
        server.close()
