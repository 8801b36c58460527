"""A capture is read whole: every line has a class, and what fits nothing is said."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.formats.capture import draft_papers, infer_years, read_capture
from site_builder.paper import Organization, fold_title
from tests.builders import ROOT

CAPTURES = sorted((ROOT / "content" / "captures").glob("*.txt"))
CASES = sorted((Path(__file__).parent / "data" / "capture").glob("*.json"))

# records, author lines, organizations, dates with a year, dates without, comment counts
NUMBERS = {
    "000_27e7452b1f1045fd.txt": (68, 0, 0, 0, 0, 0),
    "001_ee9ac298a632e074.txt": (38, 37, 1, 29, 9, 3),
    "002_35e19d40c8c4c9a4.txt": (81, 0, 0, 0, 0, 0),
    "003_75ea5f93878b491f.txt": (43, 41, 1, 25, 17, 8),
    "004_cb5f07ccdfe485f1.txt": (74, 0, 0, 0, 0, 0),
}
DAYS = {"000": (3, 14), "001": (11, 24), "002": (3, 11), "003": (12, 10), "004": (3, 11)}


def read(path):
    return read_capture(path.read_text(encoding="utf-8"), path.name)


def test_the_five_captures_are_there():
    assert [path.name for path in CAPTURES] == list(NUMBERS)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_the_real_captures_reach_their_numbers(path):
    capture, problems = read(path)
    shown = [record.published for record in capture.records if record.published]
    assert problems == []
    assert NUMBERS[path.name] == (
        len(capture.records),
        sum(record.authors_count is not None for record in capture.records),
        sum(record.organization is not None for record in capture.records),
        sum(day.year is not None for day in shown),
        sum(day.year is None for day in shown),
        sum(record.comments_count is not None for record in capture.records),
    )
    assert (capture.day.month, capture.day.day) == DAYS[path.name[:3]]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_the_ledger_of_a_real_capture_adds_up(path):
    capture, _ = read(path)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert sum(capture.ledger.values()) == len(lines)
    assert capture.ledger["title"] == capture.ledger["abstract"] == len(capture.records)
    assert capture.ledger["unknown"] == capture.ledger["footer"] == 0


def test_the_captures_hold_304_records_and_229_papers_that_never_disagree():
    records = [record for path in CAPTURES for record in read(path)[0].records]
    papers = {}
    for record in records:
        first = papers.setdefault(fold_title(record.title), record)
        assert (first.title, first.abstract) == (record.title, record.abstract)
    assert (len(records), len(papers)) == (304, 229)


def test_the_year_of_each_real_capture_is_at_least_2025():
    captures = [read(path)[0] for path in CAPTURES]
    assert set(infer_years(captures, {}, {}, {}).values()) == {2025}
    assert infer_years(captures, {}, {}, {}) == infer_years(captures[::-1], {}, {}, {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_faulty_capture_gives_a_clear_problem_or_a_right_result(case):
    wanted = json.loads(case.read_text())
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    capture, problems = read_capture(text, "x.txt")
    assert [record.title for record in capture.records] == wanted["titles"]
    assert [[p.line, p.message] for p in problems] == wanted["problems"]
    assert {name: count for name, count in capture.ledger.items() if count} == wanted["ledger"]
    assert sum(capture.ledger.values()) == sum(bool(line.strip()) for line in text.splitlines())


def test_there_are_faulty_captures_to_read():
    assert len(CASES) >= 15


GOOD = (Path(__file__).parent / "data" / "capture" / "good.txt").read_text()


@pytest.mark.parametrize(
    "changed",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\ufeff" + GOOD,
        GOOD.replace("\n", "   \n"),
        GOOD.replace("\n\n", "\n\n\n\n"),
        GOOD.replace("\n\n", "\n"),
        "\n\n" + GOOD + "\n\n",
    ],
    ids=["CRLF", "CR", "BOM", "trailing blanks", "more blank lines", "no blank lines", "blank lines around"],
)
def test_how_lines_end_does_not_matter(changed):
    capture, problems = read_capture(changed, "x.txt")
    plain, _ = read_capture(GOOD, "x.txt")
    assert problems == []
    assert [(r.title, r.abstract, r.published and r.published.month) for r in capture.records] == [
        (r.title, r.abstract, r.published and r.published.month) for r in plain.records
    ]


def test_organizations_and_author_counts_are_told_apart():
    records = {record.title: record for record in read_capture(GOOD, "x.txt")[0].records}
    assert records["With an Organization"].organization == Organization("kaist-ai", "KAIST AI")
    assert records["With an Organization"].authors_count is None
    assert records["With One Author"].authors_count == 1
    assert records["With One Author"].comments_count == 4
    assert records["Without Meta"].published is None


def test_a_yearless_date_takes_the_captures_year_and_says_so():
    capture, _ = read_capture(GOOD, "x.txt")
    drafts, problems = draft_papers(capture, "x.txt", date(2025, 12, 10), inferred=True)
    papers = [draft.paper for draft in drafts]
    dates = {paper.title: (paper.published, paper.published_year) for paper in papers}
    assert problems == []
    assert dates["With One Author"] == (date(2025, 9, 26), "inferred")
    assert dates["With an Organization"] == (date(2022, 12, 8), None)
    stated, _ = draft_papers(capture, "x.txt", date(2026, 12, 10), inferred=False)
    assert {d.paper.title: (d.paper.published, d.paper.published_year) for d in stated}["With One Author"] == (
        date(2026, 9, 26),
        None,
    )


def test_a_yearless_date_after_the_captures_day_is_a_problem_with_its_line():
    text = GOOD.replace("Sep 26 4", "Dec 11 4")
    line = text.split("\n").index("Dec 11 4") + 1
    drafts, problems = draft_papers(read_capture(text, "x.txt")[0], "x.txt", date(2025, 12, 10), inferred=True)
    assert [(p.path, p.line, p.message) for p in problems] == [
        ("x.txt", line, "`Dec 11` is after the day of capture, 2025-12-10")
    ]
    assert [draft.paper.published for draft in drafts if draft.paper.title == "With One Author"] == [None]


def test_february_29_without_a_year_tells_a_leap_year():
    text = GOOD.replace("Sep 26 4", "Feb 29")
    assert infer_years([read_capture(text, "x.txt")[0]], {}, {}, {}) == {"x.txt": 2024}
    text = text.replace("Dec 8, 2022", "Dec 8, 2024")
    assert infer_years([read_capture(text, "x.txt")[0]], {}, {}, {}) == {"x.txt": 2028}


def test_a_capture_without_dates_is_dated_by_papers_that_others_date():
    bare, _ = read_capture("byAK and the research community\n\nMar 14\n\nWithout Meta\n\nIts abstract.\n", "y.txt")
    assert infer_years([bare], {}, {}, {}) == {}
    assert infer_years([bare], {fold_title("without meta"): date(2024, 10, 15)}, {}, {}) == {"y.txt": 2025}
    assert infer_years([bare], {fold_title("without meta"): date(2025, 3, 14)}, {}, {}) == {"y.txt": 2025}


@given(st.lists(st.sampled_from([*GOOD.split("\n"), "·", "Nov 24", "x" * 400, "Next", "• 3 authors", "\x00", "𝒪"])))
def test_any_shuffle_of_lines_is_classed_whole(lines):
    capture, problems = read_capture("\n".join(lines), "x.txt")
    assert sum(capture.ledger.values()) == sum(bool(line.strip()) for line in lines)
    unknown = [problem for problem in problems if problem.message.startswith("unknown line")]
    at_once = any(problem.message.startswith(("unknown lines", "this is not a capture")) for problem in problems)
    assert at_once or len(unknown) == capture.ledger["unknown"]
    assert all(problem.line >= 0 and problem.path == "x.txt" for problem in problems)


@given(st.text())
def test_any_text_ends_in_records_and_problems(text):
    read_capture(text, "x.txt")
