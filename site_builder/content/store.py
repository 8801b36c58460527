"""The files under content/, on disk.

In: the content folder. Out: what it holds, all of its Problems; or changed files, each written beside its place
and moved over it. Must not know how a page looks.
"""

import difflib
import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from site_builder.content.captures import CaptureFact, read_capture_facts
from site_builder.content.entry import Entry, read_entry
from site_builder.content.frontmatter import split_front_matter
from site_builder.content.slugs import RESERVED_SLUGS
from site_builder.content.vocabulary import read_vocabulary
from site_builder.errors import Problem, cut_short
from site_builder.fields import Field, Source, compose, read_record
from site_builder.files import read_text, show, write_atomic
from site_builder.kinds import LINE, SLUG
from site_builder.paper import Tag, fold_title

Read = TypeVar("Read")

LONGEST_NAME = 120
RESERVED_PAGES = frozenset({"index", "search", "404"})

PAGE_FIELDS = (Field("title", LINE, "The page's title.", required=True),)


@dataclass(frozen=True, slots=True)
class Page:
    """A free page of the curator's, such as the one about the list: its text is Markdown."""

    slug: str
    title: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the content folder says, and every fault in it.

    `broken` names the slugs of entry files that could not be read at all.
    """

    entries: tuple[Entry, ...]
    tags: tuple[Tag, ...]
    pages: tuple[Page, ...]
    captures: dict[str, CaptureFact]
    broken: tuple[str, ...]
    problems: tuple[Problem, ...]


def load_content(folder: Path) -> Content:
    """Read the whole content folder; what is faulty is noted and the rest goes on."""
    problems: list[Problem] = []
    tags = _load_file(folder / "tags.yml", read_vocabulary, problems) or ()
    captures = _load_file(folder / "captures" / "captures.yml", read_capture_facts, problems) or {}
    entries, broken = _load_entries(folder / "papers", problems)
    pages = [page for path in _files(folder / "pages", ".md") if (page := _load_page(path, problems))]
    problems.extend(_check_tags(entries, tags))
    problems.extend(_check_aliases(entries))
    problems.extend(_check_twins(entries))
    return Content(tuple(entries), tags, tuple(pages), captures, tuple(broken), tuple(sorted(problems)))


def load_captures(paths: Iterable[Path]) -> tuple[dict[Path, str], list[Problem]]:
    """Read capture files. Returns their texts, and a Problem for each file that is not text."""
    texts, problems = {}, []
    for path in paths:
        text, problem = read_text(path)
        if problem:
            problems.append(problem)
        else:
            texts[path] = text
    return texts, problems


def check_captures(folder: Path, content: Content) -> list[Problem]:
    """Report captures that captures.yml or an entry names and the project does not hold."""
    held = {path.name for path in capture_files(folder)}
    facts = show(folder / "captures" / "captures.yml")
    named = dict.fromkeys(content.captures, facts)
    for entry in content.entries:
        for row in entry.paper.captures:
            named.setdefault(row.file, entry.path)
    missing = sorted((path, file) for file, path in named.items() if file not in held)
    hint = "correct the name, or add the file"
    return [Problem(path, 0, 0, f"there is no capture `{file}`", hint, "warning") for path, file in missing]


def capture_files(folder: Path) -> list[Path]:
    """Return the captures that the project holds, in the order of their names."""
    return _files(folder / "captures", ".txt")


def keep_capture(folder: Path, path: Path, text: str) -> Problem | None:
    """Keep a capture from elsewhere in the project, so that the list rests on what it holds itself."""
    kept = folder / "captures" / path.name
    if path.resolve() == kept.resolve():
        return None
    if path.suffix != ".txt" or path.name.startswith("."):
        return Problem(show(path), 0, 0, "a capture's name ends in .txt", "rename the file, then import it again")
    if kept.exists():
        same = kept.read_bytes() == text.encode()
        message = f"{show(kept)} is another capture of this name"
        return None if same else Problem(show(path), 0, 0, message, "mend that one, or rename this one; import again")
    write_atomic(kept, text.encode())
    return None


def save_entries(folder: Path, before: dict[str, Entry], after: dict[str, Entry]) -> int:
    """Write the entries that are new or changed; return how many were written."""
    changed = [e for slug, e in after.items() if slug not in before or before[slug].text != e.text]
    for entry in changed:
        write_atomic(folder / "papers" / f"{entry.paper.slug}.md", entry.text.encode())
    return len(changed)


def _load_file(
    path: Path, read: Callable[[str, str], tuple[Read, list[Problem]]], problems: list[Problem]
) -> Read | None:
    """Read one file by its reader; None when there is no such file, or no text in it."""
    if not path.exists():
        return None
    text, problem = read_text(path)
    value, found = (None, [problem]) if problem else read(text, show(path))
    problems.extend(found)
    return value


def _load_entries(folder: Path, problems: list[Problem]) -> tuple[list[Entry], list[str]]:
    entries, broken = [], []
    problems.extend(_check_names(folder, ".md"))
    for path in _files(folder, ".md"):
        if problem := _check_name(path, RESERVED_SLUGS):
            problems.append(problem)
            broken.append(path.stem)
            continue
        text, problem = read_text(path)
        entry, found = (None, [problem]) if problem else read_entry(text, show(path), path.stem)
        problems.extend(found)
        if entry:
            entries.append(entry)
        else:
            broken.append(path.stem)
    return entries, broken


def _check_name(path: Path, reserved: Container[str]) -> Problem | None:
    """Say what is wrong with a file's name, which is its page's address."""
    if path.stem in reserved:
        return Problem(show(path), 0, 0, f"`{path.stem}` is the name of a page of the program's own", "rename the file")
    if not SLUG.fullmatch(path.stem) or len(path.stem) > LONGEST_NAME:
        hint = f"small letters, digits and single hyphens, at most {LONGEST_NAME}: its name is the page's address"
        return Problem(show(path), 0, 0, f"`{cut_short(path.name)}` is not a name for a page", hint)
    return None


def _check_names(folder: Path, suffix: str) -> list[Problem]:
    """Report what lies in a folder and is not read."""
    if not folder.is_dir():
        return []
    left_out = [
        p for p in sorted(folder.iterdir()) if not p.name.startswith(".") and not (p.suffix == suffix and p.is_file())
    ]
    hint = f"a file that is read ends in {suffix}"
    return [Problem(show(path), 0, 0, "this is not read", hint, "warning") for path in left_out]


def _load_page(path: Path, problems: list[Problem]) -> Page | None:
    if problem := _check_name(path, RESERVED_PAGES):
        problems.append(problem)
        return None
    text, problem = read_text(path)
    parts = problem or split_front_matter(text, show(path))
    if isinstance(parts, Problem):
        problems.append(parts)
        return None
    source = Source(show(path), first_line=2)
    node = compose(parts.yaml, source)
    values = read_record(node, PAGE_FIELDS, source) if node else {}
    problems.extend(source.problems)
    return Page(path.stem, values.get("title", path.stem), show(path), parts.notes)


def _files(folder: Path, suffix: str) -> list[Path]:
    """Return the files of a folder with that ending, sorted by name; hidden ones are left out."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.suffix == suffix and not p.name.startswith(".") and p.is_file())


def _check_tags(entries: list[Entry], tags: tuple[Tag, ...]) -> list[Problem]:
    """Report tags that the vocabulary lacks, at their own line and column."""
    known = {name for tag in tags for name in (tag.slug, *tag.aliases)}
    problems = []
    for entry in entries:
        for slug in entry.paper.tags:
            if slug not in known:
                close = difflib.get_close_matches(slug, known, n=1)
                hint = f"did you mean `{close[0]}`?" if close else "add it to content/tags.yml, or take it away here"
                line, column = _place_of_tag(entry.text, slug)
                problems.append(Problem(entry.path, line, column, f"the vocabulary has no tag `{slug}`", hint))
    return problems


def _place_of_tag(text: str, slug: str) -> tuple[int, int]:
    """Find where a tag stands in an entry's text."""
    field = re.search(r"^tags:", text, re.MULTILINE)
    found = re.compile(rf"(?<![\w-]){re.escape(slug)}(?![\w-])").search(text, field.end() if field else 0)
    if not found:
        return 1, 1
    return text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())


def _check_twins(entries: list[Entry]) -> list[Problem]:
    """Report two entries of one title: an import would know only the first."""
    first: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        other = first.setdefault(fold_title(entry.paper.title), entry)
        if other is not entry:
            message = f"this has the title of {other.path}"
            problems.append(Problem(entry.path, 1, 1, message, "keep one of the two", "warning"))
    return problems


def _check_aliases(entries: list[Entry]) -> list[Problem]:
    """Report an alias that is another entry's address, or that two entries claim."""
    owners = {entry.paper.slug: entry.path for entry in entries}
    problems = []
    for entry in entries:
        for alias in entry.paper.aliases:
            if owners.setdefault(alias, entry.path) != entry.path:
                message = f"the alias `{alias}` is taken by {owners[alias]}"
                problems.append(Problem(entry.path, 1, 1, message, "an old address can lead to one page only"))
    return problems
