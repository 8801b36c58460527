"""What the tests of all formats of records share: case files, plain values of what was read, drafts made by chance."""

import json
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, one_line, paragraphs
from site_builder.formats.links import kind_of
from site_builder.kinds import is_visible
from site_builder.paper import Link, Paper, PartialDate

DATA = Path(__file__).parent / "data"
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))  # of hypothesis, for what takes long to make
Read = Callable[[str, str], tuple[list[Draft], list[Problem]]]

# ---------------------------------------------------------------- case files


def find_cases(*patterns: str) -> list[Path]:
    """Return the samples of a format; there must be some."""
    paths = sorted(path for pattern in patterns for path in DATA.glob(pattern))
    assert paths, patterns
    return paths


def expected_of(path: Path) -> Path:
    return path.with_suffix(".expected.json")


def read_case(read: Read, path: Path) -> dict[str, Any]:
    """Read a sample, and show what was read as plain values: of a paper what is known, of a Problem its message."""
    drafts, problems = read(path.read_bytes().decode(), path.name)
    return {"drafts": [_show_draft(draft) for draft in drafts], "problems": [str(problem) for problem in problems]}


def _show_draft(draft: Draft) -> dict[str, Any]:
    known = {name: _plain(value) for name, value in draft.paper._asdict().items() if value}
    beside = {"keywords": list(draft.keywords), "notes": draft.notes}
    return {"line": draft.line, **known, **{name: value for name, value in beside.items() if value}}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def rewrite(read: Read, paths: Iterable[Path]) -> None:
    """Write down what is read of each sample now; look at the difference before it is committed."""
    for path in paths:
        shown = json.dumps(read_case(read, path), indent=1, ensure_ascii=False)
        expected_of(path).write_text(f"{shown}\n")


# ---------------------------------------------------------------- drafts made by chance

signs = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("\\{}$%&#_^~\"'`@,;=- \n\r\tabcXYZ019é"),
    st.sampled_from(["\\'e", "{\\LaTeX}", " and ", "others", "et al.", "ER  - ", "@article{k,", "--", "$x_1$", "\n\n"]),
)
texts = st.lists(signs, max_size=12).map("".join)
lines = texts.map(one_line).filter(is_visible)
words = st.text("abcdefghijklmnopqrstuvwxyzÄéñABC'-.", min_size=1, max_size=8)
full_names = st.lists(words, min_size=1, max_size=4).map(" ".join)
years = st.integers(1000, 9999)
months = st.builds(PartialDate, years, st.none() | st.integers(1, 12))
days = st.dates(date(1000, 1, 1))
dois = st.from_regex(r"10\.\d{4,9}/[A-Za-z0-9._:{}_-]{0,9}[A-Za-z0-9]", fullmatch=True)
arxiv_ids = st.from_regex(r"\d{4}\.\d{5}|hep-th/\d{7}", fullmatch=True)
addresses = st.from_regex(r"https://(example\.org|github\.com|youtu\.be)/[\w.~%&?=#-]{0,9}[a-z]", fullmatch=True)
links = addresses.map(lambda url: (Link(kind_of(url), url),)) | st.just(())


def papers(
    authors: st.SearchStrategy[str], published: st.SearchStrategy[date], extra: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[Paper]:
    """Make papers that say what every format of records can say."""
    known: dict[str, st.SearchStrategy[Any]] = {
        "slug": st.just(""),
        "title": lines,
        "abstract": texts.map(paragraphs).filter(lambda text: not text or is_visible(text)),
        "published": st.none() | published,
        "published_year": st.sampled_from([None, "inferred"]),
        "authors": st.lists(authors, max_size=3).map(tuple),
        "links": links,
        "arxiv": st.none() | arxiv_ids,
        "doi": st.none() | dois,
        "extra": extra,
    }
    made = st.fixed_dictionaries(known).map(lambda values: Paper(**values))
    return made.map(lambda paper: paper if paper.published else paper._replace(published_year=None))


def variables(kind: str, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Make the `extra` of a paper of a CSL type, with some of these variables."""
    given = st.fixed_dictionaries({}, optional=known)
    return given.map(lambda values: {"csl": made} if (made := {**({"type": kind} if kind else {}), **values}) else {})


def drafts(papers: st.SearchStrategy[Paper], keywords: st.SearchStrategy[str]) -> st.SearchStrategy[list[Draft]]:
    made = st.builds(
        Draft,
        paper=papers,
        path=st.just(""),
        line=st.just(0),
        keywords=st.lists(keywords, max_size=3, unique=True).map(tuple),
        notes=texts.map(paragraphs).filter(lambda text: (not text or is_visible(text)) and text != INFERRED),
    )
    return st.lists(made, min_size=1, max_size=3)


def without_place(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft._replace(path="", line=0) for draft in drafts]
