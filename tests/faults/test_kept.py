"""Two builds at once, what was kept and is broken or gone, and files that are not ours."""

import contextlib
import gc
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from site_builder.publish import MANIFEST, open_output
from tests.builders import read_tree, run_command
from tests.faults.sites import (
    AS_ANYBODY,
    FOLDERS,
    FOREIGN,
    SEED,
    Site,
    assert_none,
    assert_refused,
    end,
    read_only,
    start,
    without_progress,
    write_project,
)

# ---------------------------------------------------------------- two at once


def test_a_build_into_a_folder_that_another_one_holds_says_so(built: Site) -> None:
    known = read_tree(built.output)
    with open_output(built.output):
        assert_refused(built.build(), "another build is writing to output; wait until it is done")
    assert read_tree(built.output) == known
    faults = built.build_and_find_faults()
    assert_none(faults)


def test_of_two_builds_that_are_started_together_one_ends_well_and_the_site_is_right(busy: Site) -> None:
    faults: list[str] = []
    for _ in range(4):
        both = [start(busy, *FOLDERS, "build", "--jobs", jobs) for jobs in ("1", "2")]
        ended = [end(process) for process in both]
        assert 0 in [one.exit_code for one in ended]
        for one in ended:
            if one.exit_code:
                assert_refused(one, "another build is writing to output; wait until it is done")
        faults += busy.find_faults(done=True)
        busy.edit()
    assert_none(faults)


# ---------------------------------------------------------------- what is kept


def randomize(path: Path) -> None:
    path.write_bytes(random.Random(SEED).randbytes(path.stat().st_size))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def randomize_rows(path: Path) -> None:
    """Break the rows, and leave whole what a build reads first of a database: whose it is."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        [[size]] = connection.execute("PRAGMA page_size")
        [[root]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'kept'")
    data = path.read_bytes()
    rest = size * (root - 1)
    path.write_bytes(data[:rest] + random.Random(SEED).randbytes(len(data) - rest))


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *((name, damage) for name in ("state", "kept.db") for damage in (randomize, cut, replace_by_folder)),
        ("kept.db", randomize_rows),
    ],
)
def test_what_was_kept_and_is_broken_is_told_once_and_made_anew(
    built: Site, name: str, damage: Callable[[Path], None]
) -> None:
    [path] = built.keep.glob(f"*/{name}")
    damage(path)
    ended = built.build()
    assert f"{name}: warning: " in ended.stderr
    assert (ended.exit_code, built.find_faults(done=True)) == (0, [])
    if path.is_dir():  # this program did not make it
        return
    assert without_progress(built.build().stderr) == []
    built.edit()
    ended = built.build()
    assert (ended.exit_code, without_progress(ended.stderr), built.find_faults(done=True)) == (0, [], [])


@pytest.mark.parametrize("name", ["state", "kept.db"])
def test_what_was_kept_and_is_empty_is_made_anew(built: Site, name: str) -> None:
    [path] = built.keep.glob(f"*/{name}")
    path.write_bytes(b"")
    ended = built.build()
    assert (ended.exit_code, built.find_faults(done=True)) == (0, [])
    assert f"{name}: warning: " in ended.stderr


@pytest.mark.parametrize("name", ["", "*", "*/state", "*/kept.db"])
def test_what_was_kept_may_be_deleted_and_that_is_told_once(built: Site, name: str) -> None:
    for path in list(built.keep.glob(name)) if name else [built.keep]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    ended = built.build()
    assert (ended.exit_code, built.find_faults(done=True)) == (0, [])
    assert ": warning: what was kept between builds is gone" in ended.stderr
    assert without_progress(built.build().stderr) == []


@pytest.mark.parametrize(("name", "flips"), [("state", 50), ("kept.db", 100)])
def test_a_byte_that_is_flipped_anywhere_in_what_was_kept_changes_nothing_of_the_site(
    built: Site, name: str, flips: int
) -> None:
    chance, faults = random.Random(SEED), []
    [path] = built.keep.glob(f"*/{name}")
    for _ in range(flips):
        data = bytearray(path.read_bytes())
        place = chance.randrange(len(data))
        data[place] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        case = f"{name}, byte {place} of {len(data)} is now {data[place]}"
        ended = built.build()
        faults += [] if ended.exit_code == 0 else [f"{case}: {ended}"]
        # In the database it may be a byte that no build reads, or the key of a value, which then is not known.
        if name == "state" and "state: warning: " not in ended.stderr:
            faults.append(f"{case}: nothing is told")
        faults += [f"{case}: {fault}" for fault in built.find_faults(done=True)]
        if ended.exit_code:
            shutil.rmtree(built.keep)
            faults += built.build_and_find_faults()
        built.edit()
    assert_none(faults)


def test_a_kept_value_that_is_broken_is_told_once_and_kept_anew(built: Site) -> None:
    [path] = built.keep.glob("*/kept.db")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for row, value in connection.execute("SELECT rowid, value FROM kept").fetchall():
            connection.execute("UPDATE kept SET value = ? WHERE rowid = ?", (value[:-1] + b"?", row))
    ended = built.build()
    assert "kept.db: warning: " in ended.stderr
    assert (ended.exit_code, built.find_faults(done=True)) == (0, [])
    built.edit()
    assert built.build_and_find_faults() == []
    built.edit()
    ended = built.build()
    assert (ended.exit_code, without_progress(ended.stderr), built.find_faults(done=True)) == (0, [], [])


def test_a_kept_value_that_stands_under_another_ones_key_is_not_taken_for_it(built: Site) -> None:
    """One wrong byte in an index of the database leads from a key to another row."""
    [path] = built.keep.glob("*/kept.db")
    known, faults, tried = {where: where.read_bytes() for where in path.parent.iterdir()}, [], 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = dict(connection.execute("SELECT rowid, key FROM kept WHERE rowid BETWEEN 2 AND 127").fetchall())
    numbers = list(rows)
    for here, there in zip(numbers, [*numbers[2:], *numbers[:2]], strict=True):
        # An entry of the index is the key and then the row's number: a byte, but for the first and the large ones.
        ends = [found.end() for found in re.finditer(re.escape(rows[here]), known[path])]
        places = [end for end in ends if known[path][end : end + 1] == bytes([here])]
        if len(places) != 1:  # the same bytes stand somewhere else too, or a page ends here
            continue
        tried, place = tried + 1, places[0]
        for where, data in known.items():
            where.write_bytes(data)
        path.write_bytes(known[path][:place] + bytes([there]) + known[path][place + 1 :])
        ended = built.build()
        case = f"the key of row {here} leads to row {there}"
        faults += [] if ended.exit_code == 0 else [f"{case}: {ended}"]
        faults += [f"{case}: {fault}" for fault in built.find_faults(done=True)]
    assert tried > 10
    assert_none(faults)


@pytest.mark.parametrize("command", [("build", "--dry-run"), ("check",)])
@pytest.mark.parametrize("lost", [False, True])
def test_a_command_that_writes_nothing_leaves_what_was_kept_as_it_is(
    built: Site, command: tuple[str, ...], lost: bool
) -> None:
    """Also what an earlier version of the program kept, and what is broken."""
    [path] = built.keep.glob("*/kept.db")
    if lost:
        randomize(path)
    else:
        disown(path)
    known = read_tree(built.folder)
    run_command(*command)
    gc.collect()  # a process that ends closes what it has open
    now = read_tree(built.folder)
    assert sorted(name for name in known.keys() | now.keys() if now.get(name) != known.get(name)) == []


def disown(path: Path) -> None:
    """Let what is kept be of another version of the program."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE owner SET name = ?", (b"an earlier version",))


@pytest.mark.parametrize("kept", ["nothing", "this version's", "another version's"])
def test_a_project_folder_that_may_not_be_written_to_is_told_and_its_site_is_built(site: Site, kept: str) -> None:
    if kept != "nothing":
        assert site.build_and_find_faults() == []
        site.edit()
    if kept == "another version's":
        disown(next(site.keep.glob("*/kept.db")))
    output = site.output.rename(site.folder.parent / "output")
    site.output.symlink_to(output)
    with read_only(site.folder):
        ended = end(start(site, *FOLDERS, "build", code=AS_ANYBODY))
    assert "Traceback" not in ended.stderr and ended.exit_code == 0, ended.stderr
    assert_none(site.find_faults(done=True))
    assert ".site-builder" in ended.stderr and "warning: " in ended.stderr
    faults = site.build_and_find_faults()
    assert_none(faults)


# ---------------------------------------------------------------- what is not ours


def test_files_of_other_people_stay_when_all_that_is_ours_goes(built: Site) -> None:
    """FOREIGN lies in the output of every test here; in this one nearly every page is removed as well."""
    write_project(built.folder, {"content/tags.yml": "[]\n"})
    assert built.build().exit_code == 0
    tree = read_tree(built.output)
    assert {path: tree.get(path) for path in FOREIGN} == FOREIGN
    assert not [path for path in tree if re.match("(papers|tags|organizations)/(?!index|mine)", path)]
    built.edit(True)
    assert_none(built.build_and_find_faults())


@pytest.mark.parametrize(
    "manifest", ["", "not json", "3", '["../mine.txt", "/etc/hostname", 3]', json.dumps(["x" * 5000]), '["a\\u0000b"]']
)
def test_a_broken_manifest_harms_nothing(built: Site, manifest: str) -> None:
    (built.folder / "mine.txt").write_text("mine")
    (built.output / MANIFEST).write_text(manifest)
    assert_none(built.build_and_find_faults())
    assert (built.folder / "mine.txt").read_text() == "mine"
