"""The site as it is now: built again in this process whenever the content changes, and rendered when it is asked for.

In: a project, the files that may have changed. Out: the bytes of the site's files; what a rebuild did. Must not know
who looks at it. Nothing is written: what a build would write is planned, and a page is made when it is wanted.

A fault holds up the file that it is in, and nothing else: what was last good of it stands in for it until it is mended.
"""

import re
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from site_builder import state
from site_builder.build import PlannedPages, plan_pages, plan_rest, read_catalogue, read_content
from site_builder.config import Config, load_config
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import show
from site_builder.importer import load_last_import
from site_builder.intake import Catalogue, make_catalogue
from site_builder.jobs import Tell
from site_builder.keep import digest
from site_builder.memory import Memory, begin_again, forget, open_memory
from site_builder.publish import find_collisions
from site_builder.render import curate, feeds
from site_builder.render.curate import CURATE
from site_builder.render.output import OutputFile
from site_builder.render.templates import TemplateFault, Templates
from site_builder.serve.standing import Shown, find_faults, stand_in

FEW = 100  # files that are looked at one by one when just they may have changed
NEAR = 500  # rendered files that are at hand
STYLES = re.compile(rb"(assets/[\w./-]+?)\.[0-9a-f]{12}(?=\.css\b)")
INNER = ("papers", "pages", "collections", "captures")  # folders of the content
SEARCH_PAGE, SEARCH_HEAD = "search.html", "search/meta.js"
FEED = "feed.xml"  # one that each site has


Looked = dict[Path, state.Files]  # what was found in each folder


class Edition(NamedTuple):
    """The site at one moment: its pages and assets by path; the rest is planned when it is wanted.

    `shown` is what it shows of each file, `problems` what is wrong with the files as they are.
    """

    config: Config
    shown: Shown
    catalogue: Catalogue
    planned: PlannedPages
    files: dict[str, OutputFile]
    problems: tuple[Problem, ...]

    @property
    def root(self) -> str:
        """The path at which the site lies, as it does where it is published."""
        return urlsplit(self.config.facts.address).path or "/"

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
    """What a rebuild did: the files that had changed, whether the edition before had to stay, how long it took.

    `standing` names the files whose former text is shown.
    """

    changed: tuple[str, ...]
    is_held: bool
    standing: tuple[str, ...]
    seconds: float


class Live:
    """A project's site, kept up to date.

    `failed` has the fault of each file of the site that could not be rendered when it was last tried. `former_roots`
    are the paths at which the site lay before, the last one first.
    """

    def __init__(self, config: Config, templates: Path | None, memory: Memory, tell: Tell | None = None) -> None:
        """Read the content; nothing is built yet. `templates` is the folder that was asked for."""
        self.content, self.output, self.templates = config.content, config.output, templates
        self.edition: Edition | None = None
        self.former_roots: tuple[str, ...] = ()
        self.failed: dict[str, Problem] = {}
        self.is_held = False
        self._found: tuple[Problem, ...] = ()  # in the content
        self._template_faults: tuple[Problem, ...] = ()  # of templates for which former ones stand in
        self._accepted: tuple[Problem, ...] = ()  # of the templates that are used
        rows = read_catalogue(config, memory, tell=tell).rows
        self._memory = memory._replace(rows=rows)
        self._completed = memory  # with what the index was made of
        self._rest: dict[str, OutputFile] | None = None
        self._rendered: dict[str, tuple[bytes, bytes]] = {}
        self._seen: state.Seen = {}
        self._looked: Looked = {}
        self._looked_at = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the content and templates as they are now."""
        return tuple(dict.fromkeys([*self._found, *self._template_faults, *self.failed.values()]))

    @property
    def standing(self) -> tuple[str, ...]:
        """The files whose former text is shown."""
        kept = self.edition.shown.standing if self.edition else ()
        return tuple(dict.fromkeys([*kept, *(problem.path for problem in self._template_faults)]))

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
        """Build, and show the outcome. What cannot be built at all leaves the edition before as it is."""
        self._seen, self._looked, self._looked_at = seen, _by_folder(folders, seen), now
        again, self.failed = [*watched, *self.failed], {}
        try:
            config, shown, catalogue = self._read(now, seen)
            edition = self._plan(config, shown, catalogue, changed)
            if self.edition and self.edition.root != edition.root:
                self.former_roots = tuple(dict.fromkeys([self.edition.root, *self.former_roots]))
            self.edition, self._rest, self.is_held, self._found = edition, None, False, edition.problems
            self._try_again(again)
        except (SiteBuilderError, OSError) as error:
            self.is_held, self._found = True, (self._fault_of(error),)
        changes = tuple(sorted(map(show, changed)))
        return Rebuilt(changes, self.is_held, self.standing, (time.time_ns() - now) / 1e9)

    def _read(self, now: int, seen: state.Seen) -> tuple[Config, Shown, Catalogue]:
        """Read the content; what a file said before stands in for it while it has a new fault."""
        config, problems = load_config(self.content, self.output, self.templates)
        memory = begin_again(self._memory, now, seen)
        intake = read_content(config, memory, jobs=1)  # a process with threads must not be forked
        self._memory = memory._replace(rows=intake.rows)
        faults = find_faults([*problems, *intake.frame.problems])
        is_now = Shown(intake.rows, intake.frame, config.facts, faults)
        shown = stand_in(self.edition.shown if self.edition else None, is_now, self.content)
        catalogue = make_catalogue(intake, shown.rows, shown.frame)
        found = tuple(dict.fromkeys([*problems, *catalogue.problems]))
        return config._replace(facts=shown.facts), shown, catalogue._replace(problems=found)

    def _plan(self, config: Config, shown: Shown, catalogue: Catalogue, changed: set[Path]) -> Edition:
        """Plan the pages by the templates as they are; by the former ones while these have a new fault."""
        former = self.edition.planned.press.templates if self.edition else None
        if former and all(path.is_relative_to(self.content) for path in changed):
            return self._make_edition(config, shown, catalogue, former)
        try:
            edition = self._make_edition(config, shown, catalogue)
            faults = self._try_samples(edition)
        except TemplateFault as error:
            if not former:
                raise
            edition, faults = None, {"": error.problem}
        known = {(problem.path, problem.message) for problem in self._accepted}
        if former and (not edition or any((one.path, one.message) not in known for one in faults.values())):
            self._template_faults = tuple(dict.fromkeys(faults.values()))
            return self._make_edition(config, shown, catalogue, former)
        assert edition
        self._template_faults, self._accepted, self.failed = (), tuple(faults.values()), faults
        return edition

    def _make_edition(
        self, config: Config, shown: Shown, catalogue: Catalogue, templates: Templates | None = None
    ) -> Edition:
        planned = plan_pages(config, self._memory, catalogue, drafts=True, templates=templates)
        files, collisions = find_collisions([*planned.assets, *planned.pages])
        found = tuple(dict.fromkeys([*catalogue.problems, *collisions]))
        return Edition(config, shown, catalogue, planned, {file.path: file for file in files}, found)

    def _try_samples(self, edition: Edition) -> dict[str, Problem]:
        """Render a page of each kind, and a feed; return what is wrong with them, by their paths."""
        samples: dict[str, str] = {}
        for path in edition.files:
            folder, _, name = path.rpartition("/")
            samples.setdefault(path if name == "index.html" or not folder else folder, path)
        failed: dict[str, Problem] = {}
        for path in [*samples.values(), FEED]:
            try:
                self._make(edition.files[path] if path in edition.files else _plan_feed(edition))
            except SiteBuilderError as error:
                failed[path] = self._fault_of(error)
        return failed

    def _try_again(self, paths: Iterable[str]) -> None:
        """Render files of the site, to know what is wrong with them; one feed stands for all."""
        for path in dict.fromkeys(path if path.endswith(".html") else FEED for path in paths):
            with suppress(SiteBuilderError):  # it is noted
                self.read(path)

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
        if path == FEED:  # known before the others are planned
            return _plan_feed(self.edition)
        if path == CURATE:
            return self._plan_curated(self.edition)
        return self.edition.files.get(path) or (None if path.endswith(".html") else self.complete().get(path))

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file of the site; None when there is none.

        Raises SiteBuilderError when it cannot be rendered, which is among the problems from then on.
        """
        file = self._find_or_note(path)
        return file and self._render(file)

    def _find_or_note(self, path: str) -> OutputFile | None:
        try:
            return self.find(path)
        except SiteBuilderError as error:
            self.failed[path] = self._fault_of(error)
            raise

    def _plan_curated(self, edition: Edition) -> OutputFile:
        """Plan the curator's page, with what the last import did."""
        briefs, tags = edition.catalogue.briefs, edition.catalogue.tags
        return next(curate.plan(edition.planned.press, briefs, tags, load_last_import(self.content)))

    def _render(self, file: OutputFile) -> bytes:
        """Render a file; while that fails, it stays as it was when it was last rendered."""
        self.failed.pop(file.path, None)
        try:
            return self._make(file)
        except SiteBuilderError as error:
            self.failed[file.path] = self._fault_of(error)
            if file.path in self._rendered:
                return self._rendered[file.path][1]
            raise

    def _make(self, file: OutputFile) -> bytes:
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


def _plan_feed(edition: Edition) -> OutputFile:
    """Plan the feed of all papers, which comes first."""
    return next(feeds.plan(edition.planned.press, edition.config.facts.feed_id, edition.planned.pages))


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
