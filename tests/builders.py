"""Small papers and small sites for tests."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from site_builder.build import Report, build
from site_builder.cli import main
from site_builder.config import load_config
from site_builder.paper import Paper, Sighting

ROOT = Path(__file__).parent.parent

TAGS = """\
- {slug: robotics, name: Robotics, group: Applications, description: Robots that move., suggest: [robot*]}
- {slug: theory, name: Learning theory, group: Theory, suggest: [generalization bound*, provabl*]}
"""


def make_paper(**fields: Any) -> Paper:
    """Make a paper that says what a captured one says, but for the fields given."""
    known: dict[str, Any] = {
        "slug": "a-paper",
        "title": "A Paper",
        "abstract": "What it is about.",
        "captures": (Sighting("000.txt", date(2025, 3, 14), "inferred"),),
        "added": date(2025, 3, 14),
    }
    return Paper(**{**known, **fields})


def make_content(folder: Path, files: dict[str, str]) -> Path:
    """Make a content folder with these files, and a vocabulary of two tags unless one is given."""
    content = folder / "content"
    for name, text in {"tags.yml": TAGS, **files}.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return content


def make_site(folder: Path, files: dict[str, str]) -> tuple[Path, Report]:
    """Make a content folder with these files and build it; return the output folder and the report."""
    config, _ = load_config(make_content(folder, files), folder / "output")
    return config.output, build(config)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, and what it printed."""

    exit_code: int
    output: str
    stderr: str


def run_command(*words: str) -> Ended:
    """Run a command in this process, as a shell would."""
    output, errors = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(output), redirect_stderr(errors):
        try:
            main(words)
        except SystemExit as end:
            code = int(end.code or 0)
    return Ended(code, output.getvalue(), errors.getvalue())
