"""The JSON Schemas of the files under content/, for editors and other programs.

In: the tables of fields. Out: a schema for each sort of file. They say what a reader accepts of one file; what only the
whole list shows (a tag that the vocabulary lacks) is not theirs. Must not know the files.
"""

from collections.abc import Mapping
from typing import Any

from site_builder.config import SITE_FIELDS
from site_builder.content.captures import CAPTURE_FIELDS
from site_builder.content.entry import FIELDS
from site_builder.content.vocabulary import TAG_FIELDS
from site_builder.fields import Field, schema_of

DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest that editors of YAML know


def make_schemas() -> dict[str, dict[str, Any]]:
    """Make the schema of each sort of file, by name."""
    return {
        "entry": _head("A paper: the fields of content/papers/<slug>.md", _record(FIELDS)),
        "tags": _head("The vocabulary: content/tags.yml", {"type": "array", "items": _record(TAG_FIELDS)}),
        "site": _head("The site's own facts: content/site.yml", _record(SITE_FIELDS)),
        "captures": _head(
            "What is known of captures: content/captures/captures.yml",
            {"type": "array", "items": _record(CAPTURE_FIELDS)},
        ),
    }


def _head(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **schema}


def _record(rows: tuple[Field, ...]) -> dict[str, Any]:
    """Describe a record as it may be written: under each of a field's names, and empty where it is not required."""
    schema = schema_of(rows)
    properties = {}
    for row in rows:
        described = schema["properties"][row.key]
        properties[row.key] = described if row.required else _or_empty(described)
        for name in row.also:
            properties[name] = {**properties[row.key], "description": f"Another name of `{row.key}`: {row.meaning}"}
    return {**schema, "properties": properties}


def _or_empty(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Let a value be left empty."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": [*kinds, "null"]}
