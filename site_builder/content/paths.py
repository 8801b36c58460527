"""Reading paths: content/collections/<slug>.md, papers in order, each with a line why it stands here.

In: the text of a file. Out: a `ReadingPath` and Problems. Must not know which papers are on the list.
"""

from typing import NamedTuple

from yaml.nodes import MappingNode, Node

from site_builder.content.frontmatter import split_front_matter
from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.kinds import COUNT, LINE, SLUG_KIND, list_of, record_of


class Step(NamedTuple):
    """A paper of a reading path, by its slug: why it stands here, and how many minutes it takes."""

    paper: str
    why: str = ""
    minutes: int | None = None


class ReadingPath(NamedTuple):
    """A reading path: its papers in order, and in Markdown why one would follow it."""

    slug: str
    title: str
    steps: tuple[Step, ...]
    path: str
    text: str


STEP_FIELDS = (
    Field("paper", SLUG_KIND, "The paper's slug: its file's name without `.md`.", required=True),
    Field("why", LINE, "Why it stands here."),
    Field("minutes", COUNT, "How long it takes to read."),
)
STEP = record_of(Step, STEP_FIELDS, lambda step: {row.key: getattr(step, row.key) for row in STEP_FIELDS})
PATH_FIELDS = (
    Field("title", LINE, "The path's title.", required=True),
    Field("papers", list_of(STEP, repeats=True), "The papers in order, one a line.", required=True),
)


def read_path(text: str, path: str, slug: str) -> tuple[ReadingPath | None, list[Problem]]:
    """Read a reading path. Without a title and papers there is none."""
    parts = split_front_matter(text, path)
    if isinstance(parts, Problem):
        return None, [parts]
    source = Source(path, first_line=2)
    node = compose(parts.yaml, source)
    values = read_record(node, PATH_FIELDS, source) if node else {}
    if not node and not source.problems:
        source.problems.append(Problem(path, 1, 1, "the front matter is empty", "it needs a title and papers"))
    if node is None or not {"title", "papers"} <= values.keys():
        return None, source.problems
    first = {step.paper: step for step in reversed(values["papers"])}
    steps = tuple(step for step in values["papers"] if first[step.paper] is step)
    _check_items(node, source)
    return ReadingPath(slug, values["title"], steps, path, parts.notes), source.problems


def _check_items(node: Node, source: Source) -> None:
    """Report papers that stand on a path twice, and a path without any."""
    papers = next(value for key, value in node.value if key.value == "papers")
    if not papers.value:
        source.fault(papers, "this path has no papers, and so no page", "write a line `- paper: …` for each")
        source.problems[-1] = source.problems[-1]._replace(severity="warning")
    named: dict[str, Node] = {}
    records = [item for item in papers.value if isinstance(item, MappingNode)]
    for value in [value for record in records for key, value in record.value if key.value == "paper"]:
        first = named.setdefault(str(value.value), value)
        if first is not value:
            line = source.first_line + source.place(first.start_mark)[0]
            source.fault(value, f"`{value.value}` is on this path already, in line {line}", "take one of the two away")
