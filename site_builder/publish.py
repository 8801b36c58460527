"""OutputFiles -> a folder: every path known first, each file written beside its place and moved over it.

In: all files of the site, the output folder. Out: what was written, kept and pruned; Problems for collisions.
Must not know what is in a file.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import show, write_atomic
from site_builder.render.output import KINDS, OutputFile

MANIFEST = ".site-builder.json"  # the files that this program wrote, so that it prunes no other


@dataclass(frozen=True, slots=True)
class Published:
    """How many files of each kind the site has, how many had to be written, and how many were taken away."""

    counts: dict[str, int]
    written: int
    kept: int
    pruned: int


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


def publish(files: Iterable[OutputFile], folder: Path) -> tuple[Published, list[Problem]]:
    """Bring a folder to hold these files: what pages need before the pages, then prune what is of no use.

    Only files that this program wrote are ever removed. Raises SiteBuilderError when the disk refuses.
    """
    chosen, problems = find_collisions(files)
    if folder.exists() and not folder.is_dir():
        raise SiteBuilderError(f"the output {show(folder)} is a file; name a folder by --output")
    before = _read_manifest(folder)
    paths = {file.path for file in chosen}
    if not (folder / MANIFEST).exists():
        _refuse_foreign(folder, paths)
    # The manifest names every file before it is there, and the old ones until they are gone: a build that is
    # stopped at any moment is mended by the next.
    _write(folder / MANIFEST, json.dumps(sorted(paths | before), indent=0).encode())
    written = 0
    for file in sorted(chosen, key=lambda file: KINDS.index(file.kind)):
        written += _write(folder / file.path, file.render())
    pruned = sum(_prune(folder, path) for path in sorted(before - paths))
    _write(folder / MANIFEST, json.dumps(sorted(paths), indent=0).encode())
    counts = {kind: sum(file.kind == kind for file in chosen) for kind in KINDS}
    return Published(counts, written, len(chosen) - written, pruned), problems


def _refuse_foreign(folder: Path, paths: set[str]) -> None:
    """Refuse to write over files that no build of ours made."""
    foreign = sorted(path for path in paths if (folder / path).exists())
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise SiteBuilderError(
            f"{show(folder)} holds files that this program did not write: {foreign[0]}{more}; "
            "name another folder by --output, or empty this one"
        )


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it holds these bytes already; tell whether it was written."""
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError as error:
        raise SiteBuilderError(f"cannot read {show(path)}: {error.strerror}") from error
    write_atomic(path, data)
    return True


def _prune(folder: Path, path: str) -> bool:
    """Remove a file of an earlier build, and its folder when that is empty now."""
    target = folder / path
    try:
        target.unlink()
        for parent in target.relative_to(folder).parents:
            if parent != Path() and not any((folder / parent).iterdir()):
                (folder / parent).rmdir()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise SiteBuilderError(f"cannot remove {show(target)}: {error.strerror}") from error
    return True


def _read_manifest(folder: Path) -> set[str]:
    """Read what earlier builds wrote; a manifest that is missing or broken prunes nothing."""
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    if not isinstance(listed, list):
        return set()
    inside = (path for path in listed if isinstance(path, str) and not Path(path).is_absolute())
    return {path for path in inside if ".." not in Path(path).parts}
