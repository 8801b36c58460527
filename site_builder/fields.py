"""The fields of a record in YAML: one table for reading, writing and describing them.

In: YAML text and a table of `Field` rows. Out: values, with a `Problem` at the line and column of each
fault, or the text of a field. Must not know which records there are.

A reader takes a composed node, never a constructed object, so a value's text is what the curator typed:
`2406.10010` keeps its zero, `NO` and `12:30` stay text, and every fault knows where it is.
"""

import difflib
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.errors import Problem

# `extra` may hold anything, but not without end: aliases can make a small text huge.
DEEPEST_YAML = 200
MOST_FREE_VALUES = 5_000
DEEPEST_FREE_VALUE = 20

DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ].*)?")  # 2024-10-15, 2024-10-15T08:00:00+02:00
PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _./+-]*[A-Za-z0-9_./+-])?")  # KAIST AI, 000_27e7.txt
PLAIN_URL = re.compile(r"https?://[\w./?&=%~+-]+")  # https://github.com/NJU-RL/Meta-DT
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")  # meta-learning


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes; knows only null, true and false, integers: a date or a float stays text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own name and shape)


for _tag, _pattern, _starts in (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _starts)


@dataclass(slots=True)
class Source:
    """A YAML text being read: whose it is, the line of the file it begins on, the faults found so far."""

    path: str
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def fault(self, node: Node, message: str, hint: str = "") -> None:
        """Note a fault at a node's place."""
        mark = node.start_mark
        self.problems.append(Problem(self.path, self.first_line + mark.line, mark.column + 1, message, hint))


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of value: `read` gives None after it noted a fault, `write` gives what follows `key:`."""

    read: Callable[[Node, Source], Any]
    write: Callable[[Any], str]
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its key, its kind, what it means, and other names that users bring along."""

    key: str
    kind: Kind
    meaning: str
    required: bool = False
    also: tuple[str, ...] = ()


def compose(text: str, source: Source) -> Node | None:
    """Compose YAML text into a node. None when the text is empty or broken (noted in `source`)."""
    try:
        if _is_nested_too_deep(text):
            source.problems.append(
                Problem(source.path, source.first_line, 1, "this YAML is nested too deep to be read")
            )
            return None
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column + 1) if mark else (0, 0)
        message = f"this is not valid YAML: {error.problem or error.context}"
        problem = Problem(source.path, source.first_line + line, column, message, _hint_for(text, line))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        message = f"the character U+{_code_point(error.character):04X} is not allowed in YAML"
        hint = "remove it, or write it as an escape inside double quotes"
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        problem = Problem(source.path, source.first_line + line, column, message, hint)
    source.problems.append(problem)
    return None


def read_record(node: Node, fields: tuple[Field, ...], source: Source) -> dict[str, Any]:
    """Read a mapping by its table of fields; absent and faulty fields are left out, all faults are noted."""
    if not isinstance(node, MappingNode):
        source.fault(node, "expected fields, one `key: value` a line", "see the table of fields in docs/content.md")
        return {}
    known = {name: row for row in fields for name in (row.key, *row.also)}
    values: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, ScalarNode) else ""
        row = known.get(key)
        if row is None:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean `{close[0]}`?" if close else "free data goes under `extra`"
            source.fault(key_node, f"unknown field `{key}`", hint)
        elif row.key in seen:
            first = source.first_line + seen[row.key]
            source.fault(key_node, f"`{key}` is given twice, first in line {first}", "keep one of the two")
        else:
            seen[row.key] = key_node.start_mark.line
            value = None if is_null(value_node) else row.kind.read(value_node, source)
            if row.required and is_null(value_node):
                source.fault(key_node, f"`{key}` is empty", row.meaning)
            if value is not None:
                values[row.key] = value
    for row in fields:
        if row.required and row.key not in seen:
            source.fault(node, f"`{row.key}` is missing", row.meaning)
    return values


def write_field(row: Field, value: Any) -> str:
    """Write a field as the lines it takes, each ended by a line feed."""
    return f"{row.key}:{row.kind.write(value)}\n"


def is_null(node: Node) -> bool:
    """Tell whether a node is YAML's null, written or implied by nothing."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def is_visible(text: str) -> bool:
    """Tell whether a text has a character that can be seen."""
    return any(unicodedata.category(c) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for c in text)


def quote(text: str) -> str:
    """Write text as one double-quoted YAML scalar on one line."""
    dumped = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=2**30)
    return str(dumped).rstrip("\n")


# ---------------------------------------------------------------- kinds


def _read_text(node: Node, source: Source) -> str | None:
    if isinstance(node, ScalarNode):
        return str(node.value)
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
        source.fault(node, f"expected a number such as 4, found `{text}`")
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
        source.fault(node, f"`{text}` is not a day", "write it as year-month-day: 2024-10-15")
        return None


def _read_flag(node: Node, source: Source) -> bool | None:
    if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() == "true"
    source.fault(node, "expected true or false")
    return None


def _read_url(node: Node, source: Source) -> str | None:
    text = _read_line(node, source)
    if text is not None and not _is_url(text):
        source.fault(node, f"`{text}` is not a web address", "it starts with https:// or http://")
        return None
    return text


def _is_url(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"(?i)https?://\S+", text) and urlsplit(text).hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _read_slug(node: Node, source: Source) -> str | None:
    text = _read_line(node, source)
    if text is not None and not SLUG.fullmatch(text):
        source.fault(node, f"`{text}` is not a slug", "small letters, digits and single hyphens: meta-learning")
        return None
    return text


def _read_free(node: Node, source: Source) -> Any:
    budget = [MOST_FREE_VALUES]
    try:
        return _free_value(node, budget, DEEPEST_FREE_VALUE)
    except OverflowError as error:
        source.fault(node, str(error))
        return None


def _free_value(node: Node, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth < 0:
        raise OverflowError("this holds more than can be kept here, or is nested too deep")
    if isinstance(node, MappingNode):
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


def one_of(*choices: str) -> Kind:
    """Make the kind of a value that is one of a few words."""

    def read(node: Node, source: Source) -> str | None:
        text = _read_line(node, source)
        if text is None or text in choices:
            return text
        close = difflib.get_close_matches(text, choices, n=1)
        hint = f"did you mean `{close[0]}`?" if close else ""
        source.fault(node, f"expected {' or '.join(f'`{c}`' for c in choices)}, found `{text}`", hint)
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
        source.fault(node, f"`{text}` has not the form of `{example}`")
        return None

    return Kind(read, lambda text: f" {quote(text)}", {"type": "string", "pattern": f"^(?:{pattern})$"})


def list_of(kind: Kind, *, flow: bool = False) -> Kind:
    """Make the kind of a list: a tuple of values without repeats, written in one line or a line each."""

    def read(node: Node, source: Source) -> tuple[Any, ...] | None:
        if not isinstance(node, SequenceNode):
            source.fault(node, "expected a list", "write it as [one, two] or with a line `- …` for each")
            return None
        values: list[Any] = []
        for item in node.value:
            value = None if is_null(item) else kind.read(item, source)
            if value is not None and value not in values:
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


def schema_of(rows: tuple[Field, ...]) -> dict[str, Any]:
    """Describe a table of fields as a JSON Schema object."""
    properties = {row.key: {**row.kind.schema, "description": row.meaning} for row in rows}
    required = [row.key for row in rows if row.required]
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _is_nested_too_deep(text: str) -> bool:
    """Tell whether a text would take the composer's stack: it recurses, the parser's events do not."""
    if len(text) < 1_000_000 and sum(map(text.count, ("[", "{", "- ", "? "))) < DEEPEST_YAML:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_YAML:
            return True
    return False


def _hint_for(text: str, line: int) -> str:
    """Guess what the curator meant in a line that is not YAML."""
    lines = text.splitlines()
    broken = lines[line] if line < len(lines) else ""
    if re.match(r"\s*[\w-]+:\s+[^\"'\[{|>].*(?::\s|\s#)", broken):
        return 'quote this value: key: "text: with a colon"'
    if "\t" in broken:
        return "use spaces, YAML takes no tab here"
    return "quote values that hold any of : # [ ] { } , & * ! | > ' \" % @ `"


def _code_point(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)


TEXT = Kind(_read_text, _write_prose, {"type": "string"})
LINE = Kind(_read_line, _write_inline, {"type": "string", "minLength": 1})
TITLE = Kind(_read_line, lambda text: f" {quote(text)}", {"type": "string", "minLength": 1})
COUNT = Kind(_read_count, lambda n: f" {n}", {"type": "integer", "minimum": 0})
DATE = Kind(_read_day, lambda day: f" {day.isoformat()}", {"type": "string", "format": "date"})
FLAG = Kind(_read_flag, lambda flag: f" {str(flag).lower()}", {"type": "boolean"})
ADDRESS = Kind(_read_url, _write_inline, {"type": "string", "format": "uri"})
SLUG_KIND = Kind(_read_slug, _write_inline, {"type": "string", "pattern": f"^{SLUG.pattern}$"})
FREE = Kind(
    _read_free,
    lambda value: " " + yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=2**30).strip(),
    {"type": "object"},
)
