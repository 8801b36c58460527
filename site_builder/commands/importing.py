"""import: captures in, entries out.

In: what the user typed. Out: the ledger, on the terminal. Must not know how records are read or merged.
"""

import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from site_builder.commands.project import load_project
from site_builder.importer import ImportReport, Ledger, import_captures
from site_builder.terminal import Fault, count, errors, say, tell_faults


def run(given: Namespace) -> None:
    """Import captures, and tell what became of every line and record."""
    started = time.perf_counter()
    config, problems = load_project(given)
    report = import_captures(config, tuple(map(Path, given.files)))
    found = [(str(problem), problem.severity) for problem in (*problems, *report.problems)]
    _tell_import(report, found, time.perf_counter() - started)
    tell_faults(found)


def _tell_import(report: ImportReport, faults: Sequence[Fault], seconds: float) -> None:
    for ledger in report.ledgers:
        _tell_ledger(ledger)
    for conflict in report.conflicts:
        say(f"conflict: {conflict}")
    say(
        f"imported: {count(len(report.ledgers), 'capture')}, {count(report.entries, 'entry', 'entries')} in the "
        f"list, {report.written} written, {count(len(report.conflicts), 'conflict')}, {errors(faults)}, "
        f"{seconds:.1f} s"
    )


def _tell_ledger(ledger: Ledger) -> None:
    when = f"{ledger.day}{' (year inferred)' if ledger.inferred else ''}" if ledger.day else "no day"
    lines = ", ".join(f"{name} {count}" for name, count in ledger.lines.items() if count)
    outcomes = ", ".join(f"{name} {count}" for name, count in ledger.outcomes.items())
    say(f"{ledger.file}: {when}\n  lines {sum(ledger.lines.values())}: {lines}")
    say(f"  records {sum(ledger.outcomes.values())}: {outcomes}")
