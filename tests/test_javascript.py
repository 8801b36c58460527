"""The site's scripts by themselves: their unit tests and their types. The browser's tests are in tests/browser/."""

import os
import subprocess
from pathlib import Path

import pytest

from site_builder.render.assets import shorten_script
from tests.builders import ROOT

ASSETS = ROOT / "templates" / "assets"
SCRIPTS = Path(__file__).parent / "js"
ALONE = ("vendor.test.mjs",)  # is about no script of ours


def test_the_scripts_pass_their_own_tests(node: str, node_modules: Path) -> None:
    tests = sorted(map(str, SCRIPTS.glob("*.test.mjs")))
    assert tests
    run(node, "--test", *tests)


@pytest.fixture
def shortened(tmp_path: Path) -> Path:
    """The scripts as readers load them, each by itself."""
    for path in ASSETS.rglob("*.js"):
        copy = tmp_path / path.relative_to(ASSETS)
        copy.parent.mkdir(exist_ok=True)
        ours = path.parent.name != "vendor"
        copy.write_bytes(shorten_script(path.read_bytes()) if ours else path.read_bytes())
        assert not ours or copy.stat().st_size < path.stat().st_size
    return tmp_path


def test_the_scripts_pass_their_own_tests_as_readers_load_them(node: str, node_modules: Path, shortened: Path) -> None:
    tests = [str(path) for path in sorted(SCRIPTS.glob("*.test.mjs")) if path.name not in ALONE]
    run(node, "--test", *tests, ASSETS=str(shortened))


def test_shortened_scripts_say_what_they_said(node: str, node_modules: Path, shortened: Path) -> None:
    run(node, str(SCRIPTS / "tokens.mjs"), str(ASSETS), str(shortened))


@pytest.mark.parametrize(
    ("script", "shortened"),
    [
        ("// Why.\nlet one = `a  ${ 1 }  // b`, two = / {2}\\//g;", "let one=`a  ${ 1 }  // b`,two=/ {2}\\//g;"),
        (
            "const find = (text) => / {2}/.test(text); // a pattern",
            "const find = (text) => / {2}/.test(text); // a pattern",
        ),
        ("let one = `${ two ? ` a b ${two}` : '' } c`; // why", "let one = `${ two ? ` a b ${two}` : '' } c`; // why"),
        ("let = = 3", "let==3"),
        ("", ""),
    ],
)
def test_of_a_script_only_comments_and_blanks_are_left_out(script: str, shortened: str) -> None:
    assert shorten_script(script.encode()).decode() == shortened


def test_a_script_that_is_no_text_can_be_shortened_too() -> None:
    assert shorten_script(b"\xff\xfe") == b"\xff\xfe"


def test_the_scripts_keep_their_types(node: str, node_modules: Path) -> None:
    run(node, str(node_modules / ".bin" / "tsc"), "--project", str(SCRIPTS))


def run(*command: str, **more: str) -> None:
    environment = {**os.environ, **more}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout
