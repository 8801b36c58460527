"""Names of people, as lists write them, in reading order."""

import pytest

from site_builder.formats.names import is_others, read_name


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
        ("The Group of A, B, C, D", "The Group of A, B, C, D"),
        (",", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_in_reading_order(written: str, name: str) -> None:
    assert read_name(written) == name


def test_what_says_that_there_are_more_is_no_name() -> None:
    assert all(map(is_others, ["others", "et al.", "Et Al", "et. al.", "and others"]))
    assert not any(map(is_others, ["", "Al", "et", "Others Jr", "Etal, A."]))
