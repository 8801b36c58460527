"""This program's own JSON: entries as an array of records, with the fields of their files.

In: the text of a JSON file. Out: Drafts and Problems, or the text of a file.
The fields are those of `content/entry.py`. Must not know where entries lie, nor what else is in the list.

A Draft of these has its slug and tags in its paper: who imports it decides what they are worth.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from yaml import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.content.entry import FIELDS, Entry, given_fields
from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.formats.draft import Draft
from site_builder.formats.faults import settle, tell_no_title
from site_builder.formats.items import Item, plain_text, read_items
from site_builder.kinds import DEEPEST_FREE_VALUE, SLUG_KIND, TEXT
from site_builder.paper import LINK_KINDS, Link, Paper

ROWS = (
    Field("slug", SLUG_KIND, "The name of the paper's page."),
    *FIELDS,
    Field("notes", TEXT, "The curator's notes."),
)
EMPTY: tuple[Any, ...] = (None, "", [], {}, False)
DEEPEST = DEEPEST_FREE_VALUE + 3  # a deeper value is none of any field's
MARK = Mark("", 0, 0, 0, None, 0)  # the first place of a record
TAGS = {bool: "bool", int: "int", type(None): "null"}


def read_records(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read records as `write_records` writes them; a faulty field is told and left out."""
    items, problems = read_items(text, path)
    drafts = []
    for item in items:
        values, faults = _read_values(item, path)
        if "title" not in values:
            problems.append(tell_no_title(path, item.line, item.text))
            continue
        problems += [fault._replace(severity="warning") for fault in faults]
        notes = values.pop("notes", "")
        given = given_fields(key for key, value in item.value.items() if value in EMPTY)
        drafts.append(Draft(Paper(**{"slug": "", **values}), path, item.line, (), notes, given))
    return drafts, settle(problems, path)


def write_records(given: Iterable[Entry | Draft]) -> str:
    """Write entries, or drafts, as records; what is unknown, empty or false is left out, unless it was given so."""
    records = [dict(_plain_fields(one)) for one in given]
    return f"{json.dumps(records, ensure_ascii=False, indent=2)}\n"


def _read_values(item: Item, path: str) -> tuple[dict[str, Any], list[Problem]]:
    """Read a record's fields. Its nodes know their line only; when something is wrong, YAML tells the places."""
    source = Source(path, item.line)
    values = read_record(_make_node(item.value, 0), ROWS, source)
    if not source.problems or item.is_cut:
        return values, source.problems
    # JSON is YAML but for its escapes of slashes and of pairs: where it is not, the record's line must do.
    placed = Source(path, item.line)
    node = compose(" " * (item.column - 1) + item.text, placed)
    again = read_record(node, ROWS, placed) if node else None
    return values, placed.problems if again == values else source.problems


def _make_node(value: Any, depth: int) -> Node:
    """Make the node that YAML would compose of a value."""
    if depth > DEEPEST:
        return ScalarNode("tag:yaml.org,2002:null", "", MARK, MARK)
    if isinstance(value, dict):
        pairs = [(_make_node(key, depth), _make_node(one, depth + 1)) for key, one in value.items()]
        return MappingNode("tag:yaml.org,2002:map", pairs, MARK, MARK)
    if isinstance(value, list):
        return SequenceNode("tag:yaml.org,2002:seq", [_make_node(one, depth + 1) for one in value], MARK, MARK)
    if isinstance(value, str):
        return ScalarNode("tag:yaml.org,2002:str", plain_text(value), MARK, MARK)
    text = str(value).lower() if value is not None else "null"
    return ScalarNode(f"tag:yaml.org,2002:{TAGS[type(value)]}", text, MARK, MARK)


def _plain_fields(one: Entry | Draft) -> Iterator[tuple[str, Any]]:
    empty = Paper(slug="", title="")
    for row in ROWS:
        value = one.notes if row.key == "notes" else getattr(one.paper, row.key)
        if value != getattr(empty, row.key, "") or row.key in one.given:
            yield row.key, _plain_value(row.key, value)


def _plain_value(key: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if key == "links":
        return dict(_plain_links(value))
    if key == "captures":
        rows = [row._asdict() for row in value]
        return [{name: _plain_value(name, one) for name, one in row.items() if one is not None} for row in rows]
    if key == "organization":
        return value._asdict()
    if key == "extra":
        return dict(value)
    return value.isoformat() if isinstance(value, date) else value


def _plain_links(links: tuple[Link, ...]) -> Iterator[tuple[str, str | list[str]]]:
    """Group links by kind: one address is a text, more are a list."""
    for kind in LINK_KINDS:
        urls = [link.url for link in links if link.kind == kind]
        if urls:
            yield kind, urls[0] if len(urls) == 1 else urls
