"""The items of a list in YAML, and the fields of its records, changed in the text one by one.

In: YAML text and a composed node of it. Out: the text with one change, so that every other byte stays: comments,
blanks, quotes, line endings. Must not know what the items mean.
"""

import re
from collections.abc import Sequence

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.content.frontmatter import line_end, newline_of, value_end
from site_builder.kinds import LINE, quote

FULL_LINE = 106  # characters
BETWEEN = re.compile(r"(?:[ \t\r\n]+(?:#[^\r\n]*)?)*")  # blanks and comments behind an item
REMARK = re.compile(r"[ \t]*(,?)[ \t]+#")  # a comment in the line of an item
HYPHEN = re.compile(r"(?:\A|[\r\n])([ ]*)(-[ ]+)\Z")  # before an item that has a line of its own


def replace_scalar(text: str, node: Node, value: str) -> str:
    """Put another value in the place of a scalar, in the same sort of quotes."""
    start, end = node.start_mark.index, value_end(text, node)
    mark = text[start : start + 1]
    written = LINE.write(value).strip()
    if mark == '"':
        written = quote(value)
    elif mark == "'" and value.isprintable():
        written = "'" + value.replace("'", "''") + "'"
    return text[:start] + written + text[end:]


def append_item(text: str, node: SequenceNode, written: str) -> str:
    """Put an item behind the last one of a list, in the list's own style."""
    return insert_items(text, node, len(node.value), [written])


def insert_items(text: str, node: SequenceNode, number: int, written: Sequence[str]) -> str:
    """Put items before another one of a list, or behind the last, in the list's own style."""
    inline = ", ".join(written)
    if not node.value:
        place = node.start_mark.index + 1
        return text[:place] + inline + text[place:]
    if number == 0:
        return _insert_first(text, node, written)
    before = node.value[number - 1]
    last = value_end(text, before)
    remark = REMARK.match(text, last)
    if node.flow_style and remark:  # it is about the item before
        place, comma = line_end(text, last), "" if remark[1] else ","
        line = f"{_indent_of(text, before)}{inline}{remark[1]}{newline_of(text)}"
        return f"{text[:last]}{comma}{text[last:place]}{line}{text[place:]}"
    if node.flow_style:
        return f"{text[:last]},{_gap(text, node, last, len(inline))}{inline}{text[last:]}"
    _, indent = _line_of(text, before)
    return _insert_line(text, last, newline_of(text).join(f"{indent}- {one}" for one in written))


def remove_item(text: str, node: SequenceNode, number: int) -> str:
    """Take an item out of a list, with its comma, or with its line when it has one of its own."""
    item = node.value[number]
    start, end = item.start_mark.index, value_end(text, item)
    if not node.flow_style:
        return text[: _line_of(text, item)[0]] + text[line_end(text, end) :]
    comma = _comma_behind(text, end)
    if number < len(node.value) - 1:
        return _remove_with_comma(text, start, end, comma)
    if number == 0:
        return text[:start] + text[end:comma] + text[comma + 1 if comma < len(text) and text[comma] == "," else comma :]
    before = value_end(text, node.value[number - 1])
    earlier = _comma_behind(text, before)
    if not text[before:start].replace(",", "").strip():
        return text[:before] + text[end:]
    between = text[earlier + 1 : start].rstrip(" \t")
    return text[:earlier] + ("" if between[:1].isspace() else " ") + between + text[end:]


def add_field(text: str, node: MappingNode, key: str, written: str) -> str:
    """Put a field behind the last one of a record, in the record's own style."""
    name, value = node.value[-1]
    last = max(value_end(text, value), name.end_mark.index + 1)
    if node.flow_style:
        return f"{text[:last]}, {key}: {written}{text[last:]}"
    return _insert_line(text, last, f"{' ' * node.value[0][0].start_mark.column}{key}: {written}")


def fill_field(text: str, key: Node, value: Node, written: str) -> str:
    """Give a value to a field that is there and empty."""
    if isinstance(value, ScalarNode) and value.value:  # null, ~
        return text[: value.start_mark.index] + written + text[value_end(text, value) :]
    place = key.end_mark.index + 1
    return f"{text[:place]} {written}{text[place:]}"


def _insert_first(text: str, node: SequenceNode, written: Sequence[str]) -> str:
    """Put items before the first one; comments above that stay above it."""
    place, inline = node.value[0].start_mark.index, ", ".join(written)
    lead = len(text[:place].rstrip(" \t"))
    if node.flow_style and text[lead - 1] not in "\r\n":
        return f"{text[:place]}{inline}, {text[place:]}"
    if node.flow_style:
        line, place = f"{text[lead:place]}{inline},", lead
    else:
        place, indent = _line_of(text, node.value[0])
        line = newline_of(text).join(f"{indent}- {one}" for one in written)
    above = text[:place].splitlines(keepends=True)
    while above and above[-1].lstrip(" \t").startswith("#"):
        place -= len(above.pop())
    return f"{text[:place]}{line}{newline_of(text)}{text[place:]}"


def _indent_of(text: str, item: Node) -> str:
    """Return how far the lines of a list in brackets are indented, by one of its items."""
    line = re.split(r"[\r\n]", text[: item.start_mark.index])[-1]
    blanks = line[: len(line) - len(line.lstrip())]
    return blanks if line == blanks else f"{blanks}  "


def _gap(text: str, node: SequenceNode, last: int, length: int) -> str:
    """Choose what stands before one more item: a blank; in a list over several lines, a new line when one is full."""
    start = last - len(re.split(r"[\r\n]", text[:last])[-1])
    if last - start + length < FULL_LINE or not re.search(r"[\r\n]", text[node.start_mark.index : last]):
        return " "
    line = text[start:last]
    return newline_of(text) + line[: len(line) - len(line.lstrip())]


def _remove_with_comma(text: str, start: int, end: int, comma: int) -> str:
    """Take an item away that others follow in its line or on the next ones."""
    if "#" in text[end:comma]:  # a comment before the comma stays
        return text[:start] + text[end:comma] + text[comma + 1 :]
    after = comma + 1
    while text[after : after + 1] in (" ", "\t"):
        after += 1
    if text[after : after + 1] == "#":  # as does one behind it, with the blank that it needs
        return text[:start] + text[comma + 1 :]
    lead = len(text[:start].rstrip(" \t"))
    if text[after : after + 1] in ("\r", "\n") and text[lead - 1 : lead] in ("\r", "\n"):
        return text[:lead] + text[line_end(text, after) :]
    return text[:start] + text[after:]


def _comma_behind(text: str, end: int) -> int:
    """Return where the next sign stands behind an item: its comma, or the list's end."""
    match = BETWEEN.match(text, end)
    return match.end() if match else end


def _line_of(text: str, item: Node) -> tuple[int, str]:
    """Return where the line of an item of a block list begins, and its indentation."""
    match = HYPHEN.search(text[: item.start_mark.index])
    if not match:
        raise ValueError("its list has no line for each item")
    return match.start(1), match[1]


def _insert_line(text: str, position: int, line: str) -> str:
    """Put a line behind the one of a position."""
    place = line_end(text, position)
    lead = "" if text[:place].endswith(("\n", "\r")) else newline_of(text)
    return f"{text[:place]}{lead}{line}{newline_of(text)}{text[place:]}"
