"""Text files on the disk: read whole, written whole.

In: a path. Out: its text, or the Problem that keeps it from being read. Must not know what the text means.
"""

import contextlib
import os
import stat
from pathlib import Path

from site_builder.errors import Problem, SiteBuilderError


def read_text(path: Path) -> tuple[str, Problem | None]:
    """Read a UTF-8 file with its line endings as they are; a file that cannot be read is a Problem."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return "", Problem(show(path), 0, 0, f"cannot be read: {error.strerror}", "check the file and its permissions")
    if b"\0" in data:
        return "", Problem(show(path), 0, 0, "this is not a text file", "it holds zero bytes; save it as UTF-8 text")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return "", Problem(show(path), line, column, "this is not UTF-8 text", "save the file as UTF-8")


def show(path: Path) -> str:
    """Write a path as messages show it: from the working folder when it lies there, with forward slashes."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100  (links stay as the user sees them)
    shown = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return shown.as_posix()


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it over it. Raises SiteBuilderError when the disk refuses."""
    target = path.resolve() if path.is_symlink() else path
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise SiteBuilderError(f"cannot write {show(path)}: {error.strerror}") from error
