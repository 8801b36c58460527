"""CSL-JSON, the bibliographies of Zotero, Mendeley, pandoc and Crossref.

In: the text of a file; or Drafts. Out: Drafts and Problems; or the text of a file. What is written is what
templates/assets/exports.js writes of the same paper, and what a paper keeps of the bibliography that it came from.
Must not know the site, nor write fields of this program's own.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.extra import INFERRED, OTHERS, find_url, names_of, text_of, variables_of
from site_builder.formats.markup import write_markup
from site_builder.formats.names import join_name, split_name

USUAL_TYPE = "article"  # what a paper is of which no more is known

# What a bibliography knows and a paper has no field for: kept under CSL's own names.
KEPT_TEXTS = (
    "citation-key", "container-title", "container-title-short", "collection-title", "collection-number", "event-title",
    "event-place", "publisher", "publisher-place", "edition", "genre", "volume", "issue", "page", "number",
    "number-of-pages", "number-of-volumes", "chapter-number", "section", "version", "medium", "status", "language",
    "title-short", "ISBN", "ISSN", "PMID", "PMCID", "archive", "archive-place", "archive_location", "call-number",
    "source", "authority", "jurisdiction", "dimensions", "scale", "references",
)  # fmt: skip
KEPT_NAMES = (
    "editor", "translator", "container-author", "collection-editor", "editorial-director", "director", "composer",
    "illustrator", "interviewer", "recipient", "reviewed-author", "original-author", "contributor",
)  # fmt: skip
# A line of Zotero's "extra": `arXiv: 2406.10010`, `tex.eprint: 2406.10010`, `Citation Key: doe2020`
EXTRA_LINE = re.compile(r"(arXiv|DOI|Citation Key|PMID|PMCID|ISBN|ISSN|tex\.[\w.-]+)\s*:\s*(\S.*)", re.IGNORECASE)


# ---------------------------------------------------------------- writing


def write_csl(drafts: Iterable[Draft]) -> str:
    """Write drafts as a CSL-JSON file."""
    items = [_make_item(draft, number) for number, draft in enumerate(drafts, 1)]
    return f"{json.dumps(items, ensure_ascii=False, indent=2)}\n"


def _make_item(draft: Draft, number: int) -> dict[str, Any]:
    paper = draft.paper
    csl = variables_of(paper)
    is_inferred = bool(paper.published and paper.published_year == "inferred")
    issued: dict[str, Any] = {}
    if paper.published:
        issued["date-parts"] = [[int(part) for part in paper.published.isoformat().split("-")]]
    if is_inferred:
        issued["circa"] = True
    others = [{"literal": "others"}] if csl.get(OTHERS) is True else []
    item: dict[str, Any] = {
        "id": paper.slug or text_of(csl, "citation-key") or f"item-{number}",
        "type": text_of(csl, "type") or USUAL_TYPE,
        "title": write_markup(paper.title),
        "author": [*map(_write_name, paper.authors), *others],
        "issued": issued,
        "abstract": write_markup(paper.abstract),
        "keyword": _write_keywords(draft.keywords),
        "DOI": paper.doi,
        "archive": "arXiv" if paper.arxiv else None,
        "archive_location": paper.arxiv,
        "URL": find_url(paper),
        **_write_notes(draft, is_inferred=is_inferred),
    }
    item.update({key: write_markup(text_of(csl, key)) for key in KEPT_TEXTS if not item.get(key)})
    item.update({key: [_write_name(name) for name in names_of(csl, key)] for key in KEPT_NAMES})
    return {key: value for key, value in item.items() if value}


def _write_name(name: str) -> dict[str, str]:
    """Write a name in its parts, unless reading these would give another one."""
    parts = split_name(name)
    if parts.literal or join_name(parts.family, parts.given, parts.suffix) != name:
        return {"literal": write_markup(name)}
    return {key: write_markup(part) for key, part in parts._asdict().items() if part}


def _write_notes(draft: Draft, *, is_inferred: bool) -> dict[str, str]:
    """Write notes where other programs look for them, unless lines of theirs would be read as fields."""
    lines = re.split(r"\r\n|\n|\r", draft.notes)
    is_plain = not any(EXTRA_LINE.fullmatch(line.strip()) or line.strip() == INFERRED for line in lines)
    mark = INFERRED if is_inferred else ""
    if is_plain and "\r" not in draft.notes:
        return {"note": "\n".join(part for part in (mark, draft.notes) if part)}
    return {"note": mark, "annote": draft.notes}


def _write_keywords(keywords: tuple[str, ...]) -> str:
    """Join keywords by commas; by semicolons when a keyword has a comma."""
    if not any("," in word for word in keywords):
        return write_markup(", ".join(keywords))
    return write_markup("; ".join(keywords) + (";" if len(keywords) == 1 else ""))


# ---------------------------------------------------------------- reading


def read_csl(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a CSL-JSON file: an array of items, one item, or an object that holds them under `items`."""
    from site_builder.formats.csl_records import read_drafts  # an export does not read

    return read_drafts(text, path)
