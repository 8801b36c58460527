"""export: entries out, as other programs read them.

In: what the user typed. Out: a file, or the text on the terminal. Must not know how a format is written.
"""

import io
import sys
from argparse import Namespace
from pathlib import Path

from site_builder.commands.project import load_project
from site_builder.excerpts import show_faults
from site_builder.exporter import Selection, export_entries
from site_builder.files import show, write_atomic
from site_builder.terminal import count, say, tell_faults


def run(given: Namespace) -> None:
    """Write the selected entries to a file, or to where the output goes."""
    config, problems = load_project(given)
    selection = Selection(tuple(given.tag), tuple(given.status), given.collection)
    export = export_entries(config, given.format, selection)
    if given.to:
        write_atomic(Path(given.to), export.text.encode())
        say(f"exported: {count(export.entries, 'entry', 'entries')} to {show(Path(given.to))}")
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # as files are, whatever the terminal's habits
        say(export.text, end="")
    tell_faults(show_faults((*problems, *export.problems)))
