"""What the tests of all formats share: samples with what they must give, and drafts made by chance.

In: the name of a format, as `recognize` gives it. Out: its samples under tests/data/, what each must give, as
`x.bib.expected.json` beside it, and strategies for hypothesis.

    python -m tests.samples [FORMAT…]    write down anew what is read of the samples; look at the difference
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, one_line, paragraphs
from site_builder.formats.links import kind_of
from site_builder.kinds import is_visible
from site_builder.paper import Link, Paper, PartialDate
from site_builder.sources import READERS

DATA = Path(__file__).parent / "data"
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))  # of hypothesis, for what takes long to make

# ---------------------------------------------------------------- samples


def find_cases(format_name: str) -> list[Path]:
    """Find the samples of a format, those under broken/ too; there must be some of both."""
    paths = sorted(path for path in (DATA / format_name).rglob("*.*") if not path.name.endswith(".expected.json"))
    assert {is_broken(path) for path in paths} == {True, False}, format_name
    return paths


def is_broken(path: Path) -> bool:
    return path.parent.name == "broken"


def read_text(path: Path) -> str:
    """Read a sample as it is: line breaks and a mark at its beginning too."""
    return path.read_bytes().decode()


def expected_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.expected.json")


def read_case(format_name: str, path: Path) -> dict[str, Any]:
    """Read a sample, and show what was read as plain values: of a paper what is known, of a Problem its message."""
    drafts, problems = READERS[format_name](read_text(path), path.name)
    return {"drafts": [_show_draft(draft) for draft in drafts], "problems": [str(problem) for problem in problems]}


def _show_draft(draft: Draft) -> dict[str, Any]:
    empty = Paper(slug="", title="")
    known = {name: value for name, value in draft.paper._asdict().items() if value != getattr(empty, name)}
    values = {"line": draft.line, **known, "keywords": draft.keywords, "notes": draft.notes}
    return {name: _plain(value) for name, value in values.items() if value not in ((), "")}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def rewrite(format_names: Iterable[str]) -> None:
    """Write down what is read of each sample now."""
    for name in format_names:
        for path in find_cases(name):
            shown = json.dumps(read_case(name, path), indent=1, ensure_ascii=False)
            expected_of(path).write_text(f"{shown}\n", encoding="utf-8")


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
dois = st.from_regex(r"10\.\d{4,9}/[A-Za-z0-9._:{}_-]{0,9}[A-Za-z0-9]", fullmatch=True) | st.from_regex(
    r"10\.\d{4}/\(SICI\)\d{4}-\d{3}[\dX]\(\d{6}(/\d\d)?\)\d{1,2}:\d(/\d)?<\d{1,4}::AID-[A-Z]{2,4}\d>3\.0\.(CO|TX);2-[0-9A-Z#]",
    fullmatch=True,
)
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


if __name__ == "__main__":
    rewrite(sys.argv[1:] or READERS)
