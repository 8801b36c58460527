"""The spine: content in, site out. Read `build` and `plan_site` and you know the program.

In: a Config. Out: a Report. Knows the stages and their order, nothing of their work.
"""

import time
from dataclasses import dataclass

from site_builder.config import Config
from site_builder.content.store import Content, load_content
from site_builder.errors import Problem
from site_builder.library.model import Library, make_library
from site_builder.publish import Published, publish
from site_builder.render import assets, feeds, listings, pages, search
from site_builder.render.output import OutputFile
from site_builder.render.press import make_press
from site_builder.render.templates import Templates
from site_builder.render.views import Site


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: papers shown, files published, the content's problems, seconds taken."""

    papers: int
    published: Published
    problems: tuple[Problem, ...]
    seconds: float


def build(config: Config) -> Report:
    """Build the whole site: read content/, plan every file, publish what changed."""
    started = time.perf_counter()
    content = load_content(config.content)
    library = make_library(content.entries, content.tags, content.captures)
    published, collisions = publish(plan_site(config, content, library), config.output)
    seconds = time.perf_counter() - started
    return Report(len(library.entries), published, (*content.problems, *collisions), seconds)


def plan_site(config: Config, content: Content, library: Library) -> list[OutputFile]:
    """Plan every file of the site: what pages name by their content first."""
    files = assets.load_assets(config.templates)
    index = search.plan_index(library)
    site = make_site(config, assets.asset_paths(files), index.path)
    press = make_press(library, Templates(config.templates), site)
    planned = [*pages.plan(press, content.pages), *listings.plan(press)]
    return [*assets.plan(files), index, *feeds.plan(press, config.facts.feed_id, planned), *planned]


def make_site(config: Config, asset_paths: dict[str, str], search_index: str) -> Site:
    """Gather what every page knows."""
    facts = config.facts
    return Site(
        facts.title, facts.description, facts.address, facts.curator, facts.language, facts.repository,
        asset_paths, search_index,
    )  # fmt: skip
