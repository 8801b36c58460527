"""What is answered to a browser on this machine.

In: a request, the site as it is now. Out: an `Answer`. Must not know how bytes travel.

A page goes out as it is published, with one addition in its head: a stylesheet and a script that keep it up to date,
show faults on top of it, mark drafts and lead to the file that it is written in.
"""

import json
import mimetypes
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup

from site_builder.errors import SiteBuilderError
from site_builder.files import read_bytes, show
from site_builder.keep import digest
from site_builder.serve.editors import edit_address
from site_builder.serve.faults import MOST, mark_errors, show_faults
from site_builder.serve.live import Live

OWN = "/.site-builder/"  # no page of a site lies there
EVENTS = f"{OWN}events"
OWN_FILES = ("serving.js", "serving.css")
HOSTS = ("127.0.0.1", "localhost")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
HASHED = re.compile(r"assets/.+\.[0-9a-f]{12}(\.\w+)?")  # its name tells its content
FOR_EVER = (("Cache-Control", "max-age=31536000, immutable"),)
NOTHING_YET = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Nothing to show yet</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
    "<body><main><h1>Nothing to show yet</h1><p>This page appears when the faults are mended.</p></main></body>"
    "</html>\n"
)


class Request(NamedTuple):
    """What a browser asks for; the names of the headers are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """What it is told."""

    status: int
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Server(NamedTuple):
    """The site that is served, the files of the program that go with it, and the form of the editor's addresses."""

    live: Live
    own: Mapping[str, bytes]
    editor: str

    @property
    def root(self) -> str:
        """The path at which the site lies, as it does where it is published."""
        return self.live.edition.root if self.live.edition else "/"


def load_own(folders: tuple[Path, ...]) -> dict[str, bytes]:
    """Load the stylesheet and the script that are added to each page; the first folder that has one wins."""
    found = {}
    for name in OWN_FILES:
        path = next(folder / "serving" / name for folder in folders if (folder / "serving" / name).is_file())
        found[name] = read_bytes(str(path))
    return found


def answer(server: Server, request: Request) -> Answer:
    """Answer a request for a file. What is no file of the site is the site's own page for that."""
    refused = refuse(request)
    if refused:
        return refused
    path = read_path(request.target)
    if path.startswith(OWN):
        data = server.own.get(path.removeprefix(OWN))
        return Answer(200, type_of(path), data, FOR_EVER) if data is not None else _say(404, "there is no such file")
    root = server.root
    if not path.startswith(root):
        return _lead_to(root) if path in ("/", root.rstrip("/")) else _answer_missing(server, request, path, path)
    inner = path.removeprefix(root)
    if inner and not inner.endswith("/") and server.live.find(f"{inner}/index.html"):
        return _lead_to(f"{root}{quote(inner)}/")
    name = _name_of(inner)
    try:
        data = server.live.read(name)
    except SiteBuilderError:
        return _say_page(server, name, 500)
    if data is None:
        return _answer_missing(server, request, path, name)
    if name.endswith(".html"):
        data = add_to_page(server, name, data)
    return _answer_file(name, data, request)


def _is_there(server: Server, path: str) -> bool:
    try:
        return server.live.find(path) is not None
    except SiteBuilderError:
        return False


def _name_of(inner: str) -> str:
    """Return the file of a site that an address within it leads to."""
    return f"{inner}index.html" if not inner or inner.endswith("/") else inner


def refuse(request: Request) -> Answer | None:
    """Refuse what no browser that was sent here asks: another method, another host's name (DNS rebinding)."""
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        host = None
    if host not in HOSTS:
        return _say(403, "this server answers to 127.0.0.1 and localhost only")
    if request.method not in ("GET", "HEAD"):
        return _say(405, "only GET and HEAD are answered")._replace(headers=(("Allow", "GET, HEAD"),))
    return None


def read_path(target: str) -> str:
    """Return the path that a request asks for; what is none leads nowhere."""
    path = target.partition("?")[0].partition("#")[0]
    return unquote(path, errors="replace") if path.startswith("/") else "//"


def add_to_page(server: Server, path: str, data: bytes, base: str = "") -> bytes:
    """Add to a page what keeps it up to date. `base` is the site's root, for a page that may be at any address."""
    live = server.live
    source = live.source(path)
    known = {
        "root": server.root,
        "path": path,
        "mark": "" if base else _mark(live, path) or "",
        "source": show(source) if source else "",
        "edit": edit_address(server.editor, source) if source and server.editor else "",
    }
    given = Markup("").join(Markup(' data-{}="{}"').format(Markup(name), value) for name, value in known.items())
    head = Markup('<base href="{}">').format(base) if base else Markup("")
    style, script = (f"{OWN}{name}?{digest(server.own[name]).hex()}" for name in ("serving.css", "serving.js"))
    tags = Markup('<link rel="stylesheet" href="{}"><script src="{}" defer{}></script>').format(style, script, given)
    before, opening, rest = data.partition(b"<head>")
    if opening:
        data = before + opening + head.encode() + rest
    before, closing, rest = data.partition(b"</head>")
    return before + tags.encode() + closing + rest if closing else data + tags.encode()


def write_state(server: Server, path: str, changed: tuple[str, ...] = ()) -> bytes:
    """Write what a page has to know to show the site as it is now, as JSON."""
    live, edition = server.live, server.live.edition
    known = {
        "mark": _mark(live, path),
        "root": server.root,
        "held": live.is_held,
        "standing": live.standing,
        "styles": edition.styles if edition else [],
        "drafts": edition.drafts if edition else [],
        "faults": show_faults(live.problems, changed, server.editor),
        "more": max(0, len(live.problems) - MOST),
        "errors": mark_errors(live.problems),
    }
    return json.dumps(known).encode()


def _mark(live: Live, path: str) -> str | None:
    """Return the mark of a page, nothing when there is no such page; None when it cannot be told now."""
    try:
        return live.mark(path) if live.edition else None
    except SiteBuilderError:
        return None


def _answer_file(path: str, data: bytes, request: Request) -> Answer:
    """Answer with a file; with nothing when the browser has it already."""
    if HASHED.fullmatch(path):
        return Answer(200, type_of(path), data, FOR_EVER)
    tag = f'"{digest(data).hex()}"'
    headers = (("ETag", tag), ("Cache-Control", "no-cache"))
    if request.headers.get("if-none-match") == tag:
        return Answer(304, "", b"", headers)
    return Answer(200, type_of(path), data, headers)


def _answer_missing(server: Server, request: Request, path: str, name: str) -> Answer:
    """Lead on from where the site lay before; else answer with its own page for addresses that lead nowhere."""
    for former in server.live.former_roots:
        inner = path.removeprefix(former)
        if path.startswith(former) and former != server.root and _is_there(server, _name_of(inner)):
            return _lead_to(f"{server.root}{quote(inner)}")
    try:
        data = server.live.read("404.html")
    except SiteBuilderError:
        data = None
    if data is None:
        return _say_page(server, name, 404)
    shown = add_to_page(server, name, data, server.root)
    return _answer_file("404.html", shown, request._replace(headers={}))._replace(status=404)


def _say_page(server: Server, path: str, status: int) -> Answer:
    """Answer with a page that shows nothing but the faults."""
    data = add_to_page(server, path, NOTHING_YET.encode(), server.root)
    return Answer(status, TYPES[".html"], data, (("Cache-Control", "no-cache"),))


def _lead_to(address: str) -> Answer:
    return Answer(302, TYPES[".txt"], b"", (("Location", address), ("Cache-Control", "no-cache")))


def _say(status: int, message: str) -> Answer:
    return Answer(status, TYPES[".txt"], f"{message}\n".encode())


@lru_cache(256)
def type_of(path: str) -> str:
    """Return the content type of a file."""
    ending = Path(path).suffix.lower()
    if ending == ".xml" and Path(path).name != "sitemap.xml":
        return "application/atom+xml"
    return TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
