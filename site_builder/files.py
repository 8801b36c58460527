"""Text files on the disk: read whole, written whole.

In: a path. Out: its text, or the Problem that keeps it from being read. Must not know what the text means.
"""

import contextlib
import errno
import os
import re
import stat
from pathlib import Path

from site_builder.errors import Problem, SiteBuilderError

LEFT_OVER = re.compile(r"\..+\.\d+\.new")  # a file that was being written when its process was killed

CONFLICT = [
    re.compile(mark, re.MULTILINE) for mark in (r"^<<<<<<<(?=[ \r\n])", r"^=======\r?$", r"^>>>>>>>(?=[ \r\n])")
]


def read_text(path: Path) -> tuple[str, Problem | None]:
    """Read a UTF-8 file with its line endings as they are; a file that cannot be read is a Problem."""
    try:
        data = read_bytes(str(path))
    except OSError as error:
        return "", unreadable(show(path), error)
    return decode_text(data, show(path))


def unreadable(path: str, error: OSError) -> Problem:
    """Say that a file cannot be read now."""
    hint = "check the file and its permissions"
    return Problem(path, 0, 0, f"cannot be read: {error.strerror}", hint, passing=True)


def read_bytes(path: str) -> bytes:
    """Read a file whole, with no more calls of the system's than that takes. Raises OSError."""
    # What is no file, such as a pipe, could have one wait for ever.
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        parts = []
        while part := os.read(file, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(file)


def decode_text(data: bytes, path: str) -> tuple[str, Problem | None]:
    """Decode a file's bytes; what is not UTF-8 text, or holds a merge that failed, is a Problem at its place."""
    if b"\0" in data:
        return "", Problem(path, 0, 0, "this is not a text file", "it holds zero bytes; save it as UTF-8 text")
    try:
        text = data.decode("utf-8")
        return text, _find_conflict(text, path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return "", Problem(path, line, column, "this is not UTF-8 text", "save the file as UTF-8")


def _find_conflict(text: str, path: str) -> Problem | None:
    """Find where git left both sides of a merge in a text."""
    if "<<<<<<<" not in text:
        return None
    first, place = -1, 0
    for mark in CONFLICT:
        found = mark.search(text, place)
        if not found:
            return None
        first, place = first if place else found.start(), found.end()
    hint = "keep what is right of both sides, and take the lines <<<<<<<, ======= and >>>>>>> away"
    return Problem(path, text.count("\n", 0, first) + 1, 1, "this is a merge conflict of git's", hint)


def show(path: Path) -> str:
    """Write a path as messages show it: from the working folder when it lies there, with forward slashes."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()  # not resolved: links stay as the user sees them
    shown = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return shown.as_posix()


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it over it; a link is followed, the file's mode stays.

    Raises SiteBuilderError when the disk refuses.
    """
    target = path.resolve() if path.is_symlink() else path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    except OSError as error:
        raise SiteBuilderError(f"cannot write {show(path)}: {error.strerror}") from error
    replace_file(str(target), data, mode)


def replace_file(path: str, data: bytes, mode: int | None = None) -> None:
    """Write a file beside its place, in a folder that is there, and move it over it.

    Raises SiteBuilderError when the disk refuses; then the file is as it was.
    """
    folder, name = os.path.split(path)
    beside = f"{folder}/.{name[:100]}.{os.getpid()}.new"
    try:
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
        try:
            if os.write(file, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(file)
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise SiteBuilderError(f"cannot write {show(Path(path))}: {error.strerror}") from error
