"""What the curator states about captures: content/captures/captures.yml.

In: its text. Out: a fact for each capture file, and Problems. Must not know what the captures hold.
"""

from datetime import date
from typing import NamedTuple

from yaml.nodes import SequenceNode

from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.kinds import DATE, LINE

CAPTURE_FIELDS = (
    Field("file", LINE, "The capture's file name.", required=True),
    Field("day", DATE, "The day of capture, with its year, when it is known."),
    Field("shows", LINE, "What the captured page shows, in free words."),
)


class CaptureFact(NamedTuple):
    """What is known about a capture beside its text: `day` is None when only the text tells it."""

    file: str
    day: date | None = None
    shows: str = ""


def read_capture_facts(text: str, path: str) -> tuple[dict[str, CaptureFact], list[Problem]]:
    """Read captures.yml: a list of records, one a capture. Returns the facts by file name."""
    source = Source(path)
    node = compose(text, source)
    if node is None:
        return {}, source.problems
    if not isinstance(node, SequenceNode):
        source.fault(node, "expected a list of captures", "each begins with `- file: …`")
        return {}, source.problems
    facts: dict[str, CaptureFact] = {}
    for item in node.value:
        values = read_record(item, CAPTURE_FIELDS, source)
        if values.get("file") in facts:
            source.fault(item, f"`{values['file']}` is listed twice", "keep one of the two")
        elif "file" in values:
            facts[values["file"]] = CaptureFact(**values)
    return facts, source.problems
