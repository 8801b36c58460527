"""Which format a text is, told by its content, never by a name.

In: a text. Out: the format's name, or None. Must not read the text as a whole, nor know what is wrong in it: a broken
file is told by its look, so that its reader can say where it is broken.
"""

import re
from itertools import pairwise

from site_builder.formats.capture import BYLINE_ITSELF, CAPTURE_DAY, PUBLISHED, SEPARATOR
from site_builder.formats.table import find_separator, known_columns

LOOKED_AT = 200_000  # signs of a text: enough to see some records
FIRST_LINES = 12  # of a capture: its banner, byline, query and day
LISTING = frozenset({"Daily Papers", "Get trending papers in your email inbox!"})

BIBTEX = re.compile(r"^[ \t]*@[ \t]*(?:[A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
RIS = re.compile(r"^[ \t]*TY {1,2}- ?|^PMID- ", re.MULTILINE)  # PubMed's own records are of RIS's kind
RIS_LINE = re.compile(r"^(?:TI|T1|AU|A1|PY|DA|AB|ER|UR|DO|KW|JO|JF|ID)  - ?", re.MULTILINE)
ATOM = re.compile(r"<(?:\w{1,20}:)?(?:feed|entry)[\s>]")
ARXIV = re.compile(r"https?://(?:\w+\.)?arxiv\.org/", re.IGNORECASE)
# A text, closed or not, or a bracket, or what stands behind a key.
JSON_PIECE = re.compile(r'"((?:[^"\\\r\n]|\\.)*)"?|[\[\]{}:]')

# Keys that the records of one format have and those of the others have not.
DAILY_KEYS = frozenset(
    "paper upvotes discussionId submittedOnDailyAt submittedOnDailyBy ai_summary ai_keywords publishedAt githubRepo "
    "numComments".split()
)
RECORD_KEYS = frozenset(
    "slug authors authors_count comments_count tags links arxiv captures added rating featured draft aliases extra "
    "notes published published_year".split()
)
CSL_KEYS = frozenset(
    "type author issued DOI URL keyword note container-title archive_location citation-key accessed title-short page "
    "volume publisher event-title".split()
)
SHARED_KEYS = frozenset({"title", "abstract", "id", "doi", "status", "organization", "updated"})


def recognize(text: str) -> str | None:
    """Tell which format a text is: capture, bibtex, ris, csl, arxiv, daily, records or csv; None when it is none."""
    text = text[:LOOKED_AT].removeprefix("\ufeff").lstrip()
    if not text:
        return None
    if text[0] in "[{":
        return _recognize_json(text)
    if text[0] == "<":
        return "arxiv" if ATOM.search(text) and ARXIV.search(text) else None
    lines = [line.strip() for line in re.split(r"[\r\n]+", text)]
    if _is_table(text):
        return "csv"
    if _is_capture(lines):
        return "capture"
    bibtex, ris = BIBTEX.search(text), RIS.search(text)
    if ris and not (bibtex and bibtex.start() < ris.start()):
        return "ris"
    if bibtex:
        return "bibtex"
    # A record of RIS that has lost its first line.
    return "ris" if len(RIS_LINE.findall(text)) > 2 else None


def _is_table(text: str) -> bool:
    """Tell whether the first line is a table's head: with a title, and more."""
    separator, first = find_separator(text)
    lines = re.split(r"\r\n|\n|\r", text, maxsplit=2)
    columns = known_columns(lines[first], separator) if len(lines) > first else set()
    return "title" in columns and len(columns) > 1


def _is_capture(lines: list[str]) -> bool:
    """Tell whether a listing's page was captured: by its byline, its day, or the last lines of a paper."""
    head = [line for line in lines if line][:FIRST_LINES]
    if any(CAPTURE_DAY.fullmatch(line) or line in LISTING for line in head):
        return True
    if any(BYLINE_ITSELF.fullmatch(line) for line in lines):
        return True
    kept = [line for line in lines if line]
    return any(above == SEPARATOR and PUBLISHED.fullmatch(below) for above, below in pairwise(kept))


def _recognize_json(text: str) -> str | None:
    keys = _record_keys(text)
    scores = {
        "daily": len(keys & DAILY_KEYS),
        "csl": len(keys & CSL_KEYS),
        "records": len(keys & RECORD_KEYS),
    }
    best = max(scores, key=lambda name: scores[name])
    if scores[best]:
        return best
    if keys == {"error"}:  # the answer of the Daily Papers' API where there is nothing
        return "daily"
    return "records" if "title" in keys and keys <= SHARED_KEYS - {"id"} else None


def _record_keys(text: str) -> set[str]:
    """Return the keys of a JSON text's records: in the outer array, under `items`, or the object itself."""
    by_depth: dict[int, set[str]] = {}
    depth, last = 0, ""
    for found in JSON_PIECE.finditer(text):
        piece = found[0]
        if piece == ":":
            by_depth.setdefault(depth, set()).update({last} if last else ())
        elif piece[0] == '"':
            last = found[1]
            continue
        else:
            depth += 1 if piece in "[{" else -1
        last = ""
    is_array = text[0] == "["
    if not is_array and "items" in by_depth.get(1, ()) and by_depth.get(3):
        return by_depth[3]
    return by_depth.get(2 if is_array else 1, set())
