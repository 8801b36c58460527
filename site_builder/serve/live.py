"""The site as it is now: built again in this process whenever the content changes, and rendered when it is asked for.

In: a project, the files that may have changed. Out: the bytes of the site's files; what a rebuild did. Must not know
who looks at it. Nothing is written: what a build would write is planned, and a page is made when it is wanted.

A rebuild that meets a fault which was not there before is not shown: the edition before stays.
"""

import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from site_builder import state
from site_builder.build import PlannedPages, plan_pages, plan_rest, read_catalogue
from site_builder.config import Config, load_config
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import show
from site_builder.importer import load_last_import
from site_builder.intake import Catalogue
from site_builder.jobs import Tell
from site_builder.keep import digest
from site_builder.memory import Memory, begin_again, forget, open_memory
from site_builder.publish import find_collisions
from site_builder.render import curate
from site_builder.render.curate import CURATE
from site_builder.render.output import OutputFile
from site_builder.render.templates import TemplateFault

FEW = 100  # files that are looked at one by one when just they may have changed
NEAR = 500  # rendered files that are at hand
STYLES = re.compile(rb"(assets/[\w./-]+?)\.[0-9a-f]{12}(?=\.css\b)")
INNER = ("papers", "pages", "collections", "captures")  # folders of the content
SEARCH_PAGE, SEARCH_HEAD = "search.html", "search/meta.js"


Looked = dict[Path, state.Files]  # what was found in each folder


class Edition(NamedTuple):
    """The site at one moment: its pages and assets by path; the rest is planned when it is wanted.

    `faults` are those that the content had then, by file and message.
    """

    config: Config
    catalogue: Catalogue
    planned: PlannedPages
    files: dict[str, OutputFile]
    faults: frozenset[tuple[str, str]]

    @property
    def drafts(self) -> list[str]:
        """The pages of papers that are not published."""
        papers = self.planned.press.library.papers.values()
        return [f"papers/{brief.slug}.html" for brief in papers if brief.draft]

    @property
    def styles(self) -> list[str]:
        """Where the stylesheets lie."""
        return [file.path for file in self.planned.assets if file.path.endswith(".css")]


class Rebuilt(NamedTuple):
    """What a rebuild did: the files that had changed, whether the edition before had to stay, how long it took."""

    changed: tuple[str, ...]
    is_held: bool
    seconds: float


class Live:
    """A project's site, kept up to date. `problems` are those of the content and templates as they are now."""

    def __init__(self, config: Config, templates: Path | None, memory: Memory, tell: Tell | None = None) -> None:
        """Read the content; nothing is built yet. `templates` is the folder that was asked for."""
        self.content, self.output, self.templates = config.content, config.output, templates
        self.edition: Edition | None = None
        self.problems: tuple[Problem, ...] = ()
        self.is_held = False
        rows = read_catalogue(config, memory, tell=tell).rows
        self._memory = memory._replace(rows=rows)
        self._completed = memory  # with what the index was made of
        self._rest: dict[str, OutputFile] | None = None
        self._rendered: dict[str, tuple[bytes, bytes]] = {}
        self._seen: state.Seen = {}
        self._looked: Looked = {}
        self._looked_at = 0

    # ---------------------------------------------------------------- what has changed

    def build(self) -> Rebuilt:
        """Build for the first time."""
        folders, now = self._folders(), time.time_ns()
        return self._build(folders, now, self._look(folders, ()), set(), ())

    def rebuild(self, touched: Collection[str] = (), watched: Collection[str] = ()) -> Rebuilt | None:
        """Build again when something has changed; None when nothing has.

        `touched` names the files that may have changed, all when it is empty; `watched` are the pages that somebody
        looks at: a fault in one of them is a fault of the build.
        """
        folders, now = self._folders(), time.time_ns()
        seen = self._look(folders, touched)
        changed = self._find_changes(_by_folder(folders, seen), set(touched))
        return self._build(folders, now, seen, changed, watched) if changed else None

    def _folders(self) -> dict[str, Path]:
        """Return the folders that the site follows from, by the names that a look gives them."""
        given = str(self.templates) if self.templates else None
        templates = state.template_folders(str(self.content), given)
        inner = {name: self.content / name for name in INNER}
        return {"content": self.content, **inner, **{f"templates {n}": Path(at) for n, at in enumerate(templates)}}

    def _look(self, folders: dict[str, Path], touched: Collection[str]) -> state.Seen:
        """Look at everything; only at the files of papers that were touched when nothing else was."""
        papers, paths = folders["papers"].absolute(), set(map(Path, touched))
        if self._seen and 0 < len(paths) < FEW and {path.parent for path in paths} == {papers} and papers.is_dir():
            files = dict(self._seen["papers"])
            for path in paths:
                files.pop(path.name, None)
                if not path.name.startswith(".") and (path.exists() or path.is_symlink()):
                    files[path.name] = _sign(path)
            return {**self._seen, "papers": files}
        templates = tuple(str(path) for name, path in folders.items() if name.startswith("templates"))
        seen = state.look(str(self.content), templates)
        for inner in INNER:  # a folder's own time tells nothing of what is in its files
            seen["content"].pop(inner, None)
        return seen

    def _find_changes(self, found: Looked, touched: set[str]) -> set[Path]:
        """Return the files that differ from the last look.

        A file that was touched and written so lately that another change would not show is taken to differ.
        """
        changed = {
            folder / name
            for folder in self._looked.keys() | found.keys()
            for name, _ in self._looked.get(folder, {}).items() ^ found.get(folder, {}).items()
        }
        if changed or not touched:
            return changed
        return {
            folder / name
            for folder, files in self._looked.items()
            for name, signature in state.settle({"": files}, self._looked_at)[""].items()
            if signature is None and str(folder.absolute() / name) in touched
        }

    # ---------------------------------------------------------------- building

    def _build(
        self, folders: dict[str, Path], now: int, seen: state.Seen, changed: set[Path], watched: Collection[str]
    ) -> Rebuilt:
        """Build, and show the outcome unless a fault came with it."""
        self._seen, self._looked, self._looked_at = seen, _by_folder(folders, seen), now
        try:
            edition, self.problems = self._make_edition(now, seen)
            of_content = all(path.is_relative_to(self.content) for path in changed)
            self._try_pages(edition, watched, every_kind=not of_content)
            self.is_held = self.edition is not None and not edition.faults <= self.edition.faults
            if not self.is_held:
                self.edition, self._rest = edition, None
        except (SiteBuilderError, OSError) as error:
            self.is_held, self.problems = True, (self._fault_of(error),)
        return Rebuilt(tuple(sorted(map(show, changed))), self.is_held, (time.time_ns() - now) / 1e9)

    def _make_edition(self, now: int, seen: state.Seen) -> tuple[Edition, tuple[Problem, ...]]:
        """Plan the pages as they are now; and tell what is wrong with the content."""
        config, problems = load_config(self.content, self.output, self.templates)
        memory = begin_again(self._memory, now, seen)
        catalogue = read_catalogue(config, memory, jobs=1)  # a process with threads must not be forked
        self._memory = memory._replace(rows=catalogue.rows)
        planned = plan_pages(config, memory, catalogue, drafts=True)
        files, collisions = find_collisions([*planned.assets, *planned.pages])
        found = tuple(dict.fromkeys([*problems, *catalogue.problems, *collisions]))
        faults = frozenset((problem.path, problem.message) for problem in found if problem.severity == "error")
        return Edition(config, catalogue, planned, {file.path: file for file in files}, faults), found

    def _try_pages(self, edition: Edition, watched: Collection[str], *, every_kind: bool) -> None:
        """Render the pages that somebody looks at, and, when templates changed, a page of each kind."""
        samples: dict[str, str] = {}
        for path in edition.files if every_kind else ():
            folder, _, name = path.rpartition("/")
            samples.setdefault(path if name == "index.html" or not folder else folder, path)
        for path in {*samples.values(), *watched} & edition.files.keys():
            self._render(edition.files[path])

    def _fault_of(self, error: SiteBuilderError | OSError) -> Problem:
        if isinstance(error, TemplateFault):
            return error.problem
        said = f"cannot read {error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
        return Problem(show(self.content), 0, 0, said)

    def complete(self) -> dict[str, OutputFile]:
        """Plan what goes with the pages: the search and the feeds. They take as long as the pages do."""
        edition = self.edition
        if edition is None:
            return {}
        if self._rest is None:
            memory = self._memory._replace(search=self._completed.search)
            site = plan_rest(edition.config, memory, edition.catalogue, edition.planned)
            forget(self._completed, edition.catalogue.rows, site.search)
            self._completed = self._memory._replace(rows=edition.catalogue.rows, search=site.search)
            self._rest = {file.path: file for file in site.files if file.path not in edition.files}
        return self._rest

    # ---------------------------------------------------------------- reading

    def find(self, path: str) -> OutputFile | None:
        """Return a file of the site; the curator's page is among them, whatever the settings say."""
        if self.edition is None:
            return None
        if path == CURATE:
            return self._plan_curated(self.edition)
        return self.edition.files.get(path) or (None if path.endswith(".html") else self.complete().get(path))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file of the site; None when there is none.

        Raises SiteBuilderError when it cannot be rendered, which is among the problems from then on.
        """
        try:
            file = self.find(path)
            return file and self._render(file)
        except SiteBuilderError as error:
            self.problems = tuple(dict.fromkeys([*self.problems, self._fault_of(error)]))
            raise

    def _plan_curated(self, edition: Edition) -> OutputFile:
        """Plan the curator's page, with what the last import did."""
        briefs, tags = edition.catalogue.briefs, edition.catalogue.tags
        return next(curate.plan(edition.planned.press, briefs, tags, load_last_import(self.content)))

    def _render(self, file: OutputFile) -> bytes:
        known = self._rendered.get(file.path)
        if known and known[0] == file.fingerprint:
            return known[1]
        if len(self._rendered) >= NEAR:
            self._rendered.clear()
        data = file.render()
        self._rendered[file.path] = (file.fingerprint, data)
        return data

    def mark(self, path: str) -> str:
        """Return a mark of what a page shows, but for the stylesheets' names; none when there is no such page."""
        data = self.read(path)
        if data is None:
            return ""
        head = self.complete()[SEARCH_HEAD].fingerprint if path == SEARCH_PAGE else b""
        return digest(STYLES.sub(rb"\1", data), head).hex()

    def source(self, path: str) -> Path | None:
        """Return the file that a page is written in, where there is one: a paper's, or a free page's."""
        if self.edition is None or path not in self.edition.files:
            return None
        folder, _, name = path.removesuffix(".html").rpartition("/")
        if folder == "papers" and name in self.edition.planned.press.library.papers:
            return self.content / "papers" / f"{name}.md"
        own = {page.slug for page in self.edition.catalogue.pages}
        return self.content / "pages" / f"{name}.md" if not folder and name in own else None


def _by_folder(folders: dict[str, Path], seen: state.Seen) -> Looked:
    return {folder: seen[name] for name, folder in folders.items() if name in seen}


def _sign(path: Path) -> state.Signature:
    try:
        return state.sign_file(str(path))
    except OSError:  # a link that leads nowhere, or a file that has just gone
        return (0, 0, 0, 0)


@contextmanager
def open_live(config: Config, templates: Path | None, tell: Tell | None = None) -> Iterator[Live]:
    """Open a project to be served; it begins with what the last build left, and leaves nothing itself."""
    with open_memory(config, dry_run=True) as memory:
        yield Live(config, templates, memory, tell)
