"""import: captures and records of other programs in, entries out.

In: what the user typed, and answers. Out: the ledger, on the terminal. Must not know how records are read or merged.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from site_builder.commands.project import load_project
from site_builder.content.match import Near
from site_builder.content.merge import Answer, Merged
from site_builder.errors import cut_short
from site_builder.excerpts import show_faults
from site_builder.formats.draft import Draft
from site_builder.importer import Choices, ImportReport, Ledger, import_files
from site_builder.terminal import Fault, count, errors, say, tell_faults

ANSWERS: dict[str, Answer] = {"s": "same", "n": "new", "l": "later", "same": "same", "new": "new", "later": "later"}


def run(given: Namespace) -> None:
    """Import files, and tell what became of every line and record."""
    started = time.perf_counter()
    config, problems = load_project(given)

    def decide(draft: Draft, near: Near) -> Answer:
        return given.near or (_ask(draft, near) if sys.stdin.isatty() else "later")

    choices = Choices(frozenset(given.prefer_new), given.dry_run, decide, given.added or date.today())
    report = import_files(config, tuple(map(Path, given.files)), choices)
    found = show_faults((*problems, *report.problems))
    _tell_import(report, found, time.perf_counter() - started, "would be imported" if given.dry_run else "imported")
    tell_faults(found)


def _ask(draft: Draft, near: Near) -> Answer:
    """Ask whether a draft is the paper that it is near to; who says nothing decides later."""
    say(f"{draft.path}:{draft.line}: `{draft.paper.title}`\n  may be {near.entry.path}: `{near.entry.paper.title}`")
    say(f"  {near.why}")
    while True:
        say("  is it the [s]ame paper, a [n]ew one, or will you say [l]ater? ", end="")
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            say("\nsite-builder: stopped; no entry was written", to_errors=True)
            sys.exit(130)
        if not answer:
            return "later"
        if answer.strip().lower() in ANSWERS:
            return ANSWERS[answer.strip().lower()]


def _tell_import(report: ImportReport, faults: Sequence[Fault], seconds: float, what: str) -> None:
    for ledger in report.ledgers:
        _tell_ledger(ledger)
    for conflict in report.conflicts:
        say(f"conflict: {conflict}")
    outcomes = [merged.outcome for ledger in report.ledgers for _, merged in ledger.records]
    if "near" in outcomes:
        say("near: these were left out; import them again and answer, or with --near same, or --near new")
    if "removed" in outcomes:
        say("removed: these were on the list once; to have one back, delete its line in imported.yml")
    say(
        f"{what}: {count(len(report.ledgers), 'file')}, {count(report.entries, 'entry', 'entries')} in the "
        f"list, {report.written} written, {count(len(report.conflicts), 'conflict')}, {errors(faults)}, "
        f"{seconds:.1f} s"
    )


def _tell_ledger(ledger: Ledger) -> None:
    when = f"{ledger.day}{' (year inferred)' if ledger.inferred else ''}" if ledger.day else "no day"
    say(f"{ledger.file}: {when if ledger.format == 'capture' else ledger.format}")
    if ledger.lines:
        lines = ", ".join(f"{name} {number}" for name, number in ledger.lines.items() if number)
        say(f"  lines {sum(ledger.lines.values())}: {lines}")
    outcomes = ", ".join(f"{name} {number}" for name, number in ledger.outcomes.items())
    say(f"  records {len(ledger.records)}: {outcomes}")
    for draft, merged in ledger.records:
        _tell_record(draft, merged)


def _tell_record(draft: Draft, merged: Merged) -> None:
    """Tell what changed, or what is to be decided; conflicts are told together."""
    title = f"`{cut_short(draft.paper.title)}` ({draft.path}:{draft.line})"
    if merged.outcome == "new":
        say(f"  new      {merged.path}")
    elif merged.changed:
        say(f"  merged   {merged.path}: {', '.join(merged.changed)}")
    elif merged.outcome == "removed":
        say(f"  removed  {title}")
    for near in merged.near:
        say(f"  near     {title}: {near.entry.path} has {near.why}")
