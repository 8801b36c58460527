"""What the list lacks, how that is counted, and how it is told."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.build import build
from site_builder.config import load_config
from site_builder.content.entry import Entry, read_entry
from site_builder.keep import digest
from site_builder.library.brief import Brief, make_brief
from site_builder.library.gaps import GAPS, find_gaps, share_of
from site_builder.library.stats import LastImport, gather_stats, look_up_links, read_last_import
from site_builder.paper import Link, PartialDate, Sighting, Tag
from site_builder.render.curate import MOST_SHOWN
from tests.builders import ROOT, make_content, make_paper, make_site, read_tree, run_command

WHOLE = make_paper(
    published=date(2024, 10, 15), tags=("robotics",), authors=("Ada",), arxiv="2410.11448", doi="10.1/1",
    links=(Link("code", "https://github.com/a/b"),),
)  # fmt: skip
TAGS = (Tag("robotics", "Robotics", "A", aliases=("robots",)), Tag("theory", "Theory", "A"), Tag("law", "Law", "A"))
IMPORTED = {
    "when": "2026-01-05",
    "files": [{"file": "zotero.bib", "format": "BibTeX", "outcomes": {"new": 3, "near": 1}}],
    "conflicts": ["content/papers/x.md: doi: kept `10.1/1`, zotero.bib:3 says `10.1/2`"],
    "near": [{"title": "A Titel", "source": "zotero.bib:9", "near": ["content/papers/a-title.md"]}],
}


def brief_of(**fields: object) -> Brief:
    paper = WHOLE._replace(**fields)
    return make_brief(Entry(paper, "", "", "My notes."), digest(paper.slug))[0]


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- counting


@pytest.mark.parametrize(
    ("fields", "gaps"),
    [
        ({}, []),
        ({"abstract": ""}, ["abstract"]),
        ({"published": None}, ["date"]),
        ({"published": PartialDate(2024, 10)}, ["day"]),
        ({"published_year": "inferred"}, ["year"]),
        ({"tags": ()}, ["tags"]),
        ({"authors": (), "authors_count": 3}, ["authors"]),
        ({"arxiv": None}, ["arxiv"]),
        ({"links": ()}, ["links", "code"]),
        ({"links": (Link("project", "https://a.example/"),)}, ["code"]),
        ({"doi": None}, ["doi"]),
        ({"doi": None, "abstract": "", "arxiv": None}, ["abstract", "arxiv", "doi"]),
    ],
)
def test_an_entry_lacks_what_it_does_not_say(fields, gaps):
    assert list(brief_of(**fields).gaps) == gaps


def test_what_is_there_and_empty_is_wanted_so():
    fields = "tags: []\nlinks: {}\narxiv:\ndoi:\nauthors: []\npublished:\nabstract: ''\n"
    entry, problems = read_entry(f"---\ntitle: T\n{fields}---\nNotes.\n", "x.md", "x")
    assert problems == [] and entry and find_gaps(entry) == ()


def test_the_heaviest_gaps_come_first():
    briefs = [
        brief_of(slug="a", title="A", doi=None),
        brief_of(slug="c", title="C", arxiv=None),
        brief_of(slug="b", title="B", arxiv=None),
        brief_of(slug="d", title="D", abstract=""),
        brief_of(slug="e", title="E"),
    ]
    stats = gather_stats(briefs, TAGS)
    assert [(row.weight, row.slug) for row in stats.worst] == [(5, "d"), (3, "b"), (3, "c")]
    assert (stats.entries, stats.complete) == (5, 2)
    assert {key: number for key, number in stats.lacking if number} == {"abstract": 1, "arxiv": 2, "doi": 1}
    assert [gap.weight for gap in GAPS] == sorted((gap.weight for gap in GAPS), reverse=True)


def test_tags_are_counted_by_their_present_names_once_an_entry():
    briefs = [brief_of(tags=("robots", "robotics")), brief_of(tags=("theory", "robots")), brief_of(tags=("gone",))]
    uses = [(use.slug, use.number) for use in gather_stats(briefs, TAGS).tags]
    assert uses == [("robotics", 2), ("theory", 1), ("law", 0)]


def test_years_captures_and_status_are_counted():
    seen = (Sighting("a.txt", date(2025, 3, 14), "inferred"), Sighting("b.txt", date(2025, 11, 24)))
    briefs = [
        brief_of(published=date(2025, 1, 1), published_year="inferred", captures=seen, status="read"),
        brief_of(published=date(2025, 2, 1), captures=seen[:1], draft=True),
        brief_of(published=None, published_year="inferred", captures=()),
    ]
    stats = gather_stats(briefs, TAGS)
    assert stats.years == (("2025", 2, 1), ("", 1, 0))
    assert stats.captures == (("b.txt", "2025-11-24", 1, 0), ("a.txt", "2025-03-14", 2, 2))
    assert stats.statuses == (("read", 1), ("", 2)) and stats.drafts == 1


def test_an_empty_list_has_stats():
    assert gather_stats([], ()).worst == ()


def test_look_ups_are_filled_in_and_hold_any_title():
    links = look_up_links('A "B" & C=D? 100% #é\n</a>')
    assert len(links) == 5 and all(re.fullmatch(r"https://[\w./?=&%+-]+", url) for _, url in links)
    assert dict(links)["arXiv"].endswith("&searchtype=title") and "%26+C%3DD" in dict(links)["Crossref"]


# ---------------------------------------------------------------- what an import left


def test_the_last_import_is_read():
    assert read_last_import(json.dumps(IMPORTED)) == LastImport(
        "2026-01-05",
        (("zotero.bib", (("new", 3), ("near", 1))),),
        ("content/papers/x.md: doi: kept `10.1/1`, zotero.bib:3 says `10.1/2`",),
        ("zotero.bib:9: A Titel: may be content/papers/a-title.md",),
    )


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: (
    st.lists(inner) | st.dictionaries(st.sampled_from([*IMPORTED, "file", "outcomes", "title", "source", "x"]), inner)
))  # fmt: skip


@given(st.text() | anything.map(json.dumps))
def test_whatever_an_import_left_is_no_fault(text):
    told = read_last_import(text)
    assert told is None or all("\n" not in line for line in (*told.conflicts, *told.near))


def test_what_cannot_be_shown_of_a_report_is_left_out():
    told = read_last_import(r'{"when": "\u001b[31m\ud800", "conflicts": ["a\nb\u202e"]}')
    assert told and (told.when, told.conflicts) == ("\ufffd[31m\ufffd", ("a b\ufffd",))


def test_a_report_nested_without_end_is_no_fault():
    assert read_last_import("[" * 200_000) is None


# ---------------------------------------------------------------- the command


def test_the_real_list_is_told_in_tables_no_wider_than_a_terminal(monkeypatch):
    monkeypatch.chdir(ROOT)
    ended = run_command("stats")
    assert ended.exit_code == 0 and ended.stderr == ""
    assert [line for line in ended.output.splitlines() if len(line) > 80] == []
    assert re.search(r"^  date +153 +67 % +4$", ended.output, re.MULTILINE)
    assert re.search(r"^  arXiv id +229 +100 % +3$", ended.output, re.MULTILINE)
    assert "Worst first (20 of 229; --json has all)" in ended.output


def test_tables_tell_all_that_there_is(project):
    make_content(project, {
        "papers/x.md": '---\ntitle: "X"\npublished: 2024\ntags: [robotics]\nstatus: reading\ndraft: true\n'
        "captures:\n  - {file: a.txt, day: 2025-03-14, year: inferred}\n---\n",
    })  # fmt: skip
    (project / ".site-builder").mkdir()
    (project / ".site-builder" / "import.json").write_text(json.dumps(IMPORTED))
    assert (
        run_command("stats").output
        == """\
1 entry, 1 draft, 0 lack nothing

What entries lack
             entries  share  weight
  abstract         1  100 %       5
  authors          1  100 %       3
  arXiv id         1  100 %       3
  links            1  100 %       2
  full date        1  100 %       1
  code             1  100 %       1
  notes            1  100 %       1
  DOI              1  100 %       0

Worst first
  16  x
      draft, lacks abstract, authors, arXiv id, links, full date, code, notes,
      DOI

Tags by use
    1  robotics
      used once: robotics
      unused: theory

Years
        entries  inferred
  2024        1

Captures
                day  entries  inferred
  a.txt  2025-03-14        1         1

Status
           entries
  reading        1

Last import, 2026-01-05
  zotero.bib
      new 3, near 1
  disagreed: content/papers/x.md: doi: kept `10.1/1`, zotero.bib:3 says `10.1/2`
  left out: zotero.bib:9: A Titel: may be content/papers/a-title.md
"""
    )


def test_json_has_all_that_the_tables_have(project):
    make_content(project, {f"papers/x{n}.md": f'---\ntitle: "X {n}"\n---\n' for n in range(30)})
    told = json.loads(run_command("stats", "--json").output)
    assert len(told["worst"]) == 30 and told["entries"] == 30 and told["last_import"] is None
    assert told["worst"][0]["gaps"][0] == "abstract" and told["worst"][0]["look_up"]["arXiv"].startswith("https://")
    assert [*told] == "entries drafts complete gaps worst tags years captures statuses last_import".split()


def test_json_stays_json_when_the_content_has_faults(project):
    make_content(project, {"papers/x.md": "---\nno title\n---\n"})
    ended = run_command("stats", "--json")
    assert ended.exit_code == 1 and json.loads(ended.output)["entries"] == 0 and "x.md" in ended.stderr


def test_stats_change_nothing(project):
    make_content(project, {"papers/x.md": '---\ntitle: "X"\n---\n'})
    before = read_tree(project)
    run_command("stats")
    assert read_tree(project) == before


def test_the_page_in_one_file_needs_no_other(project):
    make_content(project, {"papers/x.md": '---\ntitle: "X <script>alert(1)</script>"\n---\n'})
    assert run_command("stats", "--html", "out/gaps.html").exit_code == 0
    page = (project / "out" / "gaps.html").read_text()
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    assert '<a href="../content/papers/x.md">' in page and "&lt;script&gt;" in page


def test_the_page_is_made_anew_and_no_other_file_is_overwritten(project):
    make_content(project, {"papers/x.md": '---\ntitle: "X"\n---\n'})
    assert [run_command("stats", "--html", "gaps.html").exit_code for _ in range(2)] == [0, 0]
    (project / "mine.html").write_text("mine")
    ended = run_command("stats", "--html", "mine.html")
    assert ended.exit_code == 2 and (project / "mine.html").read_text() == "mine"


# ---------------------------------------------------------------- the page of the site

ON = {"site.yml": "curator_page: true\naddress: https://example.org/\n"}


def test_readers_are_not_shown_the_page_unless_it_is_asked_for(tmp_path):
    output, _ = make_site(tmp_path, {"papers/x.md": '---\ntitle: "X"\n---\n'})
    assert not (output / "curate.html").exists()
    assert all("curate.html" not in path.read_text() for path in output.rglob("*.html"))


def test_the_page_is_linked_from_the_footer_and_kept_from_crawlers(tmp_path):
    output, report = make_site(tmp_path, {**ON, "papers/x.md": '---\ntitle: "X"\n---\n'})
    assert report.problems == ()
    assert '<a href="../curate.html">' in (output / "papers" / "x.html").read_text()
    assert '<meta name="robots" content="noindex">' in (output / "curate.html").read_text()
    assert "curate.html" not in (output / "sitemap.xml").read_text()


def test_a_draft_is_named_and_not_linked(tmp_path):
    output, _ = make_site(tmp_path, {**ON, "papers/x.md": '---\ntitle: "X"\ndraft: true\n---\n'})
    page = (output / "curate.html").read_text()
    assert "<h3>X</h3>" in page and "· draft" in page


def test_the_page_stays_light_in_a_long_list(tmp_path):
    papers = {f"papers/x{n}.md": f'---\ntitle: "X {n}"\n---\n' for n in range(MOST_SHOWN + 30)}
    output, _ = make_site(tmp_path, {**ON, **papers})
    page = (output / "curate.html").read_text()
    assert page.count('class="card"') == MOST_SHOWN and "30 more entries lack something" in page


EDITS: dict[str, Callable[[Path], object]] = {
    "a gap is filled": lambda c: (c / "papers" / "x.md").write_text('---\ntitle: "X"\nabstract: Now.\n---\n'),
    "notes are written": lambda c: (c / "papers" / "x.md").write_text('---\ntitle: "X"\n---\nNotes.\n'),
    "a status is set": lambda c: (c / "papers" / "x.md").write_text('---\ntitle: "X"\nstatus: read\n---\n'),
    "a draft joins": lambda c: (c / "papers" / "y.md").write_text('---\ntitle: "Y"\ndraft: true\n---\n'),
    "an entry goes": lambda c: (c / "papers" / "x.md").unlink(),
    "a tag is renamed": lambda c: (c / "tags.yml").write_text("- {slug: a, name: B, group: C}\n"),
    "the page is switched off": lambda c: (c / "site.yml").unlink(),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_page_is_as_a_cold_build_makes_it(tmp_path, edit):
    output, _ = make_site(
        tmp_path, {**ON, "papers/x.md": '---\ntitle: "X"\n---\n', "papers/z.md": '---\ntitle: "Z"\n---\n'}
    )
    edit(tmp_path / "content")
    for folder in ("output", "cold"):
        config, _ = load_config(tmp_path / "content", tmp_path / folder)
        build(config)
    warm, cold = read_tree(output), read_tree(tmp_path / "cold")
    assert {**warm, ".site-builder.json": b""} == {**cold, ".site-builder.json": b""}


def test_an_edit_that_fills_no_gap_leaves_the_page_as_it_is(tmp_path):
    make_site(tmp_path, {**ON, "papers/x.md": '---\ntitle: "X"\nabstract: One.\n---\n'})
    (tmp_path / "content" / "papers" / "x.md").write_text('---\ntitle: "X"\nabstract: Two.\n---\n')
    config, _ = load_config(tmp_path / "content", tmp_path / "output")
    published = build(config).published
    assert published and "curate.html" not in [path for _, path in published.written]


def test_a_share_is_rounded_as_people_do():
    assert [share_of(*pair) for pair in ((6, 7), (1, 8), (1, 3), (0, 7), (7, 7), (0, 0))] == [86, 13, 33, 0, 100, 0]
