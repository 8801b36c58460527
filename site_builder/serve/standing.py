"""What stands in for a file while it has a fault that it had not before: what it said then.

In: what was shown last, what the files say now. Out: what is to be shown now, and of which files that is the former
text. Must not know how it is shown. A fault that a file had from the start holds nothing up, and neither does one
between files: what they say is shown as a build shows it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from site_builder.config import Facts
from site_builder.content.paths import ReadingPath
from site_builder.content.store import Frame, Page
from site_builder.errors import Problem
from site_builder.files import show
from site_builder.intake import Row

Text = TypeVar("Text", Page, ReadingPath)
Faults = Mapping[str, frozenset[str]]  # the messages of the errors of each file


class Shown(NamedTuple):
    """What is shown of each file: of the entries, of the frame around them, of site.yml; and the faults of that.

    `standing` names the files whose former text it is.
    """

    rows: Mapping[str, Row]
    frame: Frame
    facts: Facts
    faults: Faults
    standing: tuple[str, ...] = ()


def stand_in(before: Shown | None, now: Shown, content: Path) -> Shown:
    """Return what is to be shown: the former text of each file that has a new fault, where there is one."""
    if not before:
        return now
    rows = _find_rows(before.rows, now.rows)
    faulty = {path for path, found in now.faults.items() if not found <= before.faults.get(path, frozenset())}
    own = {name: show(content / name) for name in ("site.yml", "tags.yml", "captures/captures.yml")}
    pages, kept_pages = _stand_in_texts(before.frame.pages, now.frame.pages, faulty)
    paths, kept_paths = _stand_in_texts(before.frame.paths, now.frame.paths, faulty)
    frame = Frame(
        before.frame.tags if own["tags.yml"] in faulty else now.frame.tags,
        pages,
        paths,
        before.frame.captures if own["captures/captures.yml"] in faulty else now.frame.captures,
        now.frame.problems,
        before.frame.vocabulary if own["tags.yml"] in faulty else now.frame.vocabulary,
    )
    is_gone = not (content / "site.yml").exists()  # for a moment, mostly: an editor or git puts it back
    kept = {*kept_pages, *kept_paths, *faulty.intersection(own.values())}
    return Shown(
        {**now.rows, **rows} if rows else now.rows,
        frame,
        before.facts if own["site.yml"] in faulty or is_gone else now.facts,
        {**now.faults, **{path: before.faults.get(path, frozenset()) for path in kept}},
        tuple(sorted([*(show(content / "papers" / name) for name in rows), *kept])),
    )


def find_faults(problems: Iterable[Problem]) -> Faults:
    """Return the messages of the errors of each file."""
    found = defaultdict[str, set[str]](set)
    for problem in problems:
        if problem.severity == "error":
            found[problem.path].add(problem.message)
    return {path: frozenset(messages) for path, messages in found.items()}


def _find_rows(before: Mapping[str, Row], now: Mapping[str, Row]) -> dict[str, Row]:
    """Return the former rows of the entries that have a new fault; of those that are as they were there is none."""
    faulty = {name: before[name] for name, row in now.items() if row.problems and name in before}
    return {name: former for name, former in faulty.items() if former.brief and _is_worse(now[name], former)}


def _is_worse(row: Row, former: Row) -> bool:
    return row is not former and (row.brief is None or not _errors_of(row) <= _errors_of(former))


def _errors_of(row: Row) -> set[str]:
    return {message for _, _, message, _, severity, _ in row.problems if severity == "error"}


def _stand_in_texts(
    before: Iterable[Text], now: Iterable[Text], faulty: set[str]
) -> tuple[tuple[Text, ...], list[str]]:
    """Put the former texts in the places of faulty ones; return which these are."""
    former = {text.path: text for text in before if text.path in faulty}
    texts = {text.path: text for text in now} | former
    return tuple([texts[path] for path in sorted(texts)]), list(former)
