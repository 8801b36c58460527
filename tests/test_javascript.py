"""The site's scripts by themselves: their unit tests and their types. The browser's tests are in tests/browser/."""

import subprocess
from pathlib import Path

SCRIPTS = Path(__file__).parent / "js"


def test_the_scripts_pass_their_own_tests(node: str, node_modules: Path) -> None:
    tests = sorted(map(str, SCRIPTS.glob("*.test.mjs")))
    assert tests
    run(node, "--test", *tests)


def test_the_scripts_keep_their_types(node: str, node_modules: Path) -> None:
    run(node, str(node_modules / ".bin" / "tsc"), "--project", str(SCRIPTS))


def run(*command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
