"""What was imported once: content/imported.yml, by which a mended entry is known, and a removed one does not come back.

In: its text, and papers with the slugs that they have on the list. Out: the records, or the text with what is new.
Must not know why an entry is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from yaml.nodes import MappingNode, SequenceNode

from site_builder.content.entry import ROWS
from site_builder.content.frontmatter import newline_of, value_end
from site_builder.errors import Problem
from site_builder.fields import Field, Source, compose, read_record
from site_builder.formats.identifiers import without_version
from site_builder.kinds import COUNT, SLUG_KIND, list_of
from site_builder.paper import Paper, fold_title

HEAD = """\
# What was imported, a line a paper, kept by `site-builder import`: by these names it is known when it is met again.
# One that stands here and is not on the list was removed, and stays away; delete its line to have it back.
"""

IMPORTED_FIELDS = (
    Field("slug", SLUG_KIND, "Its file's name on the list, without `.md`.", required=True),
    Field("titles", list_of(ROWS["title"].kind, flow=True), "The titles under which it was met.", required=True),
    Field("years", list_of(COUNT, flow=True), "The years of which it was said to be."),
    Field("arxiv", list_of(ROWS["arxiv"].kind, flow=True), "Its arXiv identifiers, without version."),
    Field("doi", list_of(ROWS["doi"].kind, flow=True), "Its DOIs."),
)


class Met(NamedTuple):
    """All under which a paper was met: titles as they were written, years, arXiv ids without version, DOIs."""

    titles: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    arxiv: tuple[str, ...] = ()
    doi: tuple[str, ...] = ()


@dataclass(slots=True)
class Imported:
    """The papers that were imported, by slug, and the slugs by what tells a paper."""

    papers: dict[str, Met] = field(default_factory=dict)
    by_mark: dict[str, list[str]] = field(default_factory=dict)

    def note(self, slug: str, paper: Paper) -> None:
        """Note that a paper of the list was met like this."""
        self.put(slug, _grow(self.papers.get(slug, Met()), _met(paper)))

    def put(self, slug: str, met: Met) -> None:
        """Put down all under which a paper was met."""
        self.papers[slug] = met
        for mark in _marks(met):
            if slug not in self.by_mark.setdefault(mark, []):
                self.by_mark[mark].append(slug)

    def find(self, paper: Paper) -> list[str]:
        """Return the slugs under which a paper was imported: by its ids, else by its title where nothing differs."""
        met = _met(paper)
        by_id = [slug for mark in _marks(met._replace(titles=())) for slug in self.by_mark.get(mark, [])]
        by_title = [slug for mark in _marks(Met(met.titles)) for slug in self.by_mark.get(mark, [])]
        return list(dict.fromkeys(by_id or [slug for slug in by_title if not _differs(self.papers[slug], met)]))


def _met(paper: Paper) -> Met:
    year = paper.published.year if paper.published and paper.published_year != "inferred" else None
    return Met(
        (paper.title,),
        (year,) if year else (),
        (without_version(paper.arxiv),) if paper.arxiv else (),
        (paper.doi,) if paper.doi else (),
    )


def _marks(met: Met) -> list[str]:
    titles = [f"title:{fold_title(title)}" for title in met.titles]
    return [*titles, *[f"arxiv:{id}" for id in met.arxiv], *[f"doi:{doi.casefold()}" for doi in met.doi]]


def _differs(known: Met, met: Met) -> bool:
    """Tell whether a year or an id speaks against two papers of one title being one."""
    return any(mine and theirs and not {*mine} & {*theirs} for mine, theirs in zip(known[1:], met[1:], strict=True))


def _grow(known: Met, met: Met) -> Met:
    """Add what is new; a title that differs only in what folding takes away is not."""
    titles = {fold_title(title): title for title in (*met.titles, *known.titles)}
    kept = [title for title in known.titles if titles.pop(fold_title(title), None)]
    return Met(
        (*kept, *titles.values()),
        tuple(dict.fromkeys([*known.years, *met.years])),
        tuple(dict.fromkeys([*known.arxiv, *met.arxiv])),
        tuple(dict.fromkeys([*known.doi, *met.doi])),
    )


def read_imported(text: str, path: str) -> tuple[Imported, list[Problem]]:
    """Read imported.yml: a list of records, one a paper."""
    source, imported = Source(path), Imported()
    node = compose(text, source)
    if node is not None and not isinstance(node, SequenceNode):
        source.fault(node, "expected a list of papers", "each begins with `- {slug: …`")
    for item in node.value if isinstance(node, SequenceNode) else ():
        values = read_record(item, IMPORTED_FIELDS, source)
        if {"slug", "titles"} <= values.keys():
            slug = values.pop("slug")
            imported.put(slug, _grow(imported.papers.get(slug, Met()), Met(**values)))
    return imported, source.problems


def write_imported(text: str, papers: Mapping[str, Met]) -> str:
    """Return the text of imported.yml with the lines of papers that are new or were met anew; all else stays.

    The text must be one that was read without a fault.
    """
    before = read_imported(text, "")[0].papers
    changed = {slug: met for slug, met in papers.items() if before.get(slug) != met}
    node = compose(text, Source("")) if changed else None
    spans = []
    for item in node.value if isinstance(node, SequenceNode) else ():
        slug = next((value.value for key, value in item.value if key.value == "slug"), "")
        if slug in changed and isinstance(item, MappingNode):
            spans.append((item.start_mark.index, value_end(text, item), _write(slug, changed.pop(slug))))
    for start, end, written in reversed(spans):
        text = text[:start] + written + text[end:]
    newline = newline_of(text)
    text = text or (HEAD if changed else "")
    if changed and not text.endswith(("\n", "\r")):
        text += newline
    return text + "".join([f"- {_write(slug, met)}{newline}" for slug, met in changed.items()])


def _write(slug: str, met: Met) -> str:
    values = {"slug": slug, **met._asdict()}
    written = [f"{row.key}:{row.kind.write(values[row.key])}" for row in IMPORTED_FIELDS if values[row.key]]
    return f"{{{', '.join(written)}}}"
