"""What holds for every format: its samples give what they must, and what is written reads back.

`python -m tests.samples` writes down anew what the samples give.
"""

import json
from pathlib import Path

import pytest

from site_builder.content.entry import edit_entry, read_entry, write_entry
from site_builder.exporter import WRITERS
from site_builder.formats.draft import Draft
from site_builder.formats.recognize import recognize
from site_builder.paper import Paper
from site_builder.sources import READERS
from tests.samples import expected_of, find_cases, read_case

CASES = [(name, path) for name in READERS for path in find_cases(name)]


@pytest.mark.parametrize(("name", "path"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_sample_gives_what_is_expected(name: str, path: Path) -> None:
    assert read_case(name, path) == json.loads(expected_of(path).read_text(encoding="utf-8"))


# Two of one name wrote it together, and somebody between them.
NAMES = ("Wei Wang", "Emmy Noether", "Wei Wang")
REPLIES = {
    "arxiv": "<entry><id>http://arxiv.org/abs/2406.10010</id><title>T</title>{}</entry>".format(
        "".join(f"<author><name>{name}</name></author>" for name in NAMES)
    ),
    "daily": json.dumps({"paper": {"id": "2406.10010", "title": "T", "authors": [{"name": name} for name in NAMES]}}),
}


def write_names(name: str) -> str:
    draft = Draft(Paper(slug="t", title="T", authors=NAMES, arxiv="2406.10010"), "", 0)
    return REPLIES[name] if name in REPLIES else WRITERS["json" if name == "records" else name]([draft])


@pytest.mark.parametrize("name", READERS)
def test_two_authors_of_one_name_are_two(name: str) -> None:
    text = write_names(name)
    drafts, problems = READERS[name](text, "x")
    assert [draft.paper.authors for draft in drafts] == [NAMES]
    assert (problems, recognize(text)) == ([], name)


def test_two_authors_of_one_name_are_two_in_an_entry() -> None:
    entry, problems = read_entry(write_entry(Paper(slug="t", title="T", authors=NAMES)), "t.md", "t")
    assert entry and (entry.paper.authors, problems) == (NAMES, [])
    assert edit_entry(entry, {"authors": (*NAMES, "Wei Wang")}).paper.authors == (*NAMES, "Wei Wang")
