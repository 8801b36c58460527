"""The vocabulary of tags: content/tags.yml.

In: its text. Out: the tags in their order, and Problems. Must not know which papers carry them.
"""

from typing import NamedTuple

from yaml.nodes import SequenceNode

from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.kinds import LINE, SLUG_KIND, list_of
from site_builder.paper import Tag

TAG_FIELDS = (
    Field("slug", SLUG_KIND, "The tag's name in entries and addresses.", required=True),
    Field("name", LINE, "The tag's name for readers.", required=True),
    Field("group", LINE, "The group that it is shown in.", required=True),
    Field("description", LINE, "What belongs here."),
    Field("suggest", list_of(LINE, flow=True), "Words and phrases that suggest it for a new paper."),
    Field("aliases", list_of(SLUG_KIND, flow=True), "Its former slugs."),
)


class Vocabulary(NamedTuple):
    """The tags in their order, and whether these are all: what is not among them is then no tag."""

    tags: tuple[Tag, ...] = ()
    is_whole: bool = False


def read_vocabulary(text: str, path: str) -> tuple[tuple[Tag, ...], list[Problem]]:
    """Read tags.yml: a list of records, one a tag, in the order in which they are shown."""
    vocabulary, problems = read_tags(text, path)
    return vocabulary.tags, problems


def read_tags(text: str, path: str) -> tuple[Vocabulary, list[Problem]]:
    """Read tags.yml, and tell whether a fault in it cost a tag."""
    source = Source(path)
    node = compose(text, source)
    if node is None:
        return Vocabulary(), source.problems
    if not isinstance(node, SequenceNode):
        source.fault(node, "expected a list of tags", "each begins with `- slug: …`")
        return Vocabulary(), source.problems
    tags: list[Tag] = []
    names: set[str] = set()
    for item in node.value:
        values = read_record(item, TAG_FIELDS, source)
        if not all(row.key in values for row in TAG_FIELDS if row.required):
            continue
        tag = Tag(**values)
        repeated = names & {tag.slug, *tag.aliases}
        if repeated:
            source.fault(item, f"`{sorted(repeated)[0]}` names two tags", "a slug or alias belongs to one tag")
            continue
        names |= {tag.slug, *tag.aliases}
        tags.append(tag)
    return Vocabulary(tuple(tags), len(tags) == len(node.value)), source.problems
