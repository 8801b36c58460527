"""What a build remembers of the one before, and leaves for the next.

In: a Config, and what a build took in and made. Out: a `Memory`; the state and what is kept, outside the output.
Must not know what a build does with it.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from site_builder import state
from site_builder.config import Config
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import LEFT_OVER, replace_file, show
from site_builder.intake import Catalogue, Row
from site_builder.keep import HINT, Keep, digest
from site_builder.library.brief import Brief
from site_builder.publish import MANIFEST, Made, Published
from site_builder.search.index import Document, Index


class Memory(NamedTuple):
    """What is there now, and what the last build saw and made: nothing, when another program made it.

    `same` names the files of papers that are as the last build saw them. `program` is a digest of the program and
    its libraries.
    """

    folder: Path
    program: bytes
    now: int
    seen: state.Seen
    same: frozenset[str]
    rows: Mapping[str, Row]
    made: Made
    search: Index | None
    keep: Keep
    problems: list[Problem]


@contextmanager
def open_memory(config: Config, *, dry_run: bool = False, glance: state.Glance | None = None) -> Iterator[Memory]:
    """Look at the folders of a project, unless that was done, and read what the last build into its output left."""
    memory = _read_memory(config, glance, dry_run=dry_run)
    try:
        yield memory
    finally:
        memory.keep.close()


def _read_memory(config: Config, glance: state.Glance | None, *, dry_run: bool) -> Memory:
    folder = Path(state.state_folder(str(config.content), str(config.output)))
    now, seen = (glance.now, glance.seen) if glance else _look(config)
    program = _digest_program(seen["program"])
    problems: list[Problem] = []
    try:
        head, body = _read_state(str(folder / "state"), glance)
        gone = (not head and (config.output / MANIFEST).exists()) or (head and not (folder / "kept.db").exists())
        if gone:
            problems.append(Problem(show(folder), 0, 0, "what was kept between builds is gone", HINT, "warning"))
    except ValueError as error:
        problems.append(
            Problem(show(folder / "state"), 0, 0, f"what the last build left is lost: {error}", HINT, "warning")
        )
        head, body = {}, {}
    keep = Keep(folder / "kept.db", program, dry_run=dry_run)
    if body.get("program") != program:
        return Memory(folder, program, now, seen, frozenset(), {}, Made({}, {}), None, keep, problems)
    return Memory(
        folder, program, now, seen, _find_same(head["seen"], seen),
        {name: _unpack_row(*row) for name, row in body["rows"].items()},
        Made(body["files"], head["made"]),
        _unpack_index(body["index"]),
        keep,
        problems,
    )  # fmt: skip


def begin_again(memory: Memory, now: int, seen: state.Seen) -> Memory:
    """Return the memory of another build in this process, which finds this now."""
    same = _find_same(state.settle({"papers": memory.seen["papers"]}, memory.now), seen)
    return memory._replace(now=now, seen=seen, same=same)


def _find_same(before: state.Seen, seen: state.Seen) -> frozenset[str]:
    """Name the files of papers that are as they were."""
    papers = before["papers"]
    return frozenset([name for name, signature in seen["papers"].items() if papers.get(name) == signature])


def _look(config: Config) -> tuple[int, state.Seen]:
    """Look at all that a site follows from; returns the time before that, too."""
    now = time.time_ns()
    try:
        return now, state.look(str(config.content), tuple(map(str, config.templates)))
    except OSError as error:
        raise SiteBuilderError(f"cannot read {show(Path(error.filename))}: {error.strerror}") from error


def _read_state(path: str, glance: state.Glance | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the last build's state, its head only if that was not done; nothing when there is none."""
    known = [glance.head] if glance and os.path.exists(path) and state.sign_file(path) == glance.mark else []
    parts = state.read_state(path, len(known), 2)
    if parts is None:
        return {}, {}
    head, body = [*known, *parts]
    return head, body


def save_memory(
    memory: Memory,
    config: Config,
    catalogue: Catalogue,
    index: Index,
    published: Published,
    problems: Sequence[Problem],
) -> None:
    """Leave for the next build what this one saw, made and told."""
    asked = state.asked(str(config.content), tuple(map(str, config.templates)), str(config.output))
    seen = state.settle(memory.seen, memory.now)
    # What could not be read this time may be read the next, without a sign: then it is looked at again.
    seen["papers"].update((name, None) for name, row in catalogue.rows.items() if not row.content)
    if any(problem.passing for problem in problems):
        asked = ()
    files = Counter(published.kept) + Counter(kind for kind, _ in published.written)
    head = {
        "asked": asked,
        "here": os.getcwd(),
        "libraries": state.libraries(),
        "seen": seen,
        "made": published.made.signatures,
        "told": {
            "papers": catalogue.shown,
            "files": {kind: files[kind] for kind in published.kept},
            "faults": [(str(problem), problem.severity) for problem in problems],
        },
    }
    body = {
        "program": memory.program,
        "rows": {name: _pack_row(row) for name, row in catalogue.rows.items()},
        "files": published.made.fingerprints,
        "index": _pack_index(index),
    }
    forget(memory, catalogue.rows, index)
    memory.keep.save()
    try:
        if not (memory.folder.parent / ".gitignore").exists():
            (memory.folder.parent / ".gitignore").write_text("*\n")
        for name in os.listdir(memory.folder):
            if LEFT_OVER.fullmatch(name):
                (memory.folder / name).unlink()
        replace_file(str(memory.folder / "state"), state.write_state(head, body))
    except (OSError, SiteBuilderError) as error:
        memory.problems.append(
            Problem(show(memory.folder), 0, 0, f"nothing can be left here: {error}", HINT, "warning")
        )


def forget(memory: Memory, rows: Mapping[str, Row], index: Index) -> None:
    """Drop what nothing of this build refers to any more."""
    before, now = memory.rows.values(), rows.values()
    bodies = {row.content for row in before} - {row.content for row in now}
    words = {row.found for row in before} - {row.found for row in now}
    pieces = {key for _, key in memory.search.pieces} - {key for _, key in index.pieces} if memory.search else set()
    stale = [(kind, key) for kind, keys in (("body", bodies), ("words", words), ("piece", pieces)) for key in keys]
    memory.keep.drop([digest(kind, key) for kind, key in stale])


def _digest_program(files: Iterable[str]) -> bytes:
    """Digest the program's own code, and name what it stands on."""
    return digest(state.libraries(), {name: Path(state.PACKAGE, name).read_bytes() for name in sorted(files)})


def _pack_row(row: Row) -> tuple[Any, ...]:
    return (row.content, row.brief and tuple(row.brief), *row[2:])


def _unpack_row(content: bytes, brief: tuple[Any, ...] | None, *more: Any) -> Row:
    return Row(content, Brief._make(brief) if brief else None, *more)


def _pack_index(index: Index) -> tuple[Any, ...]:
    documents = {number: tuple(document) for number, document in index.documents.items()}
    return (documents, index.terms, index.sizes, index.pieces)


def _unpack_index(packed: tuple[Any, ...]) -> Index:
    documents, terms, sizes, pieces = packed
    return Index({number: Document._make(document) for number, document in documents.items()}, terms, sizes, pieces)
