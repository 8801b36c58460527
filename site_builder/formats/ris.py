"""RIS, and the tags of PubMed's own format that looks like it.

    record := "TY  - " type, lines, "ER  - "
    line   := tag "  - " value; one without a tag goes on with the value above

In: the text of a file, as EndNote, Zotero, Mendeley, publishers and PubMed write it; or Drafts.
Out: Drafts with a Problem for each fault; or the text of a file.
Must not know the site, nor write fields of this program's own. The browser's twin is templates/assets/exports.js.
"""

from collections.abc import Iterable

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, OTHERS, find_url, names_of, note_lines, one_line, text_of, variables_of
from site_builder.formats.names import turn_name

# Types with CSL's names for them; the first of two with one CSL name is the one that is written.
TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "article-journal", "ABST": "article-journal",
    "INPR": "article-journal", "MGZN": "article-magazine", "NEWS": "article-newspaper", "CPAPER": "paper-conference",
    "CONF": "paper-conference", "CHAP": "chapter", "ECHAP": "chapter", "BOOK": "book", "EBOOK": "book",
    "EDBOOK": "book", "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "UNPB": "manuscript",
    "MANSCPT": "manuscript", "ELEC": "webpage", "WEB": "webpage", "BLOG": "post-weblog", "DATA": "dataset",
    "COMP": "software", "PAT": "patent", "PAMP": "pamphlet", "SLIDE": "speech", "VIDEO": "motion_picture",
    "ENCYC": "entry-encyclopedia",
}  # fmt: skip
# CSL's variables by the tag that is written, and the tags by which they are read, best first.
VARIABLES = (
    ("container-title", "T2", ("T2", "JF", "JO", "BT")),
    ("container-title-short", "J2", ("J2", "JA", "J1")),
    ("collection-title", "T3", ("T3",)),
    ("event-title", "C3", ("C3",)),
    ("title-short", "ST", ("ST",)),
    ("volume", "VL", ("VL",)),
    ("issue", "IS", ("IS",)),
    ("publisher", "PB", ("PB",)),
    ("publisher-place", "CY", ("CY", "PP")),
    ("edition", "ET", ("ET",)),
    ("language", "LA", ("LA",)),
    ("genre", "M3", ("M3",)),
    ("PMID", "", ("PMID",)),  # read of PubMed's format only
    ("PMCID", "", ("PMC",)),
    ("citation-key", "ID", ("ID",)),
)
NAMES = (("editor", "A2", ("A2", "ED")), ("translator", "A4", ("A4",)))


# ---------------------------------------------------------------- writing


def write_ris(drafts: Iterable[Draft]) -> str:
    """Write papers as RIS, each with all that is known of it; lines end as the format wants it."""
    return "\r\n".join(map(_write_record, drafts))


def _write_record(draft: Draft) -> str:
    paper, variables = draft.paper, variables_of(draft.paper)
    kind = text_of(variables, "type")
    published = paper.published.isoformat() if paper.published else ""
    rows = [
        ("TY", next((tag for tag, csl in TYPES.items() if csl == kind), "GEN")),
        ("TI", paper.title),
        *[("AU", turn_name(name)) for name in paper.authors],
        ("AU", "et al." if variables.get(OTHERS) is True else ""),
        *[(tag, turn_name(name)) for variable, tag, _ in NAMES for name in names_of(variables, variable)],
        *[(tag, text_of(variables, variable)) for variable, tag, _ in VARIABLES if tag],
        *_write_pages(text_of(variables, "page")),
        ("SN", text_of(variables, "ISBN")),
        ("SN", text_of(variables, "ISSN")),
        ("PY", published.split("-")[0]),
        ("DA", published.replace("-", "/")),
        ("AB", paper.abstract),
        *[("KW", word) for word in draft.keywords],
        ("DO", paper.doi or ""),
        ("AN", f"arXiv:{paper.arxiv}" if paper.arxiv else ""),
        ("UR", find_url(paper)),
        ("N1", INFERRED if published and paper.published_year == "inferred" else ""),
        *[("N1", line) for line in note_lines(draft.notes).split("\n")],
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in rows if one_line(value)]
    return "\r\n".join([*lines, "ER  - ", ""])


def _write_pages(pages: str) -> list[tuple[str, str]]:
    first, sign, last = pages.partition("-")
    return [("SP", first), ("EP", last)] if sign and first and last and "-" not in last else [("SP", pages)]


# ---------------------------------------------------------------- reading


def read_ris(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a file of RIS. A record without a title is a Problem; what else is wrong with one is a warning."""
    from site_builder.formats.ris_records import read_drafts  # a build does not read

    return read_drafts(text, path)
