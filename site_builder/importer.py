"""The way in: files of any known format to entries.

In: a Config and the files to import. Out: an ImportReport. Knows the steps and their order, nothing of their work.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from site_builder.config import Config
from site_builder.content.entry import Entry, write_entry
from site_builder.content.imported import Imported
from site_builder.content.match import Near, Shelf, open_shelf
from site_builder.content.merge import (
    COMPARED,
    OUTCOMES,
    Answer,
    Conflict,
    How,
    Merged,
    Outcome,
    leave_open,
    merge_draft,
)
from site_builder.content.store import (
    Content,
    find_again,
    keep_capture,
    load_content,
    load_imported,
    save_entries,
    save_imported,
)
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import read_text, show, write_atomic
from site_builder.formats.capture import Class
from site_builder.formats.draft import Draft
from site_builder.formats.extra import variables_of
from site_builder.formats.links import lift_links
from site_builder.hints import hint_name
from site_builder.library.stats import LastImport, read_last_import
from site_builder.library.tags import learn_tags, suggest_tags
from site_builder.paper import Tag, fold_title
from site_builder.prose.repair import plain_text
from site_builder.sources import Source, read_sources

WHOLE = ("capture", "records", "csv")  # formats whose links are all that a paper has


class Choices(NamedTuple):
    """What the curator decides of an import: fields in which files are believed, and `dry_run`, which writes nothing.

    `ask` decides of a draft that is nearly an entry. `today` is when papers join the list that have no capture.
    """

    preferred: frozenset[str] = frozenset()
    dry_run: bool = False
    ask: Callable[[Draft, Near], Answer] = leave_open
    today: date | None = None


class Ledger(NamedTuple):
    """What became of one file: of each record, and of a capture's lines by class; the day it is taken to be of."""

    file: str
    format: str
    day: date | None
    inferred: bool
    lines: Mapping[Class, int]
    records: tuple[tuple[Draft, Merged], ...]

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many records had each outcome."""
        found = [merged.outcome for _, merged in self.records]
        return {outcome: found.count(outcome) for outcome in OUTCOMES}


class ImportReport(NamedTuple):
    """What an import did, file by file."""

    ledgers: tuple[Ledger, ...]
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    written: int
    entries: int


def import_files(config: Config, files: Iterable[Path] = (), choices: Choices | None = None) -> ImportReport:
    """Import these files, or all captures that the project holds, into content/papers/.

    A capture from elsewhere is kept under content/captures/ too. What is faulty is noted and the rest goes on; only
    when imported.yml has faults is nothing imported.
    Raises SiteBuilderError when a file cannot be written, or a field is preferred that there is not.
    """
    chosen = choices or Choices()
    _check_fields(chosen.preferred)
    content = load_content(config.content)
    imported, problems = load_imported(config.content)
    if problems:  # it could not be told what was removed
        return _make_report([], content, content.entries, problems)
    sources, problems = read_sources(config.content, files, content)
    shelf = open_shelf(show(config.content / "papers"), content.entries, content.broken, plain_text)
    is_begun = bool(content.entries or content.broken)  # else the list is begun anew, and nothing was removed from it
    how = How(imported if is_begun else Imported(), chosen.preferred, chosen.ask, chosen.today)
    ledgers = []
    for source in sources:
        refusal = keep_capture(config.content, source.path, source.text, chosen.dry_run) if source.day else None
        problems += [refusal] if refusal else []
        if not refusal:
            ledgers.append(_import_one(shelf, source, content.tags, how))
    _tag_new_entries(shelf, content, ledgers)
    problems += _check_tags(ledgers, content.tags)
    if chosen.dry_run:
        return _make_report(ledgers, content, shelf.entries.values(), problems)
    before = {entry.paper.slug: entry for entry in content.entries}
    written, unwritten = save_entries(config.content, before, shelf.entries)
    if written:
        content = content._replace(problems=find_again(config.content, content.problems))
    lost = frozenset(problem.path for problem in unwritten)
    ledgers = [_without(ledger, lost) for ledger in ledgers]
    kept = [entry for entry in shelf.entries.values() if entry.path not in lost or entry.paper.slug in before]
    report = _make_report(ledgers, content, kept, [*problems, *unwritten])._replace(written=written)
    _remember_papers(config.content, kept, ledgers, imported)
    _leave_report(config.content, report, chosen.today)
    return report


def _check_fields(preferred: Iterable[str]) -> None:
    for key in preferred:
        if key not in COMPARED:
            hint = hint_name(key, COMPARED, f"it is one of {', '.join(COMPARED)}")
            raise SiteBuilderError(f"there is no field `{key}` in which a file can be believed; {hint}")


def _import_one(shelf: Shelf, source: Source, tags: Iterable[Tag], how: How) -> Ledger:
    """Merge the papers of one file into the entries."""
    lifts = source.format not in WHOLE
    slugs = {fold_title(name): tag.slug for tag in tags for name in (tag.slug, tag.name, *tag.aliases)}
    drafts = [_complete(draft, slugs, lifts=lifts) for draft in source.drafts]
    records = tuple([(draft, merge_draft(shelf, draft, how)) for draft in drafts])
    return Ledger(source.path.name, source.format, source.day, source.inferred, source.lines, records)


def _complete(draft: Draft, slugs: Mapping[str, str], *, lifts: bool) -> Draft:
    """Give a draft the tags that its keywords name, and its abstract's links; other keywords are kept as `extra`."""
    paper = draft.paper
    tags = [slugs[fold_title(word)] for word in draft.keywords if fold_title(word) in slugs]
    others = [word for word in draft.keywords if fold_title(word) not in slugs]
    if tags:
        paper = paper._replace(tags=tuple(dict.fromkeys([*paper.tags, *tags])))
    if others:
        paper = paper._replace(extra={**paper.extra, "csl": {**variables_of(paper), "keyword": ", ".join(others)}})
    if lifts:
        urls = {link.url for link in paper.links}
        lifted = [link for link in lift_links(paper.abstract) if link.url not in urls]
        paper = paper._replace(links=(*paper.links, *lifted))
    return draft._replace(paper=paper)


def _tag_new_entries(shelf: Shelf, content: Content, ledgers: Iterable[Ledger]) -> None:
    """Give new entries without tags those that the curated ones suggest; what this program exported has its own."""
    told = {merged.path for ledger in ledgers if ledger.format == "records" for _, merged in ledger.records}
    fresh = [shelf.entries[slug] for slug in sorted(shelf.fresh)]
    bare = [entry for entry in fresh if not entry.paper.tags and entry.path not in told]
    if not bare or not content.tags:
        return
    model = learn_tags([entry.paper for entry in content.entries], content.tags)
    for entry in bare:
        paper = entry.paper._replace(tags=suggest_tags(model, entry.paper))
        shelf.put(Entry(paper, entry.path, write_entry(paper, entry.notes, entry.given), entry.notes, entry.given))


def _without(ledger: Ledger, lost: Collection[str]) -> Ledger:
    """Take from a ledger what could not be written."""
    records = [
        (draft, Merged("conflict", conflicts=merged.conflicts) if merged.path in lost else merged)
        for draft, merged in ledger.records
    ]
    return ledger._replace(records=tuple(records))


def _check_tags(ledgers: Iterable[Ledger], tags: Iterable[Tag]) -> list[Problem]:
    """Report tags that entries got of a file, and that the vocabulary lacks."""
    known = sorted({name for tag in tags for name in (tag.slug, *tag.aliases)})
    return [
        Problem(
            draft.path,
            draft.line,
            1,
            f"the vocabulary has no tag `{slug}`, it was imported all the same",
            hint_name(slug, known, f"add it to tags.yml, or take it from {merged.path}"),
            "warning",
        )
        for ledger in ledgers
        for draft, merged in ledger.records
        if merged.outcome == "new" or "tags" in merged.changed
        for slug in draft.paper.tags
        if slug not in known
    ]


def _make_report(
    ledgers: Sequence[Ledger], content: Content, entries: Collection[Entry], problems: Iterable[Problem]
) -> ImportReport:
    merged = [one for ledger in ledgers for _, one in ledger.records]
    # A conflict between an entry and its captures is told once, however many captures repeat it.
    conflicts = {(one.path, one.key, one.kept, one.offered): one for record in merged for one in record.conflicts}
    found = [problem for one in merged for problem in one.problems]
    before = {entry.paper.slug: entry.text for entry in content.entries}
    written = sum(before.get(entry.paper.slug) != entry.text for entry in entries)
    told = (*content.problems, *problems, *found)
    return ImportReport(tuple(ledgers), tuple(conflicts.values()), told, written, len(entries))


def _remember_papers(folder: Path, entries: Iterable[Entry], ledgers: Iterable[Ledger], imported: Imported) -> None:
    """Note under what the papers of the list were met: so they are known, or stay away once they are removed."""
    slugs = {}
    for entry in entries:
        slugs[entry.path] = entry.paper.slug
        imported.note(entry.paper.slug, entry.paper)
    for draft, merged in [record for ledger in ledgers for record in ledger.records]:
        if merged.path in slugs:
            imported.note(slugs[merged.path], draft.paper)
    save_imported(folder, imported.papers)


def _leave_report(content: Path, report: ImportReport, today: date | None) -> None:
    """Leave what this import did where `site-builder stats` looks for it."""
    files = [{"file": ledger.file, "format": ledger.format, "outcomes": ledger.outcomes} for ledger in report.ledgers]
    near = [
        {
            "title": draft.paper.title,
            "source": f"{draft.path}:{draft.line}",
            "near": [one.entry.path for one in merged.near],
        }
        for ledger in report.ledgers
        for draft, merged in ledger.records
        if merged.near
    ]
    told = {
        "when": today and today.isoformat(),
        "files": files,
        "conflicts": [str(conflict) for conflict in report.conflicts],
        "near": near,
    }
    write_atomic(_report_file(content), json.dumps(told, ensure_ascii=False, indent=1).encode())


def load_last_import(content: Path) -> LastImport | None:
    """Load what the last import left; None when it left nothing that can be read."""
    text, problem = read_text(_report_file(content))
    return None if problem else read_last_import(text)


def _report_file(content: Path) -> Path:
    return content.absolute().parent / ".site-builder" / "import.json"
