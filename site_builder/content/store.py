"""The files under content/, on disk.

In: the content folder. Out: what it holds, all of its Problems; or changed files, each written beside its place
and moved over it. Must not know how a page looks.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from site_builder.content.captures import CaptureFact, read_capture_facts
from site_builder.content.checks import Claim, check_list, name_tags
from site_builder.content.entry import Entry, read_entry
from site_builder.content.frontmatter import split_front_matter
from site_builder.content.imported import Imported, Met, read_imported, write_imported
from site_builder.content.paths import ReadingPath, read_path
from site_builder.content.slugs import LONGEST_NAME, is_name
from site_builder.content.vocabulary import Vocabulary, read_tags
from site_builder.errors import Problem, SiteBuilderError, cut_short
from site_builder.fields import Field, Source, compose, read_record
from site_builder.files import read_text, show, write_atomic
from site_builder.formats.identifiers import without_version
from site_builder.kinds import LINE, RESERVED_SLUGS
from site_builder.paper import Paper, Tag, fold_title

Read = TypeVar("Read")

IMPORTED = "imported.yml"
RESERVED_PAGES = frozenset({"index", "search", "404"})

PAGE_FIELDS = (Field("title", LINE, "The page's title.", required=True),)


class Page(NamedTuple):
    """A free page of the curator's, such as the one about the list: its text is Markdown."""

    slug: str
    title: str
    path: str
    text: str


class Frame(NamedTuple):
    """What the content folder says beside its papers, and every fault in that.

    `vocabulary` is the path of tags.yml when no fault cost a tag in it: then tags that it lacks can be told.
    """

    tags: tuple[Tag, ...]
    pages: tuple[Page, ...]
    paths: tuple[ReadingPath, ...]
    captures: dict[str, CaptureFact]
    problems: tuple[Problem, ...]
    vocabulary: str


class Content(NamedTuple):
    """Everything that the content folder says, and every fault in it.

    `broken` names the slugs of entry files that could not be read at all.
    """

    entries: tuple[Entry, ...]
    tags: tuple[Tag, ...]
    captures: dict[str, CaptureFact]
    broken: tuple[str, ...]
    problems: tuple[Problem, ...]


def load_content(folder: Path) -> Content:
    """Read the whole content folder; what is faulty is noted and the rest goes on."""
    frame = load_frame(folder)
    entries, broken, problems = _load_entries(folder / "papers")
    claims = [_claim(entry.path, entry.paper) for entry in entries]
    found = check_list(claims, frame.tags, frame.vocabulary, {entry.path: entry.text for entry in entries}.__getitem__)
    told = sorted([*name_tags(problems, frame.tags), *found])
    return Content(tuple(entries), frame.tags, frame.captures, tuple(broken), (*frame.problems, *told))


def find_again(folder: Path, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return faults of the content with the places at which they stand now that files were written."""
    found = {(problem.path, problem.message): problem for problem in load_content(folder).problems} if problems else {}
    return tuple([found.get((problem.path, problem.message), problem) for problem in problems])


def _claim(path: str, paper: Paper) -> Claim:
    year = paper.published.isoformat()[:4] if paper.published and paper.published_year != "inferred" else ""
    arxiv, doi = without_version(paper.arxiv or ""), (paper.doi or "").casefold()
    return Claim(path, paper.slug, fold_title(paper.title), paper.tags, paper.aliases, year, arxiv, doi)


def load_frame(folder: Path) -> Frame:
    """Read what the content folder holds beside its papers."""
    problems: list[Problem] = []
    vocabulary = _load_file(folder / "tags.yml", read_tags, problems) or Vocabulary()
    is_silent = not vocabulary.tags and not problems  # no file, or nothing in it: that is then the fault
    captures = _load_file(folder / "captures" / "captures.yml", read_capture_facts, problems) or {}
    pages = [page for path in _files(folder / "pages", ".md") if (page := _load_page(path, problems))]
    paths, found = load_paths(folder)
    told = tuple(sorted([*problems, *found]))
    known = show(folder / "tags.yml") if vocabulary.is_whole or is_silent else ""
    return Frame(vocabulary.tags, tuple(pages), tuple(paths), captures, told, known)


def load_texts(paths: Iterable[Path]) -> tuple[dict[Path, str], list[Problem]]:
    """Read the files to be imported. Returns their texts, and a Problem for each file that is not text."""
    texts, problems = {}, []
    for path in paths:
        text, problem = read_text(path)
        if problem:
            problems.append(problem)
        else:
            texts[path] = text
    return texts, problems


def check_captures(folder: Path, stated: Iterable[str], seen: Iterable[tuple[str, str]]) -> list[Problem]:
    """Report captures that the project does not hold: those that captures.yml states, and those seen in entries.

    Each of `seen` is a capture's file and the path of the entry that names it.
    """
    held = {path.name for path in capture_files(folder)}
    named = dict.fromkeys(stated, show(folder / "captures" / "captures.yml"))
    for file, path in seen:
        named.setdefault(file, path)
    missing = sorted((path, file) for file, path in named.items() if file not in held)
    hint = "correct the name, or add the file"
    return [
        Problem(path, *_find(path, file), f"there is no capture `{file}`", hint, "warning") for path, file in missing
    ]


def _find(path: str, word: str) -> tuple[int, int]:
    """Find the line and column of a word in a file; none when it is written in another way."""
    text, _ = read_text(Path(path))
    place = text.find(word)
    return (text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)) if place >= 0 else (0, 0)


def capture_files(folder: Path) -> list[Path]:
    """Return the captures that the project holds, in the order of their names."""
    return _files(folder / "captures", ".txt")


def keep_capture(folder: Path, path: Path, text: str, dry_run: bool) -> Problem | None:
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
    try:
        if not dry_run:
            write_atomic(kept, text.encode())
    except SiteBuilderError as error:
        return Problem(show(path), 0, 0, str(error), "mend that, and import again")
    return None


def load_paths(folder: Path) -> tuple[list[ReadingPath], list[Problem]]:
    """Read the reading paths."""
    paths, problems = list[ReadingPath](), list[Problem]()
    for path in _files(folder / "collections", ".md"):
        problem = _check_name(path, RESERVED_SLUGS)
        text, unread = ("", problem) if problem else read_text(path)
        found, faults = (None, [unread]) if unread else read_path(text, show(path), path.stem)
        problems.extend(faults)
        paths.extend([found] if found else [])
    return paths, problems


def load_imported(folder: Path) -> tuple[Imported, list[Problem]]:
    """Read what was imported once."""
    problems: list[Problem] = []
    return _load_file(folder / IMPORTED, read_imported, problems) or Imported(), problems


def save_imported(folder: Path, papers: Mapping[str, Met]) -> None:
    """Write down under what each paper of the list was met."""
    path = folder / IMPORTED
    text, _ = read_text(path) if path.exists() else ("", None)
    written = write_imported(text, papers)
    if written != text:
        write_atomic(path, written.encode())


def save_entries(folder: Path, before: dict[str, Entry], after: dict[str, Entry]) -> tuple[int, list[Problem]]:
    """Write the entries that are new or changed; return how many were written, and a Problem for each that was not."""
    written, problems = 0, list[Problem]()
    for slug, entry in after.items():
        if slug in before and before[slug].text == entry.text:
            continue
        try:
            write_atomic(folder / "papers" / f"{slug}.md", entry.text.encode())
            written += 1
        except SiteBuilderError as error:
            problems.append(Problem(entry.path, 0, 0, str(error), "mend that, and import again"))
    return written, problems


def save_new_entry(path: Path, text: str) -> None:
    """Write the file of a new entry. Raises SiteBuilderError when there is one already, or the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(text.encode())
    except OSError as error:
        raise SiteBuilderError(f"cannot write {show(path)}: {error.strerror}") from error


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


def _load_entries(folder: Path) -> tuple[list[Entry], list[str], list[Problem]]:
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []
    entries, broken, problems = [], [], []
    for name in sorted(names):
        if problem := check_entry_name(folder / name):
            problems.append(problem)
            if problem.severity == "error":
                broken.append(name.removesuffix(".md"))
            continue
        path = folder / name
        text, problem = read_text(path)
        entry, found = (None, [problem]) if problem else read_entry(text, show(path), path.stem)
        problems.extend(found)
        if entry:
            entries.append(entry)
        else:
            broken.append(path.stem)
    return entries, broken, problems


def check_entry_name(path: Path) -> Problem | None:
    """Say what is wrong with the name of something in the folder of entries; a warning says that it is not read."""
    if path.is_dir():
        return Problem(show(path), 0, 0, "this is not read", "it is a folder", "warning")
    if path.suffix != ".md":
        return Problem(show(path), 0, 0, "this is not read", "a file that is read ends in .md", "warning")
    return _check_name(path, RESERVED_SLUGS)


def _check_name(path: Path, reserved: Container[str]) -> Problem | None:
    """Say what is wrong with a file's name, which is its page's address."""
    if path.stem in reserved:
        return Problem(show(path), 0, 0, f"`{path.stem}` is the name of a page of the program's own", "rename the file")
    if not is_name(path.stem):
        hint = f"small letters, digits and single hyphens, at most {LONGEST_NAME}: its name is the page's address"
        return Problem(show(path), 0, 0, f"`{cut_short(path.name)}` is not a name for a page", hint)
    return None


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
