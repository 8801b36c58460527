"""The commands: the only place that prints or exits.

In: what the user typed. Out: text on the terminal, and an exit code: 0 fine, 1 faults in the content, 2 wrong use.
Each command imports what it needs, so that `--help` answers at once.
"""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.errors import Problem, SiteBuilderError

if TYPE_CHECKING:
    from site_builder.build import Report
    from site_builder.config import Config
    from site_builder.importer import ImportReport, Ledger


FOLDER = click.Path(path_type=Path)


class Commands(click.Group):
    """The commands, with wrong use told in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a SiteBuilderError ends it with its message and exit code 2."""
        try:
            return super().invoke(ctx)
        except SiteBuilderError as error:
            click.echo(f"site-builder: {error}", err=True)
            ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="site-builder", prog_name="site-builder")
@click.option("--content", default="content", type=FOLDER, help="The content folder.", show_default=True)
@click.option("--output", default="output", type=FOLDER, help="Where the site goes.", show_default=True)
@click.option("--templates", type=FOLDER, help="Templates of your own; the program's fill the gaps.")
@click.pass_context
def main(ctx: click.Context, content: Path, output: Path, templates: Path | None) -> None:
    """Build a static website from a curated reading list of research papers."""
    ctx.obj = (content, output, templates)


@main.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def import_command(folders: tuple[Path, Path, Path | None], files: tuple[Path, ...]) -> None:
    """Import captured listings into content/papers/: FILES, or all of content/captures/.

    What is known already stays as it is; gaps are filled; what disagrees is listed. Importing again changes
    nothing.
    """
    from site_builder.importer import import_captures  # noqa: PLC0415

    started = time.perf_counter()
    config, problems = _load_config(folders)
    report = import_captures(config, files)
    _print_import(report, time.perf_counter() - started)
    _finish([*problems, *report.problems])


@main.command("build")
@click.pass_obj
def build_command(folders: tuple[Path, Path, Path | None]) -> None:
    """Build the site from the content folder into the output folder."""
    from site_builder.build import build  # noqa: PLC0415

    config, problems = _load_config(folders)
    report = build(config)
    _print_build(report, config, [*problems, *report.problems])
    _finish([*problems, *report.problems])


@main.command("check")
@click.pass_obj
def check_command(folders: tuple[Path, Path, Path | None]) -> None:
    """Report every fault of the content, and of the links in the built site when there is one."""
    from site_builder.check import check_content, check_links  # noqa: PLC0415

    config, problems = _load_config(folders)
    problems += check_content(config)
    if config.output.is_dir():
        problems += check_links(config)
    click.echo(f"{_count(sum(p.severity == 'error' for p in problems), 'fault')} found")
    _finish(problems)


def _load_config(folders: tuple[Path, Path, Path | None]) -> tuple["Config", list[Problem]]:
    from site_builder.config import load_config  # noqa: PLC0415

    content, output, templates = folders
    own = content.parent / "templates"
    return load_config(content, output, templates or (own if own.is_dir() else None))


def _print_import(report: "ImportReport", seconds: float) -> None:
    for ledger in report.ledgers:
        _print_ledger(ledger)
    for conflict in report.conflicts:
        click.echo(f"conflict: {conflict}")
    click.echo(
        f"imported: {_count(len(report.ledgers), 'capture')}, {_count(report.entries, 'entry', 'entries')} in the "
        f"list, {report.written} written, {_count(len(report.conflicts), 'conflict')}, {_errors(report.problems)}, "
        f"{seconds:.1f} s"
    )


def _print_ledger(ledger: "Ledger") -> None:
    when = f"{ledger.day}{' (year inferred)' if ledger.inferred else ''}" if ledger.day else "no day"
    lines = ", ".join(f"{name} {count}" for name, count in ledger.lines.items() if count)
    outcomes = ", ".join(f"{name} {count}" for name, count in ledger.outcomes.items())
    click.echo(f"{ledger.file}: {when}\n  lines {sum(ledger.lines.values())}: {lines}")
    click.echo(f"  records {sum(ledger.outcomes.values())}: {outcomes}")


def _print_build(report: "Report", config: "Config", problems: list[Problem]) -> None:
    done = report.published
    click.echo(
        f"built: {_count(report.papers, 'paper')}, {_count(done.counts['page'], 'page')}, {_errors(problems)}, "
        f"{report.seconds:.1f} s (files: {done.written} written, {done.kept} kept, {done.pruned} pruned)"
    )
    click.echo(f"open {config.output / 'index.html'}")


def _finish(problems: Iterable[Problem]) -> None:
    """Print every problem once, and exit with 1 when one of them is an error."""
    told = list(dict.fromkeys(problems))
    for problem in told:
        click.echo(str(problem), err=True)
    if any(problem.severity == "error" for problem in told):
        sys.exit(1)


def _errors(problems: Iterable[Problem]) -> str:
    return _count(sum(problem.severity == "error" for problem in set(problems)), "problem")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
