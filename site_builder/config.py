"""The site's own facts and the folders of a project.

In: the text of content/site.yml and the folders that the command was given. Out: a `Config`, and Problems.
Must not know what is in the other content files.
"""

import os
from pathlib import Path
from typing import NamedTuple

from site_builder.errors import Problem, SiteBuilderError
from site_builder.fields import Field, Source, compose, read_record
from site_builder.files import read_text, show
from site_builder.kinds import ADDRESS, FLAG, LINE, matching
from site_builder.state import template_folders

SITE_FIELDS = (
    Field("title", LINE, "The list's name."),
    Field("description", LINE, "What the list is, in a sentence or two."),
    Field("address", matching(r"https?://[^\s/?#]+[^\s?#]*", "https://example.org/papers/"),
          "Where the site is published; for canonical links, feeds and the sitemap."),
    Field("curator", LINE, "Who keeps the list."),
    Field("language", matching(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", "en"), "The language of the pages."),
    Field("repository", ADDRESS, "The content folder on a code host; for links to an entry's file."),
    Field("feed_id", matching(r"tag:[^,\s]+,\d{4}(?:-\d\d){0,2}:\S*", "tag:example.org,2025:reading-list"),
          "The stable start of every feed's ids; never change it."),
    Field("curator_page", FLAG, "Whether the site has a page that tells what its entries lack."),
)  # fmt: skip


class Facts(NamedTuple):
    """What content/site.yml says, with what is taken when it is silent."""

    title: str = "Reading list"
    description: str = ""
    address: str = ""
    curator: str = "The curator"
    language: str = "en"
    repository: str = ""
    feed_id: str = "tag:reading-list.invalid,2025:list"
    curator_page: bool = False


class Config(NamedTuple):
    """A project: where its content and templates are, where the site goes, and the site's facts.

    Templates are looked up in the folders of `templates` in order.
    """

    content: Path
    templates: tuple[Path, ...]
    output: Path
    facts: Facts = Facts()


def load_config(content: Path, output: Path, templates: Path | None = None) -> tuple[Config, list[Problem]]:
    """Load a project's settings. Raises SiteBuilderError when the folders cannot be used together."""
    if not content.is_dir():
        raise SiteBuilderError(
            f"there is no folder {content}; run this in the project's folder, or name it by --content"
        )
    if templates and not templates.is_dir():
        raise SiteBuilderError(f"there is no folder {templates}; leave --templates out to use the program's own")
    looked_up = tuple(map(Path, template_folders(str(content), str(templates) if templates else None)))
    for name, folder in (("content", content), ("templates", looked_up[0])):
        # Not Path.resolve, which raises where links go round in a ring.
        inside, outside = Path(os.path.realpath(output)), Path(os.path.realpath(folder))
        if inside == outside or inside in outside.parents or outside in inside.parents:
            raise SiteBuilderError(f"the output folder {output} and the {name} folder {folder} must lie apart")
    path = content / "site.yml"
    facts, problems = Facts(), list[Problem]()
    if path.exists():
        text, problem = read_text(path)
        facts, problems = (facts, [problem]) if problem else read_facts(text, show(path))
    return Config(content, looked_up, output, facts), problems


def read_facts(text: str, path: str) -> tuple[Facts, list[Problem]]:
    """Read content/site.yml; a faulty fact is noted and its default taken."""
    source = Source(path)
    node = compose(text, source)
    values = read_record(node, SITE_FIELDS, source) if node else {}
    if "address" in values:
        values["address"] = values["address"].rstrip("/") + "/"
    if "repository" in values:
        values["repository"] = values["repository"].rstrip("/")
    return Facts(**values), source.problems
