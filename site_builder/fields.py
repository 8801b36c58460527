"""The fields of a record in YAML: one table for reading, writing and describing them.

In: YAML text and a table of `Field` rows. Out: values, with a `Problem` at the line and column of each
fault, or the text of a field. Must not know which records there are.

A reader takes a composed node, never a constructed object, so a value's text is what the curator typed:
`2406.10010` keeps its zero, `NO` and `12:30` stay text, and every fault knows where it is.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from site_builder.errors import Problem
from site_builder.escapes import LONGEST_HINT, find_misread
from site_builder.hints import GLUED, explain_yaml, guess_name, hint_fields

DEEPEST_YAML = 200  # nested deeper, YAML would take the composer's stack
ODD_BREAKS = re.compile("[\x85\u2028\u2029]")


if TYPE_CHECKING:
    _FastestLoader = yaml.SafeLoader
else:  # libyaml's, where PyYAML was built with it
    _FastestLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FastestLoader):
    """Composes nodes; knows only null, true and false, integers: a date or a float stays text."""


_Loader.yaml_implicit_resolvers = {}

for _tag, _pattern, _starts in (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _starts)


class Dumper(yaml.SafeDumper):
    """Writes values so that they read back here: `1.50` is text and needs no quotes, `"3"` does."""


Dumper.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


class Source:
    """A YAML text being read: whose it is, the line of the file it begins on, the faults found so far."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        """Begin to read a text of this file, from this line on."""
        self.path, self.first_line = path, first_line
        self.text = ""
        self.problems: list[Problem] = []
        self.starts: list[int] = []

    def begin(self, text: str) -> None:
        """Look at the text: where it has line breaks that YAML knows and editors don't, lines are counted anew."""
        self.text = text
        if ODD_BREAKS.search(text):
            self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, mark: Any) -> tuple[int, int]:
        """Return the line and column of a mark, from 0, as editors count."""
        if not self.starts:
            return mark.line, mark.column
        line = bisect_right(self.starts, mark.index) - 1
        return line, mark.index - self.starts[line]

    def fault(self, node: Node, message: str, hint: str = "") -> None:
        """Note a fault at a node's place."""
        line, column = self.place(node.start_mark)
        self.problems.append(Problem(self.path, self.first_line + line, column + 1, message, hint))

    def note_misread(self, node: ScalarNode) -> bool:
        """Note an escape in a double-quoted value that was meant as TeX; tell whether there is one."""
        start, end = node.start_mark.index, node.end_mark.index
        line, column = self.place(node.start_mark)
        lead = self.text[start - min(column, LONGEST_HINT) : start]
        slip = find_misread(self.text[start:end], lead)
        if not slip:
            return False
        breaks = list(re.finditer(r"\r\n|\n|\r", self.text[start : start + slip.offset]))
        column = slip.offset - breaks[-1].end() if breaks else column + slip.offset
        place = (self.first_line + line + len(breaks), column + 1)
        self.problems.append(Problem(self.path, *place, slip.message, slip.hint))
        return True


class Kind(NamedTuple):
    """A sort of value: `read` gives None after it noted a fault, `write` gives what follows `key:`."""

    read: Callable[[Node, Source], Any]
    write: Callable[[Any], str]
    schema: Mapping[str, Any]


class Field(NamedTuple):
    """A field of a record: its key, its kind, what it means, and other names that users bring along.

    Those of `also` are read; for those of `mistaken` the field is proposed.
    """

    key: str
    kind: Kind
    meaning: str
    required: bool = False
    also: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()


def compose(text: str, source: Source) -> Node | None:
    """Compose YAML text into a node. None when the text is empty or broken (noted in `source`)."""
    source.begin(text)
    try:
        if _is_nested_too_deep(text):
            source.problems.append(
                Problem(source.path, source.first_line, 1, "this YAML is nested too deep to be read")
            )
            return None
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        message = f"this is not valid YAML: {error.problem or error.context}"
        mark = error.problem_mark or error.context_mark
        line, column = source.place(mark) if mark else (0, 0)
        opened = source.place(error.context_mark) if error.context_mark else None
        slip = explain_yaml(text, line, column, error.problem or "", opened)
        problem = Problem(source.path, source.first_line + slip.line, slip.column + 1, message, slip.hint)
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
        glued = GLUED.match(node.value) if isinstance(node, ScalarNode) else None
        hint = f"put a space behind `{glued[2]}:`" if glued else "see the table of fields in docs/content.md"
        source.fault(node, "expected fields, one `key: value` a line", hint)
        return {}
    known = {name: row for row in fields for name in (row.key, *row.also)}
    meant = {name: row.key for row in fields for name in row.mistaken}
    values: dict[str, Any] = {}
    guessed: set[str] = set()
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            source.fault(key_node, "a field's name is one word", "quote a line that begins with [ or {")
            continue
        key = key_node.value
        row = known.get(key)
        if row is None:
            guess = meant.get(key.lower()) or guess_name(key, known)
            guessed.add(guess)
            hint = f"did you mean `{guess}`?" if guess else hint_fields(row.key for row in fields)
            source.fault(key_node, f"unknown field `{key}`", hint)
        elif row.key in seen:
            first = source.first_line + seen[row.key]
            source.fault(key_node, f"`{key}` is given twice, first in line {first}", "keep one of the two")
        else:
            seen[row.key] = key_node.start_mark.line
            value = None if is_null(value_node) else row.kind.read(value_node, source)
            if row.required and is_null(value_node):
                said = str(value_node.value)
                hint = f"to say just this, quote it: '{said}'" if said else row.meaning
                source.fault(key_node, f"`{key}` is empty", hint)
            if value is not None:
                values[row.key] = value
    for row in fields:
        if row.required and row.key not in seen and not guessed & {row.key, *row.also}:
            source.fault(node, f"`{row.key}` is missing", row.meaning)
    return values


def write_field(row: Field, value: Any) -> str:
    """Write a field as the lines it takes, each ended by a line feed."""
    return f"{row.key}:{row.kind.write(value)}\n"


def is_null(node: Node) -> bool:
    """Tell whether a node is YAML's null, written or implied by nothing."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


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


def _code_point(character: Any) -> int:
    return character if isinstance(character, int) else ord(character)
