"""Samples of foreign formats, each with what it must give beside it as `*.expected.json`.

In: a reader and a folder under tests/data/. Out: what it reads as plain values, and the files of what is expected.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.paper import Paper

DATA = Path(__file__).parent / "data"

Read = Callable[[str, str], tuple[list[Draft], list[Problem]]]


def find_samples(folder: str, ending: str) -> list[Path]:
    """Find the samples of a format, broken ones too."""
    return sorted(path for path in (DATA / folder).rglob(f"*.{ending}") if ".expected." not in path.name)


def read_sample(path: Path, read: Read) -> dict[str, Any]:
    """Read a sample; return its drafts and problems as plain values."""
    drafts, problems = read(path.read_bytes().decode("utf-8"), path.name)
    return {"drafts": [_plain_draft(draft) for draft in drafts], "problems": [str(problem) for problem in problems]}


def expected_of(path: Path) -> dict[str, Any]:
    """Return what is expected of a sample."""
    return dict(json.loads(_beside(path).read_text(encoding="utf-8")))


def rewrite(paths: list[Path], read: Read) -> None:
    """Write what the samples give now as what is expected of them."""
    for path in paths:
        text = json.dumps(read_sample(path, read), ensure_ascii=False, indent=1)
        _beside(path).write_text(f"{text}\n", encoding="utf-8")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.expected.json")


def _plain_draft(draft: Draft) -> dict[str, Any]:
    empty = Paper(slug="", title="")
    known = {name: value for name, value in draft.paper._asdict().items() if value != getattr(empty, name)}
    values = {"line": draft.line, **known, "keywords": draft.keywords, "notes": draft.notes}
    return {name: _plain(value) for name, value in values.items() if value not in ((), "")}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
