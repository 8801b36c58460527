"""check: every fault of the content, and of the links in the built site.

In: what the user typed. Out: the faults, on the terminal, in the form that was asked for. Must not know how a fault is
found.
"""

import sys
from argparse import Namespace

from site_builder.check import check_content, check_links
from site_builder.commands.project import load_project
from site_builder.excerpts import show_problems
from site_builder.terminal import count, say


def run(given: Namespace) -> None:
    """Tell every fault of the content, and of the built site's links; exits with 1 when there are errors."""
    config, problems = load_project(given)
    problems += check_content(config)
    if config.output.is_dir():
        problems += check_links(config)
    told = sorted(set(problems))
    faults = sum(problem.severity == "error" for problem in told)
    if given.format == "text":
        warnings = f", {count(len(told) - faults, 'warning')}" if len(told) > faults else ""
        say(f"{count(faults, 'fault')} found{warnings}")
    shown = show_problems(told, given.format)
    if shown:
        say(shown, to_errors=given.format == "text", end="")
    if faults:
        sys.exit(1)
