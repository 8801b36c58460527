"""Records of RIS as Drafts: where each begins and ends, and what its lines mean.

In: the text of a file. Out: Drafts, and a Problem for each record that is none, for each line that cannot be read.
Must not know how RIS is written.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.dates import Known, find_doubt, make_date, read_known
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, OTHERS, hold_variables, one_line, paragraphs
from site_builder.formats.faults import MOST_LINES, settle, show_record, tell_no_title
from site_builder.formats.identifiers import find_arxiv, find_doi, identify
from site_builder.formats.links import links_beside
from site_builder.formats.names import is_others, read_name
from site_builder.formats.ris import NAMES, TYPES, VARIABLES
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Paper

UNTYPED = frozenset(["GEN", "GENERIC", "PREP", "MISC", ""])
TITLES = ("TI", "T1", "CT")
AUTHORS = ("AU", "A1")
DATES = ("PY", "Y1", "DA")
LINKS = (("UR", ""), ("L1", "pdf"), ("L2", ""), ("LK", ""))
KNOWN_TAGS = frozenset(
    "TY ER A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DO DP ED EP ET ID IS J1 J2 JA JF "
    "JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 "
    "UR VL VO Y1 Y2".split()
)
# PubMed's tags by those of RIS that mean the same; its short names of authors say less than the full ones.
PUBMED = {
    "FAU": "AU", "AU": "", "VI": "VL", "IP": "IS", "PG": "SP", "DP": "DA", "JT": "T2", "TA": "J2", "MH": "KW",
    "OT": "KW", "IS": "SN", "LID": "DO", "AID": "DO", "PL": "CY", "CN": "AU", "DA": "",
}  # fmt: skip
TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: |$)(.*)", re.ASCII)  # TI  - A title
LOOSE_TAG = re.compile(r"[ \t]{0,4}([A-Z][A-Z0-9])[ \t]{0,4}-(?:[ \t]+|$)(.*)", re.ASCII)  # TI - A title
PUBMED_TAG = re.compile(r"(?=.{4}- )([A-Z]{2,4}) {0,2}- (.*)", re.ASCII)  # PMID- 123, TI  - A title

HEADING = re.compile(r"(?:Provider|Database|Content)\s?:")  # what some providers write before the first record
FINAL_DOT = re.compile(r"(?<!\.)(?<!\.[A-Za-z])\.$")  # PubMed ends every title with one; `U.S.` has its own


# ---------------------------------------------------------------- reading: lines


class _Record(NamedTuple):
    """A record's lines by tag: each value in the parts that its lines give, and the line where it begins."""

    line: int
    values: dict[str, list[tuple[int, list[str]]]]
    shown: list[str]  # the record's first lines as they stand in the file
    last: list[list[str]]  # where a line without a tag goes

    def take(self, *tags: str) -> list[str]:
        """Return the values of the first of these tags that has one, and look at that tag no more."""
        for tag in tags:
            found = [text for _, parts in self.values.get(tag, ()) if (text := paragraphs("\n".join(parts)))]
            if found:
                del self.values[tag]
                return found
        return []

    def take_lines(self, tag: str) -> list[str]:
        """Return the lines of a tag's values, each by itself, and look at that tag no more."""
        return [one_line(line) for _, parts in self.values.pop(tag, ()) for line in parts]

    def peek(self, tag: str) -> list[str]:
        """Return the values of a tag."""
        return [one_line(" ".join(parts)) for _, parts in self.values.get(tag, ())]

    def line_of(self, tag: str) -> int:
        """Return the line in which a tag is first given."""
        return self.values[tag][0][0] if tag in self.values else self.line


def _read_lines(text: str) -> tuple[list[str], bool]:
    """Return the lines of a file, and whether they are PubMed's."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    return lines, first.startswith("PMID-")


def _read_tag(line: str, *, is_pubmed: bool) -> tuple[str, str]:
    """Return the tag of a line and its value; no tag when the line goes on with what stands above."""
    found = PUBMED_TAG.match(line) if is_pubmed else TAG.match(line)
    if not found and not is_pubmed and (loose := LOOSE_TAG.match(line)) and loose[1] in KNOWN_TAGS:
        found = loose
    return (found[1], found[2]) if found else ("", line)


def _read_records(text: str, path: str, problems: list[Problem]) -> Iterator[_Record]:
    lines, is_pubmed = _read_lines(text)
    opening = "PMID" if is_pubmed else "TY"
    record: _Record | None = None
    stray: list[list[tuple[int, str]]] = [[]]  # the lines of no record: before each of them, and behind the last
    for number, line in enumerate(lines, 1):
        tag, value = _read_tag(line, is_pubmed=is_pubmed)
        if tag == opening or (tag and tag != "ER" and record is None):
            if record:
                yield _end(record, path, problems, is_ended=is_pubmed)
            record = _Record(number, {}, [], [[]])
            stray.append([])
            if tag != opening:
                hint = "a record begins with a line such as `TY  - JOUR`"
                problems.append(Problem(path, number, 1, "the beginning of this record is missing", hint, "warning"))
        if record is None:
            is_said = not tag and line.strip() and (len(stray) > 1 or not HEADING.match(line))
            stray[-1] += [(number, line)] if is_said else []
            continue
        if len(record.shown) <= MOST_LINES:
            record.shown.append(line)
        if tag == "ER" and not is_pubmed:
            yield record
            record = None
        elif tag:
            record.last[0] = [value]
            record.values.setdefault(PUBMED.get(tag, tag) if is_pubmed else tag, []).append((number, record.last[0]))
        else:
            record.last[0].append(line)
    if record:
        yield _end(record, path, problems, is_ended=is_pubmed)
    if len(stray) > 1:
        problems += [_tell_stray(run, path) for run in stray if run]


def _tell_stray(run: list[tuple[int, str]], path: str) -> Problem:
    """Tell of lines that stand in no record."""
    what = f"{len(run)} lines here belong" if len(run) > 1 else "this line belongs"
    hint = "a record begins with a line such as `TY  - JOUR`"
    shown = show_record("\n".join(line for _, line in run[: MOST_LINES + 1]))
    return Problem(path, run[0][0], 1, f"{what} to no record", hint, "warning", text=shown)


def _end(record: _Record, path: str, problems: list[Problem], *, is_ended: bool) -> _Record:
    if not is_ended:
        hint = "a record ends with a line `ER  - `"
        problems.append(Problem(path, record.line, 1, "the end of this record is missing", hint, "warning"))
    return record


# ---------------------------------------------------------------- reading: what the lines mean


def read_drafts(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a file of RIS."""
    problems: list[Problem] = []
    left_out: Counter[str] = Counter()
    drafts, is_empty = [], True
    for record in _read_records(text, path, problems):
        is_empty = False
        draft = _read_draft(record, path, problems, left_out)
        if draft:
            drafts.append(draft)
    if is_empty:
        hint = "a record begins with a line such as `TY  - JOUR`"
        problems.append(Problem(path, 0, 0, "no record of RIS was found in this file", hint))
    return drafts, settle(problems, path, left_out)


def _read_draft(record: _Record, path: str, problems: list[Problem], left_out: Counter[str]) -> Draft | None:
    def warn(line: int, message: str, hint: str = "") -> None:
        problems.append(Problem(path, line, 1, message, hint, "warning"))

    kind = one_line(" ".join(record.take("TY"))).upper()
    if kind not in TYPES and kind not in UNTYPED:
        left_out[f"{cut_short(kind)} as a type"] += 1
    title = one_line(" ".join(record.take(*TITLES, *(("BT", "T2") if "BOOK" in kind else ()))[:1]))
    if "PMID" in record.values:
        title = FINAL_DOT.sub("", title)
    if not is_visible(title):
        problems.append(tell_no_title(path, record.line, show_record("\n".join(record.shown))))
        return None
    authors, others = _read_names(record.take(*AUTHORS))
    notes = record.take("N1")
    abstract, second = record.take("AB"), record.take("N2")
    notes += [text for text in second if abstract and text not in abstract]
    arxiv, doi = _read_identifiers(record, warn)
    published = _read_date(record, warn)
    links = _read_links(record, arxiv, doi, warn, left_out)
    keywords = [word.strip() for line in record.take_lines("KW") for word in line.split(";")]
    variables = {OTHERS: others, **_read_variables(record, TYPES.get(kind, ""))}
    paper = Paper(
        slug="",
        title=title,
        abstract="\n\n".join(abstract or second),
        published=published,
        published_year="inferred" if published and INFERRED in notes else None,
        authors=tuple(authors),
        links=links,
        arxiv=arxiv,
        doi=doi,
        extra=hold_variables(variables),
    )
    left_out.update(tag for tag in list(record.values) if tag and record.take(tag))
    own = [note for note in notes if note != INFERRED]
    return Draft(paper, path, record.line, tuple(dict.fromkeys(filter(is_visible, keywords))), "\n\n".join(own))


def _read_names(values: list[str]) -> tuple[list[str], bool]:
    """Read names, and whether there are more than are named."""
    names: list[str] = []
    others = False
    for written in (one_line(part) for value in values for part in value.split(";")):
        if is_others(written):
            others = True
        elif is_visible(written):
            names.append(read_name(written))
    return list(filter(is_visible, names)), others


def _read_date(record: _Record, warn: Callable[..., None]) -> date | None:
    """Read the year, and from the tags that agree with it the month and the day."""
    known: list[Known] = []
    for tag in DATES:
        line = record.line_of(tag)
        for text in map(one_line, record.take(tag)):
            said = read_known(text)
            known.append(said)
            if not said.year and not said.month:
                warn(line, f"`{cut_short(text)}` is not a date", "write it as year/month/day: 2024/10/15")
            elif doubt := find_doubt(text):
                warn(line, doubt, "write it as year/month/day: 2024/10/15")
    year = next((said.year for said in known if said.year), None)
    agreeing = [said for said in known if said.year in (year, None)]
    fullest = max(agreeing, key=lambda said: (said.month is not None, said.day is not None), default=Known())
    return make_date(Known(year, fullest.month, fullest.day))


def _read_identifiers(record: _Record, warn: Callable[..., None]) -> tuple[str | None, str | None]:
    """Read the arXiv identifier and the DOI, from their own tags and from where programs hide them."""
    line, given = record.line_of("DO"), [text for text in record.take("DO") if "[pii]" not in text]
    doi = next(filter(None, map(find_doi, given)), None)
    if given and not doi and not any(map(find_arxiv, given)):
        warn(line, f"`{cut_short(one_line(given[0]))}` is no DOI", "it looks like `10.1000/182`")
    arxiv = next(filter(None, map(find_arxiv, given)), None)
    for tag in ("AN", "UR", "T2", "JO", "JF", "VL", "M3"):
        found = next(filter(None, map(find_arxiv, record.peek(tag))), None)
        arxiv = arxiv or found
        if found and tag == "AN":
            record.take(tag)
    if not doi and (found := next(filter(None, map(find_doi, record.peek("M3"))), None)):
        doi = found
        record.take("M3")
    return arxiv, doi or next((found for url in record.peek("UR") if (found := identify(url).doi)), None)


def _read_links(
    record: _Record, arxiv: str | None, doi: str | None, warn: Callable[..., None], left_out: Counter[str]
) -> tuple[Link, ...]:
    links: list[Link] = []
    for tag, kind in LINKS:
        line = record.line_of(tag)
        for word in (
            word for value in record.take(tag) for word in re.split(r"\s+|;(?=\w{1,10}:|www\.)", value) if word
        ):
            url = f"https://{word}" if re.match(r"www\.\w", word) else word
            if is_web_address(url):
                links += links_beside(url, arxiv, doi, kind)
            elif tag == "UR":
                warn(line, f"`{cut_short(word)}` is not a web address", "it starts with https:// or http://")
            else:
                left_out[tag] += 1  # a file of its owner's
    return tuple(dict.fromkeys(links))


def _read_variables(record: _Record, kind: str) -> dict[str, Any]:
    """Read what a Paper has no field for, by the names of CSL's variables."""
    variables: dict[str, Any] = {"type": kind, "page": _read_pages(record)}
    for variable, _, tags in VARIABLES:
        value = one_line(" ".join(record.take(*tags)[:1]))
        variables[variable] = value
        for tag in tags:
            if all(one_line(text) == value for text in record.peek(tag)):
                record.take(tag)  # the same again
    for variable, _, tags in NAMES:
        variables[variable] = _read_names(record.take(*tags))[0]
    for number in map(one_line, record.take("SN")):
        variable = "ISBN" if len(re.sub(r"[^0-9Xx]", "", number.split(" ")[0])) > 8 else "ISSN"
        variables[variable] = one_line(f"{variables.get(variable, '')} {number}")
    return variables


def _read_pages(record: _Record) -> str:
    first, last = (one_line(" ".join(record.take(tag)[:1])) for tag in ("SP", "EP"))
    pages = f"{first}-{last}" if first and last and first != last else first or last
    return re.sub(r" ?(?:-{1,3}|–|—) ?", "-", pages)
