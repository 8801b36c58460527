"""Work spread over processes, where there is enough of it to pay.

In: a function, what it is to be done to, in parts. Out: its results, in order. Must not know the work.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from threading import Thread
from typing import Any, TypeVar

from site_builder.errors import SiteBuilderError

LEAST = 10  # items that a process is given at a time
FEW = 20  # parts, of which fewer are done sooner than processes are started
Tell = Callable[[str, int, int], None]  # what is done: how much of it, of how much
Item = TypeVar("Item")
Result = TypeVar("Result")

_work: list[Any] = []  # what a worker does: a forked one has it from its parent, so it need not be sent
not_for_workers: list[int] = []  # open files that a worker must not hold


def count_jobs() -> int:
    """Return how many processes this one may use; 1 where they cannot safely be forked."""
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], part: int, jobs: int
) -> Iterator[tuple[Sequence[Item], Result]]:
    """Do some work to parts of the items, and yield each part with its result, in order.

    `jobs` is the number of processes; 0 lets the amount of work decide. Raises what the work raises, and
    SiteBuilderError when a process was ended from outside.
    """
    if not jobs:
        jobs = count_jobs() if len(items) >= FEW * part else 1
    part = min(part, max(LEAST, -(-len(items) // jobs)))
    parts = [items[start : start + part] for start in range(0, len(items), part)]
    jobs = min(jobs, len(parts)) if hasattr(os, "fork") else 1
    if jobs < 2:
        for one in parts:
            yield one, work(one)
        return
    # They take longer to load than most builds take.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    _work[:] = [work, parts]
    pool = ProcessPoolExecutor(jobs, get_context("fork"), _begin, (os.getpid(),))
    try:
        # Were a worker stopped at the keyboard before it knows what to do then, it would say so in its own words.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            results = pool.map(_do, range(len(parts)))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield from zip(parts, results, strict=True)
    except BrokenProcessPool as error:
        raise SiteBuilderError(
            "a process of this build was ended from outside; build again, or with --jobs 1"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
        _work.clear()


def _begin(parent: int) -> None:
    """Begin as a worker: leave the keyboard to the parent, and end when it has ended, however that was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for file in not_for_workers:
        os.close(file)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _do(number: int) -> Any:
    work, parts = _work
    return work(parts[number])
