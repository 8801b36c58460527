"""check: every fault of the content, and of the links in the built site.

In: what the user typed. Out: the faults, on the terminal. Must not know how a fault is found.
"""

from argparse import Namespace

from site_builder.check import check_content, check_links
from site_builder.commands.project import load_project
from site_builder.terminal import count, say, tell_faults


def run(given: Namespace) -> None:
    """Tell every fault of the content, and of the built site's links."""
    config, problems = load_project(given)
    problems += check_content(config)
    if config.output.is_dir():
        problems += check_links(config)
    faults = [(str(problem), problem.severity) for problem in problems]
    say(f"{count(sum(severity == 'error' for _, severity in set(faults)), 'fault')} found")
    tell_faults(faults)
