"""CSV: tables of ours and of other programs, and no formula in what is written."""

import csv
import io
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from site_builder.formats.draft import Draft
from site_builder.formats.extra import one_line
from site_builder.formats.names import is_others
from site_builder.formats.table import HEAD, read_table, write_table
from site_builder.kinds import is_visible
from site_builder.paper import Link, Paper, PartialDate
from tests.test_csl import PAPERS, write_in_browser
from tests.test_entries import partial_days

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "'=1",
    "''+x",
    "＝1",
    "\0=1",
    "=cmd|' /C calc'!A0",
    "\u00a0-x",
]
hostile = st.sampled_from([*FORMULAS, '"', '""', ",", ";;", "a\r\nb", "'", "sep=;", "\ufeff", "x\ry", "'x", '",\n"'])
texts = (st.text(st.characters(exclude_categories=["Cs"])) | hostile).map(str.strip)
titles = texts.map(one_line).filter(is_visible)
words = titles.map(lambda word: one_line(word.replace(";", " "))).filter(is_visible)
names = words.filter(lambda name: "," not in name and not is_others(name))
fields = {
    "title": titles,
    "abstract": texts,
    "published": st.none() | st.dates() | partial_days,
    "published_year": st.sampled_from([None, "inferred"]),
    "authors": st.lists(names, max_size=3).map(tuple),
    "comments_count": st.none() | st.integers(0, 999_999_999),
    "links": st.sampled_from(
        [
            (),
            (
                Link("paper", "https://a.example/x,y;z"),
                Link("code", "https://b.example/1"),
                Link("code", "https://b.example/2"),
            ),
        ]
    ),
    "arxiv": st.sampled_from([None, "2406.10010", "math/0309136"]),
    "doi": st.sampled_from(
        [None, "10.1000/a{b}_c", "10.1234/x(1)", "10.1002/(SICI)1097-0258(19980815/30)17:1<16::AID-SIM9>3.0.CO;2-2"]
    ),
    "extra": st.sampled_from([{}, {"csl": {"others": True}}]),
}


def make_draft(values: dict[str, Any], keywords: list[str]) -> Draft:
    paper = Paper(slug="", **values)
    return Draft(paper if paper.published else paper._replace(published_year=None), "x.csv", 1, tuple(keywords))


drafts = st.builds(make_draft, st.fixed_dictionaries(fields), st.lists(words, max_size=3, unique=True))


@given(st.lists(drafts, min_size=1, max_size=2))
def test_what_is_written_reads_back(given_ones: list[Draft]) -> None:
    read, problems = read_table(write_table(given_ones), "x.csv")
    assert problems == []
    assert [(draft.paper, draft.keywords) for draft in read] == [(draft.paper, draft.keywords) for draft in given_ones]


@given(drafts)
def test_no_cell_is_reckoned_as_a_formula(draft: Draft) -> None:
    for row in csv.reader(io.StringIO(write_table([draft]), newline="")):
        for cell in row:
            assert not cell.strip("\0 \ufeff\u00a0\t\r\n").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_the_browser_writes_the_same(node: str) -> None:
    more = [{"slug": f"f{n}", "title": text, "abstract": text} for n, text in enumerate(FORMULAS) if text[0] != "'"]
    papers = [Draft(Paper(**fields), "", 0, ("Offline RL", "Meta-learning")) for fields in [*PAPERS, *more]]
    assert write_in_browser(node, "csv", papers) == write_table(papers)


def test_none_of_our_own_fields_is_written() -> None:
    paper = Paper(slug="x", title="T", status="read", rating=5, added=date(2024, 1, 1), featured=True, tags=("y",))
    assert write_table([Draft(paper, "", 0)]) == f"{','.join(HEAD)}\r\nT{',' * (len(HEAD) - 1)}\r\n"


def test_a_quote_without_an_end_costs_its_own_row_only() -> None:
    rows = [f"Paper {number},2024" for number in range(50)]
    rows[20] = '"Paper 20,2024'
    read, [problem] = read_table("\n".join(["title,date", *rows]), "x.csv")
    assert len(read) == 49
    assert (problem.line, problem.text) == (22, '"Paper 20,2024')


def test_a_day_whose_month_is_doubtful_is_told() -> None:
    drafts, [problem] = read_table("title,date\nA,01/02/2020\nB,13/02/2020\n", "x.csv")
    assert [draft.paper.published for draft in drafts] == [PartialDate(2020), date(2020, 2, 13)]
    assert (problem.line, problem.severity) == (2, "warning") and "01/02/2020" in problem.message


def test_an_organization_with_a_comma_in_its_name_comes_back() -> None:
    draft = Draft(Paper("", "T", authors=("OpenAI, Inc.", "Zhi Wang")), "", 0)
    [again], problems = read_table(write_table([draft]), "x.csv")
    assert (again.paper.authors, problems) == (draft.paper.authors, [])
