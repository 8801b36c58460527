"""The folders of a project as they are, and as the last build saw and left them.

In: paths. Out: signatures of files; the state of the last build, read and written whole. Must import nothing that
takes long: a build that finds nothing changed loads this module and no other of the program's stages.
"""

import marshal
import os
import sys
import time
from collections.abc import Iterable
from typing import IO, Any, NamedTuple
from zlib import crc32

Signature = tuple[int, int, int, int]  # when it was written, when that was noted, size, inode
Files = dict[str, Signature | None]  # by name; None is a file that may have changed since without a sign
Seen = dict[str, Files]  # by folder

MAGIC = b"site-builder state 1\n"
PACKAGE = os.path.dirname(os.path.abspath(__file__))
SETTLED = 20_000_000  # nanoseconds after which a clock that counts finely surely shows another time
COARSE = 2_000_000_000  # the same for one that counts whole seconds


def state_folder(content: str, output: str) -> str:
    """Return where a project keeps what the next build into this output folder can use."""
    project = os.path.dirname(os.path.abspath(content))
    return f"{project}/.site-builder/{crc32(os.fsencode(os.path.realpath(output))):08x}"


def template_folders(content: str, given: str | None) -> tuple[str, ...]:
    """Return where templates are looked up, in order: those given, or the project's own, then the program's."""
    own = given or f"{os.path.dirname(os.path.abspath(content))}/templates"
    shipped = f"{PACKAGE}/templates"  # in the wheel; a checkout has them beside the package
    program = shipped if os.path.isdir(shipped) else f"{os.path.dirname(PACKAGE)}/templates"
    if not os.path.isdir(own) or os.path.realpath(own) == os.path.realpath(program):
        return (program,)
    return (own, program)


def scan(folder: str, *, deep: bool = False, suffix: str = "") -> Files:
    """Return the signature of every file in a folder that is not hidden; a folder that is not there has none.

    Raises OSError when a folder cannot be read.
    """
    found: Files = {}
    waiting, entered = [""], set[int]()
    while waiting:
        inner = waiting.pop()
        for row in _rows(f"{folder}/{inner}"):
            if row.name.startswith("."):
                continue
            if deep and row.is_dir():
                inode = _sign(row)[3]
                if inode not in entered:  # links may go round in a ring
                    entered.add(inode)
                    waiting.append(f"{inner}{row.name}/")
            elif row.name.endswith(suffix):
                found[inner + row.name] = _sign(row)
    return found


def look(content: str, templates: tuple[str, ...]) -> Seen:
    """Return all that a site follows from: the program, templates and content."""
    return {
        "program": scan(PACKAGE, deep=True, suffix=".py"),
        "content": scan(content),
        "papers": scan(f"{content}/papers"),
        "pages": scan(f"{content}/pages"),
        "collections": scan(f"{content}/collections"),
        "captures": scan(f"{content}/captures", suffix=".yml"),
        **{f"templates {number}": scan(folder, deep=True) for number, folder in enumerate(templates)},
    }


def look_at(output: str, folders: Iterable[str]) -> Seen:
    """Return the files that lie in some folders of the output, hidden ones too. Raises OSError."""
    return {
        name: {row.name: _sign(row) for row in _rows(f"{output}/{name}") if not row.is_dir(follow_symlinks=False)}
        for name in folders
    }


def _rows(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as rows:
            return list(rows)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sign(row: "os.DirEntry[str]") -> Signature:
    try:
        return _signature(row.stat())
    except OSError:  # a link that leads nowhere
        return (0, 0, 0, 0)


def sign_file(path: str) -> Signature:
    """Return the signature of a file."""
    return _signature(os.stat(path))


def _signature(known: os.stat_result) -> Signature:
    return (known.st_mtime_ns, known.st_ctime_ns, known.st_size, known.st_ino)


def settle(seen: Seen, now: int) -> Seen:
    """Distrust the signatures of files written so shortly before `now` that another change would not show."""

    def trusted(signature: Signature | None) -> Signature | None:
        noted = signature[1] if signature else now
        return signature if noted < now - (SETTLED if noted % 1_000_000_000 else COARSE) else None

    return {folder: {name: trusted(known) for name, known in files.items()} for folder, files in seen.items()}


def libraries() -> tuple[str, ...]:
    """Name what else the bytes of a page depend on: Python, and every installed package with its version."""
    installed: set[str] = set()
    for folder in sys.path:
        installed.update(row.name for row in _rows(folder or ".") if row.name.endswith((".dist-info", ".egg-info")))
    return (sys.version, *sorted(installed))


# ---------------------------------------------------------------- the state of the last build


class Glance(NamedTuple):
    """What a command found when it began: all that a site follows from, and the head of the last build's state.

    `asked` is what a build is asked for, `now` the time before it looked, `mark` the signature of the state's file.
    """

    asked: tuple[Any, ...]
    now: int
    seen: Seen
    head: dict[str, Any]
    mark: Signature


def read_state(path: str, first: int, last: int) -> list[dict[str, Any]] | None:
    """Read a state from one part up to another; None when there is none. Raises ValueError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            if file.readline() != MAGIC:
                raise ValueError("this is no state of this program's")
            for _ in range(first):
                file.seek(int(file.readline().split()[0]), os.SEEK_CUR)
            return [_read_part(file) for _ in range(first, last)]
    except FileNotFoundError:
        return None
    except (OSError, EOFError, IndexError, TypeError) as error:
        raise ValueError(f"it cannot be read: {error}") from error


def _read_part(file: IO[bytes]) -> dict[str, Any]:
    size, checksum = map(int, file.readline().split())
    data = file.read(size)
    if crc32(data) != checksum:
        raise ValueError("a part of it is broken")
    part: dict[str, Any] = marshal.loads(data)
    return part


def write_state(*parts: dict[str, Any]) -> bytes:
    """Write a state as `read_state` reads it."""
    texts = [marshal.dumps(part) for part in parts]
    return MAGIC + b"".join(b"%d %d\n%b" % (len(text), crc32(text), text) for text in texts)


def look_back(content: str, templates: str | None, output: str) -> Glance | None:
    """Look at what is there and at what the last build left; None when one of them cannot be read."""
    path, now = f"{state_folder(content, output)}/state", time.time_ns()
    try:
        mark, parts = sign_file(path), read_state(path, 0, 1)
        if not parts or (templates and not os.path.isdir(templates)):
            return None
        folders = template_folders(content, templates)
        return Glance(asked(content, folders, output), now, look(content, folders), parts[0], mark)
    except (OSError, ValueError):
        return None


def is_unchanged(glance: Glance, output: str) -> bool:
    """Tell whether a build now would find all as the last one saw and left it."""
    head = glance.head
    same = (
        head["asked"] == glance.asked
        and (head["here"] == os.getcwd() or not head["told"]["faults"])  # faults name paths as seen from a folder
        and head["libraries"] == libraries()
        and head["seen"] == glance.seen
    )
    if not same:
        return False
    try:
        found = look_at(output, head["made"])
    except OSError:
        return False
    return all(files.items() <= found[name].items() for name, files in head["made"].items())


def asked(content: str, templates: tuple[str, ...], output: str) -> tuple[Any, ...]:
    """Return what a build was asked for."""
    return (os.path.abspath(content), templates, os.path.abspath(output))
