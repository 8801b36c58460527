"""CSL-JSON: what other programs write is read, what we write reads back, and is what the browser writes."""

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from site_builder.formats.csl import read_csl, write_csl
from site_builder.formats.draft import Draft
from site_builder.formats.extra import one_line
from site_builder.formats.links import kind_of
from site_builder.formats.names import is_others
from site_builder.kinds import is_visible
from site_builder.paper import Link, Paper, PartialDate
from tests.test_entries import partial_days

hostile = st.sampled_from(
    [
        "<b>x</b>",
        "a &amp; b",
        "&#60;i&#62;",
        "x<sub>2</sub>",
        '{\\"o}',
        "p < 0.05 & q > 1",
        "\\u0041 \"',;",
        "}{[]",
        "The year is inferred",
        "arXiv: 2401.00001",
        "Citation Key: x\r\nDOI: 10.1000/1",
        "<!-- x -->",
        "a; b, c",
        "&lt;b&gt;",
        "\u2028\ud7ff\ue000",
    ]
)
texts = (st.text(st.characters(exclude_categories=["Cs"])) | hostile).map(str.strip)
titles = texts.map(one_line).filter(is_visible)
names = titles.filter(lambda name: "," not in name and not is_others(name))
keywords = titles.map(lambda word: one_line(word.replace(";", " "))).filter(is_visible)
urls = st.sampled_from(["https://github.com/a/b", "https://example.org/x?y={1}&z", "http://example.org/<b>"])
variables = {
    "type": st.sampled_from(["article-journal", "paper-conference", "x"]),
    "citation-key": st.just("doe:2020"),
    "container-title": titles.filter(lambda text: "arxiv" not in text.lower()),  # that would be an identifier
    "volume": st.sampled_from(["12", "XII", "1.10"]),
    "editor": st.lists(names, min_size=1, max_size=2),
    "others": st.just(True),
}
fields = {
    "title": titles,
    "abstract": texts,
    "published": st.none() | st.dates() | partial_days,
    "published_year": st.sampled_from([None, "inferred"]),
    "authors": st.lists(names, max_size=3).map(tuple),
    "links": st.just(()) | urls.map(lambda url: (Link(kind_of(url), url),)),
    "arxiv": st.sampled_from([None, "2406.10010", "math/0309136"]),
    "doi": st.sampled_from(
        [None, "10.1000/a{b}_c", "10.1234/x(1)", "10.1002/(SICI)1097-0258(19980815/30)17:1<16::AID-SIM9>3.0.CO;2-2"]
    ),
    "extra": st.fixed_dictionaries({}, optional=variables).map(lambda csl: {"csl": csl} if csl else {}),
}


def make_draft(values: dict[str, Any], words: list[str], notes: str) -> Draft:
    paper = Paper(slug="", **values)
    return Draft(paper if paper.published else paper._replace(published_year=None), "x.json", 1, tuple(words), notes)


drafts = st.builds(make_draft, st.fixed_dictionaries(fields), st.lists(keywords, max_size=3, unique=True), texts)


@given(st.lists(drafts, min_size=1, max_size=2))
def test_what_is_written_reads_back(given_ones: list[Draft]) -> None:
    read, problems = read_csl(write_csl(given_ones), "x.json")
    assert problems == []
    assert [(draft.paper, draft.keywords, draft.notes) for draft in read] == [
        (draft.paper, draft.keywords, draft.notes) for draft in given_ones
    ]


def test_a_bad_record_never_costs_the_others() -> None:
    good = [{"id": f"n{number}", "type": "book", "title": f"T{number}"} for number in range(50)]
    for indent in (None, 2):
        text = json.dumps(good, indent=indent).replace('"T7"', '"T7').replace('"n30",', '"n30"')
        read, problems = read_csl(text, "x.json")
        assert [draft.paper.title for draft in read] == [f"T{number}" for number in range(50) if number not in (7, 30)]
        assert [problem.severity for problem in problems] == ["error", "error"]
        assert [f"n{number}" in problem.text for number, problem in zip((7, 30), problems, strict=True)] == [True, True]


def test_a_fault_names_its_line_and_column() -> None:
    _, [problem] = read_csl('[\n  {\n    "title": "A",\n    "x" 1\n  }\n]', "x.json")
    assert (problem.line, problem.column) == (4, 9)
    assert '"x" 1' in problem.text


def test_a_literal_tag_in_a_title_is_written_so_that_it_stays() -> None:
    paper = Paper(slug="x", title="The <b> tag & the &amp; entity")
    assert json.loads(write_csl([Draft(paper, "", 0)]))[0]["title"] == "The &lt;b&gt; tag &amp; the &amp;amp; entity"


def test_none_of_our_own_fields_is_written() -> None:
    paper = Paper(slug="x", title="T", status="read", rating=5, comments_count=3, added=date(2024, 1, 1), featured=True)
    assert json.loads(write_csl([Draft(paper, "", 0)])) == [{"id": "x", "type": "article", "title": "T"}]


PAPERS: list[dict[str, Any]] = [
    {"slug": "bare", "title": "A Paper"},
    {
        "slug": "meta-dt",
        "title": 'Meta-DT: Offline Meta-RL & 100% of $\\pi_0$ at p < 0.05, “quoted” "so"',
        "abstract": "What it is about.\n\nTwo\u2028lines \x7f \\ and 🤖.",
        "published": date(2025, 3, 14),
        "published_year": "inferred",
        "authors": ("Zhi Wang", "Laurens van der Maaten", "Harry Connick Jr.", "Plato", "Ludwig van Beethoven"),
        "arxiv": "2410.11448",
        "doi": "10.1000/x_y",
        "links": (Link("code", "https://code.example/a_b"), Link("pdf", "https://pdf.example/{1}")),
    },
    {
        "slug": "bodies",
        "title": "Organizations",
        "authors": ("OpenAI, Inc.", "Google DeepMind Team", "University of California, Berkeley", "A, B, C"),
        "doi": "10.1002/(SICI)1097-0258(19980815/30)17:1<16::AID-SIM9>3.0.CO;2-2",
    },
    {"slug": "month", "title": "學習", "published": PartialDate(2024, 10)},
    {"slug": "year", "title": "Only a year", "published": PartialDate(2024)},
]
BROWSER = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const { runScripts } = await import(pathToFileURL(process.argv[1]).href);
const { formats } = runScripts("exports.js").readingList.exports;
process.stdout.write(formats[process.argv[2]].write(JSON.parse(readFileSync(0, "utf8")), ""));
"""


def write_in_browser(node: str, name: str, papers: list[Draft]) -> str:
    """Let the browser's script write these papers."""
    shown = [
        [
            "A",
            paper.slug,
            paper.title,
            paper.published.isoformat() if paper.published else "",
            paper.published_year == "inferred",
            [["slug", word] for word in words],
            paper.abstract,
            {
                "authors": paper.authors,
                "arxiv": paper.arxiv or "",
                "doi": paper.doi or "",
                "links": paper.links,
                **({"comments": paper.comments_count} if paper.comments_count is not None else {}),
            },
        ]
        for paper, words in ((draft.paper, draft.keywords) for draft in papers)
    ]
    scripts = Path(__file__).parent / "js" / "scripts.mjs"
    command = [node, "--input-type=module", "-e", BROWSER, str(scripts), name]
    return subprocess.run(command, input=json.dumps(shown).encode(), capture_output=True, check=True).stdout.decode()


def test_the_browser_writes_the_same(node: str) -> None:
    papers = [Draft(Paper(**fields), "", 0, ("Offline RL", "Meta-learning")) for fields in PAPERS]
    assert write_in_browser(node, "csl", papers) == write_csl(papers)
