"""Builds that are killed, at any moment and between any two steps, and builds whose processes are."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.sites import (
    FOLDERS,
    FOREIGN,
    KILLS,
    MAIN,
    SEED,
    STEPPED,
    Project,
    Site,
    assert_none,
    assert_refused,
    end,
    enter,
    kill_at,
    many,
    name_phase,
    small,
    start,
    without_progress,
)


@pytest.mark.parametrize(("make", "jobs"), [(small, 1), (many, 2)])
@pytest.mark.parametrize("first", [True, False])
def test_a_build_that_is_killed_at_any_moment_leaves_whole_pages_and_is_mended_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[..., Project], jobs: int, first: bool
) -> None:
    site = enter(Site(tmp_path, make, FOREIGN), monkeypatch)
    chance, duration = random.Random(SEED), measure_build(site, jobs, first)
    kills, faults = 0, []
    while kills < KILLS:
        site.edit()
        if first:
            site.clear()
        # The later the more often: at first Python and its libraries are loaded.
        moment, started = duration * ((kills + chance.random()) / KILLS) ** 0.5, time.perf_counter()
        ended = kill_at(site, moment, jobs)
        case = f"killed at {moment:.3f} s of {duration:.3f} s, {name_phase(site)}"
        faults += [f"{case}: {fault}" for fault in site.find_faults(killed=True)]
        if ended.exit_code != -signal.SIGKILL:  # it was done before, faster than the one that was measured
            duration = min(duration, time.perf_counter() - started) * 0.9
            continue
        kills += 1
        print(case)
        if kills % 3 == 0:  # killed once more, with other content
            site.edit()
            kill_at(site, duration * chance.random(), jobs)
            faults += [f"{case}, and once more: {fault}" for fault in site.find_faults(killed=True)]
        faults += [f"{case}, then built: {fault}" for fault in site.build_and_find_faults()]
    assert_none(faults)


def measure_build(site: Site, jobs: int, first: bool) -> float:
    """Return how long a real build takes, in seconds; it leaves a site."""
    if not first:
        assert end(start(site, *FOLDERS, "build", "--jobs", str(jobs))).exit_code == 0
        site.edit()
    started = time.perf_counter()
    assert end(start(site, *FOLDERS, "build", "--jobs", str(jobs))).exit_code == 0
    return time.perf_counter() - started


def test_a_build_that_is_killed_between_any_two_steps_on_the_disk_leaves_whole_pages(site: Site) -> None:
    """The steps that take no time, which a clock seldom meets: pruning, the manifest, what is left for the next."""
    chance, faults = random.Random(SEED), []
    assert site.build_and_find_faults() == []
    chosen = {}
    for edited in (True, False):
        site.edit(edited)
        steps = run_steps(site, -1)
        writes = [n for n, step in enumerate(steps) if re.match(r"(open|os\.rename) output/(?!\.\.site)", step)]
        removals = [n for n, step in enumerate(steps) if step.startswith("os.remove ")]
        others = sorted(set(range(len(steps))) - {*writes, *removals})
        chosen[edited] = sorted([*others, *chance.sample(writes, 6), *chance.sample(removals, 6)])
    for number in range(max(map(len, chosen.values()))):
        for edited in (True, False):
            last = chosen[edited][min(number, len(chosen[edited]) - 1)]
            site.edit(edited)
            step = run_steps(site, last)[-1:]
            case = f"killed after step {last}, {step}, {name_phase(site)}"
            faults += [f"{case}: {fault}" for fault in site.find_faults(killed=True)]
            faults += [f"{case}, then built: {fault}" for fault in site.build_and_find_faults()]
    assert_none(faults)


def run_steps(site: Site, last: int) -> list[str]:
    """Build until a number of steps on the disk are done, or to the end; return the steps."""
    log = site.folder.parent / "steps"
    end(start(site, str(last), str(log), *FOLDERS, "build", "--jobs", "1", code=STEPPED))
    return log.read_text().splitlines()


STOPPED = "site-builder: stopped; the next build goes on from here"

# What a forked process does in the middle of its work, once: it writes pages when the rest of the site is there.
IN_WORKER = f"""\
import os, signal, time
from site_builder import publish
parent, replace_file = os.getpid(), publish.replace_file
def replace(path, data):
    if os.getpid() != parent and path.endswith(".html"):
        try:
            os.close(os.open("../once", os.O_CREAT | os.O_EXCL))
            {{0}}
        except FileExistsError:
            pass
    replace_file(path, data)
publish.replace_file = replace
{MAIN}
"""


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGKILL"])
def test_the_processes_of_a_build_end_with_it_when_it_alone_is_killed(busy: Site, sign: str) -> None:
    """As `timeout`, a CI runner and a system without memory do: they know nothing of the other processes."""
    code = IN_WORKER.format(f"os.kill(parent, signal.{sign})")
    process = start(busy, *FOLDERS, "build", "--jobs", "2", code=code)
    try:
        assert end(process).exit_code == -signal.Signals[sign]
    except subprocess.TimeoutExpired:
        ended = busy.build()
        pytest.fail(f"its processes live on after it; the next build says: {ended.stderr}", pytrace=False)
    finally:
        end_group(process)
    faults = [*busy.find_faults(killed=True), *busy.build_and_find_faults()]
    assert_none(faults)


def test_a_build_says_in_one_line_that_one_of_its_processes_was_killed(busy: Site) -> None:
    process = start(
        busy, *FOLDERS, "build", "--jobs", "2", code=IN_WORKER.format("os.kill(os.getpid(), signal.SIGKILL)")
    )
    assert_refused(end(process), "a process of this build was ended from outside")
    faults = [*busy.find_faults(killed=True), *busy.build_and_find_faults()]
    assert_none(faults)


def test_a_build_that_is_stopped_at_the_keyboard_says_so_in_one_line(busy: Site) -> None:
    """The terminal tells every process of the build."""
    faults: list[str] = []
    for wait in (0, 0.4, 0, 0.4):  # in the second case the other process mostly has no more to do; both must be well
        busy.clear()
        (busy.folder.parent / "once").unlink(missing_ok=True)
        code = IN_WORKER.format(f"time.sleep({wait}); os.killpg(0, signal.SIGINT)")
        process = start(busy, *FOLDERS, "build", "--jobs", "2", code=code)
        ended = end(process)
        if (ended.exit_code, without_progress(ended.stderr)) != (130, [STOPPED]):
            faults.append(f"exit code {ended.exit_code}: {ended.stderr}")
        faults += [*busy.find_faults(killed=True), *busy.build_and_find_faults()]
    assert_none(faults)


def end_group(process: "subprocess.Popen[str]") -> None:
    """End what a build that was started here left running."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_what_a_killed_build_left_half_written_is_removed_wherever_it_was(site: Site) -> None:
    """Also in a folder of which only the manifest knows: what was kept is gone, and the content has changed."""
    assert site.build_and_find_faults() == []
    shutil.rmtree(site.keep)
    for folder in {(site.output / path).parent for path in site.trees[False]}:
        (folder / ".page.html.4711.new").write_text("<!doctype ht")
    site.edit()
    faults = site.build_and_find_faults()
    assert_none(faults)
