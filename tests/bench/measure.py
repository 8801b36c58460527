"""What commands cost: CPU seconds, wall seconds, and the most memory that their processes held at once.

In: commands, the folder that they run in. Out: a Cost. Must not know which programs they are. Memory is read from
/proc; where a system has none, the largest single process stands for it.
"""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

PAUSE = 0.02  # seconds between two looks at the memory
SHARE = 20  # … or so many times as long as a look takes: to look often at much memory would slow its program down


class CommandFailed(Exception):
    """A measured command ended with a fault; what it cost tells nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What something cost: seconds of all processors together, seconds on the clock, millions of bytes."""

    cpu: float
    wall: float
    memory: float


def measure(commands: Iterable[Sequence[str | Path]], folder: Path, settings: dict[str, str] | None = None) -> Cost:
    """Run commands one after the other; their times are added, and the largest memory counts."""
    costs = [measure_one(command, folder, settings or {}) for command in commands]
    return Cost(sum(cost.cpu for cost in costs), sum(cost.wall for cost in costs), max(cost.memory for cost in costs))


def measure_one(command: Sequence[str | Path], folder: Path, settings: dict[str, str]) -> Cost:
    """Run one command and all that it starts. Raises CommandFailed when it ends with a fault."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        environment = {**os.environ, **settings}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=subprocess.STDOUT)
        watch = MemoryWatch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.end()
        if process.returncode:
            said.seek(0)
            raise CommandFailed(f"{command[0]} ended with {process.returncode}:\n{said.read()[-2000:].decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, (watch.most or usage.ru_maxrss) * 1024 / 1e6)


class MemoryWatch(threading.Thread):
    """Looks at a process and all below it again and again; `most` is the largest sum seen, in kB."""

    def __init__(self, process: int) -> None:
        """Watch the process of this number."""
        super().__init__(daemon=True)
        self.process = process
        self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Look until told to end."""
        while True:
            started = time.perf_counter()
            self.most = max(self.most, sum(memory_of(process) for process in tree_of(self.process)))
            if self.ended.wait(max(PAUSE, SHARE * (time.perf_counter() - started))):
                break

    def end(self) -> None:
        """Stop looking."""
        self.ended.set()
        self.join()


def memory_of(process: int) -> int:
    """Return a process's proportional set size in kB: what it shares counts once over all that share it."""
    for line in read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def tree_of(process: int) -> list[int]:
    """Return a process and all that it and its threads have started, and these in turn."""
    try:
        threads = os.listdir(f"/proc/{process}/task")  # noqa: PTH208  numbers, not paths
    except OSError:
        return [process]
    children = [int(c) for t in threads for c in read(Path(f"/proc/{process}/task/{t}/children")).split()]
    return [process, *(number for child in children for number in tree_of(child))]


def read(path: Path) -> str:
    """Return a file's text, or nothing: a process may end while it is looked at."""
    try:
        return path.read_text()
    except OSError:
        return ""


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))
