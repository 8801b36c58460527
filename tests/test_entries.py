"""Entries: what is written reads back, what a person wrote stays, and faults say where they are."""

import copy
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.entry import FIELDS, edit_entry, read_entry, write_entry
from site_builder.content.frontmatter import append_item, replace_field
from site_builder.fields import schema_of
from site_builder.kinds import is_visible
from site_builder.paper import Link, Organization, PartialDate, Sighting, pack_paper, parse_day, unpack_paper
from tests.builders import make_paper

CASES = sorted((Path(__file__).parent / "data" / "entry").glob("*.md"))

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
lines = texts.map(lambda text: " ".join(text.split())).filter(is_visible)
words = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5})?", fullmatch=True)
days = st.dates()
partial_days = st.builds(PartialDate, st.integers(1, 9999), st.none() | st.integers(1, 12))
papers = st.builds(
    make_paper,
    title=lines,
    abstract=texts,
    published=st.none() | days | partial_days,
    published_year=st.sampled_from([None, "inferred"]),
    authors=st.lists(lines, max_size=3).map(tuple),
    authors_count=st.none() | st.integers(0, 999),
    organization=st.none() | st.builds(Organization, lines, lines),
    comments_count=st.none() | st.integers(0, 999),
    tags=st.lists(words, max_size=4, unique=True).map(tuple),
    links=st.lists(
        st.sampled_from([Link("code", "https://a.org/b#c,d"), Link("data", "http://x.y/z?q={1}")]), unique=True
    ).map(lambda links: tuple(sorted(links, key=lambda link: link.kind))),
    captures=st.lists(
        st.builds(Sighting, lines, days, st.sampled_from([None, "inferred"]), st.none() | st.integers(0, 9)),
        max_size=3,
        unique_by=lambda row: row.file,
    ).map(tuple),
    added=st.none() | days,
    status=st.sampled_from([None, "to-read", "reading", "read"]),
    rating=st.none() | st.integers(1, 5),
    featured=st.booleans(),
)


@given(papers, lines)
def test_a_written_entry_reads_back(paper, notes):
    entry, problems = read_entry(write_entry(paper, notes), "x.md", paper.slug)
    assert problems == []
    assert entry.paper == paper


@given(papers)
def test_a_paper_that_was_kept_is_the_same(paper):
    assert unpack_paper(pack_paper(paper)) == paper


def test_a_partial_date_says_no_more_than_is_known():
    year, month, day = (parse_day(text) for text in ("2024", "2024-01", "2024-01-01"))
    assert [str(year), f"{month}", day.isoformat()] == ["2024", "2024-01", "2024-01-01"]
    assert len({year, month, day}) == 3
    assert copy.deepcopy(year) == year
    assert sorted([parse_day("2024-02"), parse_day("2024-01-31"), year]) == [
        year,
        date(2024, 1, 31),
        PartialDate(2024, 2),
    ]


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "24", "0000", "2024-1-40"])
def test_what_is_no_month_and_no_year_is_told(text):
    entry, problems = read_entry(f"---\ntitle: T\npublished: {text}\n---\n", "x.md", "x")
    assert entry.paper.published is None
    assert problems[0].message == f"`{text}` is not a day"


@given(papers, st.integers(0, 99))
def test_an_edit_changes_its_own_lines_only(paper, count):
    text = write_entry(paper, "Some notes.\n\n---\n\nMore of them.")
    edited = edit_entry(read_entry(text, "x.md", paper.slug)[0], {"comments_count": count})
    others = [
        [line for line in one.split("\n") if not line.startswith("comments_count:")] for one in (text, edited.text)
    ]
    assert others[0] == others[1]
    assert edited.paper.comments_count == count


ITEM_FORMS = ("{}", "'{}'", '"{}"')
LIST_FORMS = {
    "block": ("{key}:   # head\n{rows}", "  # above {item}\n  -  {text}   # q {item}\n"),
    "flush": ("{key}:\n{rows}", "- {text}\t# q {item}\n"),
    "flow": ("{key}: [ {rows}]   # behind\n", "{text} ,"),
    "lines": ("{key}: [   # head\n{rows}  ]\n", "   # above {item}\n   {text},   # q {item}\n"),
}


@given(
    st.sampled_from(["aliases", "authors", "tags"]),
    st.sampled_from([*LIST_FORMS]),
    st.lists(st.tuples(words, st.sampled_from(ITEM_FORMS), st.booleans()), min_size=1, unique_by=lambda row: row[0]),
    st.lists(st.tuples(st.integers(0, 9), words), max_size=3, unique_by=lambda row: row[1]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "  "]),
)
def test_what_stays_of_a_list_keeps_every_byte(key, form, old, added, newline, indent):
    head, row = LIST_FORMS[form]
    rows = [row.format(item=item, text=quoted.format(item)) for item, quoted, _ in old]
    fields = head.format(key=key, rows="".join(rows)) + "# below\nrating: 3"
    text = f"---\ntitle: T\n{fields}\n---\n".replace("\n", f"\n{indent}").replace(f"{indent}---", "---")
    entry, problems = read_entry(text.replace("\n", newline), "x.md", "x")
    assert problems == [] and getattr(entry.paper, key) == tuple(item for item, _, _ in old)
    wanted = [item for item, _, stays in old if stays]
    for place, item in added:
        if item not in [one for one, _, _ in old]:
            wanted.insert(place, item)
    edited = edit_entry(entry, {key: tuple(wanted)})
    assert getattr(edited.paper, key) == tuple(wanted)
    lines = edited.text.split(newline)
    stay = [line for (_, _, stays), one in zip(old, rows, strict=True) for line in one.splitlines() if stays]
    if form == "flow":
        assert all(quoted.format(item) in edited.text for item, quoted, stays in old if stays)
        assert edited.text.count("]   # behind") == 1
    elif wanted:
        assert set(text.split("\n")[:2]) | {f"{indent}# below", f"{indent}rating: 3"} <= set(lines)
        kept = {f"{indent}{line}".rstrip(" ,") for line in stay}
        assert kept <= {line.rstrip(" ,") for line in lines} or form == "lines"
        remarks = [line.partition("   #")[0::2] for line in lines]
        told = {remark: item.strip(" ,") for item, remark in remarks}
        assert form != "lines" or all(told[f" q {item}"] == quoted.format(item) for item, quoted, on in old if on)


@pytest.mark.parametrize(
    ("field", "change", "expected"),
    [
        (
            "aliases:\n  # why\n  - 'old'   # q",
            {"aliases": ("old", "new")},
            "aliases:\n  # why\n  - 'old'   # q\n  - new",
        ),
        ("authors: [A B]   # a", {"authors": ("C D", "E F")}, "authors: [C D, E F]   # a"),
        (
            "authors:\n  - A B   # on the page\n  - C D",
            {"authors": ("A B", "E F")},
            "authors:\n  - A B   # on the page\n  - E F",
        ),
        ("abstract: >-   # mine\n  Old.", {"abstract": "New."}, "abstract: >-   # mine\n  New."),
        ("abstract: Old.  # mine", {"abstract": "New."}, "abstract: >-  # mine\n  New."),
        ("abstract: |  # mine\n  Old.", {"abstract": "A\nB"}, 'abstract: "A\\nB"  # mine'),
        (
            "links:   # found\n  # mine\n  code: 'https://a.org/b'   # moved\n  data: https://a.org/c",
            {"links": (Link("paper", "https://a.org/p"), Link("code", "https://a.org/b"), Link("data", "https://a.org/d"))},
            "links:   # found\n  # mine\n  code: 'https://a.org/b'   # moved\n  data: https://a.org/d\n"
            "  paper: https://a.org/p",
        ),
        (
            "links:\n  code:\n    - https://a.org/b   # moved\n  data: https://a.org/c",
            {"links": (Link("code", "https://a.org/b"), Link("code", "https://a.org/d"))},
            "links:\n  code:\n    - https://a.org/b   # moved\n    - https://a.org/d",
        ),
        (
            "links: {code: https://a.org/b}   # one",
            {"links": (Link("code", "https://a.org/b"), Link("data", "https://a.org/d"))},
            "links: {code: https://a.org/b, data: https://a.org/d}   # one",
        ),
        (
            "captures:\n  # first\n  - file: 'a.txt'   # odd\n    day: 2025-3-4",
            {"captures": (Sighting("a.txt", date(2025, 3, 4)), Sighting("b.txt", date(2025, 4, 5)))},
            "captures:\n  # first\n  - file: 'a.txt'   # odd\n    day: 2025-03-04\n  - {file: b.txt, day: 2025-04-05}",
        ),
        ("aliases: []   # none", {"aliases": ("one", "two")}, "aliases: [one, two]   # none"),
        ("aliases: [one]   # none", {"aliases": ()}, "aliases: []   # none"),
    ],
)  # fmt: skip
def test_a_change_leaves_what_stands_beside_it(field, change, expected):
    entry, problems = read_entry(f"---\ntitle: T\n{field}\nrating: 3\n---\n", "x.md", "x")
    assert problems == []
    assert edit_entry(entry, change).text == f"---\ntitle: T\n{expected}\nrating: 3\n---\n"


def test_a_list_that_two_fields_share_is_left_alone():
    entry, problems = read_entry("---\ntitle: T\naliases: &a [one]\ntags: *a\n---\n", "x.md", "x")
    assert problems == []
    for key in ("aliases", "tags"):
        with pytest.raises(ValueError, match="does not read back"):
            edit_entry(entry, {key: ("one", "two")})


def test_a_list_that_aliases_make_huge_is_changed_in_no_time():
    rows = "".join(f"    - &a{n} [{', '.join([f'*a{n - 1}'] * 10) if n else 'x'}]\n" for n in range(12))
    entry, _ = read_entry(f"---\ntitle: T\nauthors:\n{rows}---\n", "x.md", "x")
    with pytest.raises(ValueError, match="has a fault in line 4: expected text"):  # it had faults, and has none now
        edit_entry(entry, {"authors": ("A B",)})


def test_links_without_names_are_told():
    entry, _ = read_entry("---\ntitle: T\nlinks:\n  [code]: https://a.org/b\n---\n", "x.md", "x")
    with pytest.raises(ValueError, match="has a fault in line 4"):
        edit_entry(entry, {"links": (Link("code", "https://a.org/b"),)})


@pytest.mark.parametrize("name", ["date", "publishDate"])
def test_a_field_keeps_the_name_that_it_has(name):
    entry, _ = read_entry(f"---\ntitle: T\n{name}: 2024-05  # mine\n---\n", "x.md", "x")
    edited = edit_entry(entry, {"published": date(2024, 5, 3)})
    assert edited.text == f"---\ntitle: T\n{name}: 2024-05-03  # mine\n---\n"
    assert edit_entry(edited, {"published": None}).text == "---\ntitle: T\n---\n"


def test_fields_that_are_indented_are_changed_as_others_are():
    text = "---\n  title: T\n  abstract: >-\n    Old.\n  # mine\n  status: read\n---\n"
    entry, _ = read_entry(text, "x.md", "x")
    edited = edit_entry(entry, {"abstract": "New.", "authors": ("A B", "C D"), "status": None})
    assert edited.text == (
        "---\n  title: T\n  abstract: >-\n    New.\n  authors:\n    - A B\n    - C D\n  # mine\n---\n"
    )


def test_an_entry_with_a_fault_elsewhere_can_be_changed():
    text = "---\ntitle: T\nnotes: bad\nstatus: read\nstatus: reading\n---\n"
    entry, problems = read_entry(text, "x.md", "x")
    assert len(problems) == 2
    edited = edit_entry(entry, {"authors": ("A B",)})
    assert edited.text == text.replace("title: T\n", "title: T\nauthors:\n  - A B\n")


def test_a_change_that_cannot_be_read_names_the_first_fault_of_the_entry():
    entry, _ = read_entry("---\ntitle: T\nnotes: bad\nstatus: read\nstatus: reading\n---\n", "x.md", "x")
    with pytest.raises(ValueError, match=r"read back; it has a fault in line 3: unknown field `notes`"):
        edit_entry(entry, {"status": "to-read"})


COMMENTED = """---
# Why this is here: it started the list.
title:   'A "quoted" title'   # as printed
tags: [one,
       two]

# where it was seen
captures:
  # the first
  - {file: 000.txt, day: 2025-03-14}

status: read
---

Notes with trailing blanks{blanks}
and a line of hyphens:

---
""".replace("{blanks}", "  ")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_comments_order_quotes_and_line_endings_survive_an_edit(newline):
    text = COMMENTED.replace("\n", newline)
    entry, problems = read_entry(text, "x.md", "x")
    assert problems == []
    edited = edit_entry(entry, {"published": date(2024, 1, 2), "status": "reading"})
    expected = text.replace("status: read", "status: reading").replace(
        f"# as printed{newline}", f"# as printed{newline}published: 2024-01-02{newline}"
    )
    assert edited.text == expected
    grown = append_item(text, "captures", "{file: 001.txt, day: 2025-11-24}")
    assert grown == text.replace(
        "03-14}" + newline, "03-14}" + newline + "  - {file: 001.txt, day: 2025-11-24}" + newline
    )


def test_a_file_that_cannot_be_edited_safely_is_left_alone():
    for text in ("---\n{title: In flow style}\n---\n", "no front matter"):
        with pytest.raises(ValueError, match="not a list of fields"):
            replace_field(text, "status", "status: read\n", ("title", "status"))


def value(text, key):
    entry, problems = read_entry(f"---\n{text}\n---\n", "x.md", "x")
    assert problems == []
    return getattr(entry.paper, key)


def test_values_are_what_the_curator_typed():
    assert value("title: T\narxiv: 2406.10010", "arxiv") == "2406.10010"
    assert value('title: T\narxiv: "2406.10010"', "arxiv") == "2406.10010"
    assert value("title: NO", "title") == "NO"
    assert value("title: 1.10", "title") == "1.10"
    assert value("title: 12:30", "title") == "12:30"
    assert value("title: 0x1F", "title") == "0x1F"
    assert value("title: 2024-10-15", "title") == "2024-10-15"
    assert value("title: true", "title") == "true"
    assert value("title: T\nabstract: null", "abstract") == ""
    assert value("title: T\npublished: 2024-10-15T23:30:00-11:00", "published") == date(2024, 10, 15)
    assert value("title: T\npublishDate: 2024-10-15 00:00:00+14:00", "published") == date(2024, 10, 15)
    assert value("title: T\nlastmod: 2024-10-15", "updated") == date(2024, 10, 15)
    assert value("title: T\nextra: {version: 1.10, on: NO, n: 3, deep: [null, true]}", "extra") == {
        "version": "1.10",
        "on": "NO",
        "n": 3,
        "deep": [None, True],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_faulty_entry_says_where_and_what_to_do(case):
    """Each case is a file; what it must give stands behind `expect:` in its comments."""
    text = case.read_bytes().decode()
    _, problems = read_entry(text, "x.md", "x")
    wanted = [line.partition("# expect: ")[2] for line in text.splitlines() if "# expect: " in line]
    found = [f"{p.line}:{p.column}: {p.message}" + (f" | {p.hint}" if p.hint else "") for p in problems]
    assert found == wanted


def test_there_are_faulty_entries_to_read():
    assert len(CASES) >= 15


@given(st.text() | st.text("-:#[]{}\"'|>&*!\n \t%@`a1", max_size=60).map(lambda text: f"---\n{text}\n---\n"))
def test_any_text_ends_in_an_entry_or_a_problem(text):
    entry, problems = read_entry(text, "x.md", "x")
    assert entry or problems


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_a_problem_not_a_crash(opening):
    entry, problems = read_entry(f"---\nextra: \n  {opening * 50_000}\n---\n", "x.md", "x")
    assert entry is None
    assert problems[0].message == "this YAML is nested too deep to be read"


def test_aliases_cannot_make_a_small_text_huge():
    rows = "\n".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10) if n else 'x'}]" for n in range(12))
    entry, problems = read_entry(f"---\ntitle: T\nextra:\n{rows}\n---\n", "x.md", "x")
    assert [p.message for p in problems] == ["this holds more than can be kept here, or is nested too deep"]
    assert entry.paper.extra == {}


def test_the_schema_and_the_docs_name_every_field():
    properties = schema_of(FIELDS)["properties"]
    table = (Path(__file__).parent.parent / "docs" / "content.md").read_text()
    assert list(properties) == [row.key for row in FIELDS]
    for row in FIELDS:
        assert f"| `{row.key}` | {row.meaning} |" in table


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_an_entry_is_read_however_its_lines_end(newline):
    entry, problems = read_entry(newline.join(["---", "title: T", "status: read", "---", "Notes.", ""]), "x.md", "x")
    assert problems == [] and entry.paper.status == "read" and entry.notes == "Notes."


def test_a_line_of_text_that_looks_like_a_comment_is_text():
    text = "---\ntitle: T\nabstract: |\n  Mine\n  # no comment\n\n# a comment\nstatus: read\n---\n"
    edited = edit_entry(read_entry(text, "x.md", "x")[0], {"abstract": "New."})
    assert edited.text == "---\ntitle: T\nabstract: >-\n  New.\n\n# a comment\nstatus: read\n---\n"


@pytest.mark.parametrize("title", ["\u200b", "\u202e", '" "'])
def test_a_title_that_cannot_be_seen_is_none(title):
    assert read_entry(f"---\ntitle: {title}\n---\n", "x.md", "x")[0] is None
