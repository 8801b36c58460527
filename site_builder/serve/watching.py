"""What changes on the disk, gathered until it is quiet.

In: the folders of a project. Out: the paths that changed together. Must not know what is in them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import watchfiles

STEP = 8  # milliseconds without another change after which it is quiet
PARENT_STEP = 50  # the same for what tells only of folders that come and go
LONGEST = 400  # milliseconds that a change waits for others
FEW = 5  # files that one hand saves; behind more of them others may come, so that it has to be quiet for longer
PAUSE = 0.2  # seconds: for that long
TICK = 0.02  # seconds between two looks whether git is done
LONGEST_OF_ALL = 5.0  # seconds that anything waits
LATELY = 10.0  # seconds in which a lock was made that is not left over
POLL = 500  # milliseconds between two looks, where the system cannot tell of changes
BEGUN = 200  # milliseconds without a change after which a watch tells that it has begun
AGAIN = 0.25  # seconds until it is tried again to watch a folder


Watcher = Callable[..., Iterator[set[tuple[Any, str]]]]


class Place(NamedTuple):
    """A folder to watch: all below it, or the folder alone."""

    path: Path
    is_deep: bool


def find_places(folders: Iterable[Path]) -> list[Place]:
    """Return where to watch for changes in some folders, and for their coming, going and coming back."""
    whole = [folder.absolute() for folder in folders]
    above = dict.fromkeys(path.parent for path in whole)
    places = [*(Place(path, True) for path in whole), *(Place(path, False) for path in above)]
    return [place for place in places if place.path.is_dir()]


async def watch(
    folders: Sequence[Path], tell: Callable[[str], None], watcher: Watcher = watchfiles.watch
) -> AsyncIterator[set[str]]:
    """Yield the paths that changed in some folders, each time when it has become quiet; nothing when all may have.

    That is so when a folder begins to be watched: one may come, go and come back. `tell` is told when the system
    cannot watch.
    """
    loop, queue, lock = asyncio.get_running_loop(), asyncio.Queue[set[str]](), find_lock(folders[0])
    watches: dict[Place, Event] = {}

    def put(found: set[str]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(queue.put_nowait, found)

    def renew(found: set[str]) -> None:
        """Watch the folders that are there now; one that has just been touched itself is another folder than before."""
        places = find_places(folders)
        for place in [place for place in watches if place not in places or str(place.path) in found]:
            watches.pop(place).set()
        for place in [place for place in places if place not in watches]:
            watches[place] = stop = Event()
            Thread(target=_follow, args=(place, stop, put, tell, watcher), daemon=True).start()

    try:
        renew(set())
        while True:
            found = await _gather(queue, lock)
            renew(found)
            yield found
    finally:
        for stop in watches.values():
            stop.set()


def _follow(
    place: Place, stop: Event, put: Callable[[set[str]], None], tell: Callable[[str], None], watcher: Watcher
) -> None:
    """Watch a folder until told to stop; say so when it begins, since what came before was told by nobody."""
    more: dict[str, Any] = {"step": STEP if place.is_deep else PARENT_STEP, "recursive": place.is_deep}
    while not stop.is_set():
        has_begun = False
        try:
            for changes in watcher(
                place.path, watch_filter=None, debounce=LONGEST, stop_event=stop,
                rust_timeout=BEGUN, yield_on_timeout=True, raise_interrupt=False, **more,
            ):  # fmt: skip
                if changes or not has_begun:
                    put({path for _, path in changes} if has_begun else set())
                has_begun = True
        except FileNotFoundError:  # it went just now, which is told by what watches the folder above it
            return
        except OSError as error:
            if "force_polling" not in more:
                tell(f"{place.path.name} cannot be watched ({error}): looking at its files twice a second instead")
                more |= {"force_polling": True, "poll_delay_ms": POLL}
            stop.wait(AGAIN)


async def _gather(queue: asyncio.Queue[set[str]], lock: Path | None) -> set[str]:
    """Gather what changes together; nothing when all may have changed."""
    sets, begun = [await queue.get()], time.monotonic()
    while time.monotonic() - begun < LONGEST_OF_ALL:
        is_held = _is_held(lock)
        if len(set().union(*sets)) <= FEW and not is_held:
            break
        try:
            async with asyncio.timeout(TICK if is_held else PAUSE):  # wait_for may swallow that the server ends
                sets.append(await queue.get())
        except TimeoutError:
            if not is_held:
                break
    while not queue.empty():
        sets.append(queue.get_nowait())
    return set().union(*sets) if all(sets) else set()


def find_lock(folder: Path) -> Path | None:
    """Return the file that is there while git changes the files of a folder; None where it does not keep them."""
    for above in folder.absolute().parents:
        if (above / ".git").is_dir():
            return above / ".git" / "index.lock"
    return None


def _is_held(lock: Path | None) -> bool:
    try:
        return lock is not None and time.time() - lock.stat().st_mtime < LATELY
    except OSError:
        return False
