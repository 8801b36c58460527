"""What was imported once: content/imported.yml, by which an entry that was removed does not come back.

In: its text, and papers. Out: what it names, or the text with lines more. Must not know why an entry is gone.
"""

from collections.abc import Iterable
from typing import NamedTuple

from yaml.nodes import SequenceNode

from site_builder.content.entry import ROWS
from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.formats.identifiers import without_version
from site_builder.kinds import quote
from site_builder.paper import Paper, fold_title

HEAD = """\
# What was imported once, a line a paper; `site-builder import` adds to it. A paper that stands here and is not on the
# list was removed, and does not come back. To have it back, delete its line and import again.
"""

IMPORTED_FIELDS = (
    Field("title", ROWS["title"].kind, "The paper's title, as it was imported.", required=True),
    Field("arxiv", ROWS["arxiv"].kind, "Its arXiv identifier, when that was known."),
    Field("doi", ROWS["doi"].kind, "Its DOI, when that was known."),
)


class Imported(NamedTuple):
    """Papers that were imported once: their folded titles, arXiv ids without version, and DOIs."""

    marks: frozenset[str] = frozenset()

    def has(self, paper: Paper) -> bool:
        """Tell whether a paper was imported once."""
        return not self.marks.isdisjoint(marks_of(paper))


def marks_of(paper: Paper) -> list[str]:
    """Return all that tells a paper."""
    return _marks(paper.title, paper.arxiv, paper.doi)


def _marks(title: str, arxiv: str | None, doi: str | None) -> list[str]:
    ids = [f"arxiv:{without_version(arxiv)}"] if arxiv else []
    return [f"title:{fold_title(title)}", *ids, *([f"doi:{doi.casefold()}"] if doi else [])]


def read_imported(text: str, path: str) -> tuple[Imported, list[Problem]]:
    """Read imported.yml: a list of records, one a paper."""
    source = Source(path)
    node = compose(text, source)
    if node is None:
        return Imported(), source.problems
    if not isinstance(node, SequenceNode):
        source.fault(node, "expected a list of papers", "each begins with `- {title: …`")
        return Imported(), source.problems
    rows = [read_record(item, IMPORTED_FIELDS, source) for item in node.value]
    marks = [mark for row in rows if "title" in row for mark in _marks(row["title"], row.get("arxiv"), row.get("doi"))]
    return Imported(frozenset(marks)), source.problems


def add_imported(text: str, papers: Iterable[Paper]) -> str:
    """Return the text of imported.yml with a line more for each paper; all that stands there stays."""
    lines = []
    for paper in papers:
        ids = [("arxiv", paper.arxiv), ("doi", paper.doi)]
        known = "".join([f", {key}: {quote(value)}" for key, value in ids if value])
        lines.append(f"- {{title: {quote(paper.title)}{known}}}\n")
    if not lines:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text or HEAD
    before += "" if before.endswith(("\n", "\r")) else newline
    return before + "".join(lines).replace("\n", newline)
