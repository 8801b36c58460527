"""build: content in, site out.

In: what the user typed. Out: what was built, on the terminal. Must not load what takes long before it is known that
something has changed.
"""

import time
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from site_builder import state
from site_builder.terminal import Fault, Progress, count, errors, say, tell_faults

if TYPE_CHECKING:
    from site_builder.build import Report


def run(given: Namespace) -> None:
    """Build the site; when nothing has changed, tell what the last build told."""
    if _is_done(given):
        return
    from site_builder.build import Options, build
    from site_builder.commands.project import load_project

    started, progress = time.perf_counter(), Progress()
    config, problems = load_project(given)
    report = build(config, problems, Options(given.strict, given.dry_run, given.jobs), progress.tell, given.glance)
    progress.end()
    faults = [(str(problem), problem.severity) for problem in report.problems]
    if report.published is None:
        say(f"nothing was built: {errors(faults)}, and --strict asks for none")
    else:
        _tell_report(report, given.dry_run, faults, time.perf_counter() - started)
    if given.timings:
        for step, seconds in report.seconds.items():
            say(f"  {step:9} {seconds:6.2f} s")
    if report.published and not given.dry_run:
        _tell_where(given)
    tell_faults(faults)


def _is_done(given: Namespace) -> bool:
    """Tell what the last build told when nothing has changed since; exits with 1 when the content has faults."""
    started = time.perf_counter()
    given.glance = state.look_back(given.content, given.templates, given.output)
    if given.glance is None or not state.is_unchanged(given.glance, given.output):
        return False
    told, seconds = given.glance.head["told"], time.perf_counter() - started
    if given.strict and any(severity == "error" for _, severity in told["faults"]):
        return False
    counts = {kind: (0, count, 0) for kind, count in told["files"].items()}
    _tell_built(told["papers"], counts, told["faults"], seconds, "would be built" if given.dry_run else "built")
    if given.timings:
        say(f"  look      {seconds:6.2f} s")
    if not given.dry_run:
        _tell_where(given)
    tell_faults(told["faults"])
    return True


def _tell_report(report: "Report", dry_run: bool, faults: Sequence[Fault], seconds: float) -> None:
    done = report.published
    assert done is not None
    if dry_run:
        for _, path in done.written:
            say(f"would write {path}")
        for _, path in done.pruned:
            say(f"would remove {path}")
    written, pruned = [kind for kind, _ in done.written], [kind for kind, _ in done.pruned]
    counts = {kind: (written.count(kind), kept, pruned.count(kind)) for kind, kept in done.kept.items()}
    _tell_built(report.papers, counts, faults, seconds, "would be built" if dry_run else "built")


def _tell_built(
    papers: int, counts: dict[str, tuple[int, int, int]], faults: Sequence[Fault], seconds: float, what: str = "built"
) -> None:
    """Tell what was built: how many files of each kind were written, kept as they were, and pruned."""
    pages = sum(counts["page"][:2])
    say(f"{what}: {count(papers, 'paper')}, {count(pages, 'page')}, {errors(faults)}, {seconds:.2f} s")
    for kind, (written, kept, pruned) in counts.items():
        if written or kept or pruned:
            say(f"  {kind:9} {written:6} written {kept:6} kept {pruned:6} pruned")


def _tell_where(given: Namespace) -> None:
    say(f"open {given.output.rstrip('/')}/index.html")
