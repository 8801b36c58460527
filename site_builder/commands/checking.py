"""check: every fault of the content, of the links in the built site, and on request of those that lead out of it.

In: what the user typed. Out: the faults, on the terminal, in the form that was asked for. Must not know how a fault is
found.
"""

import sys
from argparse import Namespace
from pathlib import Path

from site_builder.check import check_content, gather_addresses, judge_addresses
from site_builder.commands.project import load_project, write_agent
from site_builder.config import Config
from site_builder.errors import Problem
from site_builder.excerpts import make_visible, show_problems
from site_builder.links import check_links
from site_builder.outside import Manners, Memory, check_addresses, read_memory, write_memory
from site_builder.state import state_folder
from site_builder.terminal import Progress, count, say


def run(given: Namespace) -> None:
    """Tell every fault of the content, and of the links; exits with 1 when there are errors."""
    config, problems = load_project(given)
    checked = check_content(config)
    problems += checked.problems
    if checked.is_stale:
        said = "the built site is older than the content: build again to check its links"
        say(said, to_errors=given.format != "text")
    elif config.output.is_dir():
        problems += check_links(config, checked.told)
    if given.outside:
        problems += _check_outside(config, given)
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


def _check_outside(config: Config, given: Namespace) -> list[Problem]:
    """Ask for the links that lead out of the site, and say which could not be checked."""
    places = gather_addresses(config)
    manners = Manners(write_agent(config.facts), given.pause)
    path = Path(state_folder(str(config.content), str(config.output))).parent / "outside.json"
    memory, progress = read_memory(path), Progress()
    if given.fresh:
        memory = Memory({}, memory.resting)
    found, memory, has_network = check_addresses(places, memory, manners, tell=progress.tell)
    progress.end()
    was_kept = write_memory(path, memory)
    to_errors = given.format != "text"  # there the output is for programs
    if not has_network:
        say("there seems to be no network: no host answered, and no link outside was checked", to_errors=to_errors)
    unknown = [url for url, one in found.items() if one.outcome == "unknown"] if has_network else []
    if unknown:
        say(f"could not be checked: {count(len(unknown), 'link')}", to_errors=to_errors)
    for url in unknown:
        first = places[url][0]
        say(make_visible(f"  {url}: {found[url].why} ({first.path}:{first.line})"), to_errors=to_errors)
    checked = len(found) - sum(one.outcome == "unknown" for one in found.values())
    say(f"{count(checked, 'link')} outside checked", to_errors=to_errors)
    if not was_kept:
        say("what was found cannot be kept for the next time", to_errors=True)
    return judge_addresses(places, found)
