"""The YAML front matter of a text file, read and edited as text.

In: the text of a file. Out: its front matter and body, or the same text with the lines of one field changed.
Must not know what the fields mean.
"""

import re
import textwrap
from typing import NamedTuple

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from site_builder.errors import Problem
from site_builder.fields import Source, compose
from site_builder.hints import find_end

OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r)")
CLOSING = re.compile(r"[\r\n](?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")
BESIDE = re.compile(r"[ \t]+#[^\r\n]*")  # a comment behind a value
BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
FIELD_LINE = re.compile(r"[A-Za-z_]+:(?:\s|$)")  # title: "…"


class FrontMatter(NamedTuple):
    """The parts of a file: `text[start:end]` is the YAML, `text[body:]` is what the curator wrote under it."""

    text: str
    start: int
    end: int
    body: int

    @property
    def yaml(self) -> str:
        """The YAML between the two lines of hyphens."""
        return self.text[self.start : self.end]

    @property
    def notes(self) -> str:
        """The body with line feeds, without blank lines around it."""
        return re.sub(r"\r\n?", "\n", self.text[self.body :]).strip("\n \t")


def split_front_matter(text: str, path: str) -> FrontMatter | Problem:
    """Find the front matter of a text: from a first line `---` to the next line `---`."""
    opening = OPENING.match(text)
    if not opening:
        hint = "the file begins with a line of three hyphens"
        if FIELD_LINE.match(text.lstrip("\ufeff \t\r\n-")):
            hint += ", above the fields"
        return Problem(path, 1, 1, "no front matter", hint)
    closing = CLOSING.search(text, opening.end() - 1)
    if not closing:
        end = find_end(re.split(r"\r\n|\n|\r", text[opening.end() :]))
        return Problem(path, end.line + 2, end.column + 1, "the front matter has no end", end.hint)
    return FrontMatter(text, opening.end(), closing.start() + 1, closing.end())


def replace_field(text: str, key: str, written: str, order: tuple[str, ...]) -> str:
    """Return the text with the lines of one field changed, and nothing else.

    `written` is the field as `fields.write_field` gives it. A field that is not there yet goes behind the last
    present one of those before it in `order`. Comments beside the field, other fields, and line endings stay.
    Raises ValueError when the text's front matter is not a plain block of fields.
    """
    parts, node = open_fields(text)
    yaml, newline = parts.yaml, newline_of(text)
    indent = " " * node.value[0][0].start_mark.column
    lines = textwrap.indent(written, indent).replace("\n", newline)
    spans = _field_spans(yaml, node)
    pairs = {str(name.value): (name, value) for name, value in node.value}
    if key in spans and _is_one_line(yaml, pairs[key][1]) and written.count("\n") == 1:
        # One line becomes another: only the value changes, and what stands beside it stays.
        start, end = pairs[key][1].start_mark.index, value_end(yaml, pairs[key][1])
        lines = written.partition(":")[2].strip()
    elif key in spans:
        start, end = spans[key]
        lines = _with_comment(lines, _comment_beside(yaml, *pairs[key]))
    else:
        before = [spans[k][1] for k in order[: order.index(key)] if k in spans]
        start = end = max(before, default=len(yaml))
    return text[: parts.start] + yaml[:start] + lines + yaml[end:] + text[parts.end :]


def append_item(text: str, key: str, written: str) -> str:
    """Return the text with one item more in the list that a field holds, a line `- …` for each.

    Raises ValueError when the field is missing or its list is not written a line each.
    """
    parts, node = open_fields(text)
    start, end = _field_spans(parts.yaml, node).get(key, (0, 0))
    marker = re.search(r"(?:\r\n|\n|\r)([ ]*)- ", parts.yaml[start:end])
    if not marker:
        raise ValueError(f"`{key}` is not a list with a line for each item")
    newline = newline_of(text)
    lead = "" if parts.yaml[start:end].endswith(("\n", "\r")) else newline
    line = f"{lead}{marker[1]}- {written}{newline}"
    return text[: parts.start] + parts.yaml[:end] + line + parts.yaml[end:] + text[parts.end :]


def replace_in_item(text: str, key: str, number: int, name: str, written: str | None) -> str:
    """Return the text with one value changed in one record of a field's list, and nothing else.

    `written` is the value as YAML; None takes it away, with its line when it has one of its own.
    Raises ValueError when there is no such record, or no plain way to change it.
    """
    parts, node = open_fields(text)
    lists = [value for field, value in node.value if field.value == key and isinstance(value, SequenceNode)]
    if not lists or number >= len(lists[0].value) or not isinstance(lists[0].value[number], MappingNode):
        raise ValueError(f"`{key}` has no record {number + 1}")
    yaml, pairs = parts.yaml, lists[0].value[number].value
    ends = [value_end(yaml, value) for _, value in pairs]
    place = next((index for index, (field, _) in enumerate(pairs) if field.value == name), len(pairs))
    is_flow = lists[0].value[number].flow_style
    if place < len(pairs) and written is not None:
        start, end, new = pairs[place][1].start_mark.index, ends[place], written
    elif place < len(pairs) and place and is_flow:
        start, end, new = ends[place - 1], ends[place], ""
    elif place < len(pairs) and place:
        start, end, new = line_end(yaml, ends[place - 1]), line_end(yaml, ends[place]), ""
    elif written is not None and is_flow:
        start, end, new = ends[-1], ends[-1], f", {name}: {written}"
    elif written is not None:
        start = end = line_end(yaml, ends[-1])
        new = f"{' ' * pairs[0][0].start_mark.column}{name}: {written}{newline_of(text)}"
    else:
        raise ValueError(f"`{name}` cannot be taken from record {number + 1} of `{key}`")
    return text[: parts.start] + yaml[:start] + new + yaml[end:] + text[parts.end :]


def line_end(yaml_text: str, position: int) -> int:
    """Return where the line of a position ends, its line break included."""
    found = re.compile(r"\r\n|\n|\r|\Z").search(yaml_text, position)
    return found.end() if found else len(yaml_text)


def _is_one_line(yaml_text: str, node: Node) -> bool:
    """Tell whether a value stands behind its key, on that line alone."""
    value = yaml_text[node.start_mark.index : value_end(yaml_text, node)]
    is_block = isinstance(node, CollectionNode) and not node.flow_style
    return bool(value) and not is_block and "\n" not in value and "\r" not in value


def newline_of(text: str) -> str:
    """Return how a text's lines end: as its first one does."""
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def open_fields(text: str) -> tuple[FrontMatter, MappingNode]:
    """Find the front matter of a text, and its fields. Raises ValueError when it is not a plain block of them."""
    parts = split_front_matter(text, "")
    node = compose(parts.yaml, Source("")) if isinstance(parts, FrontMatter) else None
    if isinstance(parts, FrontMatter) and isinstance(node, MappingNode) and node.value and not node.flow_style:
        return parts, node
    raise ValueError("its front matter is not a list of fields, one to a line")


def _comment_beside(yaml_text: str, key: Node, value: Node) -> str:
    """Return the comment in the line of a value's end, or, of a block of lines, in the line of its head."""
    header = BLOCK_HEADER.match(yaml_text, value.start_mark.index) if isinstance(value, ScalarNode) else None
    if header:
        place = header.end()
    elif isinstance(value, CollectionNode) and not value.flow_style:
        place = key.end_mark.index + 1
    else:
        place = max(value_end(yaml_text, value), key.end_mark.index + 1)
    found = BESIDE.match(yaml_text, place)
    return found[0] if found else ""


def _with_comment(lines: str, comment: str) -> str:
    """Put a comment into the head of a block of lines, or behind a value that is none."""
    head = re.match(r"[^\r\n]*(?::| >-)(?=[\r\n])", lines)
    place = head.end() if head else len(lines.rstrip("\r\n"))
    return lines[:place] + comment + lines[place:] if lines else ""


def _field_spans(yaml_text: str, node: MappingNode) -> dict[str, tuple[int, int]]:
    """Return where the lines of each field begin and end, without the comments above the next one."""
    pairs = [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]
    return {
        str(key.value): (
            key.start_mark.index - key.start_mark.column,
            line_end(yaml_text, max(value_end(yaml_text, value), key.end_mark.index)),
        )
        for key, value in pairs
    }


def value_end(yaml_text: str, node: Node) -> int:
    """Return where a value's own text ends; the end mark of a block collection lies at what follows it."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(value_end(yaml_text, one) for one in (last if isinstance(last, tuple) else (last,)))
    start, end = node.start_mark.index, node.end_mark.index
    return int(start + len(yaml_text[start:end].rstrip()))
