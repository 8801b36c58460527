"""Records of BibTeX as Drafts: what their fields mean.

In: the text of a file. Out: Drafts, and a Problem for each record that is none, for each field that cannot be read.
Must not know where a record of the grammar begins or ends.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.bibtex import NAMES, TYPES, fields_of
from site_builder.formats.bibtex_syntax import Record, Source, open_source, read_records
from site_builder.formats.dates import Known, find_doubt, make_date, read_first_month, read_known, read_words
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, OTHERS, hold_variables, note_lines, one_line, paragraphs
from site_builder.formats.faults import settle, show_record, tell_no_title
from site_builder.formats.identifiers import find_arxiv, find_doi, identify
from site_builder.formats.links import links_beside
from site_builder.formats.markup import ENTITY
from site_builder.formats.names import is_others, is_suffix, join_name, without_number
from site_builder.formats.tex import decode_tex, escape_tex, find_unknown
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Paper

KINDS = {known.name: known for known in reversed(TYPES)}
UNTYPED = frozenset(["misc", "other"])
# A parent that a record refers to lends it these; a parent of these types is a place of papers, and no paper itself.
INHERITED = frozenset(
    "year month date day publisher address location series volume volumes number editor organization institution "
    "school booktitle journal journaltitle isbn issn edition eventtitle venue language".split()
)
CONTAINERS = frozenset(["proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "xdata"])
ADDRESSES = {
    "url": "", "pdf": "pdf", "code": "code", "website": "project", "project": "project", "video": "video",
    "html": "paper", "ee": "", "link": "", "howpublished": "",
}  # fmt: skip
SAYS_NOTHING = frozenset(["archiveprefix", "eprinttype", "crossref", "xdata", "eprintclass", "primaryclass"])
NAMED_PART = re.compile(r"(?:family|given|prefix|suffix|useprefix|given-i|id)=")
SEPARATOR = re.compile(r"\\.|[{}]|(?<=\s)and(?=\s)|[,;]", re.DOTALL | re.IGNORECASE)
ET_AL = re.compile(r"(?:\\emph\s*)?\{(et\.? al\.?)\}", re.IGNORECASE)  # {et al.}, where {others} is a name
TILDE = re.compile(r"\{?\\textasciitilde(?:\{\})?\}?|\\~\{\}|\$\\sim\$")
COMPARISON = re.compile(r"\$([<>])\$|\\text(?:less|greater)(?:\{\})?")  # in old DOIs: 17:15$<$1661::AID$>$3.0.CO;2-2
ESCAPED_SIGN = re.compile(r"\\([_%&#$~{}])|\\url\b|[{}]")
HTML_ENTITY = re.compile(rf"(?<!\\){ENTITY.pattern}", re.IGNORECASE)
OUR_ESCAPE = re.compile(r"%(7B|7D|5C)")


class _Fields(NamedTuple):
    """The fields of one record that have not been looked at yet, and where to note what is wrong with them."""

    record: Record
    values: dict[str, str]
    source: Source

    def take(self, *names: str) -> str:
        """Return the first of these fields that has a value, and look at it no more."""
        return next((self.values.pop(name) for name in names if name in self.values), "")

    def warn(self, name: str, message: str, hint: str = "") -> None:
        """Note a fault of a field at its place."""
        value = self.record.fields.get(name)
        self.source.warn(value.position if value else self.record.start, message, hint)


def read_drafts(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a file of BibTeX."""
    source = open_source(text, path)
    records = list(read_records(source))
    parents = _first_of_keys(source, records)
    referred = {
        _plain(value.text).lower()
        for record in records
        for name, value in record.fields.items()
        if name in ("crossref", "xdata")
    }
    left_out: Counter[str] = Counter()
    drafts = []
    for record in records:
        if record.kind in CONTAINERS and record.key.lower() in referred:
            left_out[f"@{record.kind} of other records"] += 1
            continue
        draft = _read_draft(source, record, parents, left_out)
        if draft:
            drafts.append(draft)
    if not records:
        hint = "a record begins with its type and its key: `@article{key,`"
        source.problems.append(Problem(path, 0, 0, "no record of BibTeX was found in this file", hint))
    return drafts, settle(source.problems, path, left_out)


def _first_of_keys(source: Source, records: list[Record]) -> dict[str, Record]:
    """Return the records by their keys; of two with one key the first, and the second is told."""
    first: dict[str, Record] = {}
    for record in records:
        if record.key and first.setdefault(record.key.lower(), record) is not record:
            line = first[record.key.lower()].line
            source.warn(record.start, f"the key `{cut_short(record.key)}` is that of line {line} too", "both are read")
    return first


def _read_draft(source: Source, record: Record, parents: dict[str, Record], left_out: Counter[str]) -> Draft | None:
    given = _values_of(record)
    fields = _Fields(record, {**_inherited(given, record, parents), **given}, source)
    title = _read_title(fields)
    if not title:
        shown = show_record(source.text[record.start : min(record.end, record.start + 10_000)])
        source.problems.append(tell_no_title(source.path, record.line, shown))
        return None
    authors, others = _read_names(fields, "author")
    published, note = _read_date(fields), paragraphs(decode_tex(fields.take("note")))
    arxiv, doi = _read_identifiers(fields, note)
    extra = {"citation-key": record.key, OTHERS: others, **_read_variables(fields)}
    paper = Paper(
        slug="",
        title=title,
        abstract=paragraphs(decode_tex(fields.take("abstract"))),
        published=published,
        published_year="inferred" if note == INFERRED and published else None,
        authors=tuple(authors),
        links=_read_links(fields, arxiv, doi),
        arxiv=arxiv,
        doi=doi,
        extra=hold_variables(extra),
    )
    notes = [decode_tex(fields.take(name)) for name in ("annote", "annotation", "comment")]
    is_ours = note == INFERRED or bool(arxiv and re.fullmatch(r"(?i)arxiv: ?\S+(?: \[[\w. -]+\])?", note))
    keywords = _read_keywords(fields)
    left_out.update(name for name in fields.values if name not in SAYS_NOTHING)
    if record.kind not in KINDS and record.kind not in UNTYPED:
        left_out[f"@{cut_short(record.kind)} as a type"] += 1
    written = [*([] if is_ours else [note]), *map(note_lines, notes)]
    return Draft(paper, source.path, record.line, keywords, "\n\n".join(filter(None, written)))


def _inherited(given: dict[str, str], record: Record, parents: dict[str, Record]) -> dict[str, str]:
    """Return what a record's parent lends it: the record that it names by `crossref` or `xdata`."""
    lent: dict[str, str] = {}
    for reference in ("xdata", "crossref"):
        parent = parents.get(_plain(given.get(reference, "")).lower())
        if parent is None or parent is record:
            continue
        values = _values_of(parent)
        wanted = INHERITED if reference == "crossref" else values.keys() - {"crossref", "xdata"}
        lent.update({name: values[name] for name in wanted if name in values})
        if reference == "crossref" and "title" in values:
            lent.setdefault("booktitle", values["title"])
    return lent


def _values_of(record: Record) -> dict[str, str]:
    """Return the fields that say something, still TeX; what some programs write as HTML (`&amp;`) is made TeX too."""
    values = {name: value.text for name, value in record.fields.items() if value.text.strip()}
    return {name: text if name in ADDRESSES else _decode_entities(text) for name, text in values.items()}


def _decode_entities(text: str) -> str:
    return HTML_ENTITY.sub(lambda found: escape_tex(html.unescape(found[0])), text) if "&" in text else text


def _plain(value: str) -> str:
    return one_line(decode_tex(value))


def _read_title(fields: _Fields) -> str:
    title, subtitle = _plain(fields.take("title")), _plain(fields.take("subtitle"))
    if not is_visible(title):
        return ""
    return f"{title}: {subtitle}" if subtitle else title


# ---------------------------------------------------------------- names and words


def _split(text: str, separator: str) -> Iterator[str]:
    """Split a text at a word or sign, but not within braces."""
    depth, start = 0, 0
    for mark in SEPARATOR.finditer(text):
        depth = max(0, depth + (mark[0] == "{") - (mark[0] == "}"))
        if not depth and mark[0].lower() == separator:
            yield text[start : mark.start()].strip()
            start = mark.end()
    yield text[start:].strip()


def _read_names(fields: _Fields, field: str) -> tuple[list[str], bool]:
    """Read names, and whether there are more than are named. They are split before TeX is decoded."""
    names: list[str] = []
    others = False
    for written in _split(f" {fields.take(field)} ", "and"):
        if is_others(ET_AL.sub(r"\1", written)):
            others = True
        elif written:
            names += _read_name(fields, field, written)
            if unknown := find_unknown(written):
                message = f"`{cut_short(one_line(written))}` holds TeX that is not known: `{cut_short(unknown)}`"
                fields.warn(field, message, "it is kept as it is typed")
    return list(filter(is_visible, names)), others


def _read_name(fields: _Fields, field: str, written: str) -> list[str]:
    """Read `First von Last`, `von Last, First` or `von Last, Jr, First`."""
    parts = [without_number(_plain(part)) for part in _split(written, ",")]
    if all(NAMED_PART.match(part) for part in parts):  # biblatex's family=Lample, given=Guillaume
        named = {name: value for name, _, value in (part.partition("=") for part in parts)}
        family = join_name(named.get("family", ""), named.get("prefix", ""))
        return [join_name(family, named.get("given", ""), named.get("suffix", ""))]
    if len(parts) == 2:
        return [join_name(parts[0], "", parts[1]) if is_suffix(parts[1]) else join_name(*parts)]
    if len(parts) == 3:
        return [join_name(parts[0], parts[2], parts[1])]
    if len(parts) > 3:
        message = f"`{cut_short(one_line(written))}` is no name"
        fields.warn(field, message, "names are parted by ` and `, not by commas")
        given = [part for part in parts if part]
        return given if all(" " in part for part in given) else [join_name(parts[0], " ".join(parts[1:]))]
    return parts


def _read_keywords(fields: _Fields) -> tuple[str, ...]:
    words: list[str] = []
    for name in ("keywords", "keyword", "mendeley-tags"):
        text = fields.take(name)
        by_comma = list(_split(text, ","))
        words += map(_plain, by_comma if len(by_comma) > 1 else _split(text, ";"))
    return tuple(dict.fromkeys(filter(is_visible, words)))


# ---------------------------------------------------------------- dates, identifiers, links


def _read_date(fields: _Fields) -> date | None:
    """Read biblatex's date, or year, month and day."""
    whole, year_text = _plain(fields.take("date")), _plain(fields.take("year"))
    month_text, day_text = _plain(fields.take("month")), _plain(fields.take("day"))
    known = read_known(whole)
    if doubt := find_doubt(whole):
        fields.warn("date", doubt, "write it as year-month-day: 2024-10-15")
    if whole and not known.year:
        fields.warn("date", f"`{cut_short(whole)}` is not a date", "write it as year-month-day: 2024-10-15")
    if not known.year:
        known = read_known(year_text)
        if year_text and not known.year:
            fields.warn("year", f"`{cut_short(year_text)}` is not a year")
        named = Known(month=int(month_text)) if re.fullmatch(r"0?[1-9]|1[0-2]", month_text) else read_words(month_text)
        if month_text and not named.month:
            named = Known(month=read_first_month(month_text))
            message = "names several months: the first counts" if named.month else "is not a month"
            fields.warn("month", f"`{cut_short(month_text)}` {message}", "write it as `month = oct`")
        day = int(day_text) if re.fullmatch(r"[0-9]{1,2}", day_text) else named.day
        known = Known(known.year, known.month or named.month, known.day or day)
    made = make_date(known)
    if made and known.month and known.day and not made.isoformat().endswith(f"-{known.month:02}-{known.day:02}"):
        fields.warn("date" if whole else "day", f"there is no day {known.day} in month {known.month} of {known.year}")
    return made


def _verbatim(value: str) -> str:
    """Return an address or identifier as it is meant: without what TeX needs."""
    if not any(sign in value for sign in "\\{}$"):
        return one_line(value)
    compared = COMPARISON.sub(lambda sign: sign[1] or ("<" if "less" in sign[0] else ">"), value)
    return one_line(ESCAPED_SIGN.sub(r"\1", TILDE.sub("~", compared)))


def _read_identifiers(fields: _Fields, note: str) -> tuple[str | None, str | None]:
    """Read the arXiv identifier and the DOI, from their own fields and from where programs hide them."""
    values = fields.values
    eprint = _verbatim(fields.take("eprint"))
    archive = _verbatim(values.get("archiveprefix", "") or values.get("eprinttype", "")).lower()
    arxiv = find_arxiv(eprint) if archive in ("", "arxiv") else None
    if eprint and archive == "arxiv" and not arxiv:
        fields.warn("eprint", f"`{cut_short(eprint)}` is no arXiv identifier", "it looks like `2406.10010`")
    elif eprint and not arxiv:
        values["eprint"] = eprint  # another archive's
    own = [_verbatim(fields.take(name)) for name in ("arxivid", "arxiv")]
    doi_text = OUR_ESCAPE.sub(lambda sign: chr(int(sign[1], 16)), _verbatim(fields.take("doi")))
    doi = find_doi(doi_text)
    hidden = [values.get(name, "") for name in ("url", "journal", "volume", "number", "pages", "howpublished")]
    notes = note if re.match(r"(?i)arxiv", note) else ""
    for text in (*own, doi_text, *map(_verbatim, hidden), notes):
        arxiv = arxiv or find_arxiv(text)
    published_as = values.get("howpublished", "")
    if arxiv and "://" not in published_as and find_arxiv(_verbatim(published_as)) == arxiv:
        fields.take("howpublished")  # no address
    if doi_text and not doi and not find_arxiv(doi_text):
        fields.warn("doi", f"`{cut_short(doi_text)}` is no DOI", "it looks like `10.1000/182`")
    return arxiv, doi or identify(_address(_verbatim(values.get("url", "")))).doi


def _read_links(fields: _Fields, arxiv: str | None, doi: str | None) -> tuple[Link, ...]:
    links = []
    names = [name for name in fields.values if name in ADDRESSES or name.startswith("bdsk-url-")]
    for name in sorted(names, key=lambda name: list(ADDRESSES).index(name) if name in ADDRESSES else len(ADDRESSES)):
        written = fields.take(name)
        urls = [url for url in map(_address, _verbatim(written).split()) if is_web_address(url)]
        if not urls and name == "howpublished":
            fields.values[name] = written  # words, not an address
        elif not urls:
            fields.warn(
                name, f"`{cut_short(one_line(written))}` is not a web address", "it starts with https:// or http://"
            )
        links += [link for url in urls for link in links_beside(url, arxiv, doi, ADDRESSES.get(name, ""))]
    return tuple(dict.fromkeys(links))


def _address(word: str) -> str:
    """Return the address that a word is: `<https://…>` and `www.…` are meant to be one."""
    word = word[1:-1] if word.startswith("<") and word.endswith(">") else word
    return f"https://{word}" if re.match(r"www\.\w", word) else word


# ---------------------------------------------------------------- everything else


def _read_variables(fields: _Fields) -> dict[str, Any]:
    """Read what a Paper has no field for, by the names of CSL's variables."""
    known = KINDS.get(fields.record.kind)
    kind = known.csl if known else ""
    variables: dict[str, Any] = {"type": kind}
    for field in fields_of(kind):
        variables[field.variable] = _plain(fields.take(field.name, *field.also))
    variables["page"] = re.sub(r" ?(?:-{1,3}|–|—) ?", "-", variables["page"])
    variables["genre"] = variables["genre"] or (known.genre if known else "")
    for field in NAMES:
        variables[field.variable] = _read_names(fields, field.name)[0]
    return variables
