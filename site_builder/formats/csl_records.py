"""Records of CSL-JSON as Drafts: what their fields mean.

In: the text of a file. Out: Drafts, and a Problem for each record that is none, for each field that cannot be read.
Must not know how CSL-JSON is written.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, Literal, NamedTuple

from site_builder.errors import Problem, cut_short
from site_builder.formats.csl import EXTRA_LINE, KEPT_NAMES, KEPT_TEXTS, USUAL_TYPE
from site_builder.formats.dates import Known, begin_of, find_doubt, make_date, read_date
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, OTHERS, hold_variables, one_line
from site_builder.formats.faults import settle, tell_no_title
from site_builder.formats.identifiers import find_arxiv, find_doi, identify
from site_builder.formats.items import Item, plain_text, read_items
from site_builder.formats.links import links_beside
from site_builder.formats.markup import read_markup
from site_builder.formats.names import is_others, join_name, read_name
from site_builder.kinds import is_visible, is_web_address
from site_builder.paper import Link, Paper

ALSO = {"event": "event-title", "shortTitle": "title-short", "journalAbbreviation": "container-title-short"}
OWN = frozenset({
    "id", "type", "title", "author", "issued", "published", "abstract", "keyword", "categories", "DOI", "URL", "note",
    "annote",
})  # fmt: skip
EXTRA_KEYS = {"citation key": "citation-key", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "issn": "ISSN"}
# An id that was made to be cited, vaswani:2017, not one of a program's own: ITEM-1, a slug, an address.
CITED_ID = re.compile(r"(?!ITEM-\d+$)(?=.*[A-Z:+.])[A-Za-z][\w:+.-]*|DBLP:\S+")


class _Record(NamedTuple):
    """A record being read: its values, what to do with a faulty one, and what has no place in a paper."""

    value: dict[str, Any]
    warn: Callable[[str], None]
    left_out: Counter[str]

    def text(self, key: str) -> str:
        """Return the text of a field on one line; a value of another kind is told, and left out."""
        value = self.value.get(key)
        if isinstance(value, list) and len(value) == 1:  # Crossref's titles
            value = value[0]
        if isinstance(value, (dict, list, bool)) and value not in ({}, []):
            self.warn(f"`{key}` is no text")
        return one_line(plain_text(value))


def read_drafts(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a file of CSL-JSON."""
    items, problems = read_items(text, path)
    left_out: Counter[str] = Counter()
    drafts = []
    for item in items:
        draft = _read_item(item, path, problems, left_out)
        if draft:
            drafts.append(draft)
    return drafts, settle(problems, path, left_out)


def _read_item(item: Item, path: str, problems: list[Problem], left_out: Counter[str]) -> Draft | None:
    def warn(message: str) -> None:
        problems.append(Problem(path, item.line, 1, message, "the rest of the record stands", "warning"))

    record = _Record(item.value, warn, left_out)
    title = one_line(read_markup(record.text("title")))
    if not is_visible(title):
        problems.append(tell_no_title(path, item.line, item.text))
        return None
    authors, has_others = _read_names(record, "author")
    published, is_circa = _read_issued(record)
    notes, extra = _read_notes(record)
    csl = {**_read_kept(record), **({OTHERS: True} if has_others else {})}
    csl.update({key: value for key, value in extra.items() if key in KEPT_TEXTS and key not in csl})
    arxiv, doi, links = _identify(record, csl, extra)
    is_inferred = published and (is_circa or "inferred" in extra)
    year: Literal["inferred"] | None = "inferred" if is_inferred else None
    paper = Paper(
        slug="",
        title=title,
        abstract=_read_abstract(record),
        published=published,
        published_year=year,
        authors=authors,
        links=links,
        arxiv=arxiv,
        doi=doi,
        extra=hold_variables(csl),
    )
    return Draft(paper, path, item.line, _read_keywords(record), notes)


def _read_abstract(record: _Record) -> str:
    value = record.value.get("abstract")
    if value is not None and not isinstance(value, str):
        record.warn("`abstract` is no text")
    return read_markup(plain_text(value)).strip()


# ---------------------------------------------------------------- names


def _read_names(record: _Record, key: str) -> tuple[tuple[str, ...], bool]:
    """Read a list of names; and whether it ends by saying that there are others."""
    value = record.value.get(key)
    given = value if isinstance(value, list) else [value] if value else []
    names = [_read_name(name) for name in given]
    if not all(names):
        record.warn(f"`{key}` holds what is no name")
    return tuple(name for name in names if name and not is_others(name)), any(map(is_others, names))


def _read_name(value: Any) -> str:
    if not isinstance(value, dict):
        return read_name(value) if isinstance(value, str) else ""
    parts = {key: read_markup(plain_text(part)) for key, part in value.items()}
    literal = one_line(parts.get("literal") or parts.get("name", ""))
    family = " ".join(
        parts.get(key, "") for key in ("dropping-particle", "non-dropping-particle", "family") if parts.get(key)
    )
    name = join_name(family, parts.get("given", ""), parts.get("suffix", ""))
    return next((one for one in (name, literal) if is_visible(one)), "")


# ---------------------------------------------------------------- dates


def _read_issued(record: _Record) -> tuple[date | None, bool]:
    """Read when an item was published, and whether that is only about right."""
    for key in ("issued", "published"):
        value = record.value.get(key)
        if value and value != {"date-parts": [[None]]}:
            day, is_circa = _read_date(value)
            if day is None:
                record.warn(f"`{key}` is no date: `{cut_short(one_line(json.dumps(value, ensure_ascii=False)[:200]))}`")
            texts = [value, *value.values()] if isinstance(value, dict) else [value]
            for doubt in filter(None, map(find_doubt, map(plain_text, texts))):
                record.warn(doubt)
            return day, is_circa
    return None, False


def _read_date(value: Any) -> tuple[date | None, bool]:
    if not isinstance(value, dict):
        text = plain_text(value)
        return read_date(text), text.rstrip().endswith(("~", "?"))
    is_circa = str(value.get("circa") or "").lower() not in ("", "0", "false")
    parts = value.get("date-parts")
    day = _read_parts(parts) if isinstance(parts, list) else None
    for key in ("raw", "literal"):
        text = plain_text(value.get(key))
        if day is None and text:
            day, is_circa = read_date(text), is_circa or text.rstrip().endswith(("~", "?"))
    return day, is_circa


def _read_parts(value: list[Any]) -> date | None:
    """Read date-parts: [[2024, 10, 15]], numbers or texts. Of a range within a year its beginning is known."""
    ends = [part for part in (value if value and isinstance(value[0], list) else [value]) if isinstance(part, list)]
    known = [_read_numbers(end) for end in ends[:2]]
    return make_date(begin_of(known[0], known[-1])) if known else None


def _read_numbers(parts: list[Any]) -> Known:
    numbers: list[int | None] = []
    for part in parts[:3]:
        text = plain_text(part).strip()
        numbers.append(int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None)
    # Months beyond the twelfth are seasons: they say the year.
    return Known(*numbers)


# ---------------------------------------------------------------- notes, keywords, identifiers


def _read_notes(record: _Record) -> tuple[str, dict[str, str]]:
    """Read the owner's notes, without the lines by which Zotero keeps fields of other programs there."""
    kept, extra = [], {}
    for line in re.split(r"\r\n|\n|\r", plain_text(record.value.get("note"))):
        found = EXTRA_LINE.fullmatch(line.strip())
        key = found[1].lower() if found else ""
        is_unclear = (key == "arxiv" and not find_arxiv(line)) or (key == "doi" and not find_doi(line))
        if line.strip() == INFERRED:
            extra["inferred"] = INFERRED
        elif not found or is_unclear:
            kept.append(line)
        else:
            extra[EXTRA_KEYS.get(key, key)] = line.strip() if key == "arxiv" else found[2].strip()
            if key.startswith("tex.") and key not in ("tex.eprint", "tex.archiveprefix", "tex.eprinttype"):
                record.left_out[found[1]] += 1
    notes = ["\n".join(kept).strip(), plain_text(record.value.get("annote")).strip()]
    return "\n\n".join(part for part in notes if part), extra


def _read_keywords(record: _Record) -> tuple[str, ...]:
    words: list[str] = []
    for key in ("keyword", "categories"):
        value = record.value.get(key)
        if isinstance(value, list):
            words += [read_markup(plain_text(word)) for word in value]
        else:
            text = read_markup(record.text(key))
            words += text.split(";" if ";" in text else ",")
    found = [one_line(word) for word in words]
    return tuple(dict.fromkeys(word for word in found if is_visible(word)))


def _identify(
    record: _Record, csl: dict[str, Any], extra: dict[str, str]
) -> tuple[str | None, str | None, tuple[Link, ...]]:
    """Find an item's arXiv identifier, DOI and link; what they say is not said again among `csl`."""
    url, doi_text = record.text("URL"), record.text("DOI")
    address = identify(url)
    if url and not is_web_address(url):
        record.warn(f"`{cut_short(url)}` is not a web address")
    doi = find_doi(doi_text)
    if doi_text and not doi and not find_arxiv(doi_text):
        record.warn(f"`{cut_short(doi_text)}` is no DOI")
    is_in_arxiv = str(csl.get("archive", "")).lower() == "arxiv"
    given = [
        ("archive_location", str(csl.get("archive_location", "")) if is_in_arxiv else ""),
        ("number", _after_prefix(str(csl.get("number", "")))),
        ("", extra.get("arxiv", "")),
        ("", extra.get("tex.eprint", "")),
        ("", doi_text if not doi else ""),
        ("", f"arXiv:{address.arxiv}" if address.arxiv else ""),
        ("", _after_prefix(str(csl.get("container-title", "")))),
    ]
    found = [(key, find_arxiv(text)) for key, text in given if text]
    arxiv = next((identifier for _, identifier in found if identifier), None)
    for key, identifier in found:
        if key and identifier == arxiv and arxiv:
            csl.pop(key, None)
    if is_in_arxiv and arxiv:
        csl.pop("archive", None)
    doi = doi or find_doi(extra.get("doi", "")) or address.doi
    return arxiv, doi, links_beside(url, arxiv, doi)


def _after_prefix(text: str) -> str:
    """Return a text that names arXiv; a bare number may be of any archive."""
    return text if "arxiv" in text.lower() else ""


# ---------------------------------------------------------------- what a paper has no field for


def _read_kept(record: _Record) -> dict[str, Any]:
    """Read what is kept of the bibliography, under CSL's own names; count what is not."""
    csl: dict[str, Any] = {}
    for given, value in record.value.items():
        key = ALSO.get(given, given)
        if key in KEPT_TEXTS:
            is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)  # Crossref's ISSN
            text = one_line(read_markup(", ".join(map(plain_text, value)) if is_list else record.text(given)))
            csl.update({key: text} if text and key not in csl else {})
        elif key in KEPT_NAMES:
            names, _ = _read_names(record, given)
            csl.update({key: list(names)} if names else {})
        elif key not in OWN and value not in (None, "", [], {}):
            record.left_out[plain_text(given)] += 1
    kind = record.text("type")
    if kind and kind != USUAL_TYPE:
        csl["type"] = kind
    identifier = record.text("id")
    if "citation-key" not in csl and CITED_ID.fullmatch(identifier):
        csl["citation-key"] = identifier
    return csl
