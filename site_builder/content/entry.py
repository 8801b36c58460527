"""An entry: a paper and the file that keeps it. Reading and writing stand side by side and share FIELDS.

In: the text of `content/papers/<slug>.md`. Out: an `Entry` and Problems, or the text of a file.
Must not know where the file lies or what else is in the list.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from site_builder.content.edits import change_field
from site_builder.content.frontmatter import split_front_matter
from site_builder.errors import Problem
from site_builder.fields import Field, Kind, Source, compose, read_record, schema_of, write_field
from site_builder.formats.identifiers import ARXIV, DOI
from site_builder.hints import guess_slug
from site_builder.kinds import (
    ADDRESS,
    COUNT,
    DATE,
    FLAG,
    FREE,
    LINE,
    PUBLISHED,
    SLUG_KIND,
    TEXT,
    TITLE,
    is_web_address,
    list_of,
    matching,
    number_between,
    one_of,
    quote,
    record_of,
)
from site_builder.paper import LINK_KINDS, Link, Organization, Paper, Sighting

NUMBER = re.compile(r"\d+")
LINK_FIELDS = tuple(Field(kind, list_of(ADDRESS, flow=True), f"The paper's {kind}.") for kind in LINK_KINDS)
ORGANIZATION_FIELDS = (
    Field("handle", LINE, "The organization's name in addresses.", required=True),
    Field("name", LINE, "The organization's name for people.", required=True),
)
SIGHTING_FIELDS = (
    Field("file", LINE, "The capture's file under content/captures/.", required=True),
    Field("day", DATE, "The day of the capture.", required=True),
    Field("year", one_of("inferred"), "`inferred` when the capture did not say its year."),
    Field("comments_count", COUNT, "Comments shown in that capture."),
)


SIGHTING = record_of(
    Sighting, SIGHTING_FIELDS, lambda row: {field.key: getattr(row, field.key) for field in SIGHTING_FIELDS}
)


def _links_kind() -> Kind:
    """Links are a mapping from kind to an address, or to a list of addresses."""

    def read_addresses(kind: Kind) -> Kind:
        def read(node: Any, source: Source) -> Any:
            if isinstance(node.value, str):
                url = ADDRESS.read(node, source)
                return (url,) if url else None
            return kind.read(node, source)

        return Kind(read, kind.write, {"anyOf": [ADDRESS.schema, kind.schema]})

    rows = tuple(Field(row.key, read_addresses(row.kind), row.meaning) for row in LINK_FIELDS)

    def read_links(node: Any, source: Source) -> tuple[Link, ...] | None:
        if isinstance(node.value, str) and is_web_address(node.value):
            source.fault(node, "expected links by their kinds", f"say which it is: {{paper: {quote(node.value)}}}")
            return None
        given = read_record(node, rows, source)
        return tuple(Link(row.key, url) for row in rows for url in given.get(row.key, ()))

    def write_links(links: tuple[Link, ...]) -> str:
        lines = []
        for row in rows:
            urls = tuple(link.url for link in links if link.kind == row.key)
            if urls:
                lines.append(f"\n  {row.key}:{ADDRESS.write(urls[0]) if len(urls) == 1 else row.kind.write(urls)}")
        return "".join(lines)

    return Kind(read_links, write_links, schema_of(rows))


def _organization_kind() -> Kind:
    """An organization is a record; one that is a name alone is told how to be written."""
    kind = record_of(Organization, ORGANIZATION_FIELDS, lambda value: {"handle": value.handle, "name": value.name})

    def read(node: Any, source: Source) -> Organization | None:
        if isinstance(node.value, str):
            record = kind.write(Organization(guess_slug(node.value) or "handle", node.value)).strip()
            source.fault(node, "expected a handle and a name", f"write it as {record}")
            return None
        organization: Organization | None = kind.read(node, source)
        return organization

    return Kind(read, kind.write, kind.schema)


FIELDS = (
    Field("title", TITLE, "The paper's title, as captured.", required=True),
    Field("abstract", TEXT, "The abstract, as captured: plain text, never read as Markdown."),
    Field(
        "published",
        PUBLISHED,
        "The paper's own publication day; its month or year where no more is known.",
        also=("date", "publishDate"),
        mistaken=("year",),
    ),
    Field("published_year", one_of("inferred"), "`inferred` when the source did not say the year."),
    Field("updated", DATE, "The day of the paper's last version.", also=("lastmod", "modified")),
    Field("authors", list_of(LINE, repeats=True), "The authors' full names, in order."),
    Field("authors_count", COUNT, "How many authors there are, when their names are not (all) known."),
    Field(
        "organization",
        _organization_kind(),
        "The organization that a listing shows in the authors' place.",
    ),
    Field("comments_count", COUNT, "Comments shown at capture."),
    Field("tags", list_of(SLUG_KIND, flow=True), "Tags, each from content/tags.yml."),
    Field("links", _links_kind(), f"Addresses by kind: {', '.join(LINK_KINDS)}.", mistaken=("url", "link")),
    Field("arxiv", matching(ARXIV, "2406.10010"), "The arXiv identifier, in quotes."),
    Field("doi", matching(DOI, "10.1000/182"), "The DOI, without an address before it."),
    Field(
        "captures",
        list_of(SIGHTING),
        "The captures in which the paper was seen, one a line.",
    ),
    Field("added", DATE, "The day on which the paper joined this list: its first capture's."),
    Field("status", one_of("to-read", "reading", "read"), "How far the curator is with it."),
    Field("rating", number_between(1, 5), "The curator's rating, 1 to 5."),
    Field("featured", FLAG, "Whether the home page shows it first."),
    Field("draft", FLAG, "Whether it is kept off the site for now."),
    Field("aliases", list_of(SLUG_KIND, flow=True), "Former slugs: addresses that lead here."),
    Field("extra", FREE, "Free data of the curator's own."),
)
# How a field is written that is there and empty; any other has nothing behind its name.
EMPTY = {
    "authors": " []", "tags": " []", "links": " {}", "captures": " []", "featured": " false", "draft": " false",
    "aliases": " []", "extra": " {}",
}  # fmt: skip
ORDER = tuple(row.key for row in FIELDS)
ROWS = {row.key: row for row in FIELDS}


class Entry(NamedTuple):
    """A paper and its file: the path for messages, the whole text, the curator's notes in Markdown.

    `given` names the fields that stand in the file, be they empty.
    """

    paper: Paper
    path: str
    text: str
    notes: str = ""
    given: frozenset[str] = frozenset()


def read_entry(text: str, path: str, slug: str) -> tuple[Entry | None, list[Problem]]:
    """Read an entry file. Faulty fields are noted and left out; without a title there is no entry."""
    parts = split_front_matter(text, path)
    if isinstance(parts, Problem):
        return None, [parts]
    source = Source(path, first_line=2)
    node = compose(parts.yaml, source)
    if node is None:
        problems = source.problems or [
            Problem(path, 1, 1, "the front matter is empty", 'it needs at least `title: "…"`')
        ]
        return None, problems
    values = read_record(node, FIELDS, source)
    if "title" not in values:
        return None, source.problems
    given = given_fields(str(key.value) for key, _ in node.value)
    return Entry(Paper(slug=slug, **values), path, text, parts.notes, given), source.problems


def given_fields(keys: Iterable[str]) -> frozenset[str]:
    """Return the fields that are among these keys, by their names here."""
    names = {name: row.key for row in FIELDS for name in (row.key, *row.also)}
    return frozenset(names[key] for key in keys if key in names)


def write_entry(paper: Paper, notes: str = "", given: frozenset[str] = frozenset()) -> str:
    """Write a paper as the text of a new entry file; what is unknown, empty or false is left out, unless given so."""
    empty = Paper(slug="", title="")
    lines = []
    for row in FIELDS:
        value = getattr(paper, row.key)
        if value != getattr(empty, row.key):
            lines.append(write_field(row, value))
        elif row.key in given:
            lines.append(f"{row.key}:{EMPTY.get(row.key, '')}\n")
    return f"---\n{''.join(lines)}---\n" + (f"\n{notes}\n" if notes else "")


def edit_entry(entry: Entry, changes: dict[str, Any]) -> Entry:
    """Change some fields of an entry in its text, keeping every other byte.

    Raises ValueError when the text cannot be edited so that reading it gives the old fields and the new ones.
    """
    text = entry.text
    for key, value in changes.items():
        # What became unknown leaves the file.
        written = "" if value is None else write_field(ROWS[key], value)
        text = change_field(text, key, written, ORDER, ROWS[key].also)
    return read_back(entry, text, changes)


def read_back(entry: Entry, text: str, changes: dict[str, Any]) -> Entry:
    """Read an edited entry; whatever was wrong with it before may still be wrong, and nothing else.

    Raises ValueError when it does not give the old fields and the changed ones.
    """
    edited, problems = read_entry(text, entry.path, entry.paper.slug)
    before = read_entry(entry.text, entry.path, entry.paper.slug)[1]
    # A message may name another line, which has moved.
    same = [[NUMBER.sub("", problem.message) for problem in found] for found in (before, problems)]
    if edited is None or same[0] != same[1] or edited.paper != entry.paper._replace(**changes):
        cause = f"; it has a fault in line {before[0].line}: {before[0].message}" if before else ""
        raise ValueError(f"the change does not read back{cause}")
    return edited
