"""The stages know only what stands to their left."""

import ast
from pathlib import Path

import pytest

from tests.builders import ROOT

ORDER = (
    "state terminal arguments errors paper escapes hints fields kinds files excerpts keep jobs config formats content "
    "schemas prose library search intake render publish memory build sources importer exporter network lookup "
    "complete addition tagging outside links check serve commands cli __main__"
).split()
MODULES = sorted((ROOT / "site_builder").rglob("*.py"))


def stage_of(path: Path) -> str:
    return path.relative_to(ROOT / "site_builder").parts[0].removesuffix(".py")


def imported_stages(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[1] if "." in name else "" for name in names if name.split(".")[0] == "site_builder"} - {""}


def test_every_module_has_a_place_in_the_order():
    assert {stage_of(path) for path in MODULES} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    for stage in imported_stages(path):
        assert ORDER.index(stage) <= ORDER.index(stage_of(path)), f"{path.name} must not know {stage}"


def test_imports_are_absolute():
    for path in MODULES:
        relative = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom) and n.level]
        assert not relative, path


def test_a_stages_init_holds_a_docstring_only():
    for path in MODULES:
        if path.name == "__init__.py":
            body = ast.parse(path.read_text()).body
            assert len(body) == 1 and ast.get_docstring(ast.parse(path.read_text())), path


def test_every_module_says_what_goes_in_what_comes_out_and_what_it_must_not_know():
    for path in MODULES:
        said = ast.get_docstring(ast.parse(path.read_text())) or ""
        if path.parent != ROOT / "site_builder" or not path.stem.startswith("__"):
            assert "In:" in said and "Out:" in said, path
