"""serve: the list as it is being written, in the curator's browser.

In: what the user typed. Out: a line for each rebuild, and the faults, on the terminal. Must not know how it is served.
"""

import asyncio
import gc
import signal
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from site_builder import state
from site_builder.commands.project import load_project
from site_builder.errors import Problem
from site_builder.excerpts import show_faults
from site_builder.render.curate import CURATE
from site_builder.serve.answers import Server, load_own
from site_builder.serve.editors import find_editor
from site_builder.serve.live import Live, Rebuilt, open_live
from site_builder.serve.server import Switchboard, open_port, serve_forever
from site_builder.serve.watching import watch
from site_builder.terminal import Progress, count, errors, say

QUIET = 0.4  # seconds after a rebuild in which nothing happens: then there is time to tidy up
UNDISTURBED = 0.1  # seconds that a rebuild goes on while those that watch, who look up often, wait
NAMED = 3  # files that a line names


def run(given: Namespace) -> None:
    """Serve the site until the user ends it."""
    editor = find_editor(given.editor) if given.editor else ""
    try:
        with open_port(given.port) as listening:
            config, _ = load_project(given)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            progress = Progress()
            with open_live(config, Path(given.templates) if given.templates else None, progress.tell) as live:
                progress.end()
                own = load_own(tuple(map(Path, state.template_folders(given.content, given.templates))))
                server = Server(live, own, editor)
                _tell(live, live.build()._replace(changed=("built",)))
                host = f"http://127.0.0.1:{listening.getsockname()[1]}"
                address = f"{host}{server.root}"
                _tell_address(address)
                if given.open:
                    Thread(target=webbrowser.open, args=[address], daemon=True).start()  # some end when they are closed
                gc.collect()
                gc.freeze()  # the content stays; what a rebuild leaves behind is little beside it
                sys.setswitchinterval(UNDISTURBED)
                switchboard = Switchboard(server, _tell_problems)
                asyncio.run(serve_forever(switchboard, listening, lambda: _follow(given, switchboard, host)))
    except KeyboardInterrupt:  # before there was anything to be seen, or in the middle of a rebuild
        say("stopped")


async def _follow(given: Namespace, switchboard: Switchboard, host: str) -> None:
    """Rebuild whenever something has changed, and tell it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task
    tidy: asyncio.TimerHandle | None = None
    is_rebuilding = False

    def stop(*_: object) -> None:
        if is_rebuilding:  # which may take long, and can be broken off anywhere: it writes nothing
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(task.cancel)

    def rebuild(touched: set[str]) -> None:
        nonlocal tidy, is_rebuilding
        gc.disable()
        is_rebuilding = True
        root = switchboard.server.root
        rebuilt = switchboard.server.live.rebuild(touched, switchboard.watched)
        is_rebuilding = False
        gc.enable()
        if rebuilt:
            switchboard.tell_all(rebuilt.changed)
            _tell(switchboard.server.live, rebuilt)
            if switchboard.server.root != root:
                _tell_address(f"{host}{switchboard.server.root}")
            if tidy:
                tidy.cancel()
            tidy = loop.call_later(QUIET, tidy_up)

    def tidy_up() -> None:
        gc.collect()
        rebuild(set())  # of very many changes the system does not tell all

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(number, task.cancel)  # wakes the loop, whatever it waits for
        signal.signal(number, stop)
    content = Path(given.content)
    templates = Path(given.templates) if given.templates else content.absolute().parent / "templates"
    with suppress(asyncio.CancelledError):
        async for touched in watch([content, templates], say):
            rebuild(touched)
    say("stopped")


def _tell(live: Live, rebuilt: Rebuilt) -> None:
    """Tell a rebuild in a line, and the faults in full."""
    edition = live.edition
    drafts = len(edition.drafts) if edition else 0
    papers = len(edition.planned.press.library.papers) - drafts if edition else 0
    and_drafts = f" and {count(drafts, 'draft')}" if drafts else ""
    found = [(str(problem), problem.severity) for problem in live.problems]
    kept = "; what is faulty is shown as it was before" if rebuilt.standing else ""
    kept = "; the pages stay as they were" if rebuilt.is_held and edition else kept
    seconds = f"{rebuilt.seconds * 1000:.0f} ms"
    say(f"{_name(rebuilt.changed)}: {count(papers, 'paper')}{and_drafts}, {errors(found)}, {seconds}{kept}")
    _tell_problems(live.problems)


def _tell_problems(problems: Iterable[Problem]) -> None:
    """Tell faults with their lines, as `check` does."""
    for text, _ in dict.fromkeys(show_faults(problems)):
        say(text, to_errors=True)


def _tell_address(address: str) -> None:
    say(f"serving {address}; Ctrl-C ends it")
    say(f"what the list lacks: {address}{CURATE}")


def _name(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more
