"""The papers' files -> the catalogue: each file is read once for each content it has.

In: the content folder, what the last build took in. Out: a `Catalogue`, and bodies and words when they are asked
for. Must not know pages, nor how an index is made.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from site_builder.content.captures import CaptureFact
from site_builder.content.checks import Claim, check_list, check_paths, name_tags
from site_builder.content.entry import read_entry
from site_builder.content.paths import ReadingPath
from site_builder.content.store import Frame, Page, check_entry_name, load_frame
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import decode_text, read_bytes, read_text, show, unreadable
from site_builder.formats.identifiers import without_version
from site_builder.jobs import Tell, spread
from site_builder.keep import Keep, digest, seal
from site_builder.library.brief import Body, Brief, digest_result, make_brief, pack_body, unpack_body
from site_builder.paper import Tag
from site_builder.search.words import OwnWords, read_words, searched_texts
from site_builder.state import Files

NEAR = 2_000  # bodies that are at hand
PART = 100  # files that a process takes in at a time

Kept = tuple[tuple[bytes, bytes], ...]  # sealed values


class Row(NamedTuple):
    """A file as it was taken in: its content's digest; its brief, or None when there is no entry in it.

    `found` is a digest of what search finds it by but for its tags, `shown` one of what a result shows of it but for
    its tags, `lengths` how many terms its fields have.
    `problems` are without the path: line, column, message, hint, severity, whether they may pass.
    """

    content: bytes
    brief: Brief | None
    found: bytes
    shown: bytes
    lengths: tuple[int, int, int]
    problems: tuple[tuple[Any, ...], ...]


_NOTHING = Row(b"", None, b"", b"", (0, 0, 0), ())


class Taken(NamedTuple):
    """What was found in an entry's file: its row, what is to be kept of it, its body and its words."""

    row: Row
    kept: Kept = ()
    body: Body | None = None
    words: OwnWords | None = None


def take_in(path: Path, known: bytes) -> Taken | None:
    """Read an entry's file. None when its content has the known digest."""
    try:
        data = read_bytes(str(path))
    except OSError as error:
        return Taken(_NOTHING._replace(problems=_without_path([unreadable("", error)])))
    content = digest(path.stem, data)
    if content == known:
        return None
    text, undecodable = decode_text(data, "")
    entry, problems = (None, [undecodable]) if undecodable else read_entry(text, "", path.stem)
    told = _without_path(problems)
    if not entry:
        return Taken(_NOTHING._replace(content=content, problems=told))
    brief, body = make_brief(entry, content)
    texts = searched_texts(body)
    words = read_words(texts)
    found = digest(texts)
    kept = (seal(digest("body", content), pack_body(body)), seal(digest("words", found), tuple(words)))
    return Taken(Row(content, brief, found, digest_result(brief, body), words.lengths, told), kept, body, words)


def _without_path(problems: list[Problem]) -> tuple[tuple[Any, ...], ...]:
    """Write problems as a row keeps them: the folder may have another name the next time."""
    return tuple([(p.line, p.column, p.message, p.hint, p.severity, p.passing) for p in problems])


class Shelf:
    """The papers' bodies and words: at hand, as they were kept, or read again from their files."""

    def __init__(self, papers: Path, keep: Keep) -> None:
        """Stand between a folder of entries and what is kept of them."""
        self.papers, self.keep = papers, keep
        self._bodies: dict[bytes, Body] = {}
        self._words: dict[bytes, OwnWords] = {}
        self.body = lru_cache(NEAR)(self._body)  # a paper is on its page, in some feeds, and among the results

    def lay(self, taken: Taken) -> None:
        """Have at hand what this process took in."""
        if taken.body and taken.words and len(self._bodies) < NEAR:
            self._bodies[taken.row.content] = taken.body
            self._words[taken.row.found] = taken.words

    def _body(self, slug: str, content: bytes) -> Body:
        """Return all that is known of a paper. Raises SiteBuilderError when its file has changed meanwhile."""
        if content in self._bodies:
            return self._bodies[content]
        packed = self.keep.get(digest("body", content))
        return unpack_body(packed) if packed else self._read_again(slug, content)

    def words(self, row: Row) -> OwnWords:
        """Return a paper's own words."""
        assert row.brief
        known = self.words_before(row.found)
        return known or read_words(searched_texts(self._read_again(row.brief.slug, row.content)))

    def words_before(self, found: bytes) -> OwnWords | None:
        """Return the words that some paper had once; None when they were lost."""
        if found in self._words:
            return self._words[found]
        kept = self.keep.get(digest("words", found))
        return OwnWords(*kept) if kept else None

    def _read_again(self, slug: str, content: bytes) -> Body:
        """Read a paper whose body was lost from its file, and keep it."""
        path = self.papers / f"{slug}.md"
        taken = take_in(path, b"")
        if not taken or not taken.body or taken.row.content != content:
            raise SiteBuilderError(f"{show(path)} was changed while the site was built; build again")
        self.keep.put(taken.kept)
        return taken.body


class Intake(NamedTuple):
    """What the content folder holds, each file by itself; `papers` is the folder of entries.

    `problems` are those that no row and no frame has. `parsed` tells how many files had to be read for it.
    """

    papers: Path
    rows: Mapping[str, Row]
    frame: Frame
    shelf: Shelf
    problems: tuple[Problem, ...]
    parsed: int


class Catalogue(NamedTuple):
    """All that the content folder says, papers in brief; their `shelf` has the rest.

    `parsed` tells how many files had to be read for it.
    """

    rows: Mapping[str, Row]
    shelf: Shelf
    tags: tuple[Tag, ...]
    pages: tuple[Page, ...]
    paths: tuple[ReadingPath, ...]
    captures: Mapping[str, CaptureFact]
    problems: tuple[Problem, ...]
    parsed: int

    @property
    def briefs(self) -> list[Brief]:
        """The papers, drafts too."""
        return [row.brief for row in self.rows.values() if row.brief]

    @property
    def shown(self) -> int:
        """How many papers the site shows."""
        return sum(not brief.draft for brief in self.briefs)


def read_files(
    folder: Path,
    files: Files,
    known: Mapping[str, Row],
    same: frozenset[str],
    keep: Keep,
    jobs: int = 0,
    tell: Tell | None = None,
) -> Intake:
    """Read what the content folder holds, each file by itself. Raises SiteBuilderError when it is gone.

    `files` are those in its folder of papers; `known` is what was taken in before, and `same` names the files whose
    signatures are as they were then.
    """
    frame = load_frame(folder)
    papers = folder / "papers"
    shelf = Shelf(papers, keep)
    rows: dict[str, Row] = {}
    problems, waiting = list[Problem](), list[str]()
    for name in sorted(files):
        if name in same and name in known:
            rows[name] = known[name]
        elif problem := check_entry_name(papers / name):
            problems.append(problem)
        else:
            waiting.append(name)
            rows[name] = known.get(name, _NOTHING)  # holds its place in the order
    parsed = _take_in_all(shelf, waiting, rows, jobs, tell)
    for needed in (folder, *([papers] if files else [])):
        if not needed.is_dir():
            raise SiteBuilderError(f"the folder {show(needed)} was taken away while the site was built")
    if known and not papers.exists():
        hint = "bring it back, or leave it out if no paper is to be shown"
        problems.append(Problem(show(papers), 0, 0, "this folder is gone, and with it every paper", hint, "warning"))
    return Intake(papers, rows, frame, shelf, tuple(problems), parsed)


def make_catalogue(intake: Intake, rows: Mapping[str, Row], frame: Frame) -> Catalogue:
    """Make the catalogue of these rows and this frame; the faults of single files are those of the files as they are.

    They may be others than the intake's, where what a file said before stands in for what it says now.
    """
    folder = show(intake.papers)
    own = [Problem(f"{folder}/{name}", *problem) for name, row in intake.rows.items() for problem in row.problems]
    between = _check_between(rows, folder, frame)
    problems = sorted([*intake.problems, *intake.frame.problems, *name_tags(own, frame.tags), *between])
    return Catalogue(
        rows, intake.shelf, frame.tags, frame.pages, frame.paths, frame.captures, tuple(problems), intake.parsed
    )


def _take_in_all(shelf: Shelf, names: list[str], rows: dict[str, Row], jobs: int, tell: Tell | None) -> int:
    """Take in files, and put the rows of those whose content is new in their places; return how many were."""

    def take_in_part(part: Sequence[str]) -> list[tuple[Row, Kept] | None]:
        found = [take_in(shelf.papers / name, rows[name].content) for name in part]
        for taken in found:
            if taken:
                shelf.lay(taken)
        return [taken and taken[:2] for taken in found]

    parsed = done = 0
    for part, results in spread(take_in_part, names, PART, jobs):
        done += len(part)
        if tell:
            tell("read", done, len(names))
        for name, result in zip(part, results, strict=True):
            if result:
                rows[name], kept = result
                shelf.keep.put(kept)
                parsed += 1
    return parsed


def _check_between(rows: Mapping[str, Row], folder: str, frame: Frame) -> list[Problem]:
    """Return what is wrong between entries, and with the papers that reading paths name."""
    claims = [_claim(f"{folder}/{name}", row.brief) for name, row in rows.items() if row.brief]
    shown = {row.brief.slug for row in rows.values() if row.brief and not row.brief.draft}
    others = {name.removesuffix(".md") for name in rows} - shown
    told = check_list(claims, frame.tags, frame.vocabulary, _text_of)
    return told + check_paths(frame.paths, shown, others, _text_of)


def _claim(path: str, brief: Brief) -> Claim:
    year, arxiv = "" if brief.guessed else brief.published[:4], without_version(brief.arxiv)
    return Claim(path, brief.slug, brief.folded, brief.tags, brief.aliases, year, arxiv, brief.doi.casefold())


def _text_of(path: str) -> str:
    return read_text(Path(path))[0]
