"""OutputFiles -> a folder: every path known first, each file written beside its place and moved over it.

In: all files of the site, the output folder, what the last build made. Out: what was written, kept and pruned, and
what there is now; Problems for collisions. Must not know what is in a file.
"""

import contextlib
import json
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import product
from pathlib import Path
from typing import NamedTuple

from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import LEFT_OVER, read_bytes, replace_file, show
from site_builder.jobs import Tell, not_for_workers, spread
from site_builder.render.output import KINDS, OutputFile
from site_builder.state import Seen, Signature, look_at, sign_file

MANIFEST = ".site-builder.json"  # the files that this program wrote, so that it prunes no other
LONGEST_PATH = 1_000
PART = 200  # files that a process writes at a time


class Made(NamedTuple):
    """What a build left in the output: the fingerprint of each file, and their signatures by folder."""

    fingerprints: Mapping[str, bytes]
    signatures: Seen


class Published(NamedTuple):
    """What was done: the paths that were written and pruned, and how many files of each kind were kept as they were.

    `rendered` counts the files that had to be made to know whether they change. `problems` tells what was found amiss
    in the folder.
    """

    written: tuple[tuple[str, str], ...]
    pruned: tuple[tuple[str, str], ...]
    kept: Mapping[str, int]
    rendered: int
    made: Made
    problems: tuple[Problem, ...]


def find_collisions(files: Iterable[OutputFile]) -> tuple[list[OutputFile], list[Problem]]:
    """Keep one file for each path; paths that differ in case only are one, as they are on many disks."""
    chosen: dict[str, OutputFile] = {}
    problems = []
    for file in files:
        other = chosen.setdefault(file.path.casefold(), file)
        if other is not file:
            message = f"two pages want this address; the other is `{other.path}`"
            problems.append(Problem(file.path, 0, 0, message, "rename one of the two"))
    return list(chosen.values()), problems


@contextlib.contextmanager
def open_output(folder: Path, *, dry_run: bool = False) -> Iterator[None]:
    """Hold the output folder for one build. Raises SiteBuilderError when it cannot be held, or was lost meanwhile.

    With `dry_run` nothing is made or held, and what a build would be refused for is refused.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        what = "a link that leads nowhere" if folder.is_symlink() else "a file"
        raise SiteBuilderError(f"the output {show(folder)} is {what}; name a folder by --output")
    if dry_run:
        there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
        if not (there.is_dir() and os.access(there, os.W_OK)):
            raise SiteBuilderError(f"the output {show(folder)} cannot be used: {show(there)} may not be written to")
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise SiteBuilderError(f"the output {show(folder)} cannot be used: {error.strerror}") from error
    not_for_workers.append(held)  # the lock ends with this process, whatever becomes of its workers
    try:
        _lock(held, folder)
        yield
        if not folder.exists() or not os.path.samestat(os.fstat(held), folder.stat()):
            raise SiteBuilderError(f"the output {show(folder)} was taken away while the site was built; build again")
    finally:
        not_for_workers.remove(held)
        os.close(held)


def _lock(held: int, folder: Path) -> None:
    """Let one build at a time write to a folder; where the system has no locks, all may."""
    try:
        import fcntl  # Windows has none

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SiteBuilderError(f"another build is writing to {show(folder)}; wait until it is done") from error
    except (ImportError, OSError):
        return


def publish(
    files: Sequence[OutputFile],
    folder: Path,
    before: Made,
    dry_run: bool = False,
    jobs: int = 0,
    tell: Tell | None = None,
) -> Published:
    """Bring a folder to hold these files: what pages need before the pages, then prune what is of no use.

    A file is rendered when its fingerprint is new, or when what lies there is not what the last build left.
    Only files that this program wrote are ever removed. Raises SiteBuilderError when the disk refuses.
    """
    paths = {file.path: file for file in files}
    listed, problems = _read_manifest(folder, before)
    earlier = (listed or set()) | before.fingerprints.keys()
    ground = _survey(folder, paths.keys() | earlier, before)
    if not problems:  # else nobody knows whose files are there
        _refuse_foreign(ground, paths.keys() - earlier)
    stale = sorted((path for path in earlier - paths.keys() if ground.find(path)), key=_order_of_pruning)
    waiting = [file for file in files if not ground.is_left(file)]
    if not dry_run:
        _make_folders(folder, paths)
        # The manifest names every file before it is there, and the old ones until they are gone: a build that is
        # stopped at any moment is mended by the next.
        listed = _write_manifest(folder, paths.keys() | earlier, listed)
    written = _write_all(ground, waiting, jobs, dry_run, tell)
    if not dry_run:
        _prune(ground, stale)
        _write_manifest(folder, set(paths), listed)
    return _account(ground, paths, written, stale, problems)


class _Ground(NamedTuple):
    """The output folder as it was found: its files by folder and name, and what the last build left there."""

    folder: Path
    found: Seen
    before: Made

    def find(self, path: str) -> Signature | None:
        """Return the signature of a file, if there is one."""
        inner, _, name = path.rpartition("/")
        return self.found[inner].get(name)

    def is_left(self, file: OutputFile) -> bool:
        """Tell whether the last build made a file of the same things, and what it left is there."""
        inner, _, name = file.path.rpartition("/")
        known = self.before.signatures.get(inner, {}).get(name)
        return (
            known is not None
            and known == self.found[inner].get(name)
            and file.fingerprint == self.before.fingerprints.get(file.path)
        )


def _survey(folder: Path, paths: Iterable[str], before: Made) -> _Ground:
    """Look at the folders of the output that concern a build. Raises SiteBuilderError when one lies elsewhere."""
    waiting, inner = {path.rpartition("/")[0] for path in paths}, {""}
    while waiting:
        inner |= waiting
        waiting = {name.rpartition("/")[0] for name in waiting} - inner
    for name in sorted(inner - {""}):
        if os.path.islink(folder / name):
            raise SiteBuilderError(
                f"{show(folder / name)} is a link to another place; the site's folders must lie in the output itself"
            )
    try:
        return _Ground(folder, look_at(str(folder), inner), before)
    except OSError as error:
        raise SiteBuilderError(f"cannot read {show(Path(error.filename))}: {error.strerror}") from error


def _kind_of(path: str) -> str:
    """Tell by its path what kind of file an earlier build wrote."""
    ending = path.rpartition(".")[2]
    if path.startswith(("assets/", "search/")):
        return "asset" if path.startswith("assets/") else "search"
    if ending in ("xml", "json", "opml") and path != "sitemap.xml":
        return "feed"
    return "page" if ending == "html" else "file"


def _order_of_pruning(path: str) -> tuple[bool, bool, str]:
    """Take pages away before what they need."""
    return not path.endswith(".html"), path.startswith(("assets/", "search/")), path


def _refuse_foreign(ground: _Ground, paths: Iterable[str]) -> None:
    """Refuse to write over files that no build of ours made."""
    foreign = sorted(path for path in paths if ground.find(path))
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise SiteBuilderError(
            f"{show(ground.folder)} holds files that this program did not write: {foreign[0]}{more}; "
            "name another folder by --output, or move them away"
        )


def _make_folders(folder: Path, paths: Iterable[str]) -> None:
    """Make all folders at once: one that vanishes later is then noticed."""
    for inner in sorted({path.rpartition("/")[0] for path in paths}):
        try:
            (folder / inner).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SiteBuilderError(f"cannot make the folder {show(folder / inner)}: {error.strerror}") from error


def _write_all(
    ground: _Ground, waiting: list[OutputFile], jobs: int, dry_run: bool, tell: Tell | None
) -> dict[str, tuple[bool, Signature]]:
    """Render files, and write those that differ from what lies there: whether it did, and the file's signature."""

    def write_part(part: Sequence[OutputFile]) -> list[tuple[bool, Signature]]:
        return [_write(ground, file, dry_run) for file in part]

    written: dict[str, tuple[bool, Signature]] = {}
    for kind, last in product(KINDS, (False, True)):
        due = [file for file in waiting if (file.kind, file.names_others) == (kind, last)]
        for part, results in spread(write_part, due, PART, jobs):
            written.update(zip([file.path for file in part], results, strict=True))
            if tell:
                tell("write", len(written), len(waiting))
    return written


def _write(ground: _Ground, file: OutputFile, dry_run: bool) -> tuple[bool, Signature]:
    """Write a file unless it holds these bytes already."""
    data, path, found = file.render(), f"{ground.folder}/{file.path}", ground.find(file.path)
    with contextlib.suppress(OSError):  # what cannot be read is written anew, and so is what its owner may not read
        if found and found[2] == len(data) and os.stat(path).st_mode & stat.S_IRUSR and read_bytes(path) == data:
            return False, found
    if dry_run:
        return True, (0, 0, 0, 0)
    replace_file(path, data)
    return True, sign_file(path)


def _prune(ground: _Ground, stale: Iterable[str]) -> None:
    """Remove files of earlier builds, and folders that are empty then; and what killed builds left half written."""
    left_over = [
        f"{inner}/{name}".lstrip("/")
        for inner, names in ground.found.items()
        for name in names
        if LEFT_OVER.fullmatch(name)
    ]
    for path in (*stale, *left_over):
        target = ground.folder / path
        try:
            target.unlink(missing_ok=True)
            for parent in target.relative_to(ground.folder).parents:
                if parent != Path() and not any((ground.folder / parent).iterdir()):
                    (ground.folder / parent).rmdir()
        except OSError as error:
            raise SiteBuilderError(f"cannot remove {show(target)}: {error.strerror}") from error


def _account(
    ground: _Ground,
    paths: Mapping[str, OutputFile],
    written: Mapping[str, tuple[bool, Signature]],
    stale: Iterable[str],
    problems: tuple[Problem, ...],
) -> Published:
    """Account for what was done, kind by kind."""
    changed = [(paths[path].kind, path) for path, (is_new, _) in written.items() if is_new]
    kept = Counter[str]([file.kind for file in paths.values()])
    kept.subtract([kind for kind, _ in changed])
    return Published(
        written=tuple(changed),
        pruned=tuple([(_kind_of(path), path) for path in stale]),
        kept={kind: kept[kind] for kind in KINDS},
        rendered=len(written),
        made=Made({path: file.fingerprint for path, file in paths.items()}, _sign(ground, paths.keys(), written)),
        problems=problems,
    )


def _sign(
    ground: _Ground, paths: Set[str], written: Mapping[str, tuple[bool, Signature]]
) -> dict[str, dict[str, Signature | None]]:
    """Return the signature of every file of the site, and of the manifest: that of the last build's, or a new one."""
    signatures = {inner: dict(files) for inner, files in ground.before.signatures.items()}
    for path in ground.before.fingerprints.keys() - paths:
        inner, _, name = path.rpartition("/")
        signatures.get(inner, {}).pop(name, None)
    for path, (_, signature) in written.items():
        inner, _, name = path.rpartition("/")
        signatures.setdefault(inner, {})[name] = signature
    manifest = ground.folder / MANIFEST
    signatures.setdefault("", {})[MANIFEST] = sign_file(str(manifest)) if manifest.exists() else None
    return {inner: files for inner, files in signatures.items() if files}


def _write_manifest(folder: Path, paths: set[str], listed: set[str] | None) -> set[str]:
    """Name these files in the manifest, unless it does already; return them."""
    if paths != listed:
        replace_file(str(folder / MANIFEST), json.dumps(sorted(paths), indent=0).encode())
    return paths


def _read_manifest(folder: Path, before: Made) -> tuple[set[str] | None, tuple[Problem, ...]]:
    """Read what earlier builds wrote: None when there is no manifest, nothing and a Problem when it is broken."""
    path = folder / MANIFEST
    try:
        if before.signatures.get("", {}).get(MANIFEST) == sign_file(str(path)):
            return set(before.fingerprints), ()
        listed = json.loads(read_bytes(str(path)))
    except FileNotFoundError:
        return None, ()
    except (OSError, ValueError, RecursionError):
        listed = None
    if isinstance(listed, list) and all(map(_is_inside, listed)):
        return set(listed), ()
    hint = "it is made anew; remove by hand what no page of the site leads to, or empty the folder"
    message = "this list of the files that earlier builds wrote is damaged; none of them is removed"
    return set(), (Problem(show(path), 0, 0, message, hint, "warning"),)


def _is_inside(path: object) -> bool:
    """Tell whether an entry of the manifest is a path inside the output, written as this program writes it."""
    if not isinstance(path, str) or not path.isprintable() or path.startswith(("/", "..")):
        return False
    return os.path.normpath(path) == path and len(path) < LONGEST_PATH
