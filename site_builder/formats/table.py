"""CSV, the tables of spreadsheets.

In: the text of a table with a head. Out: Drafts and Problems, or the text of a table. What is written is what
templates/assets/exports.js writes of the same paper; the tables of Zotero are read as well.
Must not know the site. A table names an organization without its handle, so that it is not read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.dates import find_doubt, read_date
from site_builder.formats.draft import Draft
from site_builder.formats.extra import OTHERS, hold_variables, one_line, variables_of
from site_builder.formats.faults import settle, show_record, tell_no_title
from site_builder.formats.identifiers import find_arxiv, find_doi, identify
from site_builder.formats.links import links_beside
from site_builder.formats.names import hold_name, is_others, read_name
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import LINK_KINDS, Link, Paper

HEAD = (
    "title", "authors", "organization", "date", "year_inferred", "tags", "arxiv", "doi",
    *[f"{kind}_url" for kind in LINK_KINDS], "comments", "abstract", "page",
)  # fmt: skip
# What other programs call a column, in small letters.
ALSO = {
    "author": "authors", "publication year": "year", "abstract note": "abstract", "manual tags": "tags",
    "keywords": "tags", "published": "date", "comments_count": "comments",
}  # fmt: skip
READ_TOO = frozenset({"year", "url", "notes"})
SEPARATORS = (",", ";", "\t")
MOST_FAULTS = 100  # rows that are no CSV: behind so many, the rest of the file is given up
# What a table program would reckon as a formula: `=1+1`, ` @x`, a tab; and such a text behind apostrophes of its own.
BLANKS = "\\0- \x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
FORMULA = re.compile(f"'*(?:[{BLANKS}]*[=+\\-@＝＋－＠]|[\t\r\n])")
# A table program takes 2406.10010 for a number and cuts its zero: since 2015 there are five figures.
CUT_ARXIV = re.compile(r"(?:1[5-9]|[2-9]\d)\d\d\.\d{1,4}")


class _Row(NamedTuple):
    """A row of the table: its cells by the names of their columns, without the defence against formulas."""

    cells: dict[str, str]
    line: int
    warn: Callable[[str], None]

    def words(self, column: str) -> list[str]:
        """Return what a cell lists, each on one line."""
        parts = [one_line(part) for part in self.cells.get(column, "").split(";")]
        return [part for part in parts if is_visible(part)]


def read_table(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a table whose first row names its columns; commas, semicolons or tabs stand between cells."""
    text = text.removeprefix("\ufeff")
    separator, first = find_separator(text)
    problems: list[Problem] = []
    drafts = []
    columns: list[str] | None = None
    uneven: list[int] = []
    for line, cells, own in _read_rows(text, first, separator, path, problems):
        if columns is None:
            columns, unknown = _read_head(cells)
            if "title" not in columns:
                hint = f"the first row names the columns: {', '.join(HEAD[:4])} …"
                return [], [*problems, Problem(path, line, 1, "this table has no column `title`", hint)]
            problems += _tell_unknown(path, line, unknown)
        else:
            if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
                uneven.append(line)
            draft = _read_row(columns, cells, line, own, path, problems)
            if draft:
                drafts.append(draft)
    if uneven:
        number = f"{len(uneven)} rows have" if len(uneven) > 1 else "a row has"
        message = f"{number} fewer or more cells than the head"
        problems.append(Problem(path, uneven[0], 1, message, "cells that are missing are taken to be empty", "warning"))
    if not drafts and not problems:
        problems.append(Problem(path, 0, 0, "there is no paper in this table"))
    return drafts, settle(problems, path)


def write_table(drafts: Iterable[Draft]) -> str:
    """Write drafts as a table (RFC 4180). What would be reckoned as a formula has an apostrophe before it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([_defuse(cell) for cell in _make_row(draft)] for draft in drafts)
    return written.getvalue()


def find_separator(text: str) -> tuple[str, int]:
    """Find what stands between the cells of a table, and the number of its first line, 0 or 1: Excel may tell it."""
    told = re.match(r"sep=([,;\t])[ \t]*(?:\r\n|\n|\r)", text)
    if told:
        return told[1], 1
    head = re.split(r"[\r\n]", text[:10_000].lstrip("\r\n"), maxsplit=1)[0]
    names = {separator: len(known_columns(head, separator)) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: names[separator]), 0


def known_columns(head: str, separator: str) -> set[str]:
    """Return the known columns that a head names."""
    cells = [cell.strip().strip('"') for cell in head.split(separator)]
    return {column for column in map(_name_of, cells) if column}


def _read_rows(
    text: str, first: int, separator: str, path: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str], str]]:
    """Read rows with the line on which each begins and its own text; a row that is no CSV is a Problem."""
    lines = list(io.StringIO(text, newline=""))
    faults, start = 0, first
    while start < len(lines):
        rows = csv.reader(lines[start:], delimiter=separator, strict=True)
        begin = start
        try:
            for cells in rows:
                end = start + rows.line_num
                if any(cell.strip() for cell in cells):
                    yield begin + 1, cells, "".join(lines[begin:end])
                begin = end
            start = len(lines)
        except csv.Error as error:
            end = start + rows.line_num
            # A quote without an end swallows all that follows: the next line is a row again.
            is_open = "end of data" in str(error) or "field larger" in str(error)
            what = "a quote that is opened here is not closed" if is_open else f"this row is not CSV: {error}"
            start = begin + 1 if is_open else end
            own = show_record("".join(lines[begin:start]))
            problems.append(Problem(path, begin + 1, 1, what, 'a quote in a cell is written twice: ""', text=own))
            faults += 1
            if faults == MOST_FAULTS and start < len(lines):
                problems.append(Problem(path, start + 1, 1, "the rest of this file was not read", "is it a table?"))
                return


def _read_head(cells: list[str]) -> tuple[list[str], list[str]]:
    """Read the columns' names; an unknown one, and one that is there again, is empty."""
    columns: list[str] = []
    unknown = []
    for cell in cells:
        column = _name_of(cell)
        column = "" if column in columns else column
        if not column and cell.strip():
            unknown.append(one_line(cell))
        columns.append(column)
    return columns, unknown


def _name_of(cell: str) -> str:
    name = one_line(cell).lower()
    return ALSO.get(name, name if name in HEAD or name in READ_TOO else "")


def _tell_unknown(path: str, line: int, unknown: list[str]) -> list[Problem]:
    if not unknown:
        return []
    shown = ", ".join(f"`{cut_short(name, 40)}`" for name in unknown[:10])
    number = f"{len(unknown)} columns are" if len(unknown) > 1 else "a column is"
    more = ", …" if len(unknown) > 10 else ""
    hint = f"known are {', '.join(HEAD)}"
    return [Problem(path, line, 1, f"{number} unknown and not read: {shown}{more}", hint, "warning")]


def _read_row(
    columns: list[str], cells: list[str], line: int, own: str, path: str, problems: list[Problem]
) -> Draft | None:
    def warn(message: str) -> None:
        problems.append(Problem(path, line, 1, message, "the rest of the row stands", "warning"))

    given = {column: _arm(cell) for column, cell in zip(columns, cells, strict=False) if column}
    row = _Row(given, line, warn)
    title = one_line(given.get("title", ""))
    if not is_visible(title):
        problems.append(tell_no_title(path, line, show_record(own)))
        return None
    names = [read_name(name) for name in row.words("authors")]
    arxiv, doi, links = _identify(row)
    published = _read_published(row)
    is_inferred = bool(published) and given.get("year_inferred", "").strip().lower() in ("yes", "true", "1")
    paper = Paper(
        slug="",
        title=title,
        abstract=given.get("abstract", "").strip(),
        published=published,
        published_year="inferred" if is_inferred else None,
        authors=tuple(name for name in names if not is_others(name)),
        comments_count=_read_comments(row),
        links=links,
        arxiv=arxiv,
        doi=doi,
        extra=hold_variables({OTHERS: any(map(is_others, names))}),
    )
    return Draft(paper, path, line, tuple(dict.fromkeys(row.words("tags"))), given.get("notes", "").strip())


def _read_published(row: _Row) -> date | None:
    given = [row.cells[column].strip() for column in ("date", "year") if row.cells.get(column, "").strip()]
    published = next(filter(None, map(read_date, given)), None)
    if given and not published:
        row.warn(f"`{cut_short(one_line(given[0]))}` is no date")
    for doubt in filter(None, map(find_doubt, given)):
        row.warn(doubt)
    return published


def _read_comments(row: _Row) -> int | None:
    text = row.cells.get("comments", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    if text:
        row.warn(f"`{cut_short(one_line(text))}` is no number of comments")
    return None


def _identify(row: _Row) -> tuple[str | None, str | None, tuple[Link, ...]]:
    """Read the arXiv identifier, the DOI and the links of a row."""
    arxiv_text, doi_text = row.cells.get("arxiv", "").strip(), row.cells.get("doi", "").strip()
    arxiv, doi = find_arxiv(arxiv_text), find_doi(doi_text)
    if CUT_ARXIV.fullmatch(arxiv_text):
        row.warn(f"`{arxiv_text}` has lost a zero at its end: a table program took it for a number")
        arxiv = None
    elif arxiv_text and not arxiv:
        row.warn(f"`{cut_short(one_line(arxiv_text))}` is no arXiv identifier")
    if doi_text and not doi and not find_arxiv(doi_text):
        row.warn(f"`{cut_short(one_line(doi_text))}` is no DOI")
    url = row.cells.get("url", "").strip()
    address = identify(url)
    if url and not is_web_address(url):
        row.warn(f"`{cut_short(one_line(url))}` is not a web address")
    links = [Link(kind, url) for kind in LINK_KINDS for url in _read_addresses(row, row.cells.get(f"{kind}_url", ""))]
    arxiv, doi = arxiv or find_arxiv(doi_text) or address.arxiv, doi or address.doi
    return arxiv, doi, tuple(dict.fromkeys([*links, *links_beside(url, arxiv, doi)]))


def _read_addresses(row: _Row, cell: str) -> list[str]:
    urls = cell.split()
    if not all(map(is_web_address, urls)):
        row.warn(f"`{cut_short(one_line(cell))}` is not a web address")
    return [url for url in urls if is_web_address(url)]


def _make_row(draft: Draft) -> list[str]:
    paper = draft.paper
    others = ["others"] if variables_of(paper).get(OTHERS) is True else []
    is_inferred = paper.published and paper.published_year == "inferred"
    return [
        paper.title,
        "; ".join([*map(hold_name, paper.authors), *others]),
        paper.organization.name if paper.organization else "",
        paper.published.isoformat() if paper.published else "",
        "yes" if is_inferred else "",
        "; ".join(draft.keywords),
        paper.arxiv or "",
        paper.doi or "",
        *[" ".join(link.url for link in paper.links if link.kind == kind) for kind in LINK_KINDS],
        "" if paper.comments_count is None else str(paper.comments_count),
        paper.abstract,
        "",
    ]


def _defuse(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _arm(cell: str) -> str:
    """Take back what `_defuse` did."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
