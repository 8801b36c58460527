"""RIS, read and written; templates/assets/exports.js writes the same."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED
from site_builder.formats.faults import LONGEST_LINE
from site_builder.formats.names import is_suffix
from site_builder.formats.ris import TYPES, VARIABLES, read_ris, write_ris
from site_builder.paper import Link, Paper, PartialDate
from tests import fuzz, samples
from tests.samples import find_cases, is_broken, read_text
from tests.test_csl import PAPERS as BROWSER_PAPERS
from tests.test_csl import write_in_browser

SAMPLES = [path for path in find_cases("ris") if not is_broken(path)]
# Broken ones whose second record is whole.
FOLLOWED = [path for path in find_cases("ris") if is_broken(path) and "The second" in read_text(path)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_written_and_read_again_says_the_same(path: Path) -> None:
    drafts, _ = read_ris(read_text(path), "a.ris")
    again, problems = read_ris(write_ris(drafts), "b.ris")
    assert problems == []
    assert list(map(_as_written, again)) == list(map(_as_written, drafts))


def _as_written(draft: Draft) -> Draft:
    """Leave out what RIS has no place for: paragraphs of abstracts, PubMed's numbers, all addresses but the best."""
    paper = draft.paper
    best = [link.url for kind in ("paper", "pdf", "project", "code") for link in paper.links if link.kind == kind][:1]
    known = {name: value for name, value in paper.extra.get("csl", {}).items() if not name.startswith("PM")}
    changed = paper._replace(
        links=tuple(Link("", url) for url in best), extra={"csl": known}, abstract=" ".join(paper.abstract.split())
    )
    return Draft(changed, "", 0, draft.keywords, draft.notes)


@pytest.mark.parametrize("path", FOLLOWED, ids=lambda path: path.name)
def test_a_bad_record_never_costs_the_others(path: Path) -> None:
    assert "The second" in [draft.paper.title for draft in read_ris(read_text(path), "a.ris")[0]]


def test_a_record_without_a_title_is_told_with_its_own_text() -> None:
    drafts, [problem] = read_ris("TY  - JOUR\nAU  - X\nER  - \nTY  - JOUR\nTI  - B\nER  - \n", "a.ris")
    assert [draft.paper.title for draft in drafts] == ["B"]
    assert (problem.line, problem.severity, problem.text) == (1, "error", "TY  - JOUR\nAU  - X\nER  - ")


def test_a_record_without_its_end_is_read_and_told() -> None:
    drafts, [problem] = read_ris("TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n", "a.ris")
    assert [(draft.line, draft.paper.title) for draft in drafts] == [(1, "A"), (3, "B")]
    assert (problem.line, problem.severity) == (1, "warning")


def test_lines_that_belong_to_no_record_are_told_with_their_text() -> None:
    text = "TY  - JOUR\nTI  - A\nER  - \nTI Lost its dash\n\nsome text\nTY  - JOUR\nTI  - B\nER  - \nof its own\n"
    drafts, problems = read_ris(text, "a.ris")
    assert [draft.paper.title for draft in drafts] == ["A", "B"]
    told = [(problem.line, problem.text, problem.severity) for problem in problems]
    assert told == [(4, "TI Lost its dash\nsome text", "warning"), (10, "of its own", "warning")]


def test_the_heading_of_a_provider_is_no_stray_line() -> None:
    _, problems = read_ris("Provider: Elsevier\nContent: text/plain\n\nTY  - JOUR\nTI  - A\nER  - \n", "a.ris")
    assert problems == []


def test_a_day_or_a_month_that_stands_first_is_doubtful() -> None:
    [draft], [problem] = read_ris("TY  - JOUR\nTI  - A\nDA  - 01/02/2020\nER  - \n", "a.ris")
    assert draft.paper.published == PartialDate(2020)
    assert (problem.line, problem.severity) == (3, "warning") and "01/02/2020" in problem.message


@pytest.mark.parametrize(
    ("written", "title"), [("A title.", "A title"), ("In the U.S.", "In the U.S."), ("So…", "So…")]
)
def test_the_dot_with_which_pubmed_ends_a_title_is_not_of_it(written: str, title: str) -> None:
    [pubmed], _ = read_ris(f"PMID- 1\nTI  - {written}\n", "a.nbib")
    [other], _ = read_ris(f"TY  - JOUR\nTI  - {written}\nER  - \n", "a.ris")
    assert (pubmed.paper.title, other.paper.title) == (title, written)


def test_a_line_that_goes_on_and_on_is_cut_in_a_message() -> None:
    _, [problem] = read_ris(f"TY  - JOUR\nAB  - {'x' * 5000}\nER  - \n", "a.ris")
    assert problem.text.splitlines()[0] == "TY  - JOUR"
    assert max(map(len, problem.text.splitlines())) == LONGEST_LINE


def test_notes_keep_their_paragraphs_and_lists_in_order() -> None:
    written = write_ris([Draft(Paper("", "T"), "", 0, (), "One\nline.\n\n- two\n- three\n\nFour.")])
    [draft], problems = read_ris(written, "a.ris")
    assert written.count("\r\nN1  - ") == 4
    assert (draft.notes, problems) == ("One line.\n\n- two\n\n- three\n\nFour.", [])


@pytest.mark.parametrize(
    "run",
    [
        "TY  - JOUR\n",
        "ER  - \n",
        "TI  - A\n",
        "AU  - ,\n",
        ";",
        " ",
        "\n",
        "http://",
        "x\n",
        "KW  - a;",
        "- ",
        "10.1000/",
    ],
)
@pytest.mark.parametrize(
    "opening", ["", "TY  - JOUR\nTI  - A\nUR  - ", "TY  - JOUR\nTI  - A\nAU  - ", "PMID- 1\nTI  - A\n"]
)
def test_a_long_run_of_any_line_is_read_to_its_end(opening: str, run: str) -> None:
    assert fuzz.watch(read_ris, iter([opening + run * 10_000])).faults == []


# ---------------------------------------------------------------- there and back

NAMES = samples.full_names.filter(
    lambda name: not any(map(is_suffix, name.split())) and name not in ("others", "et al.")
)
PLAIN = samples.lines.filter(lambda text: ";" not in text)
TAGGED = {variable: samples.lines for variable, tag, _ in VARIABLES if tag}


def _extra(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {
        **TAGGED,
        "page": st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4})?", fullmatch=True).filter(
            lambda page: len({*page.split("-")}) == 1 + page.count("-")
        ),
        "ISBN": st.just("978-3-16-148410-0"),
        "ISSN": st.just("1476-4687"),
        "others": st.just(True),
        "editor": st.lists(NAMES, min_size=1, max_size=2),
    }
    return samples.variables(kind, **known)


KINDS = [*sorted({*TYPES.values()}), ""]
PAPERS = samples.papers(NAMES, samples.months | samples.days, st.sampled_from(KINDS).flatmap(_extra))


@settings(max_examples=samples.EXAMPLES, deadline=None)
@given(samples.drafts(PAPERS, PLAIN))
def test_what_is_written_is_read_again_without_a_problem(drafts: list[Draft]) -> None:
    again, problems = read_ris(write_ris(drafts), "a.ris")
    assert problems == []
    assert list(map(_as_written, again)) == list(map(_as_written, drafts))


def test_a_record_is_written_as_the_browser_writes_it() -> None:
    paper = Paper(
        "meta-dt",
        "Meta-DT: Offline\nMeta-RL",
        "What it is about.",
        date(2025, 3, 14),
        "inferred",
        authors=("Zhi Wang", "Laurens van der Maaten", "Harry Connick Jr.", "Plato"),
        arxiv="2410.11448",
        doi="10.1000/x_y",
        links=(Link("code", "https://code.example/a_b"), Link("pdf", "https://pdf.example/{1}")),
    )
    lines = (
        "TY  - GEN|TI  - Meta-DT: Offline Meta-RL|AU  - Wang, Zhi|AU  - van der Maaten, Laurens|"
        "AU  - Connick, Harry, Jr.|AU  - Plato|"
        "PY  - 2025|DA  - 2025/03/14|AB  - What it is about.|KW  - Offline RL|DO  - 10.1000/x_y|AN  - arXiv:2410.11448|"
        f"UR  - https://pdf.example/{{1}}|N1  - {INFERRED}|ER  - |"
    )
    assert write_ris([Draft(paper, "", 0, ("Offline RL",))]) == lines.replace("|", "\r\n")


def test_the_browser_writes_the_same(node: str) -> None:
    papers = [Draft(Paper(**fields), "", 0, ("Offline RL", "Meta-learning")) for fields in BROWSER_PAPERS]
    assert write_in_browser(node, "ris", papers) == write_ris(papers)


def test_a_month_and_a_year_are_written_as_far_as_they_are_known() -> None:
    papers = [Paper("", "A", published=PartialDate(2024, 10)), Paper("", "B", published=PartialDate(2024))]
    drafts, _ = read_ris(write_ris([Draft(paper, "", 0) for paper in papers]), "a.ris")
    assert [draft.paper.published for draft in drafts] == [paper.published for paper in papers]
