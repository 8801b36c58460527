"""What is kept between builds, by the digest of what it was made from, in one file outside the output.

In: keys and plain values. Out: the values. Must not know what they mean.

Losing it costs time, never correctness: a value that is missing or broken is made anew by whoever asks for it.
"""

import contextlib
import marshal
import os
import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

from site_builder.errors import Problem
from site_builder.files import show

HINT = "nothing is wrong with the site: it is made anew, which takes a little longer"


def digest(*parts: Any) -> bytes:
    """Return a digest of plain values: text, bytes, numbers, None, and tuples, lists and dicts of them."""
    # Version 2 writes the same bytes for equal values, whatever else refers to them; later versions do not.
    return blake2b(marshal.dumps(parts, 2), digest_size=12).digest()


def seal(key: bytes, value: Any) -> tuple[bytes, bytes]:
    """Write a plain value as it is kept under a key, with a checksum of both."""
    data = marshal.dumps(value)
    return key, crc32(data, crc32(key)).to_bytes(4, "big") + data


def unseal(key: bytes, sealed: bytes) -> Any:
    """Read what `seal` wrote. Raises ValueError, TypeError or EOFError when it is not what was kept under this key."""
    data = memoryview(sealed)
    if int.from_bytes(data[:4], "big") != crc32(data[4:], crc32(key)):
        raise ValueError("the checksum is of something else")
    return marshal.loads(data[4:])


class Keep:
    """Sealed values by key, in one file. `problems` tells what was lost.

    What another owner kept, an earlier version of the program, is not used. With `dry_run` nothing on the disk
    changes. A forked process reads what its parent saved, and keeps nothing.
    """

    def __init__(self, path: Path, owner: bytes, *, dry_run: bool = False) -> None:
        """Open what is kept at a path for an owner."""
        self.path, self.owner, self.dry_run = path, owner, dry_run
        self.problems: list[Problem] = []
        self._process = os.getpid()
        self._is_broken = False
        self._reader: sqlite3.Connection | None = None
        self._store = self._open()

    def _open(self) -> sqlite3.Connection:
        """Open the file to be written; where it cannot be, keep values for this build only."""
        try:
            if self.dry_run:
                self._reader = self._open_reader() if self.path.exists() else None
                return self._prepare(sqlite3.connect(":memory:"))
            if self.path.exists() and not self.path.stat().st_size:
                self._lose("what was kept between builds is gone: the file is empty")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._prepare(sqlite3.connect(self.path))
            except sqlite3.DatabaseError as error:
                if "locked" in str(error) or not self.path.exists():
                    raise
                self._lose(f"what was kept between builds could not be read: {error}")
                return self._begin_anew()
        except (OSError, sqlite3.DatabaseError) as error:
            self._lose(f"nothing can be kept between builds: {error}")
            return self._prepare(sqlite3.connect(":memory:"))

    def _begin_anew(self) -> sqlite3.Connection:
        """Put an empty file in the place of one that is broken, and of what was to mend it."""
        Path(f"{self.path}-journal").unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        return self._prepare(sqlite3.connect(self.path))

    def _prepare(self, store: sqlite3.Connection) -> sqlite3.Connection:
        """Make a store this owner's."""
        try:
            store.execute("PRAGMA synchronous = OFF")  # a power cut may cost time
            store.execute("CREATE TABLE IF NOT EXISTS owner (name BLOB)")
            if store.execute("SELECT name FROM owner").fetchall() != [(self.owner,)]:
                store.execute("DROP TABLE IF EXISTS kept")
                store.execute("DELETE FROM owner")
                store.execute("INSERT INTO owner VALUES (?)", (self.owner,))
            store.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
        except sqlite3.DatabaseError:
            store.close()
            raise
        return store

    def _open_reader(self) -> sqlite3.Connection | None:
        """Open the file to be read only; None when it holds nothing of this owner's."""
        reader = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            if reader.execute("SELECT name FROM owner").fetchall() == [(self.owner,)]:
                return reader
        except sqlite3.DatabaseError:
            self._lose("what was kept between builds could not be read")
        reader.close()
        return None

    def get(self, key: bytes) -> Any:
        """Return a value, or None when it is not kept."""
        try:
            for source in self._sources():
                row = source.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
                if row is not None:
                    return unseal(key, row[0])
        except (sqlite3.DatabaseError, TypeError, ValueError, EOFError) as error:
            self._is_broken |= isinstance(error, sqlite3.DatabaseError)
            self._lose("a part of what was kept between builds is broken")
        return None

    def put(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep sealed values."""
        if self._process != os.getpid():
            return
        try:
            self._store.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
        except sqlite3.DatabaseError as error:
            self._is_broken = True
            self._lose(f"this cannot be kept between builds: {error}")

    def drop(self, keys: Iterable[bytes]) -> None:
        """Forget values."""
        with contextlib.suppress(sqlite3.DatabaseError):
            self._store.executemany("DELETE FROM kept WHERE key = ?", ((key,) for key in keys))

    def save(self) -> None:
        """Let what was kept outlast the process, and other processes see it."""
        try:
            self._store.commit()
        except sqlite3.DatabaseError as error:
            self._lose(f"this cannot be kept between builds: {error}")

    def close(self) -> None:
        """Leave the file; what was not saved is forgotten, and a file that is broken is begun anew."""
        for connection in (self._store, self._reader):
            if connection:
                connection.close()
        if self._is_broken and not self.dry_run:
            with contextlib.suppress(OSError, sqlite3.DatabaseError), contextlib.closing(self._begin_anew()) as store:
                store.commit()

    def _sources(self) -> Iterable[sqlite3.Connection]:
        """Return where values are looked up. A forked process opens the file anew: a connection must not be shared."""
        if self._process != os.getpid() and not self.dry_run and self._reader is None and self.path.exists():
            self._reader = self._open_reader()
        if self._process != os.getpid() and self._reader:
            return (self._reader,)
        return (self._store, self._reader) if self._reader else (self._store,)

    def _lose(self, message: str) -> None:
        problem = Problem(show(self.path), 0, 0, message, HINT, "warning")
        if problem not in self.problems:
            self.problems.append(problem)
