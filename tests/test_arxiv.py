"""Replies of arXiv's API: every entry is read by itself, and what is hostile in them is refused."""

from datetime import date
from pathlib import Path

import pytest

from site_builder.formats.arxiv import read_arxiv

QUERY = Path(__file__).parent / "data" / "arxiv" / "query.xml"


def test_a_reply_torn_anywhere_keeps_the_entries_before_the_tear() -> None:
    text = QUERY.read_text(encoding="utf-8")
    ends = [place for place in range(len(text)) if text.startswith("</entry>", place)]
    for cut in range(0, len(text), 7):
        drafts, problems = read_arxiv(text[:cut], "x.xml")
        assert len(drafts) == sum(end + len("</entry>") <= cut for end in ends)
        assert drafts or problems


def test_an_entry_knows_its_line() -> None:
    lines = QUERY.read_text(encoding="utf-8").splitlines()
    drafts, _ = read_arxiv(QUERY.read_text(encoding="utf-8"), "x.xml")
    assert [lines[draft.line - 1].strip() for draft in drafts] == ["<entry>", "<entry>"]


def test_an_instant_counts_as_its_day_in_utc() -> None:
    entry = "<entry><id>http://arxiv.org/abs/2406.10010</id><title>T</title><published>{}</published></entry>"
    given = {
        "2024-06-14T01:00:00+02:00": date(2024, 6, 13),
        "2024-06-13T23:00:00Z": date(2024, 6, 13),
        "2024-06-13": date(2024, 6, 13),
        "9999-12-31T23:00:00-05:00": None,
        "0001-01-01T00:00:00+05:00": None,
    }
    for instant, day in given.items():
        [draft], _ = read_arxiv(entry.format(instant), "x.xml")
        assert draft.paper.published == day


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE x [<!ENTITY e "boom"><!ENTITY f "&e;&e;">]>',
    ],
)
def test_an_entity_of_the_files_own_is_never_resolved(head: str) -> None:
    inside = f"<entry>{head}<title>&e;</title></entry>"
    for text in (f"{head}<feed><entry><title>&e;</title></entry></feed>", f"<feed>{inside}</feed>"):
        drafts, [problem] = read_arxiv(text, "x.xml")
        assert drafts == []
        assert "this entry is not valid XML" in problem.message
