"""What changes on the disk, gathered until it is quiet.

In: the folders of a project. Out: the paths that changed together. Must not know what is in them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from watchfiles import awatch

STEP = 8  # milliseconds without another change after which it is quiet
PARENT_STEP = 50  # the same for what tells only of folders that come and go
LONGEST = 400  # milliseconds that a change waits for others
FEW = 5  # files that one hand saves; behind more of them others may come, so that it has to be quiet for longer
PAUSE = 0.1  # seconds: for that long
MOST = 50  # such pauses
POLL = 500  # milliseconds between two looks, where the system cannot tell of changes
AGAIN = 0.25  # seconds until it is tried again to watch a folder


Watcher = Callable[..., AsyncIterator[set[tuple[Any, str]]]]


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
    folders: Sequence[Path], tell: Callable[[str], None], watcher: Watcher = awatch
) -> AsyncIterator[set[str]]:
    """Yield the paths that changed in some folders, each time when it has become quiet; nothing when all may have.

    The first set is empty: from then on nothing is missed. A folder may come, go and come back.
    `tell` is told when the system cannot watch.
    """
    queue: asyncio.Queue[set[str]] = asyncio.Queue()
    watches: dict[Place, asyncio.Task[None]] = {}
    polls = False

    async def follow(place: Place) -> None:
        nonlocal polls
        given = {"step": STEP if place.is_deep else PARENT_STEP, "debounce": LONGEST, "recursive": place.is_deep}
        while True:
            poll = {"force_polling": True, "poll_delay_ms": POLL} if polls else {}
            try:
                async for changes in watcher(place.path, watch_filter=None, **given, **poll):
                    queue.put_nowait({path for _, path in changes})
            except FileNotFoundError:  # it went just now, which is told by what watches the folder above it
                return
            except OSError as error:
                if not polls:
                    polls = True
                    tell(f"the system cannot watch the files ({error}): looking at them twice a second instead")
                await asyncio.sleep(AGAIN)

    async def renew(found: set[str]) -> bool:
        """Watch the folders that are there now; tell whether one of them is new."""
        places = find_places(folders)
        kept = {place for place in places if place in watches and str(place.path) not in found}
        for place in watches.keys() - kept:
            watches.pop(place).cancel()
        new = [place for place in places if place not in kept]
        watches.update({place: asyncio.create_task(follow(place)) for place in new})
        await asyncio.sleep(0)  # each begins to watch before it waits
        return bool(new)

    try:
        await renew(set())
        yield set()
        while True:
            found = await _gather(queue)
            # What came into a new folder before it was watched was told by nobody.
            yield set() if await renew(found) else found
    finally:
        for task in watches.values():
            task.cancel()


async def _gather(queue: "asyncio.Queue[set[str]]") -> set[str]:
    """Gather what changes together."""
    found = await queue.get()
    with suppress(asyncio.TimeoutError):
        for _ in range(MOST if len(found) > FEW else 0):
            found |= await asyncio.wait_for(queue.get(), PAUSE)
    while not queue.empty():
        found |= queue.get_nowait()
    return found
