"""The kinds of values that a field can hold: how each is read, written and described.

In: a composed node, or a value. Out: the value with its faults noted, or what stands behind `key:`.
Must not know which fields there are.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.errors import cut_short
from site_builder.escapes import spell_out
from site_builder.fields import Dumper, Field, Kind, Source, is_null, read_record, schema_of
from site_builder.hints import (
    hint_address,
    hint_day,
    hint_flag,
    hint_form,
    hint_list,
    hint_name,
    hint_number,
    hint_slug,
)
from site_builder.paper import PARTIAL_DAY, parse_day

# `extra` may hold anything, but not without end: aliases can make a small text huge.
MOST_FREE_VALUES = 5_000
DEEPEST_FREE_VALUE = 20

DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?")  # 2024-10-15, 2024-10-15T08:00:00+02:00
PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _./+-]*[A-Za-z0-9_./+-])?")  # KAIST AI, 000_27e7.txt
PLAIN_URL = re.compile(r"https?://[\w./?&=%~+-]+")  # https://github.com/NJU-RL/Meta-DT
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")  # meta-learning
# Names that a file of ours must not have: a listing's own page, and what Windows keeps for devices.
RESERVED_SLUGS = frozenset({"index", "con", "prn", "aux", "nul"})


def is_visible(text: str) -> bool:
    """Tell whether a text has a character that can be seen."""
    return any(unicodedata.category(c) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in text)


def quote(text: str) -> str:
    """Write text as one double-quoted YAML scalar on one line."""
    dumped = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=2**30)
    return spell_out(str(dumped).rstrip("\n"))


def _read_text(node: Node, source: Source) -> str | None:
    if isinstance(node, ScalarNode):
        misread = node.style == '"' and "\\" in source.text and source.note_misread(node)
        return None if misread else str(node.value)
    source.fault(node, "expected text", "quote it: a value that starts with [ or { is read as a list or fields")
    return None


def _read_line(node: Node, source: Source) -> str | None:
    text = _read_text(node, source)
    if text is not None and not is_visible(text):
        source.fault(node, "expected text, found nothing that can be seen")
        return None
    return " ".join(text.split()) if text is not None else None


def _read_count(node: Node, source: Source) -> int | None:
    text = _read_text(node, source)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        source.fault(node, f"expected a number such as 4, found `{text}`", hint_number(text))
        return None
    return int(text)


def _read_day(node: Node, source: Source) -> date | None:
    text = _read_text(node, source)
    if text is None:
        return None
    match = DAY.fullmatch(text.strip())
    try:
        # Only the day counts, as it is written: a time zone never shifts it.
        return date(*map(int, match.groups())) if match else date.fromisoformat(text)
    except ValueError:
        source.fault(node, f"`{text}` is not a day", hint_day(text))
        return None


def _read_published(node: Node, source: Source) -> date | None:
    if isinstance(node, ScalarNode) and PARTIAL_DAY.fullmatch(str(node.value).strip()):
        try:
            return parse_day(str(node.value).strip())
        except ValueError:
            pass  # the thirteenth month: no day either
    return _read_day(node, source)


def _read_flag(node: Node, source: Source) -> bool | None:
    if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() == "true"
    found = f", found `{cut_short(str(node.value))}`" if isinstance(node, ScalarNode) else ""
    source.fault(node, f"expected true or false{found}", hint_flag(str(node.value)) if found else "")
    return None


def _read_url(node: Node, source: Source) -> str | None:
    text = _read_line(node, source)
    if text is not None and not is_web_address(text):
        source.fault(node, f"`{text}` is not a web address", hint_address(text))
        return None
    return text


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http address that names a host."""
    try:
        return bool(re.fullmatch(r"(?i)https?://\S+", text) and urlsplit(text).hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _read_slug(node: Node, source: Source) -> str | None:
    text = _read_line(node, source)
    if text is not None and not SLUG.fullmatch(text):
        source.fault(node, f"`{text}` is not a slug", hint_slug(text))
        return None
    return text


def _read_free(node: Node, source: Source) -> Any:
    budget = [MOST_FREE_VALUES]
    try:
        return _free_value(node, budget, DEEPEST_FREE_VALUE)
    except OverflowError as error:
        source.fault(node, str(error))
        return None
    except KeyError as error:
        key, first = error.args
        line = source.first_line + source.place(first.start_mark)[0]
        source.fault(key, f"`{key.value}` is given twice, first in line {line}", "keep one of the two")
        return None


def _free_value(node: Node, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth < 0:
        raise OverflowError("this holds more than can be kept here, or is nested too deep")
    if isinstance(node, MappingNode):
        keys: dict[str, Node] = {}
        for key, _ in node.value:
            if keys.setdefault(str(key.value), key) is not key:
                raise KeyError(key, keys[str(key.value)])
        return {str(key.value): _free_value(value, budget, depth - 1) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_free_value(item, budget, depth - 1) for item in node.value]
    if is_null(node):
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() == "true"
    return int(node.value) if node.tag == "tag:yaml.org,2002:int" else str(node.value)


def _write_scalar(value: str) -> str:
    plain = PLAIN.fullmatch(value) and not re.fullmatch(r"(?i)true|false|null|yes|no|on|off|[-+.0-9e_x]+", value)
    return value if plain or PLAIN_URL.fullmatch(value) else quote(value)


def _write_inline(value: str) -> str:
    return f" {_write_scalar(value)}"


def _write_prose(value: str) -> str:
    """Fold prose at its single spaces; what folding cannot keep to the letter is quoted."""
    if not (value.isprintable() and re.fullmatch(r"\S+(?: \S+)*", value)):
        return f" {quote(value)}"
    lines = textwrap.wrap(
        value,
        100,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )
    return " >-\n" + "\n".join(f"  {line}" for line in lines)


def _write_free(value: Any) -> str:
    dumped = yaml.dump(value, Dumper=Dumper, default_flow_style=True, allow_unicode=True, width=2**30, sort_keys=False)
    return f" {str(dumped).strip()}"


def one_of(*choices: str) -> Kind:
    """Make the kind of a value that is one of a few words."""

    def read(node: Node, source: Source) -> str | None:
        text = _read_line(node, source)
        if text is None or text in choices:
            return text
        wanted = " or ".join(f"`{choice}`" for choice in choices)
        source.fault(node, f"expected {wanted}, found `{text}`", hint_name(text, choices))
        return None

    return Kind(read, _write_inline, {"enum": list(choices)})


def number_between(low: int, high: int) -> Kind:
    """Make the kind of a whole number from `low` to `high`."""

    def read(node: Node, source: Source) -> int | None:
        number = _read_count(node, source)
        if number is None or low <= number <= high:
            return number
        source.fault(node, f"expected a number from {low} to {high}, found {number}")
        return None

    return Kind(read, lambda n: f" {n}", {"type": "integer", "minimum": low, "maximum": high})


def matching(pattern: str, example: str) -> Kind:
    """Make the kind of a text that has a form, shown to the curator by an example."""

    def read(node: Node, source: Source) -> str | None:
        text = _read_line(node, source)
        if text is None or re.fullmatch(pattern, text):
            return text
        hint = hint_form(text, lambda guess: re.fullmatch(pattern, guess) is not None)
        source.fault(node, f"`{text}` has not the form of `{example}`", hint)
        return None

    return Kind(read, lambda text: f" {quote(text)}", {"type": "string", "pattern": f"^(?:{pattern})$"})


def list_of(kind: Kind, *, flow: bool = False, repeats: bool = False) -> Kind:
    """Make the kind of a list: a tuple of values, each once unless they may repeat, in one line or a line each."""

    def read(node: Node, source: Source) -> tuple[Any, ...] | None:
        if not isinstance(node, SequenceNode):
            source.fault(node, "expected a list", hint_list(node.value if isinstance(node, ScalarNode) else ""))
            return None
        values: list[Any] = []
        for item in node.value:
            value = None if is_null(item) else kind.read(item, source)
            if value is not None and (repeats or value not in values):
                values.append(value)
        return tuple(values)

    def write(values: tuple[Any, ...]) -> str:
        items = [kind.write(value).strip() for value in values]
        return f" [{', '.join(items)}]" if flow or not items else "".join(f"\n  - {item}" for item in items)

    return Kind(read, write, {"type": "array", "items": kind.schema})


def record_of(make: Callable[..., Any], fields: tuple[Field, ...], values_of: Callable[[Any], dict[str, Any]]) -> Kind:
    """Make the kind of a record inside a record, written on one line: `{handle: kaist-ai, name: KAIST AI}`."""

    def read(node: Node, source: Source) -> Any:
        before = len(source.problems)
        values = read_record(node, fields, source)
        return make(**values) if len(source.problems) == before else None

    def write(value: Any) -> str:
        given = values_of(value)
        parts = (f"{row.key}:{row.kind.write(given[row.key])}" for row in fields if given[row.key] is not None)
        return f" {{{', '.join(parts)}}}"

    return Kind(read, write, schema_of(fields))


TEXT = Kind(_read_text, _write_prose, {"type": "string"})
LINE = Kind(_read_line, _write_inline, {"type": "string", "minLength": 1})
TITLE = Kind(_read_line, lambda text: f" {quote(text)}", {"type": "string", "minLength": 1})
COUNT = Kind(_read_count, lambda n: f" {n}", {"type": "integer", "minimum": 0})
DATE = Kind(_read_day, lambda day: f" {day.isoformat()}", {"type": "string", "pattern": f"^{DAY.pattern}$"})
PUBLISHED = Kind(
    _read_published,
    DATE.write,
    {
        "anyOf": [
            DATE.schema,
            {"type": ["string", "integer"], "pattern": f"^{PARTIAL_DAY.pattern}$", "minimum": 1000, "maximum": 9999},
        ]
    },
)
FLAG = Kind(_read_flag, lambda flag: f" {str(flag).lower()}", {"type": "boolean"})
ADDRESS = Kind(_read_url, _write_inline, {"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://\S+$"})
SLUG_KIND = Kind(_read_slug, _write_inline, {"type": "string", "pattern": f"^{SLUG.pattern}$"})
FREE = Kind(_read_free, _write_free, {"type": "object"})
