"""The commands: the only place that prints or exits.

In: what the user typed. Out: text on the terminal, and an exit code: 0 fine, 1 faults in the content, 2 wrong use.
Each command imports what it needs: `--help` answers at once, and so does a build that finds nothing changed.
"""

import gc
import io
import os
import sys
import time
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from site_builder import state

if TYPE_CHECKING:
    from site_builder.build import Report
    from site_builder.config import Config
    from site_builder.errors import Problem
    from site_builder.importer import ImportReport, Ledger

PATIENCE = 1.0  # seconds of work after which it is told how far it is
BAR = 30  # characters

Fault = tuple[str, str]  # a problem as it is shown, and its severity


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
    given = _read_arguments(arguments)
    if given.command is _build and _is_done(given):
        return
    from site_builder.errors import SiteBuilderError  # it takes longer than a build without changes

    try:
        given.command(given)
    except SiteBuilderError as error:
        _refuse(str(error))
    except OSError as error:  # what nobody foresaw of a disk
        _refuse(f"cannot use {error.filename or 'a file'}: {error.strerror or error}")
    except MemoryError:
        _refuse("there is not enough memory")
    except KeyboardInterrupt:
        _say("site-builder: stopped; the next build goes on from here", to_errors=True)
        sys.exit(130)


def _refuse(message: str) -> None:
    _say(f"site-builder: {message}", to_errors=True)
    sys.exit(2)


def _say(line: str, *, to_errors: bool = False, end: str = "\n") -> None:
    """Print a line. Where nobody reads any more, or the disk is full, the work goes on in silence."""
    stream = sys.stderr if to_errors else sys.stdout
    try:
        print(line, file=stream, end=end, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _read_number(text: str) -> int:
    """Read a number of processes."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"expected a number of processes, found {text!r}")
    return int(text)


def _read_arguments(arguments: Sequence[str] | None) -> Namespace:
    folders = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    folders.add_argument("--content", metavar="FOLDER", help="the content folder (default: content)")
    folders.add_argument("--output", metavar="FOLDER", help="where the site goes (default: output)")
    folders.add_argument("--templates", metavar="FOLDER", help="your own templates; the program's fill the gaps")
    about = "Build a static website from a curated reading list of research papers."
    parser = ArgumentParser("site-builder", description=about, parents=[folders])
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    about = "Import captured listings into content/papers/."
    more = "What is known stays as it is; gaps are filled; what disagrees is listed. Importing again changes nothing."
    command = commands.add_parser("import", help=about, description=f"{about} {more}", parents=[folders])
    command.add_argument("files", nargs="*", metavar="FILE", help="captures; without any, all of content/captures/")
    command.set_defaults(command=_import)

    about = "Build the site from the content folder into the output folder."
    command = commands.add_parser(
        "build", help=about, description=f"{about} Only what changed is made anew.", parents=[folders]
    )
    command.add_argument("--strict", action="store_true", help="build nothing when the content has faults")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    command.add_argument("--timings", action="store_true", help="tell the seconds that each step took")
    command.add_argument(
        "--jobs", type=_read_number, default=0, metavar="N", help="processes (default: as many as pay)"
    )
    command.set_defaults(command=_build)

    about = "Report every fault of the content, and of the links in the built site when there is one."
    command = commands.add_parser("check", help=about, description=about, parents=[folders])
    command.set_defaults(command=_check)

    given = parser.parse_args(arguments, Namespace(content="content", output="output", templates=None))
    if given.version:
        from importlib.metadata import version

        parser.exit(0, f"site-builder {version('site-builder')}\n")
    if given.command is None:
        parser.print_help()
        parser.exit(2)
    return given


# ---------------------------------------------------------------- build


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
        _say(f"  look      {seconds:6.2f} s")
    if not given.dry_run:
        _tell_where(given)
    _tell_faults(told["faults"])
    return True


def _build(given: Namespace) -> None:
    from site_builder.build import Options, build

    started, progress = time.perf_counter(), _Progress()
    config, problems = _load_config(given)
    report = build(config, problems, Options(given.strict, given.dry_run, given.jobs), progress.tell, given.glance)
    progress.end()
    faults = [(str(problem), problem.severity) for problem in report.problems]
    if report.published is None:
        _say(f"nothing was built: {_errors(faults)}, and --strict asks for none")
    else:
        _tell_report(report, given.dry_run, faults, time.perf_counter() - started)
    if given.timings:
        for step, seconds in report.seconds.items():
            _say(f"  {step:9} {seconds:6.2f} s")
    if report.published and not given.dry_run:
        _tell_where(given)
    _tell_faults(faults)


def _tell_report(report: "Report", dry_run: bool, faults: Sequence[Fault], seconds: float) -> None:
    done = report.published
    assert done is not None
    if dry_run:
        for _, path in done.written:
            _say(f"would write {path}")
        for _, path in done.pruned:
            _say(f"would remove {path}")
    written, pruned = [kind for kind, _ in done.written], [kind for kind, _ in done.pruned]
    counts = {kind: (written.count(kind), kept, pruned.count(kind)) for kind, kept in done.kept.items()}
    _tell_built(report.papers, counts, faults, seconds, "would be built" if dry_run else "built")


def _tell_built(
    papers: int, counts: dict[str, tuple[int, int, int]], faults: Sequence[Fault], seconds: float, what: str = "built"
) -> None:
    """Tell what was built: how many files of each kind were written, kept as they were, and pruned."""
    pages = sum(counts["page"][:2])
    _say(f"{what}: {_count(papers, 'paper')}, {_count(pages, 'page')}, {_errors(faults)}, {seconds:.2f} s")
    for kind, (written, kept, pruned) in counts.items():
        if written or kept or pruned:
            _say(f"  {kind:9} {written:6} written {kept:6} kept {pruned:6} pruned")


def _tell_where(given: Namespace) -> None:
    _say(f"open {given.output.rstrip('/')}/index.html")


class _Progress:
    """How far long work is: a bar on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self.started, self.shown, self.is_terminal = time.perf_counter(), "", bool(sys.stderr and sys.stderr.isatty())

    def tell(self, step: str, done: int, total: int) -> None:
        """Tell how far a step is, when the work is long; elsewhere than on a terminal at each quarter."""
        if time.perf_counter() - self.started < PATIENCE or not total:
            return
        if self.is_terminal:
            filled = BAR * done // total
            self.shown = f"{step:6} [{'#' * filled}{'.' * (BAR - filled)}] {done} of {total}"
            _say(f"\r{self.shown}", to_errors=True, end="")
        elif (line := f"{step}: {4 * done // total * 25} %, of {total}") != self.shown:
            self.shown = line
            _say(line, to_errors=True)

    def end(self) -> None:
        """Clear the bar."""
        if self.is_terminal and self.shown:
            _say(f"\r{' ' * len(self.shown)}\r", to_errors=True, end="")


# ---------------------------------------------------------------- import and check


def _import(given: Namespace) -> None:
    from pathlib import Path

    from site_builder.importer import import_captures

    started = time.perf_counter()
    config, problems = _load_config(given)
    report = import_captures(config, tuple(map(Path, given.files)))
    found = [(str(problem), problem.severity) for problem in (*problems, *report.problems)]
    _tell_import(report, found, time.perf_counter() - started)
    _tell_faults(found)


def _check(given: Namespace) -> None:
    from site_builder.check import check_content, check_links

    config, problems = _load_config(given)
    problems += check_content(config)
    if config.output.is_dir():
        problems += check_links(config)
    faults = [(str(problem), problem.severity) for problem in problems]
    _say(f"{_count(sum(severity == 'error' for _, severity in set(faults)), 'fault')} found")
    _tell_faults(faults)


def _tell_import(report: "ImportReport", faults: Sequence[Fault], seconds: float) -> None:
    for ledger in report.ledgers:
        _tell_ledger(ledger)
    for conflict in report.conflicts:
        _say(f"conflict: {conflict}")
    _say(
        f"imported: {_count(len(report.ledgers), 'capture')}, {_count(report.entries, 'entry', 'entries')} in the "
        f"list, {report.written} written, {_count(len(report.conflicts), 'conflict')}, {_errors(faults)}, "
        f"{seconds:.1f} s"
    )


def _tell_ledger(ledger: "Ledger") -> None:
    when = f"{ledger.day}{' (year inferred)' if ledger.inferred else ''}" if ledger.day else "no day"
    lines = ", ".join(f"{name} {count}" for name, count in ledger.lines.items() if count)
    outcomes = ", ".join(f"{name} {count}" for name, count in ledger.outcomes.items())
    _say(f"{ledger.file}: {when}\n  lines {sum(ledger.lines.values())}: {lines}")
    _say(f"  records {sum(ledger.outcomes.values())}: {outcomes}")


# ---------------------------------------------------------------- what they share


def _load_config(given: Namespace) -> tuple["Config", list["Problem"]]:
    from pathlib import Path

    from site_builder.config import load_config

    return load_config(Path(given.content), Path(given.output), Path(given.templates) if given.templates else None)


def _tell_faults(faults: Iterable[Fault]) -> None:
    """Show every problem once, and exit with 1 when one of them is an error."""
    told = list(dict.fromkeys(faults))
    for text, _ in told:
        _say(text, to_errors=True)
    if any(severity == "error" for _, severity in told):
        sys.exit(1)


def _errors(faults: Iterable[Fault]) -> str:
    return _count(sum(severity == "error" for _, severity in set(faults)), "problem")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
