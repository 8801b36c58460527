"""The published schemas, and the settings for editors and commits: all of them say what the program does.

`python -m tests.test_schema` writes docs/schema/ anew.
"""

import json
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.config import read_facts
from site_builder.content.captures import read_capture_facts
from site_builder.content.entry import FIELDS, read_entry, write_entry
from site_builder.content.frontmatter import FrontMatter, split_front_matter
from site_builder.content.vocabulary import read_vocabulary
from site_builder.fields import Source, compose
from site_builder.schemas import make_schemas
from tests.builders import ROOT, make_content, make_paper
from tests.builders import run_command as run

PUBLISHED = ROOT / "docs" / "schema"
CASES = sorted((ROOT / "tests" / "data" / "entry").glob("*.md"))
ENTRIES = sorted((ROOT / "content" / "papers").glob("*.md"))

# What a schema cannot say, or says more strictly than the reader, and why.
ONLY_THE_READER = {
    "duplicate-key": "a mapping in JSON has each key once",
    "extra-given-twice": "the same",
    "impossible-date": "a calendar is no pattern",
    "tex-in-double-quotes": "a value has no quotes any more",
}


def value_of(node: Node) -> Any:
    """Read a node as an editor does: text, whole numbers, true and false, nothing."""
    if isinstance(node, MappingNode):
        return {str(key.value): value_of(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [value_of(item) for item in node.value]
    assert isinstance(node, ScalarNode)
    kind = node.tag.rpartition(":")[2]
    if kind == "int":
        return int(node.value)
    return {"null": None, "bool": node.value.lower() == "true"}.get(kind, node.value)


def violations(name: str, text: str) -> list[str]:
    """Return what the schema has against a YAML text."""
    node = compose(text, Source(""))
    value = value_of(node) if node else None
    return [error.message for error in Draft7Validator(make_schemas()[name]).iter_errors(value)]


def fields_of(path: Path) -> str | None:
    """Return the fields of an entry's file, when it has fields that are YAML."""
    parts = split_front_matter(path.read_bytes().decode(), "")
    if not isinstance(parts, FrontMatter):
        return None
    source = Source("")
    compose(parts.yaml, source)
    return None if source.problems else parts.yaml


def write_schemas() -> dict[str, str]:
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in make_schemas().items()}


# ---------------------------------------------------------------- schemas


def test_the_published_schemas_are_those_of_the_tables():
    published = {path.stem: path.read_text(encoding="utf-8") for path in PUBLISHED.iterdir()}
    assert published == write_schemas()


@pytest.mark.parametrize("name", make_schemas())
def test_the_command_prints_the_published_schema(name):
    assert run("schema", name).output == (PUBLISHED / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", make_schemas())
def test_a_schema_is_one_and_names_no_host_of_its_own(name):
    schema = make_schemas()[name]
    Draft7Validator.check_schema(schema)
    assert "$id" not in schema
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_every_entry_of_the_list_fits_its_schema():
    assert len(ENTRIES) > 200
    for path in ENTRIES:
        assert violations("entry", fields_of(path) or "") == [], path.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_faulty_entry_is_faulty_by_its_schema_too(case):
    fields = fields_of(case)
    if fields is None:
        return  # no YAML: an editor has nothing to compare
    _, problems = read_entry(case.read_bytes().decode(), "x.md", "x")
    assert bool(violations("entry", fields)) == (bool(problems) and case.stem not in ONLY_THE_READER)


GOOD = """\
title: T
date: 2024
lastmod: 2024-1-5
authors: [A]
organization: {handle: a, name: A}
links: {code: https://a.org, data: ["HTTP://b.org", https://c.org]}
arxiv: hep-th/9901001
captures:
  - {file: a, day: 2024-10-15T08:00:00+02:00, year: inferred, comments_count: 0}
status:
rating: 5
extra: {anything: [1, {a: b}]}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("date: 2024\n", "publishDate: 2024-10\n"),
        ("date: 2024\n", "published: 24\n"),
        ("date: 2024\n", "published: 2024-10-15-3\n"),
        ("T\n", "\n"),
        ("[A]", "A"),
        ("handle: a, ", ""),
        ("https://a.org", "ftp://a.org"),
        ("https://c.org", "c.org"),
        ("hep-th/9901001", "nothing"),
        ("day: 2024-10-15T08:00:00+02:00, ", ""),
        ("inferred", "guessed"),
        ("comments_count: 0", "comments_count: many"),
        ("rating: 5", "rating: 6"),
        ("rating: 5", "rating: 5\ndraft: yes"),
        ("rating: 5", "rating: 5\ntags: [A B]"),
        ("rating: 5", "rating: 5\nstars: 5"),
        ("{anything: [1, {a: b}]}", "nothing"),
    ],
)
def test_schema_and_reader_agree_on_each_kind_of_value(old, new):
    fields = GOOD.replace(old, new, 1) if old else GOOD
    assert fields != GOOD or not old
    _, problems = read_entry(f"---\n{fields}---\n", "x.md", "x")
    if "extra: nothing" in fields:
        problems = ["the reader keeps any value there"]
    assert bool(violations("entry", fields)) == bool(problems) == bool(old and new != "publishDate: 2024-10\n")


def test_what_the_program_writes_fits_the_schema():
    parts = split_front_matter(write_entry(make_paper(rating=3, featured=True, tags=("a",), arxiv="2406.10010")), "")
    assert isinstance(parts, FrontMatter) and violations("entry", parts.yaml) == []


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("tags", "- {slug: a, name: A, group: G, suggest: [x*], aliases: [b]}", read_vocabulary),
        ("tags", "- {slug: a, name: A}", read_vocabulary),
        ("tags", "- {slug: A b, name: A, group: G}", read_vocabulary),
        ("tags", "slug: a", read_vocabulary),
        ("captures", "- {file: a.txt, day: 2025-03-14, shows: x}", read_capture_facts),
        ("captures", "- {day: 2025-03-14}", read_capture_facts),
        ("captures", "- {file: a.txt, day: 14.3.2025}", read_capture_facts),
        ("site", "title: x\naddress: https://example.org/a/\nlanguage: en", read_facts),
        ("site", "titel: x", read_facts),
        ("site", "address: example.org", read_facts),
        ("site", "repository: example.org", read_facts),
    ],
)
def test_the_other_schemas_agree_with_their_readers(name, text, read):
    assert bool(violations(name, text)) == bool(read(text, "x.yml")[1])


def test_the_lists_own_settings_fit_their_schemas():
    for name, path in (("tags", "tags.yml"), ("site", "site.yml"), ("captures", "captures/captures.yml")):
        assert violations(name, (ROOT / "content" / path).read_text(encoding="utf-8")) == []


def test_every_other_name_of_a_field_is_in_the_schema():
    properties = make_schemas()["entry"]["properties"]
    assert set(properties) == {name for row in FIELDS for name in (row.key, *row.also)}


# ---------------------------------------------------------------- editors

VSCODE = ROOT / ".vscode"


def tasks() -> dict[str, Any]:
    return {task["label"]: task for task in json.loads((VSCODE / "tasks.json").read_text())["tasks"]}


def matched(line: str, number: int) -> tuple[str | Any, ...] | None:
    """Return what a problem matcher takes from a line. Its patterns mean the same in JavaScript and in Python."""
    pattern = tasks()["site-builder: check"]["problemMatcher"][number]["pattern"]
    match = re.search(pattern["regexp"], line)
    keys = ("file", "line", "column", "severity", "message")
    return tuple(match[pattern[key]] for key in keys if key in pattern) if match else None


def test_the_editors_schemas_are_there_and_for_files_of_the_list():
    settings = json.loads((VSCODE / "settings.json").read_text())["yaml.schemas"]
    assert {(VSCODE / ".." / path).resolve() for path in settings} < set(PUBLISHED.iterdir())
    assert set(settings.values()) == {"content/site.yml", "content/tags.yml", "content/captures/captures.yml"}
    assert json.loads((VSCODE / "extensions.json").read_text())["recommendations"] == ["redhat.vscode-yaml"]


def test_the_problem_matchers_read_what_check_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {"a": "title: A: b", "B c": "", "d": "title: D\nratin: 4", "e": "title: D"}
    make_content(tmp_path, {f"papers/{name}.md": f"---\n{text}\n---\n" for name, text in texts.items()})
    said = run("check").stderr.splitlines()
    assert [found for line in said if (found := matched(line, 0))] == [
        ("content/papers/a.md", "2", "9", "error",
         "this is not valid YAML: mapping values are not allowed in this context"),
        ("content/papers/d.md", "3", "1", "error", "unknown field `ratin`"),
        ("content/papers/e.md", "2", "1", "warning", "this has the title of content/papers/d.md"),
    ]  # fmt: skip
    assert [found for line in said if (found := matched(line, 1))] == [
        ("content/papers/B c.md", "error", "`B c.md` is not a name for a page"),
    ]


@pytest.mark.parametrize("label", ["site-builder: check", "site-builder: build"])
def test_the_editors_tasks_run(label, tmp_path, monkeypatch):
    runs_hook(tasks()[label]["command"], tmp_path, monkeypatch)


# ---------------------------------------------------------------- commits


def runs_hook(entry: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what a hook or a task says, in a good list and in a faulty one."""
    program, *words = shlex.split(entry)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert program.removeprefix(".venv/bin/") in scripts
    monkeypatch.chdir(folder)
    make_content(folder, {"papers/a.md": "---\ntitle: A\n---\n"})
    assert run(*words).exit_code == 0
    make_content(folder, {"papers/b.md": "---\ntitel: B\n---\n"})
    assert run(*words).exit_code == 1


def test_the_published_hook_runs(tmp_path, monkeypatch):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["files"], hook["pass_filenames"]) == ("site-builder-check", "^content/", False)
    assert hook["language"] == "python" and (ROOT / "pyproject.toml").exists()  # pre-commit installs the package
    runs_hook(hook["entry"], tmp_path, monkeypatch)


def test_the_repositorys_own_hooks_run(tmp_path, monkeypatch):
    ((repository),) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    first, *others = repository["hooks"]
    assert (first["files"], first["pass_filenames"], first["language"]) == ("^content/", False, "system")
    runs_hook(first["entry"], tmp_path, monkeypatch)
    for hook in others:
        assert hook["entry"].startswith(".venv/bin/ruff ") and (Path(sys.executable).parent / "ruff").exists()


if __name__ == "__main__":
    PUBLISHED.mkdir(exist_ok=True)
    for stem, text in write_schemas().items():
        (PUBLISHED / f"{stem}.json").write_text(text, encoding="utf-8")
