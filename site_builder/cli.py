"""The way in from a terminal: reads what was typed, runs the command, ends the process.

In: the command line. Out: an exit code: 0 fine, 1 faults in the content, 2 wrong use.
A command is loaded when it is asked for: `--help` answers at once, and so does a build that finds nothing changed.
"""

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from site_builder.arguments import read_arguments
from site_builder.errors import SiteBuilderError
from site_builder.terminal import say


def run() -> None:
    """Run the program and end its process.

    Everything is written and closed by then. To take apart in order what a build holds in memory takes a twentieth
    of its time, and the system frees it at once.
    """
    code = 0
    try:
        main()
    except SystemExit as error:
        code = int(error.code or 0)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody reads any more
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program, and exit."""
    gc.disable()  # a command makes values that refer to no later ones, and ends: there are no rings to look for
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that is no text is told all the same
    given = read_arguments(arguments)
    try:
        import_module(f"site_builder.commands.{given.command}").run(given)
    except SiteBuilderError as error:
        _refuse(str(error))
    except OSError as error:  # what nobody foresaw of a disk
        _refuse(f"cannot use {error.filename or 'a file'}: {error.strerror or error}")
    except MemoryError:
        _refuse("there is not enough memory")
    except KeyboardInterrupt:
        goes_on = "; the next build goes on from here" if given.command == "building" else ""
        say(f"site-builder: stopped{goes_on}", to_errors=True)
        sys.exit(130)


def _refuse(message: str) -> None:
    say(f"site-builder: {message}", to_errors=True)
    sys.exit(2)
