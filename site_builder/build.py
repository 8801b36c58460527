"""The spine: content in, site out. Read `build` and `plan_site` and you know the program.

In: a Config. Out: a Report. Knows the stages and their order, nothing of their work.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from site_builder.config import Config
from site_builder.errors import Problem
from site_builder.intake import Catalogue, Intake, make_catalogue, read_files
from site_builder.jobs import Tell
from site_builder.library.model import make_library
from site_builder.memory import Memory, open_memory, save_memory
from site_builder.publish import Published, find_collisions, open_output, publish
from site_builder.render import assets, feeds, listings, pages, paths
from site_builder.render.output import OutputFile
from site_builder.render.press import Press
from site_builder.render.search import plan_search
from site_builder.render.templates import Templates
from site_builder.render.views import Site
from site_builder.search.index import Index
from site_builder.state import Glance


class Options(NamedTuple):
    """How to build: `strict` builds nothing when the content has faults, `dry_run` writes nothing.

    `jobs` is the number of processes, 0 as many as pay.
    """

    strict: bool = False
    dry_run: bool = False
    jobs: int = 0


class Report(NamedTuple):
    """What a build did: papers shown, files read anew, files published, the content's problems, seconds by step.

    `published` is None when nothing was built, because of faults.
    """

    papers: int
    parsed: int
    published: Published | None
    problems: tuple[Problem, ...]
    seconds: dict[str, float]


def build(
    config: Config,
    problems: Sequence[Problem] = (),
    options: Options | None = None,
    tell: Tell | None = None,
    glance: Glance | None = None,
) -> Report:
    """Build the site: read what is new in content/, plan every file, publish what changed, remember it.

    `problems` are those that were found already, and `glance` is what was looked at already.
    Raises SiteBuilderError when the output cannot be written.
    """
    chosen, clock = options or Options(), Clock()
    dry_run = chosen.dry_run
    with open_output(config.output, dry_run=dry_run), open_memory(config, dry_run=dry_run, glance=glance) as memory:
        with clock.step("read"):
            catalogue = read_catalogue(config, memory, chosen.jobs, tell)
        with clock.step("plan"):
            site = plan_site(config, memory, catalogue)
        found = tuple(dict.fromkeys([*problems, *catalogue.problems, *site.collisions]))
        report = Report(catalogue.shown, catalogue.parsed, None, found, clock.seconds)
        if chosen.strict and any(problem.severity == "error" for problem in found):
            return report
        with clock.step("write"):
            memory.keep.save()  # so that other processes see it
            published = publish(site.files, config.output, memory.made, dry_run, chosen.jobs, tell)
        if not dry_run:
            with clock.step("remember"):
                save_memory(memory, config, catalogue, site.search, published, found)
    lost = (*published.problems, *memory.problems, *memory.keep.problems)
    return report._replace(published=published, problems=(*found, *lost))


class PlannedPages(NamedTuple):
    """What readers look at: the assets, the pages, and the press that makes them."""

    press: Press
    assets: list[OutputFile]
    pages: list[OutputFile]


class PlannedSite(NamedTuple):
    """Every file of the site, the index for the next build, and what is wrong with the files' addresses.

    `samples` has a file of each template.
    """

    files: list[OutputFile]
    search: Index
    collisions: list[Problem]
    samples: tuple[OutputFile, ...]


def read_catalogue(config: Config, memory: Memory, jobs: int = 0, tell: Tell | None = None) -> Catalogue:
    """Read the content: what the last build did not see as it is now; and check it as a whole."""
    intake = read_content(config, memory, jobs, tell)
    return make_catalogue(intake, intake.rows, intake.frame)


def read_content(config: Config, memory: Memory, jobs: int = 0, tell: Tell | None = None) -> Intake:
    """Read the content, each file by itself: what the last build did not see as it is now."""
    papers = memory.seen["papers"]
    return read_files(config.content, papers, memory.rows, memory.same, memory.keep, jobs, tell)


def plan_site(config: Config, memory: Memory, catalogue: Catalogue) -> PlannedSite:
    """Plan every file of the site."""
    return plan_rest(config, memory, catalogue, plan_pages(config, memory, catalogue))


def plan_pages(
    config: Config,
    memory: Memory,
    catalogue: Catalogue,
    *,
    drafts: bool = False,
    templates: Templates | None = None,
) -> PlannedPages:
    """Plan the pages and what they name by its content; with `drafts` there are pages of these, too.

    `templates` are those to use, in the place of those that are there now.
    """
    library = make_library(catalogue.briefs, catalogue.tags, catalogue.captures, catalogue.paths, drafts=drafts)
    found = assets.load_assets(config.templates)
    site = make_site(config, assets.asset_paths(found), has_paths=bool(library.paths))
    used = templates or Templates(config.templates, memory.keep)
    press = Press(library, used, site, memory.program, catalogue.shelf.body)
    planned = [*pages.plan(press, catalogue.pages), *listings.plan(press), *paths.plan(press)]
    if site.curator_page:
        planned += _plan_curated(press, catalogue)
    return PlannedPages(press, list(assets.plan(found)), planned)


def plan_rest(config: Config, memory: Memory, catalogue: Catalogue, planned: PlannedPages) -> PlannedSite:
    """Plan what goes with the pages: the search, and the feeds."""
    search_files, search = plan_search(planned.press, catalogue.rows, catalogue.shelf, memory.search)
    feed_files = feeds.plan(planned.press, config.facts.feed_id, planned.pages)
    files, collisions = find_collisions([*planned.assets, *search_files, *feed_files, *planned.pages])
    return PlannedSite(files, search, collisions, tuple(planned.press.samples.values()))


def _plan_curated(press: Press, catalogue: Catalogue) -> Iterator[OutputFile]:
    """Plan the page for the curator, which few builds are asked for."""
    from site_builder.render import curate

    return curate.plan(press, catalogue.briefs, catalogue.tags)


def make_site(config: Config, asset_paths: dict[str, str], *, has_paths: bool) -> Site:
    """Gather what every page knows."""
    facts = config.facts
    return Site(
        facts.title,
        facts.description,
        facts.address,
        facts.curator,
        facts.language,
        facts.repository,
        asset_paths,
        has_paths,
        facts.curator_page,
    )


class Clock:
    """Counts the seconds that each step takes."""

    def __init__(self) -> None:
        """Start with no step."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count a step's seconds."""
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started
