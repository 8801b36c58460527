"""BibTeX, read and written; templates/assets/exports.js writes the same, and is held to the same cases."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.formats.bibtex import TYPES, fields_of, read_bibtex, write_bibtex
from site_builder.formats.draft import Draft
from site_builder.formats.faults import MOST_PROBLEMS
from site_builder.formats.tex import decode_tex, escape_tex
from site_builder.paper import Link, Paper, PartialDate
from tests import fuzz, samples
from tests.builders import make_paper
from tests.conftest import PROJECT
from tests.samples import find_cases, is_broken, read_text
from tests.test_csl import write_in_browser

CASES = json.loads((PROJECT / "tests" / "data" / "bibtex.json").read_text())
SAMPLES = [path for path in find_cases("bibtex") if not is_broken(path)]
# Broken ones whose second record is whole.
FOLLOWED = [path for path in find_cases("bibtex") if is_broken(path) and "The second" in read_text(path)]
every_case = pytest.mark.parametrize("case", CASES, ids=[case["title"][:20] for case in CASES])


def write(case: dict[str, Any]) -> str:
    day, more = case["date"], case["more"]
    paper = make_paper(
        slug=case["slug"],
        title=case["title"],
        published=date.fromisoformat(day) if day else None,
        published_year="inferred" if case["guessed"] else None,
        authors=tuple(more.get("authors", ())),
        arxiv=more.get("arxiv"),
        doi=more.get("doi"),
        links=tuple([Link(*link) for link in more.get("links", ())]),
    )
    return write_bibtex([Draft(paper, "", 0)])


@every_case
def test_an_entry_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert write(case) == case["bibtex"]


@every_case
def test_the_braces_of_an_entry_are_balanced_as_bibtex_counts_them(case: dict[str, Any]) -> None:
    depth = 0
    for place, sign in enumerate(text := write(case)):
        depth += (sign == "{") - (sign == "}")
        assert depth > 0 or place < text.index("{") or place >= len(text) - 2
    assert depth == 0


# ---------------------------------------------------------------- what other programs write


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_record_of_a_sample_is_a_draft_at_its_line(path: Path) -> None:
    text = read_text(path).removeprefix("\ufeff")
    drafts, problems = read_bibtex(text, "a.bib")
    begins = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(r" ?@(?!string|comment|preamble)(?i:\w)", line)
    ]
    kept = [
        number
        for number in begins
        if not text.splitlines()[number - 1].lower().startswith(("@string", "@comment", "@proceedings{dblp"))
    ]
    assert [draft.line for draft in drafts] == kept
    assert not [problem for problem in problems if problem.severity == "error"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_written_and_read_again_says_the_same(path: Path) -> None:
    drafts, _ = read_bibtex(read_text(path), "a.bib")
    again, problems = read_bibtex(write_bibtex(drafts, abstracts=True), "b.bib")
    assert problems == []
    assert [_as_written(draft) for draft in again] == [_as_written(draft) for draft in drafts]


def _as_written(draft: Draft) -> Draft:
    """Leave out what BibTeX has no place for: the day, and all addresses but the best."""
    paper = draft.paper
    published = paper.published
    if published and not isinstance(published, PartialDate):
        published = PartialDate(published.year, published.month)
    best = [link.url for kind in ("paper", "pdf", "project", "code") for link in paper.links if link.kind == kind][:1]
    links = tuple(Link("", url) for url in best if url.startswith("http"))
    return Draft(paper._replace(published=published, links=links), "", 0, draft.keywords, draft.notes)


SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


@pytest.mark.parametrize("written", [SICI, SICI.replace("<", "$<$").replace(">", "$>$"), f"https://doi.org/{SICI}"])
def test_a_doi_is_taken_whole(written: str) -> None:
    [draft], problems = read_bibtex(f"@misc{{k, title={{T}}, doi={{{written}}}}}", "a.bib")
    assert (draft.paper.doi, problems) == (SICI, [])


@pytest.mark.parametrize(
    "field",
    [
        "eprint={2001.00003 [cs.LG]}, archiveprefix={arXiv}",
        "howpublished={arXiv preprint 2001.00003}",
        "journal={arXiv preprint arXiv:2001.00003}",
        "note={arXiv:2001.00003}",
        "pages={arXiv:2001.00003}",
        "url={<https://huggingface.co/papers/2001.00003>}",
    ],
)
def test_the_identifier_of_arxiv_is_found_where_programs_hide_it(field: str) -> None:
    [draft], problems = read_bibtex(f"@misc{{k, title={{T}}, {field}}}", "a.bib")
    assert (draft.paper.arxiv, draft.notes, problems) == ("2001.00003", "", [])


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"Nguy{\~{\^e}}n", "Nguyễn"),
        (r"{\'{\^{e}}}", "ế"),
        (r"\'{\"u}", "ǘ"),
        (r"\'{{\^e}}", "ế"),
        (r"\~{\foo{e}}", r"\~{\foo{e}}"),
        (r"\={\^{}}", r"\={^}"),
    ],
)
def test_accents_on_accents_are_one_letter(written: str, text: str) -> None:
    assert decode_tex(written) == text


def test_a_name_with_tex_that_is_not_known_is_kept_as_typed_and_told() -> None:
    [draft], [problem] = read_bibtex(r"@misc{k, title={T}, author={Nguy\foo{e}n, Van}}", "a.bib")
    assert draft.paper.authors == (r"Van Nguy\foo{e}n",)
    assert problem.severity == "warning" and r"`\foo`" in problem.message


def test_the_numbers_of_dblp_are_no_part_of_a_name() -> None:
    [draft], _ = read_bibtex("@misc{k, title={T}, author={Benjamin Mann 0001 and Wang 0015, Wei}}", "a.bib")
    assert draft.paper.authors == ("Benjamin Mann", "Wei Wang")


def test_entities_of_html_are_the_signs_that_they_stand_for() -> None:
    text = r"@misc{k, title={Foo &amp; Bar \&amp; &unknown;}, author={M&uuml;ller, J.}, doi={10.1000/a&lt;b&gt;}}"
    [draft], problems = read_bibtex(text, "a.bib")
    assert (draft.paper.title, draft.paper.authors) == ("Foo & Bar &amp; &unknown;", ("J. Müller",))
    assert (draft.paper.doi, problems) == ("10.1000/a<b>", [])


@pytest.mark.parametrize(
    ("fields", "published", "told"),
    [
        ('month = jun # "–" # jul, year = 2018', PartialDate(2018, 6), ["several months"]),
        ("date = {2020-07-13/2020-07-18}", date(2020, 7, 13), []),
        ("date = {13/02/2020}", date(2020, 2, 13), []),
        ("date = {01/02/2020}", PartialDate(2020), ["only the year"]),
    ],
)
def test_of_several_days_or_months_the_first_counts(fields: str, published: date, told: list[str]) -> None:
    [draft], problems = read_bibtex(f"@misc{{k, title={{T}}, {fields}}}", "a.bib")
    assert draft.paper.published == published
    assert [word in problem.message for word, problem in zip(told, problems, strict=True)] == [True] * len(told)


def test_an_organization_is_held_together_as_the_browser_holds_it(node: str) -> None:
    papers = [Draft(Paper("a", "T", authors=("Google DeepMind Team", "OpenAI, Inc.", "Zhi Wang")), "", 0)]
    written = write_bibtex(papers)
    assert "author = {{Google DeepMind Team} and {OpenAI, Inc.} and Zhi Wang}" in written
    assert write_in_browser(node, "bibtex", papers) == written
    assert read_bibtex(written, "a.bib")[0][0].paper.authors == papers[0].paper.authors


def test_notes_keep_their_paragraphs_and_lists() -> None:
    notes = "One\nline.\n\n- two\n- three\n  goes on\n\n@four = {}."
    [draft], problems = read_bibtex(write_bibtex([Draft(make_paper(title="T"), "", 0, (), notes)]), "a.bib")
    assert (draft.notes, problems) == ("One line.\n\n- two\n- three goes on\n\n@four = {}.", [])


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize("path", FOLLOWED, ids=lambda path: path.name)
def test_a_bad_record_never_costs_the_others(path: Path) -> None:
    drafts, problems = read_bibtex(read_text(path), "a.bib")
    assert "The second" in [draft.paper.title for draft in drafts]
    assert problems


def test_a_record_without_a_title_is_told_with_its_own_text() -> None:
    drafts, [problem] = read_bibtex("@misc{a, title = {A}}\n\n@misc{b,\n  year = 2020\n}\n", "a.bib")
    assert [draft.paper.title for draft in drafts] == ["A"]
    assert (problem.line, problem.severity, problem.text) == (3, "error", "@misc{b,\n  year = 2020\n}")


def test_a_long_record_is_shown_by_its_first_lines() -> None:
    text = "".join(f"  junk{number} = {{x}},\n" for number in range(100))
    _, [problem] = read_bibtex(f"@misc{{a,\n{text}}}\n", "a.bib")
    assert problem.text.splitlines()[19:] == ["  junk18 = {x},", "…"]


def test_a_fault_of_a_field_is_told_at_its_own_line_and_column() -> None:
    _, problems = read_bibtex("@misc{a,\r\n  title = {A},\r\n  year = {soon},\r\n}\r\n", "a.bib")
    assert [(problem.line, problem.column, problem.severity) for problem in problems] == [(3, 3, "warning")]


def test_what_a_key_taken_twice_says_is_read_and_the_second_line_is_told() -> None:
    drafts, [problem] = read_bibtex("@misc{k, title={A}}\n@misc{K, title={B}}\n", "a.bib")
    assert [draft.paper.title for draft in drafts] == ["A", "B"]
    assert (problem.line, problem.severity) == (2, "warning") and "line 1" in problem.message


def test_strings_that_stand_for_text_without_end_are_cut() -> None:
    text = "@string{a0 = {0123456789}}\n" + "".join(
        f"@string{{a{n} = a{n - 1} # a{n - 1} # a{n - 1}}}\n" for n in range(1, 60)
    )
    drafts, problems = read_bibtex(f"{text}@misc{{k, title = {{T}}, note = a59}}", "a.bib")
    assert [draft.paper.title for draft in drafts] == ["T"]
    assert len(drafts[0].notes) < 1_000_000
    assert any("stand for more text" in problem.message for problem in problems)


def test_a_file_that_is_no_bibliography_has_so_many_problems_and_no_more() -> None:
    _, problems = read_bibtex("@a{}\n" * 5000, "a.bib")
    assert len(problems) <= MOST_PROBLEMS + 2


RUNS = [
    "@a{",
    "@a{k,",
    "@a{k,\n",
    "x={",
    'x="{\n',
    "x = {\n",
    "x={},",
    "{",
    '"',
    "@a(",
    "@comment{",
    ",",
    "\n",
    " ",
    "}x={",
    "@string{a=",
    "\\(",
    "$",
    "\\'",
    "{\\a",
    " and ",
    "x=y#",
    "10.1000/",
    "http://",
    "abs/",
    "\n@",
    "@ a",
]


@pytest.mark.parametrize(
    "opening", ["", "@misc{k, title={T},\n", "@misc{k, title={T}, author={", "@misc{k, title={T}}"]
)
def test_a_long_run_of_any_sign_is_read_to_its_end(opening: str) -> None:
    outcome = fuzz.watch(read_bibtex, (opening + run * 10_000 for run in RUNS))
    assert outcome.faults == []
    assert outcome.inputs == len(RUNS)


# ---------------------------------------------------------------- there and back


@given(st.text())
def test_text_escaped_for_tex_comes_back(text: str) -> None:
    assert decode_tex(escape_tex(text)) == text


NAMES = samples.lines.filter(lambda name: "et al" not in name.lower())


def _extra(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {field.variable: samples.lines for field in fields_of(kind)}
    known["page"] = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4})?", fullmatch=True)
    known["citation-key"] = st.from_regex(r"[A-Za-z0-9:_./+-]{1,9}", fullmatch=True)
    known["others"] = st.just(True)
    known["editor"] = known["translator"] = st.lists(NAMES, min_size=1, max_size=2)
    made = samples.variables(kind, **known)
    return made.filter(lambda extra: "genre" in extra["csl"]) if kind == "thesis" else made


KINDS = [*sorted({known.csl for known in TYPES} - {"article-magazine", "article-newspaper"}), ""]
PAPERS = samples.papers(NAMES, samples.months, st.sampled_from(KINDS).flatmap(_extra))


@settings(max_examples=samples.EXAMPLES, deadline=None)
@given(samples.drafts(PAPERS, samples.lines))
def test_what_is_written_is_read_again_without_a_problem(drafts: list[Draft]) -> None:
    again, problems = read_bibtex(write_bibtex(drafts, abstracts=True), "a.bib")
    assert problems == []
    assert [_without_key(draft) for draft in again] == [_without_key(draft) for draft in drafts]


def _without_key(draft: Draft) -> Draft:
    """Leave out the key, which is another when it is taken, and links that nobody cites."""
    known = {name: value for name, value in draft.paper.extra.get("csl", {}).items() if name != "citation-key"}
    cited = tuple(link for link in draft.paper.links if link.kind not in ("data", "video"))
    return Draft(draft.paper._replace(extra={"csl": known}, links=cited), "", 0, draft.keywords, draft.notes)


def test_a_record_keeps_its_type_its_key_and_what_else_it_said() -> None:
    text = """@inproceedings{finn2017,
  title = {{Model-Agnostic Meta-Learning}},
  author = {Chelsea Finn and others},
  booktitle = {ICML},
  pages = {1126--1135},
  year = {2017},
}
"""
    drafts, problems = read_bibtex(text, "a.bib")
    assert (write_bibtex(drafts), problems) == (text, [])


def test_no_two_records_of_a_text_have_the_same_key() -> None:
    draft = Draft(make_paper(title="Robots"), "", 0)
    assert re.findall(r"@misc\{(.*),", write_bibtex([draft] * 3)) == ["robots", "robots-2", "robots-3"]


def test_an_abstract_is_written_only_when_asked() -> None:
    draft = Draft(make_paper(abstract="Said 50% & more."), "", 0)
    assert "abstract" not in write_bibtex([draft])
    assert r"  abstract = {Said 50\% \& more.}," in write_bibtex([draft], abstracts=True)


@pytest.mark.parametrize(
    "csl", [None, "text", ["list"], {"type": ["a"], "volume": {"b": 1}, "editor": "c", "page": True, "issue": 4}]
)
def test_whatever_a_curator_keeps_under_csl_can_be_written(csl: Any) -> None:
    _, problems = read_bibtex(write_bibtex([Draft(Paper("a", "A", extra={"csl": csl}), "", 0)]), "a.bib")
    assert problems == []


def test_a_build_loads_nothing_that_only_reading_needs() -> None:
    code = (
        "import sys, site_builder.formats.bibtex; print([n for n in sys.modules if 'pylatexenc' in n or 'syntax' in n])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
