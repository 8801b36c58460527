"""Disks that are full or read only, folders that vanish, links and files where folders should be."""

import errno
import itertools
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_builder import build, intake, publish
from site_builder.publish import MANIFEST
from tests.builders import read_tree
from tests.faults.sites import (
    AS_ANYBODY,
    FOLDERS,
    LIMITED,
    Site,
    assert_none,
    assert_refused,
    end,
    read_only,
    start,
    without_progress,
    write_tree,
)


@pytest.mark.parametrize(("first", "step"), [(True, 5), (False, 1)])
def test_a_disk_that_is_full_at_any_write_is_told_and_mended(
    site: Site, monkeypatch: pytest.MonkeyPatch, first: bool, step: int
) -> None:
    assert site.build_and_find_faults() == []
    faults: list[str] = []
    for number in itertools.count(0, step):
        site.edit()
        if first:
            site.clear()
        refused: list[str] = []
        with monkeypatch.context() as patch:
            fill_disk(patch, number, refused)
            ended = site.build()
        if not refused:
            break
        case = f"full at write {number}, {refused[0]}"
        if "/.state." in refused[0]:  # only the next build misses it
            assert (ended.exit_code, "warning: nothing can be left here" in ended.stderr) == (0, True)
        else:
            assert_refused(ended, "cannot write output.*: No space left on device")
        faults += [f"{case}: {fault}" for fault in site.find_faults()]
        faults += [f"{case}, then built: {fault}" for fault in site.build_and_find_faults()]
    assert number >= 30  # there is no site of fewer files
    assert_none(faults)


def fill_disk(patch: pytest.MonkeyPatch, number: int, refused: list[str]) -> None:
    """Let the disk be full from the opening of a file on, counted from 0; half of what is written finds a place."""
    count, full = itertools.count(), set[int]()
    open_file, write_file, close_file = os.open, os.write, os.close

    def opened(path: str, flags: int, *more: Any) -> int:
        file = open_file(path, flags, *more)
        if flags & os.O_WRONLY and next(count) >= number:
            refused.append(path)
            full.add(file)
        return file

    def write(file: int, data: bytes) -> int:
        if file not in full:
            return write_file(file, data)
        written = write_file(file, data[: len(data) // 2])
        if number % 2:  # the system tells it at once, or with the next write
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written

    def close(file: int) -> None:
        full.discard(file)
        close_file(file)

    patch.setattr(os, "open", opened)
    patch.setattr(os, "write", write)
    patch.setattr(os, "close", close)


@pytest.mark.parametrize("first", [True, False])
def test_a_disk_that_takes_no_large_files_is_told_and_mended(site: Site, first: bool) -> None:
    """A real refusal of the system's: also of what is kept, in the midst of SQLite's work."""
    largest = max(map(len, site.trees[True].values()))
    faults: list[str] = []
    for limit in (0, 100, 3000, 8192, 20000, 40000, largest, 2 * largest):
        site.edit(False)
        if first:
            site.clear()
        else:
            faults += site.build_and_find_faults()
        site.edit(True)
        ended = end(start(site, *FOLDERS, "build", code=LIMITED.format(limit)))
        case, lines = f"files of {limit} bytes at most", without_progress(ended.stderr)
        if limit >= largest or ended.exit_code == 0:  # the site finds its place; of what is kept, something may not
            well = ended.exit_code == 0 and "Traceback" not in ended.stderr
        else:
            well = (
                ended.exit_code == 2 and len(lines) == 1 and lines[0].startswith("site-builder: cannot write output/")
            )
        faults += [] if well else [f"{case}: {ended.exit_code}, {lines[-1]}"]
        faults += [f"{case}: {fault}" for fault in site.find_faults(done=ended.exit_code == 0)]
        faults += [f"{case}, then built: {fault}" for fault in site.build_and_find_faults()]
    assert_none(faults)


@pytest.mark.parametrize("folder", ["output", "output/papers", "output/search/d"])
def test_a_folder_of_the_output_that_may_not_be_written_to_is_told_and_mended(built: Site, folder: str) -> None:
    with read_only(built.folder / folder):
        ended = end(start(built, *FOLDERS, "build", code=AS_ANYBODY))
    assert_refused(ended, f"cannot write {folder}/.*: Permission denied")
    faults = [*built.find_faults(), *built.build_and_find_faults()]
    assert_none(faults)


def test_an_output_that_cannot_be_made_is_told(site: Site) -> None:
    (site.folder / "public").mkdir()
    with read_only(site.folder / "public"):
        ended = end(start(site, "--content", "content", "--output", "public/site", "build", code=AS_ANYBODY))
    assert_refused(ended, "the output public/site cannot be used: Permission denied")


def test_an_output_that_may_not_be_read_is_told_and_mended(built: Site) -> None:
    built.output.chmod(0)
    try:
        ended = end(start(built, *FOLDERS, "build", code=AS_ANYBODY))
    finally:
        built.output.chmod(0o755)
    assert_refused(ended, "output cannot be used: Permission denied")
    faults = [*built.find_faults(), *built.build_and_find_faults()]
    assert_none(faults)


def at_write(patch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Let something happen right before a write to the output, counted from 0."""
    count, replace_file = itertools.count(), publish.replace_file

    def replace(path: str, data: bytes) -> None:
        if next(count) == number:
            act()
        replace_file(path, data)

    patch.setattr(publish, "replace_file", replace)


def at_read(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after the content folder was looked at, and before it is read."""
    load_frame = intake.load_frame

    def load(folder: Path) -> Any:
        act()
        return load_frame(folder)

    patch.setattr(intake, "load_frame", load)


def at_look(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen once the command has begun, before anything was looked at."""
    open_memory = build.open_memory

    def opened(*given: Any, **more: Any) -> Any:
        act()
        return open_memory(*given, **more)

    patch.setattr(build, "open_memory", opened)


MOMENTS: dict[str, Callable[[pytest.MonkeyPatch, Callable[[], object]], None]] = {
    "before the look": at_look,
    "before the content is read": at_read,
    "before the first write": lambda patch, act: at_write(patch, 0, act),
    "before the second write": lambda patch, act: at_write(patch, 1, act),
    "in the midst of writing": lambda patch, act: at_write(patch, 20, act),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("removed", [True, False])
def test_an_output_that_is_taken_away_while_the_site_is_built_is_told_and_mended(
    built: Site, monkeypatch: pytest.MonkeyPatch, moment: str, removed: bool
) -> None:
    aside = built.folder / "aside"
    with monkeypatch.context() as patch:
        MOMENTS[moment](patch, lambda: built.output.rename(aside))
        ended = built.build()
    assert_refused(ended, "output")
    shutil.rmtree(built.output, ignore_errors=True)  # what the build may have made in its place
    if removed:
        shutil.rmtree(aside)
        write_tree(built.output, built.foreign)
    else:
        aside.rename(built.output)
    faults = [*built.find_faults(), *built.build_and_find_faults()]
    assert_none(faults)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kept", [True, False])
def test_content_that_is_taken_away_while_the_site_is_built_takes_no_page_away(
    built: Site, monkeypatch: pytest.MonkeyPatch, moment: str, kept: bool
) -> None:
    """What was read may be built all the same; else it is told, and the old site stays."""
    if not kept:
        shutil.rmtree(built.keep)
    with monkeypatch.context() as patch:
        MOMENTS[moment](patch, lambda: shutil.rmtree(built.folder / "content"))
        ended = built.build()
    faults = built.find_faults(done=ended.exit_code == 0)
    built.edit(built.edited)
    faults += built.build_and_find_faults()
    assert_none(faults)
    if ended.exit_code:
        assert_refused(ended, "")


def put_file(path: Path) -> None:
    path.write_text("mine")


def put_dead_link(path: Path) -> None:
    path.symlink_to("nowhere")


def put_looping_link(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("put", [put_file, put_dead_link, put_looping_link])
def test_an_output_that_is_no_folder_is_told_and_left_alone(built: Site, put: Callable[[Path], None]) -> None:
    aside = built.output.rename(built.folder / "aside")
    put(built.output)
    known = built.output.lstat()
    assert_refused(built.build(), "output")
    assert built.output.lstat() == known and not (built.folder / "nowhere").exists()
    built.output.unlink()
    aside.rename(built.output)
    faults = built.build_and_find_faults()
    assert_none(faults)


def test_an_output_inside_a_file_is_told(site: Site) -> None:
    (site.folder / "file").write_text("mine")
    assert_refused(site.build("--output", "file/site"), "file/site cannot be used: Not a directory")


def test_an_output_that_is_a_link_to_a_folder_is_followed(built: Site) -> None:
    target = built.output.rename(built.folder / "target")
    built.output.symlink_to(target)
    for _ in range(2):
        faults = built.build_and_find_faults()
        assert_none(faults)
        assert built.output.is_symlink() and read_tree(target) == read_tree(built.output)
        built.edit()


@pytest.mark.parametrize("kept", [True, False])
def test_a_folder_of_the_site_that_is_a_link_to_elsewhere_is_refused_and_elsewhere_is_untouched(
    built: Site, kept: bool
) -> None:
    """Each folder that the old or the new site has; also when only the manifest tells of the old one."""
    elsewhere, faults = built.folder / "elsewhere", []
    names = {parent.as_posix() for tree in built.trees.values() for path in tree for parent in Path(path).parents}
    for name in sorted(names - {"."}):
        built.edit(False)
        faults += built.build_and_find_faults()
        built.edit(True)
        if not kept:
            shutil.rmtree(built.keep)
        place = built.output / name
        place.rename(elsewhere)
        place.symlink_to(elsewhere)
        known = read_tree(elsewhere)
        ended = built.build()
        lines = without_progress(ended.stderr)
        if ended.exit_code != 2 or len(lines) != 1 or "is a link to another place" not in lines[0]:
            faults.append(f"{name} as a link was not refused: {ended.exit_code}, {lines}")
        now = read_tree(elsewhere)
        faults += [f"behind the link {name}, {path} was changed" for path in known if now.get(path) != known[path]]
        faults += [f"behind the link {name}, {path} was added" for path in now.keys() - known.keys()]
        place.unlink(missing_ok=True)
        elsewhere.rename(place)
        faults += [f"after the link {name}: {fault}" for fault in built.build_and_find_faults()]
    assert_none(faults)


@pytest.mark.parametrize("path", ["papers/kept.html", "papers/added.html", "index.html", MANIFEST])
def test_a_folder_where_a_file_should_be_is_told_and_mended(built: Site, path: str) -> None:
    place = built.output / path
    known = place.read_bytes() if place.exists() else None
    place.unlink(missing_ok=True)
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    assert_refused(built.build(), re.escape(f"output/{path}: Is a directory"))
    assert read_tree(place) == {"mine.txt": b"mine"}
    shutil.rmtree(place)
    if known is not None:
        place.write_bytes(known)
    faults = [*built.find_faults(), *built.build_and_find_faults()]
    assert_none(faults)


@pytest.mark.parametrize("folder", ["papers", "search/t", "tags"])
def test_a_file_where_a_folder_should_be_is_told_and_mended(built: Site, folder: str) -> None:
    place = built.output / folder
    aside = place.rename(built.folder / "aside")
    place.write_text("mine")
    assert_refused(built.build(), f"cannot make the folder output/{folder}: File exists")
    assert place.read_text() == "mine"
    place.unlink()
    aside.rename(place)
    faults = [*built.find_faults(), *built.build_and_find_faults()]
    assert_none(faults)
