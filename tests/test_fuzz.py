"""Hostile inputs end in Drafts and Problems. FUZZ_INPUTS says how many a format; `make fuzz` reads very many."""

import os

import pytest

from tests.fuzz import FORMATS, fuzz


@pytest.mark.parametrize("name", FORMATS)
def test_mutated_samples_end_in_drafts_or_problems(name: str) -> None:
    outcome = fuzz(name, int(os.environ.get("FUZZ_INPUTS", "200")))
    assert outcome.faults == []
    assert outcome.drafts and outcome.problems
