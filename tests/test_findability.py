"""How well papers are found: the figures that `make findability` prints of our engine, held to their goal."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT

QUERIES = PROJECT / "tests" / "data" / "queries.json"
SCRIPT = PROJECT / "tests" / "bench" / "findability.mjs"
GOAL = {"first": 0.96, "five": 0.99, "rank": 0.97, "recall": 0.97}


@pytest.fixture(scope="module")
def figures(node: str, node_modules: Path, real_site: Path) -> Any:
    command = [node, str(SCRIPT), str(real_site), "--only=ours", "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["Site Builder"]


@pytest.mark.parametrize("figure", GOAL)
def test_papers_are_found_as_well_as_is_promised(figures: Any, figure: str) -> None:
    assert figures["all"][figure] >= GOAL[figure]
    assert figures["all"]["threw"] == 0


@pytest.mark.parametrize("figure", GOAL)
def test_queries_that_were_held_out_do_as_well(figures: Any, figure: str) -> None:
    assert figures["heldOut"][figure] >= GOAL[figure]


def test_every_paper_is_the_first_for_its_own_title(figures: Any) -> None:
    assert figures["titles"] == figures["papers"] == len(list((PROJECT / "content" / "papers").glob("*.md")))


def test_the_queries_are_many_of_many_kinds_with_papers_that_exist() -> None:
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))
    assert len(queries) >= 180
    assert len({query["query"] for query in queries}) == len(queries)
    assert len(Counter(query["kind"] for query in queries)) >= 12
    slugs = {path.stem for path in (PROJECT / "content" / "papers").glob("*.md")}
    for query in queries:
        assert query["right"], query["query"]
        assert set(query["right"]) <= slugs, query["query"]
