"""The records of a JSON file: a broken one costs itself only, and no more work than is due."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.formats.items import WINDOW, plain_text, read_items

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**16), 10**16) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=4,
)
records = st.lists(
    st.dictionaries(st.text("abcitems", min_size=1), values, min_size=1, max_size=3), min_size=1, max_size=3
)


@given(records, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_records_are_what_they_are_in_json(given_ones, indent, is_wrapped):
    text = json.dumps({"x": [1], "items": given_ones} if is_wrapped else given_ones, indent=indent)
    items, problems = read_items(text, "x.json")
    assert [item.value for item in items] == given_ones
    assert problems == []


def test_a_record_alone_and_records_a_line_each_are_read():
    assert [item.line for item in read_items('{"a": 1}\n{"a": 2}\r\n\r\n{"a": 3}', "x")[0]] == [1, 2, 4]


def test_numbers_that_would_change_stay_text():
    text = '[{"a": 2406.10010, "b": 1e400, "c": NaN, "d": -Infinity, "e": 7, "f": ' + "9" * 5000 + "}]"
    [item], problems = read_items(text, "x")
    assert item.value == {"a": "2406.10010", "b": "1e400", "c": None, "d": None, "e": 7, "f": "9" * 5000}
    assert problems == []


def test_half_of_a_pair_is_no_character():
    [item], _ = read_items('[{"a": "x\\ud83ey", "b": "\\ud83e\\udd16"}]', "x")
    assert [plain_text(value) for value in item.value.values()] == ["x\ufffdy", "🤖"]


def test_of_a_key_that_is_given_twice_the_first_counts():
    [item], [problem] = read_items('[{"a": 1, "b": {"c": 2, "c": 3}, "a": 4}]', "x")
    assert item.value == {"a": 1, "b": {"c": 2}}
    assert (problem.severity, problem.message) == ("warning", "given twice in this record: `c`, `a`")


def test_records_longer_than_the_window_are_whole():
    long = [{"a": "x" * size, "b": ["y"] * 3} for size in (WINDOW - 30, WINDOW, 20 * WINDOW)]
    assert [item.value for item in read_items(json.dumps(long), "x")[0]] == long


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"id": 3,', '"id": 3'),
        ('"id": 3,', '"id": tree,'),
        ('"id": 3,', "'id': 3,"),
        ('"T3"', '"T3'),
        ('"T3"', "T3"),
        ('"T3"', '"T3\\q"'),
        ('"T3"', '"T3"]'),
        ('"T3"', '"T3", "x": [1, 2'),
    ],
)
def test_every_other_record_is_read(indent, old, new):
    given_ones = [{"id": n, "title": f"T{n}", "author": [{"family": "A"}, {"family": "B"}]} for n in range(9)]
    text = json.dumps(given_ones, indent=indent)
    assert old in text
    items, problems = read_items(text.replace(old, new), "x")
    assert [item.value for item in items] == [one for one in given_ones if one["id"] != 3]
    assert len(problems) == 1
    assert "T3" in problems[0].text


def test_a_faults_place_is_not_counted_from_the_files_beginning(monkeypatch):
    sizes = []
    decode_error = json.JSONDecodeError.__init__

    def note(self, message, text, place):
        sizes.append(len(text))
        decode_error(self, message, text, place)

    monkeypatch.setattr(json.JSONDecodeError, "__init__", note)
    broken = '{"id" 1, "title": "' + "x" * 1000 + '"}'
    items, problems = read_items(f"[{', '.join([broken] * 200)}]", "x")
    assert (items, len(problems)) == ([], 1)
    good = '{"id": 1, "title": "x"}'
    sizes.clear()
    items, problems = read_items(f"[{good},\n{f',{chr(10)}'.join([broken] * 200)}\n]", "x")
    assert (len(items), len(problems)) == (1, 200)
    assert max(sizes) <= WINDOW
