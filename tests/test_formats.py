"""What holds for every format: its samples give what they must, and what is written reads back.

`python -m tests.samples` writes down anew what the samples give.
"""

import json
from pathlib import Path

import pytest

from site_builder.sources import READERS
from tests.samples import expected_of, find_cases, read_case

CASES = [(name, path) for name in READERS for path in find_cases(name)]


@pytest.mark.parametrize(("name", "path"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_sample_gives_what_is_expected(name: str, path: Path) -> None:
    assert read_case(name, path) == json.loads(expected_of(path).read_text(encoding="utf-8"))
