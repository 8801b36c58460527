"""Replies of arXiv's API: an Atom feed with an entry for each paper. Only read.

In: the text of a reply. Out: Drafts and Problems. Must not know who asked, nor ask anything itself.

Each entry is parsed by itself, so that a broken one, or the torn end of a reply, costs no other. No entity is known but
XML's own five: a DOCTYPE stands before all entries, and is never parsed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.parsers import expat

from site_builder.errors import Problem, cut_short
from site_builder.formats.dates import read_instant
from site_builder.formats.draft import Draft
from site_builder.formats.extra import hold_variables, one_line
from site_builder.formats.faults import settle, show_record, tell_no_title
from site_builder.formats.identifiers import find_arxiv, find_doi
from site_builder.kinds import is_visible
from site_builder.paper import Link, Paper

# What begins and ends an entry, and what may hold such signs as text.
PIECE = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<(?:\w{1,20}:)?entry(?=[\s>])|</(?:\w{1,20}:)?entry\s*>")
CLOSERS = {"<!--": "-->", "<![CDATA[": "]]>"}
LINE_BREAK = re.compile(r"\r\n|\n|\r")
ERROR_ID = re.compile(r"https?://arxiv\.org/api/errors")
TOTAL = re.compile(r"<opensearch:totalResults[^<>]{0,200}>\s*(\d{1,9})\s*<")
WITHDRAWN = re.compile(r"\bwithdrawn\b", re.IGNORECASE)
# All that is read of an entry: the rest is not even kept in mind.
KNOWN = frozenset(
    "entry id title summary author name affiliation published updated doi journal_ref comment category "
    "primary_category link".split()
)


class _Slice(NamedTuple):
    """An entry's own text, and the line and column on which it begins."""

    text: str
    line: int
    column: int


class _Node(NamedTuple):
    """An element: its name without prefix, its attributes, its text, the elements in it."""

    name: str
    attributes: dict[str, str]
    texts: list[str]
    children: list[Any]

    def all(self, name: str) -> list["_Node"]:
        """Return the elements of a name that stand right in this one."""
        return [child for child in self.children if child.name == name]

    def text(self, name: str) -> str:
        """Return the text of the first element of a name, on one line."""
        found = self.all(name)
        return one_line("".join(found[0].texts)) if found else ""


def read_arxiv(text: str, path: str) -> tuple[list[Draft], list[Problem]]:
    """Read a reply of arXiv's API, or several in one file."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    left_out: Counter[str] = Counter()
    for part in _cut_entries(text):
        node = _parse(part, path)
        outcome = _read_entry(node, part, path, problems, left_out) if isinstance(node, _Node) else node
        if isinstance(outcome, Problem):
            problems.append(outcome)
        else:
            drafts.append(outcome)
    if not drafts and not problems:
        total = TOTAL.search(text)
        message = "this reply of arXiv's holds no paper"
        problems.append(Problem(path, 0, 0, message, "nothing was found" if total and int(total[1]) == 0 else ""))
    return drafts, settle(problems, path, left_out)


def _cut_entries(text: str) -> Iterator[_Slice]:
    """Cut a feed into its entries; one that has no end goes as far as the next one's beginning."""
    start, opened, waits_for, counted, line, line_start = -1, -1, "", 0, 1, 0
    ends = [(found.start(), found.end(), found[0]) for found in PIECE.finditer(text)]
    for begin, end, piece in [*ends, (len(text), len(text), "")]:
        if waits_for and piece:
            waits_for = "" if piece == waits_for else waits_for
        elif piece in CLOSERS:
            waits_for, opened = CLOSERS[piece], begin
        elif piece not in CLOSERS.values():
            if waits_for and start < 0:  # a comment without an end has swallowed the rest: no XML, and told as such
                start = opened
            if start >= 0:
                line += len(LINE_BREAK.findall(text, counted, start))
                last_break = max(text.rfind("\n", counted, start), text.rfind("\r", counted, start))
                counted, line_start = start, max(line_start, last_break + 1)
                own = text[start : end if piece.startswith("</") else begin]
                yield _Slice(own, line, start - line_start + 1)
            start = begin if piece and not piece.startswith("</") else -1


def _parse(part: _Slice, path: str) -> _Node | Problem:
    """Parse an entry into its elements; what is not XML is a Problem where it is not."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    root = _Node("", {}, [], [])
    ignored = _Node("ignored", {}, [], [])
    stack = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = _Node(name.rpartition(":")[2], attributes, [], [])
        is_known = node.name in KNOWN and stack[-1].name in ("", "entry", "author")
        if is_known:
            stack[-1].children.append(node)
        stack.append(node if is_known else ignored)

    def end(_name: str) -> None:
        stack.pop()

    def data(text: str) -> None:
        if stack[-1] is not ignored:
            stack[-1].texts.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    try:
        # A lone surrogate is no character; expat would not take the bytes of one.
        parser.Parse(part.text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        line = part.line + error.lineno - 1
        column = error.offset + (part.column if error.lineno == 1 else 1)
        message = f"this entry is not valid XML: {expat.ErrorString(error.code)}"
        own = show_record(part.text.rstrip())
        return Problem(path, line, column, message, "ask arXiv again, or mend the entry", text=own)
    return _Node(*root.children[0])


def _read_entry(
    node: _Node, part: _Slice, path: str, problems: list[Problem], left_out: Counter[str]
) -> Draft | Problem:
    def warn(message: str, hint: str = "the rest of the record stands") -> None:
        problems.append(Problem(path, part.line, 1, message, hint, "warning"))

    title, address = node.text("title"), node.text("id")
    if ERROR_ID.match(address):
        why = node.text("summary") or title
        return Problem(path, part.line, 1, f"arXiv's API reports an error: {cut_short(why, 200)}", "ask it otherwise")
    if not is_visible(title):
        return tell_no_title(path, part.line, show_record(part.text))
    arxiv = find_arxiv(address)
    if not arxiv:
        warn(f"`{cut_short(address)}` is no arXiv identifier" if address else "this entry has no identifier")
    doi, published = find_doi(node.text("doi")), read_instant(node.text("published"))
    for name, value, what in (("doi", doi, "DOI"), ("published", published, "date")):
        if node.text(name) and not value:
            warn(f"`{cut_short(node.text(name))}` is no {what}")
    updated = read_instant(node.text("updated"))
    names = [name for author in node.all("author") if is_visible(name := author.text("name"))]
    comment, journal = node.text("comment"), node.text("journal_ref")
    abstract = node.text("summary")
    if WITHDRAWN.search(comment) or (WITHDRAWN.search(abstract) and len(abstract) < 300):
        warn(f"withdrawn: `{cut_short(comment or abstract, 200)}`", "do you still want it on the list?")
    elif comment:
        left_out["comment"] += 1
    left_out.update("affiliation" for author in node.all("author") if author.all("affiliation"))
    paper = Paper(
        slug="",
        title=title,
        abstract=abstract,
        published=published,
        updated=updated if updated and (not published or updated > published) else None,
        authors=tuple(names),
        links=(Link("pdf", f"https://arxiv.org/pdf/{arxiv}"),) if arxiv and _has_pdf(node) else (),
        arxiv=arxiv,
        doi=doi,
        extra=hold_variables({"container-title": journal}),
    )
    return Draft(paper, path, part.line, _read_categories(node))


def _read_categories(node: _Node) -> tuple[str, ...]:
    """Return the subjects that arXiv files a paper under: cs.LG, the primary one first."""
    given = [*node.all("primary_category"), *node.all("category")]
    terms = [one_line(category.attributes.get("term", "")) for category in given]
    return tuple(dict.fromkeys(term for term in terms if is_visible(term)))


def _has_pdf(node: _Node) -> bool:
    return any(link.attributes.get("title") == "pdf" for link in node.all("link"))
