"""A field of a front matter given another value, with as little changed in its text as can be.

In: the text of a file, a field as it is to be written. Out: the text with that field changed: what stays of a list, or
of a record, keeps every byte, its comments, its quotes and its form. Must not know what the fields mean.
"""

from collections.abc import Hashable
from difflib import SequenceMatcher

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from site_builder.content.frontmatter import line_end, open_fields, replace_field, value_end
from site_builder.content.items import add_field, insert_items, remove_item
from site_builder.fields import Source, compose, is_null

MOST_PARTS = 50_000


def change_field(text: str, key: str, written: str, order: tuple[str, ...], also: tuple[str, ...] = ()) -> str:
    """Return the text with one field changed as `frontmatter.replace_field` does it, lists and records part by part.

    `also` are other names that the field may have there; it keeps the one it has.
    Raises ValueError when the text's front matter is not a plain block of fields.
    """
    parts, node = open_fields(text)
    present = [name.value for name, _ in node.value]
    name = next((one for one in (key, *also) if one in present), key)
    if name != key:
        written = written and name + written.removeprefix(key)
        return change_field(text, name, written, tuple(name if one == key else one for one in order))
    old, new = _value_of(node, key), _value_of(compose(written, Source("")), key)
    if not isinstance(old, CollectionNode) or not isinstance(new, CollectionNode) or _is_huge(old):
        return replace_field(text, key, written, order)
    try:
        yaml = _change_value(parts.yaml, old, new, written)
    except ValueError:  # written in a way that knows no lines
        return replace_field(text, key, written, order)
    changed = _value_of(compose(yaml, Source("")), key)
    if changed is None or _plain(changed) != _plain(new):  # such as one with anchors
        return replace_field(text, key, written, order)
    return text[: parts.start] + yaml + text[parts.end :]


def _change_value(yaml: str, old: Node, new: Node, written: str) -> str:
    if isinstance(old, SequenceNode) and isinstance(new, SequenceNode) and new.value:
        return _change_items(yaml, old, new, written)
    if isinstance(old, MappingNode) and isinstance(new, MappingNode) and old.value:
        return _change_pairs(yaml, old, new, written)
    return yaml[: old.start_mark.index] + _text_of(written, new) + yaml[value_end(yaml, old) :]


def _change_items(yaml: str, old: SequenceNode, new: SequenceNode, written: str) -> str:
    """Change, add and take away items, the last one first: so the places of those before it stay as they are."""
    texts = [_text_of(written, item) for item in new.value]
    wanted = [*map(_plain, new.value)]
    for _, start, end, new_start, new_end in reversed(
        SequenceMatcher(None, [*map(_plain, old.value)], wanted).get_opcodes()
    ):
        swapped = min(end - start, new_end - new_start)
        for number in reversed(range(start + swapped, end)):
            yaml = remove_item(yaml, old, number)
            del old.value[number]
        if new_start + swapped < new_end:
            yaml = insert_items(yaml, old, end, texts[new_start + swapped : new_end])
        for number in reversed(range(swapped)):
            if _plain(old.value[start + number]) != wanted[new_start + number]:
                yaml = _change_value(yaml, old.value[start + number], new.value[new_start + number], written)
    return yaml


def _change_pairs(yaml: str, old: MappingNode, new: MappingNode, written: str) -> str:
    """Change, add and take away fields of a record, the last one first."""
    wanted = {str(name.value): value for name, value in new.value}
    if not all(isinstance(name, ScalarNode) for name, _ in old.value):
        raise ValueError("its fields have no names")
    known = [name.value for name, _ in old.value]
    for key in reversed(wanted):
        if key not in known:
            yaml = add_field(yaml, old, key, _text_of(written, wanted[key]))
    for name, value in reversed(old.value):
        wish = wanted.get(name.value)
        if wish and _plain(value) != _plain(wish):
            yaml = _change_value(yaml, value, wish, written)
        elif not wish and old.flow_style:
            raise ValueError("its fields have no lines of their own")
        elif not wish:
            end = max(value_end(yaml, value), name.end_mark.index)
            yaml = yaml[: name.start_mark.index - name.start_mark.column] + yaml[line_end(yaml, end) :]
    return yaml


def _is_huge(node: Node) -> bool:
    """Tell whether a value has too many parts to compare: aliases can make a small text huge."""
    waiting, seen = [node], 0
    while waiting and seen + len(waiting) < MOST_PARTS:
        one = waiting.pop()
        seen += 1
        if isinstance(one, MappingNode):
            waiting += [part for pair in one.value for part in pair]
        elif isinstance(one, SequenceNode):
            waiting += one.value
    return bool(waiting)


def _text_of(written: str, node: Node) -> str:
    return written[node.start_mark.index : value_end(written, node)]


def _value_of(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _plain(node: Node) -> Hashable:
    """Return what a node says, however it is written."""
    if isinstance(node, MappingNode):
        return frozenset((_plain(name), _plain(value)) for name, value in node.value)
    if isinstance(node, SequenceNode):
        return tuple(map(_plain, node.value))
    return None if is_null(node) or not isinstance(node, ScalarNode) else " ".join(node.value.split())
