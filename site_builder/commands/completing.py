"""complete: gaps of entries, filled from the arXiv API.

In: what the user typed. Out: what became of each entry, on the terminal. Must not know how arXiv is asked.
"""

import os
import sys
import time
from argparse import Namespace
from datetime import date
from urllib.parse import quote, urlsplit

from site_builder.commands.project import load_project, write_agent
from site_builder.complete import CompleteReport, Finding, Request, answers_folder, complete
from site_builder.content.merge import Conflict
from site_builder.errors import SiteBuilderError, cut_short
from site_builder.excerpts import show_faults
from site_builder.files import show
from site_builder.formats.identifiers import find_arxiv
from site_builder.kinds import is_web_address
from site_builder.lookup.arxiv import ADDRESS, ADDRESS_VARIABLE
from site_builder.lookup.client import Manner
from site_builder.paper import Paper
from site_builder.terminal import Fault, Progress, count, errors, say, tell_faults

LONGEST_VALUE = 60
LEAST_PAUSE = 3.0
COUNTED = {
    "filled": "filled", "unchanged": "with nothing to fill", "doubtful": "doubtful", "several": "with several matches",
    "near": "with near matches", "nothing": "not found", "wordless": "that cannot be asked for",
    "unasked": "not asked about",
}  # fmt: skip
EXPLAINED = {
    "doubtful": "has the title, but the number of authors, day or link of another",
    "several": "are all of this title",
    "near": "has a title like it",
}


def run(given: Namespace) -> None:
    """Complete entries, and tell what was found; exits with 1 when arXiv could not be asked about one."""
    started, progress = time.perf_counter(), Progress()
    config, problems = load_project(given)
    accepted = read_accepted(given.accept)
    request = Request(tuple(given.slugs), accepted, given.fresh, given.dry_run)
    address = choose_address(given.api)
    check_pause(address, given.pause)
    manner = Manner(address, write_agent(config.facts), pause=given.pause, timeout=given.timeout or 1)
    say(f"asking {manner.address}, a request every {manner.pause:g} s; what Ctrl-C leaves is kept", to_errors=True)
    report = complete(config, request, manner, date.today(), progress.tell)
    progress.end()
    faults = show_faults((*problems, *report.problems))
    _tell_report(report, faults, given.dry_run, time.perf_counter() - started)
    if report.stopped:
        say(f"stopped; arXiv's answers are kept in {show(answers_folder(config.content))}", to_errors=True)
        sys.exit(130)
    tell_faults(faults)
    if any(finding.outcome == "unasked" for finding in report.findings):
        sys.exit(1)


def read_accepted(pairs: list[str]) -> dict[str, str]:
    """Read `SLUG=ID` pairs. Raises SiteBuilderError when one is none."""
    accepted = {}
    for pair in pairs:
        slug, _, given = pair.partition("=")
        identifier = find_arxiv(given)
        if not slug or not identifier:
            raise SiteBuilderError(f"--accept takes SLUG=ID, such as my-paper=2406.10010; found {pair!r}")
        accepted[slug] = identifier
    return accepted


def choose_address(given: str | None) -> str:
    """Choose the address of the API: the one given, that of the environment, or arXiv's own.

    Raises SiteBuilderError when it is no web address.
    """
    address = given or os.environ.get(ADDRESS_VARIABLE) or ADDRESS
    if not is_web_address(address) or "?" in address or "#" in address:
        raise SiteBuilderError(f"`{address}` is not the address of an API; it is like {ADDRESS}")
    return quote(address, safe="%/:=@[]~,;!$&'()*+")


def check_pause(address: str, pause: float) -> None:
    """Raise SiteBuilderError when arXiv itself would be asked more often than it allows."""
    host = urlsplit(address).hostname or ""
    if pause < LEAST_PAUSE and (host == "arxiv.org" or host.endswith(".arxiv.org")):
        raise SiteBuilderError(
            f"arXiv asks for {LEAST_PAUSE:g} seconds between requests; a shorter --pause is for mirrors"
        )


def _tell_report(report: CompleteReport, faults: list[Fault], dry_run: bool, seconds: float) -> None:
    for finding in report.findings:
        for line in _show_finding(finding, dry_run):
            say(line)
    for why, number in _unasked(report).items():
        say(f"not asked about {count(number, 'entry', 'entries')}: {why}")
    outcomes = [finding.outcome for finding in report.findings]
    if outcomes and set(outcomes) == {"unasked"}:
        say("nothing was changed")
        return
    counted = [f"{outcomes.count(outcome)} {words}" for outcome, words in COUNTED.items() if outcome in outcomes]
    conflicts = sum(len(finding.conflicts) for finding in report.findings)
    what = "would be completed" if dry_run else "completed"
    say(f"{what}: {count(len(outcomes), 'entry', 'entries')}{': ' if counted else ''}{', '.join(counted)}")
    say(
        f"  {count(report.requests, 'request')}, {count(conflicts, 'disagreement')}, {report.written} written, "
        f"{errors(faults)}, {seconds:.1f} s"
    )


def _unasked(report: CompleteReport) -> dict[str, int]:
    """Count the entries about which nobody was asked, by the reason."""
    reasons: dict[str, int] = {}
    for finding in report.findings:
        if finding.outcome == "unasked":
            reasons[finding.why] = reasons.get(finding.why, 0) + 1
    return reasons


def _show_finding(finding: Finding, dry_run: bool) -> list[str]:
    paper, slug = finding.entry.paper, finding.entry.paper.slug
    lines = []
    if finding.outcome == "filled":
        taken = ", ".join(_show_change(finding, key) for key in finding.changes)
        lines.append(f"{'would fill' if dry_run else 'filled'} {slug}: {taken}")
    elif finding.outcome == "nothing":
        lines.append(f"not found {slug}: {finding.why or 'arXiv has no title like it'}")
    elif finding.outcome == "wordless":
        why = "its title has no words that arXiv can be asked for; give it an id with --accept"
        lines.append(f"not asked {slug}: {why}")
    elif finding.papers and finding.outcome != "unchanged":
        lines += [f"{finding.outcome} {slug}", f"  here   {paper.title}"]
        lines += [f"  arXiv  {_show_paper(one)}" for one in finding.papers]
        lines.append(f"  {finding.why or EXPLAINED[finding.outcome]}")
        lines += (
            [] if finding.owner else [f"  to take it: site-builder complete --accept {slug}={finding.papers[0].arxiv}"]
        )
    return lines + [_show_conflict(conflict) for conflict in finding.conflicts]


def _show_change(finding: Finding, key: str) -> str:
    value = finding.changes[key]
    if key == "abstract":
        return "abstract"
    if key == "authors":
        return f"authors ({len(value)})"
    if value is None:
        return f"{key} is gone: arXiv says it" if key == "published_year" else f"{key} is gone"
    return f"{key} {value}"


def _show_paper(paper: Paper) -> str:
    day = f", {paper.published}" if paper.published else ""
    return f"{paper.title} ({paper.arxiv}{day}, {count(len(paper.authors), 'author')})"


def _show_conflict(conflict: Conflict) -> str:
    kept, offered = cut_short(conflict.kept, LONGEST_VALUE), cut_short(conflict.offered, LONGEST_VALUE)
    return f"disagrees {conflict.path}: {conflict.key}: kept `{kept}`, arXiv says `{offered}`"
