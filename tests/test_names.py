"""Names of people, as lists write them, in reading order."""

import pytest

from site_builder.formats.names import hold_name, is_others, read_name, split_name, turn_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Wang, Zhi", "Zhi Wang"),
        ("van der Maaten, Laurens", "Laurens van der Maaten"),
        ("Connick, Harry, Jr.", "Harry Connick Jr."),
        ("Connick, Jr., Harry", "Harry Connick Jr."),
        ("Harry Connick, Jr.", "Harry Connick Jr."),
        ("Laurens van der Maaten", "Laurens van der Maaten"),
        ("Wang,", "Wang"),
        ("Plato", "Plato"),
        ("Wei Wang 0015", "Wei Wang"),
        ("Mann 0001, Benjamin", "Benjamin Mann"),
        ("Agent 007", "Agent 007"),
        ("OpenAI,, Inc.", "OpenAI, Inc."),
        ("The Group of A, B, C, D", "The Group of A, B, C, D"),
        (",", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_in_reading_order(written: str, name: str) -> None:
    assert read_name(written) == name


@pytest.mark.parametrize(
    "name",
    [
        "Zhi Wang", "Plato", "OpenAI, Inc.", "University of California, Berkeley", "A, B, C", "Gemini Team",
        "Google DeepMind Team", "Laurens van der Maaten", "Harry Connick Jr.",
    ],
)  # fmt: skip
def test_a_name_that_is_turned_or_held_reads_as_it_was(name: str) -> None:
    assert read_name(turn_name(name)) == name
    assert read_name(hold_name(name)) == name


@pytest.mark.parametrize("name", ["OpenAI, Inc.", "Google DeepMind Team", "The BIG-bench collaboration"])
def test_an_organization_has_no_last_name(name: str) -> None:
    assert split_name(name).literal == name


def test_what_says_that_there_are_more_is_no_name() -> None:
    assert all(map(is_others, ["others", "et al.", "Et Al", "et. al.", "and others"]))
    assert not any(map(is_others, ["", "Al", "et", "Others Jr", "Etal, A."]))
