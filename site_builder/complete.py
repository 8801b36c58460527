"""The way out to arXiv: gaps of entries filled by what it knows.

In: a Config, which entries, how to ask. Out: a CompleteReport. Knows the steps and their order, nothing of their work.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from site_builder.config import Config
from site_builder.content.entry import Entry, edit_entry, read_entry
from site_builder.content.merge import Conflict
from site_builder.content.store import Content, find_again, load_content
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import read_text, write_atomic
from site_builder.formats.identifiers import find_arxiv
from site_builder.lookup.arxiv import MOST_IDS, Arxiv, find_by_ids, find_by_title, find_like_title
from site_builder.lookup.client import MOST_FAILURES, Client, Failure, Manner, end_asking
from site_builder.lookup.matches import fill, judge
from site_builder.lookup.titles import title_query
from site_builder.paper import Paper, PartialDate, is_placeholder

Outcome = Literal["filled", "unchanged", "doubtful", "several", "near", "nothing", "wordless", "unasked"]
OUTCOMES: tuple[Outcome, ...] = ("filled", "unchanged", "doubtful", "several", "near", "nothing", "wordless", "unasked")


class Finding(NamedTuple):
    """What was found for an entry: the paper that was taken, or those that may be meant, or why nobody was asked.

    `owner` is the entry whose paper the one that was found is already.
    """

    entry: Entry
    outcome: Outcome
    papers: tuple[Paper, ...] = ()
    changes: Mapping[str, Any] = {}
    conflicts: tuple[Conflict, ...] = ()
    why: str = ""
    owner: str = ""


class Request(NamedTuple):
    """What to complete: these entries, or all that have gaps; `accepted` gives an entry's identifier, by slug."""

    slugs: tuple[str, ...] = ()
    accepted: Mapping[str, str] = {}
    fresh: bool = False
    dry_run: bool = False


class CompleteReport(NamedTuple):
    """What became of every entry that was asked about. `stopped` says that the curator ended it before its end."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    written: int
    requests: int
    stopped: bool


Tell = Callable[[str, int, int], None]


def complete(config: Config, request: Request, manner: Manner, today: date, tell: Tell | None = None) -> CompleteReport:
    """Fill the gaps of entries from the arXiv API. What an entry knows stays; nothing is guessed.

    Raises SiteBuilderError when an entry is asked for that is not there.
    """
    content = load_content(config.content)
    entries = choose_entries(content, request)
    arxiv = Arxiv(Client(manner), answers_folder(config.content), today, request.fresh)
    findings: dict[str, Finding] = {}
    stopped = False
    try:
        _find_all(arxiv, content, entries, request.accepted, findings, tell or _tell_nobody)
    except KeyboardInterrupt:
        stopped = True
    for entry in entries:
        findings.setdefault(entry.paper.slug, Finding(entry, "unasked", why="stopped before its turn"))
    told = tuple(findings[entry.paper.slug] for entry in entries)
    written, problems = (0, []) if request.dry_run else _write_all(config.content, told)
    problems += [_refuse(finding) for finding in told if finding.owner and finding.entry.paper.slug in request.accepted]
    known = find_again(config.content, content.problems) if written else content.problems
    return CompleteReport(told, (*known, *problems), written, arxiv.client.requests, stopped)


def answers_folder(content: Path) -> Path:
    """Return where arXiv's answers are kept."""
    return Path(content).absolute().parent / ".site-builder" / "arxiv"


def choose_entries(content: Content, request: Request) -> list[Entry]:
    """Choose the entries to be asked about: those named, or all with a gap that arXiv can fill."""
    known = {entry.paper.slug: entry for entry in content.entries}
    named = dict.fromkeys([*request.slugs, *request.accepted])
    for slug in named:
        if slug not in known:
            raise SiteBuilderError(
                f"the entry `{slug}` cannot be read; run site-builder check"
                if slug in content.broken
                else f"there is no entry `{slug}`; name it as its file is named, without .md"
            )
    return [known[slug] for slug in named] or [entry for entry in content.entries if has_gaps(entry)]


def has_gaps(entry: Entry) -> bool:
    """Tell whether an entry lacks what arXiv knows of each paper. `arxiv:` with nothing behind it says: not there."""
    paper = entry.paper
    if "arxiv" in entry.given and not paper.arxiv:
        return False
    is_vague = isinstance(paper.published, PartialDate) or paper.published_year == "inferred"
    lacking = {
        "arxiv": not paper.arxiv, "authors": not paper.authors, "abstract": not paper.abstract,
        "published": not paper.published,
    }  # fmt: skip
    return (
        is_vague
        or is_placeholder(paper.title)
        or any(lacks and key not in entry.given for key, lacks in lacking.items())
    )


def _tell_nobody(step: str, done: int, total: int) -> None:
    pass


# ---------------------------------------------------------------- asking


def _find_all(
    arxiv: Arxiv,
    content: Content,
    entries: Sequence[Entry],
    accepted: Mapping[str, str],
    findings: dict[str, Finding],
    tell: Tell,
) -> None:
    """Ask about entries, those whose identifier is known first; `findings` has what was found until then."""
    owners = {entry.paper.arxiv: entry.paper.slug for entry in content.entries if entry.paper.arxiv}
    ids = {entry.paper.slug: accepted.get(entry.paper.slug) or known_id(entry.paper) for entry in entries}
    identified = [entry for entry in entries if ids[entry.paper.slug]]
    others = [entry for entry in entries if not ids[entry.paper.slug]]
    failures: list[Failure] = []  # in a row
    parts = [identified[start : start + MOST_IDS] for start in range(0, len(identified), MOST_IDS)]
    for part in [*parts, *([entry] for entry in others)]:
        tell("ask", len(findings), len(entries))
        if len(failures) >= MOST_FAILURES and not failures[-1].ends:
            failures.append(end_asking(failures[-1]))
        if failures and failures[-1].ends:
            found = [Finding(entry, "unasked", why=failures[-1].message) for entry in part]
        elif ids[part[0].paper.slug]:
            found = _find_identified(arxiv, part, ids, accepted, owners, failures)
        else:
            found = [_find_titled(arxiv, part[0], owners, failures)]
        findings.update((finding.entry.paper.slug, finding) for finding in found)


def _find_identified(
    arxiv: Arxiv,
    entries: Sequence[Entry],
    ids: Mapping[str, str | None],
    accepted: Mapping[str, str],
    owners: dict[str, str],
    failures: list[Failure],
) -> list[Finding]:
    """Ask about entries whose identifier is known; a paper of quite another title fills none."""
    papers, failed = find_by_ids(arxiv, list(dict.fromkeys(filter(None, map(ids.get, map(_slug, entries))))))
    if papers:
        failures.clear()
    failures += [failure for failure in failed.values() if not failure.refuses]
    findings = []
    for entry in entries:
        slug, identifier = entry.paper.slug, ids[entry.paper.slug] or ""
        paper = papers.get(identifier)
        is_sure = slug in accepted or is_placeholder(entry.paper.title)
        if paper and (is_sure or judge(entry.paper, [paper]).certainty != "nothing"):
            findings.append(_take(entry, paper, owners))
        elif paper:
            findings.append(Finding(entry, "doubtful", (paper,), why="its identifier is of a paper of another title"))
        elif identifier in failed:
            findings.append(Finding(entry, "unasked", why=failed[identifier].message))
        else:
            findings.append(Finding(entry, "nothing", why=f"arXiv has no paper {identifier}"))
    return findings


def _slug(entry: Entry) -> str:
    return entry.paper.slug


def _find_titled(arxiv: Arxiv, entry: Entry, owners: dict[str, str], failures: list[Failure]) -> Finding:
    """Ask about an entry by its title, when it has one."""
    if is_placeholder(entry.paper.title):
        return Finding(entry, "nothing", why="neither its title nor its arXiv identifier is known")
    if not title_query(entry.paper.title):
        return Finding(entry, "wordless")
    found = _find_papers(arxiv, entry.paper)
    if isinstance(found, Failure):
        failures.append(found)
        return Finding(entry, "unasked", why=found.message)
    failures.clear()
    certainty, papers = judge(entry.paper, found)
    return _take(entry, papers[0], owners) if certainty == "exact" else Finding(entry, certainty, papers)


def known_id(paper: Paper) -> str | None:
    """Return the arXiv identifier that an entry states, without its version."""
    return find_arxiv(paper.arxiv or "") or find_arxiv(paper.doi or "")


def _find_papers(arxiv: Arxiv, paper: Paper) -> list[Paper] | Failure:
    """Ask for a paper by its title; when none has just that title, for titles that are like it."""
    found = find_by_title(arxiv, paper.title)
    if isinstance(found, Failure) or judge(paper, found).certainty not in ("near", "nothing"):
        return found
    more = find_like_title(arxiv, paper.title)
    if isinstance(more, Failure):
        return more
    known = {one.arxiv for one in found}
    return [*found, *(one for one in more if one.arxiv not in known)]


def _take(entry: Entry, paper: Paper, owners: dict[str, str]) -> Finding:
    """Fill an entry by a paper, unless another entry is that paper."""
    slug = entry.paper.slug
    if paper.arxiv and owners.setdefault(paper.arxiv, slug) != slug:
        owner = owners[paper.arxiv]
        return Finding(entry, "doubtful", (paper,), why=f"it is the paper of `{owner}` already", owner=owner)
    changes, conflicts = fill(entry, paper)
    return Finding(entry, "filled" if changes else "unchanged", (paper,), changes, conflicts)


def _refuse(finding: Finding) -> Problem:
    """Say that an identifier that was to be taken is another entry's."""
    hint = f"take it from `{finding.owner}` first, or keep one of the two entries"
    return Problem(finding.entry.path, 0, 0, f"{finding.papers[0].arxiv} was not taken: {finding.why}", hint)


# ---------------------------------------------------------------- writing


def _write_all(content: Path, findings: Iterable[Finding]) -> tuple[int, list[Problem]]:
    """Write what was found into the entries' files; return how many were written."""
    written, problems = 0, list[Problem]()
    for finding in findings:
        if not finding.changes:
            continue
        try:
            done = _write_one(content / "papers" / f"{finding.entry.paper.slug}.md", finding)
        except SiteBuilderError as error:
            done = Problem(finding.entry.path, 0, 0, str(error), "mend that, and complete again")
        if isinstance(done, Problem):
            problems.append(done)
        else:
            written += done
    return written, problems


def _write_one(path: Path, finding: Finding) -> bool | Problem:
    """Edit an entry's file as it is now: asking takes minutes, and a curator may have saved it meanwhile."""
    entry, changes = finding.entry, dict(finding.changes)
    text, problem = read_text(path)
    if problem:
        return problem._replace(hint="it was there when arXiv was asked; nothing was filled in")
    if text != entry.text:
        edited, _ = read_entry(text, entry.path, entry.paper.slug)
        if edited is None:
            return Problem(entry.path, 1, 1, "was changed meanwhile and cannot be read", "mend it and complete again")
        entry, changes = edited, fill(edited, finding.papers[0])[0]
    try:
        changed = edit_entry(entry, changes).text
    except ValueError as error:
        hint = "mend the entry and complete again: " + ", ".join(changes)
        return Problem(entry.path, 1, 1, f"cannot be filled in: {error}", hint)
    if changed != text:
        write_atomic(path, changed.encode())
    return changed != text
