"""BibTeX, and biblatex's names for its fields.

In: the text of a file, as Zotero, JabRef, Google Scholar and many others write it; or Drafts.
Out: Drafts with a Problem for each fault; or a text as a reader pastes it into a bibliography.
Must not know the site, nor write fields of this program's own. The browser's twin is templates/assets/exports.js.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.extra import (
    INFERRED,
    OTHERS,
    find_url,
    names_of,
    note_lines,
    one_line,
    paragraphs,
    text_of,
    variables_of,
)
from site_builder.formats.names import is_body
from site_builder.formats.tex import escape_tex
from site_builder.paper import MONTHS, Paper

STOP_WORDS = frozenset(
    "a an and are as at by do does for from how in is it of on or the to via what when why with".split()
)


class Type(NamedTuple):
    """A type of record: its name here and CSL's, and the genre that it implies."""

    name: str
    csl: str
    genre: str = ""


# The first of two with one CSL name is the one that is written.
TYPES = (
    Type("article", "article-journal"),
    Type("article", "article-magazine"),
    Type("article", "article-newspaper"),
    Type("inproceedings", "paper-conference"),
    Type("conference", "paper-conference"),
    Type("incollection", "chapter"),
    Type("inbook", "chapter"),
    Type("book", "book"),
    Type("proceedings", "book"),
    Type("collection", "book"),
    Type("mvbook", "book"),
    Type("booklet", "pamphlet"),
    Type("phdthesis", "thesis", "PhD thesis"),
    Type("mastersthesis", "thesis", "Master's thesis"),
    Type("thesis", "thesis"),
    Type("techreport", "report"),
    Type("report", "report"),
    Type("manual", "report"),
    Type("unpublished", "manuscript"),
    Type("online", "webpage"),
    Type("electronic", "webpage"),
    Type("www", "webpage"),
    Type("dataset", "dataset"),
    Type("software", "software"),
    Type("patent", "patent"),
    Type("periodical", "periodical"),
)
IN_A_BOOK = frozenset(["paper-conference", "chapter"])
NUMBERED = frozenset(["report", "patent", "dataset", "software", "manuscript", "webpage"])  # not issues of a journal


class Field(NamedTuple):
    """A field without a place in a Paper: CSL's variable, its name here, and others by which it is read."""

    variable: str
    name: str
    also: tuple[str, ...] = ()


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """Return the fields of a CSL type in the order in which they are written; some of their names follow the type."""
    in_a_book = kind in IN_A_BOOK
    publishers = ("publisher", "school", "institution", "organization")
    publisher = {"thesis": "school", "report": "institution"}.get(kind, "publisher")
    return (
        Field(
            "container-title",
            *(("booktitle", ("journal", "journaltitle")) if in_a_book else ("journal", ("journaltitle", "booktitle"))),
        ),
        Field("container-title-short", "shortjournal"),
        Field("title-short", "shorttitle"),
        Field("collection-title", "series"),
        Field("event-title", "eventtitle"),
        Field("event-place", "venue"),
        Field("volume", "volume"),
        Field("number-of-volumes", "volumes"),
        Field("number" if kind in NUMBERED else "issue", "number", ("issue",)),
        Field("page", "pages"),
        Field("number-of-pages", "pagetotal", ("numpages",)),
        Field("chapter-number", "chapter"),
        Field("edition", "edition"),
        Field("version", "version"),
        Field("genre", "type"),
        Field("publisher", publisher, tuple(name for name in publishers if name != publisher)),
        Field("publisher-place", "address", ("location",)),
        Field("ISBN", "isbn"),
        Field("ISSN", "issn"),
        Field("language", "language"),
        Field("PMID", "pmid"),
        Field("PMCID", "pmcid"),
    )


NAMES = (Field("editor", "editor"), Field("translator", "translator"))


# ---------------------------------------------------------------- writing


def write_bibtex(drafts: Iterable[Draft], *, abstracts: bool = False) -> str:
    """Write papers as BibTeX, with their abstracts when asked; no two records of a text have the same key.

    Authors and dates that are not known are left out, an inferred year is said to be one.
    """
    taken: dict[str, int] = {}
    return "\n".join([_write_record(draft, taken, abstracts=abstracts) for draft in drafts])


def _write_record(draft: Draft, taken: dict[str, int], *, abstracts: bool) -> str:
    paper, variables = draft.paper, variables_of(draft.paper)
    kind = text_of(variables, "type")
    written = next((known for known in TYPES if known.csl == kind), Type("misc", ""))
    if kind == "thesis" and "master" in text_of(variables, "genre").lower():
        written = next(known for known in TYPES if known.name == "mastersthesis")
    published = paper.published
    month = published and published.isoformat()[5:7]
    fields = {
        "title": f"{{{escape_tex(one_line(paper.title))}}}",
        "author": _write_names(paper.authors, others=variables.get(OTHERS) is True),
        **_write_variables(variables, written),
        "year": str(published.year) if published else "",
        "month": MONTHS[int(month) - 1].lower() if month else "",
        "eprint": paper.arxiv or "",
        "archiveprefix": "arXiv" if paper.arxiv else "",
        "doi": _encode_braces(paper.doi or ""),
        "url": _encode_braces(find_url(paper)),
        "keywords": ", ".join([_protect(word, ",;") for word in draft.keywords if one_line(word)]),
        "note": INFERRED if published and paper.published_year == "inferred" else "",
        "abstract": _write_lines(paragraphs(paper.abstract)) if abstracts else "",
        "annote": _write_lines(note_lines(draft.notes)),
    }
    lines = [f"  {key} = {value if key == 'month' else f'{{{value}}}'}," for key, value in fields.items() if value]
    return "\n".join([f"@{written.name}{{{_own_key(paper, variables, taken)},", *lines, "}"]) + "\n"


def _write_variables(variables: Mapping[str, Any], written: Type) -> dict[str, str]:
    if not variables:
        return {}
    values = {field.name: escape_tex(text_of(variables, field.variable)) for field in fields_of(written.csl)}
    values["pages"] = values["pages"].replace("-", "--")
    if text_of(variables, "genre") == written.genre:
        values["type"] = ""  # the type of record says it
    return {**values, **{field.name: _write_names(names_of(variables, field.variable)) for field in NAMES}}


def _write_names(names: Iterable[str], *, others: bool = False) -> str:
    written = [_write_name(one_line(name)) for name in names if one_line(name)]
    return " and ".join([*written, "others"] if others else written)


def _write_name(name: str) -> str:
    """Write a name in reading order; one that would be read as several, turned or parted is held together by braces."""
    is_safe = not is_body(name) and not re.search(r"(?i),|(?:^|\s)and(?:\s|$)|^(?:others|et al\.?)$", name)
    return escape_tex(name) if is_safe else f"{{{escape_tex(name)}}}"


def _protect(word: str, signs: str) -> str:
    """Write a word of a list; braces hold it together when it has signs that end one."""
    written = escape_tex(one_line(word))
    return f"{{{written}}}" if any(sign in word for sign in signs) else written


def _write_lines(text: str) -> str:
    # An `@` at the start of a line could be taken for a record.
    return re.sub(r"^@", "{@}", escape_tex(text), flags=re.MULTILINE)


def _own_key(paper: Paper, variables: Mapping[str, Any], taken: dict[str, int]) -> str:
    """Make a key that no other record of the text has: the paper's own, with a number behind when that is taken."""
    given = text_of(variables, "citation-key")
    key = own = given if re.fullmatch(r"[^\s,{}()\"#%=~\\@]+", given) else citation_key(paper, paper.title)
    while own in taken:
        taken[key] += 1
        own = f"{key}-{taken[key]}"
    taken[own] = 1
    return own


def citation_key(paper: Paper, title: str) -> str:
    """Make the key of a record: first author's last name, year, first telling word of the title.

    Without authors, three telling words stand for the name.
    """
    words = [word.lower() for word in re.findall(r"[A-Za-z0-9]+", _ascii(title))]
    telling = [word for word in words if word not in STOP_WORDS] or [paper.slug or "paper"]
    year = str(paper.published.year) if paper.published else ""
    names = paper.authors[0].split() if paper.authors else []
    last_name = re.sub(r"[^a-z]", "", _ascii(names[-1]).lower()) if names else ""
    return f"{last_name}{year}{telling[0]}" if last_name else f"{''.join(telling[:3])}{year}"


def _encode_braces(address: str) -> str:
    return re.sub(r"[{}\\]", lambda sign: f"%{ord(sign[0]):X}", one_line(address))


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


# ---------------------------------------------------------------- reading


def read_bibtex(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a file of BibTeX. A record without a title is a Problem; what else is wrong with one is a warning."""
    from site_builder.formats.bibtex_records import read_drafts  # a build only writes

    return read_drafts(text, path)
