"""Import: 304 records become 229 entries; importing again changes nothing; curation stays."""

import io
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from site_builder.config import load_config
from site_builder.content import store
from site_builder.content.slugs import LONGEST_SLUG, make_slug
from site_builder.content.store import load_content
from site_builder.errors import SiteBuilderError
from site_builder.formats.capture import read_capture
from site_builder.importer import Choices, import_files
from site_builder.paper import Link, fold_title
from tests.builders import ROOT, TAGS, make_content, read_tree, run_command

HEAD = "byAK and the research community\n\n"
MARCH = HEAD + "Mar 14\n\nA First Paper\n\nIts abstract. Code: https://github.com/a/b.git.\n\n"
DECEMBER = (
    HEAD + "Dec 10\n\nA first paper!\n\nIts abstract. Code: https://github.com/a/b.git.\n\n"
    "  • 3 authors\n·\nAug 19 4\n\nAnother\n\nAnother abstract.\n\n  • 2 authors\n·\nDec 8, 2024\n"
)


def run(content, *files, **choices):
    return import_files(load_config(content, content.parent / "output")[0], files, Choices(**choices))


@pytest.fixture
def content(tmp_path):
    return make_content(tmp_path, {"captures/000.txt": MARCH, "captures/001.txt": DECEMBER})


@pytest.fixture(scope="module")
def real_import(tmp_path_factory):
    """The real captures imported into an empty list."""
    content = tmp_path_factory.mktemp("import") / "content"
    shutil.copytree(ROOT / "content" / "captures", content / "captures")
    shutil.copy(ROOT / "content" / "tags.yml", content)
    return content, run(content)


def test_the_real_captures_become_229_entries(real_import):
    content, report = real_import
    assert len(list((content / "papers").glob("*.md"))) == report.entries == report.written == 229
    outcomes = [ledger.outcomes for ledger in report.ledgers]
    assert sum(outcome["new"] for outcome in outcomes) == 229
    assert sum(outcome["merged"] + outcome["unchanged"] for outcome in outcomes) == 75
    assert report.conflicts == report.problems == ()


def test_importing_the_real_captures_again_changes_no_byte(real_import):
    content, _ = real_import
    before = read_tree(content)
    report = run(content)
    assert report.written == 0
    assert sum(ledger.outcomes["unchanged"] for ledger in report.ledgers) == 304
    assert read_tree(content) == before


def test_every_abstract_equals_the_captured_text(real_import):
    content, _ = real_import
    captured = {
        fold_title(record.title): record.abstract
        for path in sorted((content / "captures").glob("*.txt"))
        for record in read_capture(path.read_text(encoding="utf-8"), path.name)[0].records
    }
    kept = {fold_title(entry.paper.title): entry.paper.abstract for entry in load_content(content).entries}
    assert kept == captured


def test_the_entries_say_what_the_captures_say(real_import):
    content, _ = real_import
    papers = [entry.paper for entry in load_content(content).entries]
    seen = [len(paper.captures) for paper in papers]
    assert [seen.count(times) for times in (1, 2, 3, 4, 5)] == [185, 23, 13, 6, 2]
    assert sum(paper.published is None for paper in papers) == 153
    assert sum("://" in paper.abstract for paper in papers) == 61
    assert sum(bool(paper.links) for paper in papers) == 62  # and one address without https://
    assert sum(any("github.com" in link.url for link in paper.links) for paper in papers) == 46
    assert sum(paper.organization is not None for paper in papers) == 2
    assert all(row.year == "inferred" and row.day.year == 2025 for paper in papers for row in paper.captures)


def test_the_shipped_entries_are_those_of_the_captures(real_import):
    """The committed list differs from a fresh import in its tags only, which a person gave."""
    content, _ = real_import
    fresh = {entry.paper.slug: entry.paper for entry in load_content(content).entries}
    shipped = load_content(ROOT / "content")
    assert shipped.problems == ()
    for entry in shipped.entries:
        captured = fresh[entry.paper.slug]
        assert entry.paper.abstract == captured.abstract and entry.paper.captures == captured.captures
    assert fresh.keys() == {entry.paper.slug for entry in shipped.entries}


def test_the_order_of_captures_does_not_change_what_is_known(content, tmp_path):
    run(content)
    other = make_content(tmp_path / "other", {})
    for name, text in (("000.txt", MARCH), ("001.txt", DECEMBER)):
        (tmp_path / name).write_text(text)
    run(other, tmp_path / "001.txt", tmp_path / "000.txt")
    mine, theirs = (
        {e.paper.slug: (e.paper.published, e.paper.added, set(e.paper.captures)) for e in load_content(c).entries}
        for c in (content, other)
    )
    assert mine["a-first-paper"] == theirs["a-first-paper"]
    assert mine["another"] == theirs["another"]


def test_a_later_capture_fills_gaps_and_adds_where_a_paper_was_seen(content):
    (content / "captures" / "001.txt").rename(content / "later.txt")
    (content / "captures" / "captures.yml").write_text("- {file: 000.txt, day: 2025-03-14}\n")
    run(content)
    path = content / "papers" / "a-first-paper.md"
    path.write_text(path.read_text().replace("title:", "# mine\ntitle:") + "\nMy notes.\n")
    before = path.read_text()
    (content / "later.txt").rename(content / "captures" / "001.txt")
    report = run(content)
    assert [ledger.outcomes["merged"] for ledger in report.ledgers] == [0, 1]
    after = path.read_text()
    assert [line for line in after.split("\n") if line in before.split("\n")] == before.split("\n")
    paper = next(e.paper for e in load_content(content).entries if e.paper.slug == "a-first-paper")
    assert (paper.published, paper.published_year, paper.authors_count) == (date(2025, 8, 19), "inferred", 3)
    assert [row.file for row in paper.captures] == ["000.txt", "001.txt"]
    assert (paper.added, paper.comments_count) == (date(2025, 3, 14), 4)


def test_what_the_curator_wrote_is_kept_and_the_disagreement_is_listed(content):
    run(content)
    path = content / "papers" / "another.md"
    text = (
        path.read_text()
        .replace("published: 2024-12-08", "published: 2024-12-09")
        .replace("Another abstract", "My words")
    )
    path.write_text(text)
    report = run(content)
    assert path.read_text() == text
    assert [(c.key, c.kept, c.offered) for c in report.conflicts] == [
        ("abstract", "My words.", "Another abstract."),
        ("published", "2024-12-09", "2024-12-08"),
    ]


def test_a_mended_title_still_finds_its_paper(content):
    run(content)
    path = content / "papers" / "another.md"
    path.write_text(path.read_text().replace('title: "Another"', 'title: "Another: The Whole Title"'))
    report = run(content)
    assert report.written == 0 and report.entries == 2
    assert [conflict.key for conflict in report.conflicts] == ["title"]


def test_a_stated_year_replaces_the_inferred_one(content):
    run(content)
    (content / "captures" / "captures.yml").write_text("- {file: 001.txt, day: 2026-12-10}\n")
    run(content)
    paper = next(e.paper for e in load_content(content).entries if e.paper.slug == "a-first-paper")
    assert (paper.published, paper.published_year) == (date(2026, 8, 19), None)
    assert [(row.day, row.year) for row in paper.captures if row.file == "001.txt"] == [(date(2026, 12, 10), None)]
    before = read_tree(content)
    run(content)
    assert read_tree(content) == before


def test_a_stated_day_that_was_mistyped_can_be_corrected(content):
    run(content)
    facts = content / "captures" / "captures.yml"
    for day in ("2024-12-10", "2025-12-10"):
        facts.write_text(f"- {{file: 001.txt, day: {day}}}\n")
        run(content)
        paper = next(e.paper for e in load_content(content).entries if e.paper.slug == "another")
        assert [(row.day.isoformat(), row.year) for row in paper.captures] == [(day, None)]
        assert paper.added.isoformat() == day
    facts.write_text("- {file: 001.txt, day: 2098-12-10}\n")
    assert any("which has not come yet" in problem.message for problem in run(content).problems)


def test_a_renamed_paper_is_known_by_its_alias(content):
    run(content)
    path = content / "papers" / "another.md"
    text = path.read_text().replace('"Another"', '"All New"').replace("Another abstract", "All new")
    (content / "papers" / "new.md").write_text(text.replace("added:", "aliases: [another]\nadded:"))
    path.unlink()
    report = run(content)
    assert report.entries == 2 and not path.exists()


def test_a_broken_entry_is_neither_touched_nor_doubled(content):
    run(content)
    path = content / "papers" / "another.md"
    path.write_text("---\ntitle: Another: broken\n---\n")
    report = run(content)
    assert path.read_text() == "---\ntitle: Another: broken\n---\n"
    assert sorted(p.name for p in (content / "papers").iterdir()) == ["a-first-paper.md", "another.md"]
    assert any("was not imported" in problem.message for problem in report.problems)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not a text file"),
        ("byAK\n\nMärz".encode("latin-1"), "this is not UTF-8 text"),
        (MARCH.encode("utf-16"), "this is not a text file"),
        (b"@article{a, title={b}}", "this is not a capture of a Daily Papers listing"),
        (MARCH.replace("Mar 14\n\n", "").encode(), "the day of capture is missing; nothing was imported"),
        (MARCH.encode(), "no date in the capture or the list tells its year; nothing was imported"),
    ],
    ids=["empty", "a picture", "Latin-1", "UTF-16", "BibTeX", "no day", "no year"],
)
def test_a_file_that_cannot_be_imported_says_why_and_costs_no_other(tmp_path, data, message):
    good = DECEMBER.replace("A first paper!", "A third")
    content = make_content(tmp_path, {"captures/good.txt": good})
    (content / "captures" / "bad.txt").write_bytes(data)
    report = run(content)
    assert message in [problem.message for problem in report.problems]
    assert sorted(e.paper.slug for e in load_content(content).entries) == ["a-third", "another"]


def test_a_missing_file_is_a_problem(content):
    assert [p.message for p in run(content, Path("nowhere.txt")).problems] == [
        "cannot be read: No such file or directory"
    ]


def test_a_stated_day_that_contradicts_the_heading_is_a_problem(content):
    (content / "captures" / "captures.yml").write_text("- {file: 001.txt, day: 2025-12-11}\n- {file: gone.txt}\n")
    report = run(content)
    assert [(p.line, p.message) for p in report.problems] == [
        (2, "there is no capture `gone.txt`"),
        (3, "captures.yml says 2025-12-11, this heading says another day"),
    ]


def test_a_capture_from_elsewhere_is_kept_in_the_project(content, tmp_path):
    (tmp_path / "002.txt").write_text(DECEMBER.replace("Another", "A Third"))
    run(content, tmp_path / "002.txt")
    assert (content / "captures" / "002.txt").read_bytes() == (tmp_path / "002.txt").read_bytes()
    (tmp_path / "002.txt").write_text(DECEMBER)
    assert [p.message.rpartition("/")[2] for p in run(content, tmp_path / "002.txt").problems] == [
        "002.txt is another capture of this name"
    ]


def test_links_are_lifted_on_import(content):
    run(content)
    entry = next(e for e in load_content(content).entries if e.paper.slug == "a-first-paper")
    assert entry.paper.links == (Link("code", "https://github.com/a/b"),)


def test_slugs_are_readable_limited_and_never_collide():
    taken = set()
    for title in ["Only-IF:Revealing the Effect", "LLM+P", "Pokémon", "ﬁne", "中文标题", "Index", "CON", "x" * 200]:
        taken.add(make_slug(title, taken))
    taken.add(make_slug("Ümlaut Straße œuvre: Øre, Łódź, Đà, Þor, Æon", taken))
    assert taken == {
        "umlaut-strasse-oeuvre-ore-lodz-da-thor-aeon",
        "only-if-revealing-the-effect", "llm-p", "pokemon", "fine", "paper", "index-2", "con-2", "x" * LONGEST_SLUG,
    }  # fmt: skip
    assert make_slug("LLM: P", taken) == "llm-p-2"
    long = make_slug("Words that go on " * 20, taken)
    assert len(long) <= LONGEST_SLUG and not long.endswith("-")


def test_new_entries_get_suggested_tags(tmp_path):
    text = DECEMBER.replace("Another\n\nAnother abstract.", "Robots that Grasp\n\nRobots, robotic arms and robotics.")
    content = make_content(tmp_path, {"captures/001.txt": text, "tags.yml": TAGS})
    run(content)
    tags = {e.paper.slug: e.paper.tags for e in load_content(content).entries}
    assert set(tags["robots-that-grasp"]) <= {"robotics", "theory"}


ROWS = """captures:
  -   {file: 001.txt, day: 2025-12-10, year: inferred}   # seen by Ann
  # the end
"""


def test_a_comment_beside_a_row_survives_when_the_row_changes(content):
    run(content)
    path = content / "papers" / "another.md"
    text = path.read_text()
    rows = text[text.index("captures:") : text.index("added:")]
    path.write_text(text.replace(rows, ROWS))
    (content / "captures" / "captures.yml").write_text("- {file: 001.txt, day: 2025-12-10}\n")
    run(content)
    assert "  -   {file: 001.txt, day: 2025-12-10}   # seen by Ann\n  # the end\n" in path.read_text()


BLOCK_ROWS = """captures:
  # the first
  - file: "001.txt"  # f
    day: 2025-12-10  # d
    year: inferred
    comments_count: 7  # c
"""


def test_a_row_in_a_style_of_its_own_keeps_it_when_its_day_changes(content):
    run(content)
    path = content / "papers" / "another.md"
    text = path.read_text()
    rows = text[text.index("captures:") : text.index("added:")]
    path.write_text(text.replace(rows, BLOCK_ROWS).replace("added: 2025-12-10", "added: 2025-12-10  # then"))
    (content / "captures" / "captures.yml").write_text("- {file: 001.txt, day: 2024-12-10}\n")
    run(content)
    after = path.read_text()
    assert (
        BLOCK_ROWS.replace("2025", "2024")
        .replace("    year: inferred\n", "")
        .replace("    comments_count: 7  # c\n", "")
        in after
    )
    assert "added: 2024-12-10  # then\n" in after


def test_what_the_curator_emptied_stays_empty(content):
    run(content)
    path = content / "papers" / "a-first-paper.md"
    text = path.read_text().replace("links:\n  code: https://github.com/a/b\n", "links: {}  # none on purpose\n")
    path.write_text(text)
    assert run(content).written == 0
    assert path.read_text() == text


def test_a_paper_whose_title_and_abstract_were_mended_is_not_doubled(content):
    run(content)
    path = content / "papers" / "another.md"
    text = path.read_text().replace('"Another"', '"Another, Mended"').replace("Another abstract", "A mended abstract")
    path.write_text(text)
    report = run(content)
    assert report.written == 0 and report.entries == 2
    assert [conflict.key for conflict in report.conflicts] == ["title", "abstract"]


def test_an_address_that_is_none_is_left_in_the_text(content):
    (content / "captures" / "000.txt").write_text(MARCH.replace("https://github.com/a/b.git", "https://[abc"))
    report = run(content)
    assert report.problems == () and report.entries == 2


def test_a_year_that_has_not_come_is_a_problem(content):
    (content / "captures" / "001.txt").write_text(DECEMBER.replace("Dec 8, 2024", "Dec 8, 2098"))
    messages = [problem.message for problem in run(content).problems]
    assert any("2099-12-10, which has not come yet; nothing was imported" in message for message in messages)


def test_the_same_capture_under_two_names_is_read_once(content):
    shutil.copy(content / "captures" / "001.txt", content / "captures" / "twin.txt")
    report = run(content)
    assert [problem.severity for problem in report.problems] == ["warning"]
    assert all(row.file != "twin.txt" for entry in load_content(content).entries for row in entry.paper.captures)


def test_only_a_capture_that_brings_something_is_kept(content, tmp_path):
    for name, text in (("bad.txt", MARCH.replace("Mar 14\n\n", "")), (".hidden.txt", MARCH), ("captures.yml", MARCH)):
        (tmp_path / name).write_text(text)
    report = run(content, tmp_path / "bad.txt", tmp_path / ".hidden.txt", tmp_path / "captures.yml")
    assert sorted(path.name for path in (content / "captures").iterdir()) == ["000.txt", "001.txt"]
    assert len(report.problems) >= 2


def test_a_linked_entry_stays_a_link(content, tmp_path):
    run(content)
    path = content / "papers" / "another.md"
    path.rename(tmp_path / "elsewhere.md")
    path.symlink_to(tmp_path / "elsewhere.md")
    (content / "captures" / "captures.yml").write_text("- {file: 001.txt, day: 2025-12-10}\n")
    run(content)
    assert path.is_symlink() and "inferred" not in (tmp_path / "elsewhere.md").read_text()


# ---------------------------------------------------------------- what the curator decides


def test_a_removed_entry_does_not_come_back_until_its_line_is_deleted(content):
    run(content)
    (content / "papers" / "another.md").unlink()
    report = run(content)
    assert [ledger.outcomes["removed"] for ledger in report.ledgers] == [0, 1]
    assert [path.name for path in (content / "papers").iterdir()] == ["a-first-paper.md"]
    imported = content / "imported.yml"
    imported.write_text(imported.read_text().replace('- {slug: another, titles: ["Another"], years: [2024]}\n', ""))
    assert run(content).entries == 2


def test_a_list_that_is_emptied_is_begun_anew(content):
    run(content)
    before = read_tree(content)
    shutil.rmtree(content / "papers")
    assert run(content).entries == 2
    assert read_tree(content) == before


def test_a_dry_run_tells_the_same_and_touches_nothing(content, tmp_path):
    (tmp_path / "002.txt").write_text(DECEMBER.replace("Another", "A Third"))
    files = [*sorted((content / "captures").glob("*.txt")), tmp_path / "002.txt"]
    before = read_tree(tmp_path)
    dry = run(content, *files, dry_run=True)
    assert read_tree(tmp_path) == before
    assert run(content, *files) == dry
    assert dry.written == 3


def test_a_field_is_taken_from_a_file_where_the_curator_prefers_it(content):
    run(content)
    path = content / "papers" / "another.md"
    text = path.read_text()
    path.write_text(text.replace("published: 2024-12-08", "published: 2024-12-09  # or so"))
    run(content, preferred=frozenset({"published"}))
    assert path.read_text() == text.replace("published: 2024-12-08", "published: 2024-12-08  # or so")
    with pytest.raises(SiteBuilderError, match=r"no field `publishd`.*did you mean `published`"):
        run(content, preferred=frozenset({"publishd"}))


def test_a_title_with_a_typo_is_listed_and_left_out(content):
    text = MARCH.replace("A First Paper", "A Paper on Grokking")
    (content / "captures" / "000.txt").write_text(text)
    (content / "captures" / "001.txt").write_text(DECEMBER.replace("A first paper!", "A Paper on Groking"))
    (content / "captures" / "captures.yml").write_text("- {file: 000.txt, day: 2025-03-14}\n")
    report = run(content)
    assert [ledger.outcomes["near"] for ledger in report.ledgers] == [0, 1] and report.entries == 2
    assert run(content, ask=lambda draft, near: "same").entries == 2
    report = run(content)
    assert [ledger.outcomes["near"] for ledger in report.ledgers] == [0, 0]
    left = json.loads((content.parent / ".site-builder" / "import.json").read_text())
    assert left["files"][1]["outcomes"]["conflict"] == 1 and left["near"] == []


def test_nothing_is_imported_while_the_list_of_what_was_imported_has_a_fault(content):
    run(content)
    broken = '- {slug: a-first-paper, titles: ["A First Paper"]\n'
    (content / "imported.yml").write_text(broken)
    (content / "papers" / "another.md").unlink()
    report = run(content)
    assert [problem.path.rpartition("/")[2] for problem in report.problems] == ["imported.yml"]
    assert (report.ledgers, report.entries, report.written) == ((), 1, 0)
    assert (content / "imported.yml").read_text() == broken


# ---------------------------------------------------------------- other formats than captures

BIB = """@inproceedings{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and Shazeer, Noam and others},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2017},
  keywords = {Robotics, attention, theory},
  url = {https://arxiv.org/abs/1706.03762v5},
  annote = {Read it twice.},
}
@article{untitled,
  author = {Nobody},
}
@misc{another,
  title = {A First Paper},
  doi = {10.1000/182},
  abstract = {Its abstract. Code: https://github.com/a/b.git.},
}
"""
RIS = "TY  - JOUR\nTI  - A Third Paper\nAU  - Lovelace, Ada\nER  - \n"
CSL = '[{"id": "x", "type": "book", "title": "A Fourth Paper", "issued": {"date-parts": [[2020, 5]]}}]'


def paper_of(content, slug):
    return next(entry for entry in load_content(content).entries if entry.paper.slug == slug)


def test_what_a_file_is_its_content_tells_and_not_its_name(content, tmp_path):
    for name, text in (("a.txt", BIB), ("b.bib", RIS), ("c", CSL), ("d.json", DECEMBER)):
        (tmp_path / name).write_text(text)
    (tmp_path / "d.json").rename(tmp_path / "d.txt")
    report = run(content, *[tmp_path / name for name in ("a.txt", "b.bib", "c", "d.txt")], today=date(2026, 1, 2))
    assert [ledger.format for ledger in report.ledgers] == ["bibtex", "ris", "csl", "capture"]
    slugs = sorted(entry.paper.slug for entry in load_content(content).entries)
    assert slugs == ["a-first-paper", "a-fourth-paper", "a-third-paper", "another", "attention-is-all-you-need"]
    assert {path.name for path in (content / "captures").iterdir()} == {"000.txt", "001.txt", "d.txt"}


def test_a_record_without_a_title_is_told_with_its_own_text_and_costs_no_other(content, tmp_path):
    (tmp_path / "refs.bib").write_text(BIB)
    report = run(content, tmp_path / "refs.bib")
    problem = next(one for one in report.problems if one.severity == "error")
    assert (problem.line, problem.text) == (10, "@article{untitled,\n  author = {Nobody},\n}")
    assert [merged.outcome for _, merged in report.ledgers[0].records] == ["new", "new"]


def test_a_new_entry_has_all_that_its_record_says(content, tmp_path):
    (tmp_path / "refs.bib").write_text(BIB)
    run(content, tmp_path / "refs.bib", today=date(2026, 1, 2))
    entry = paper_of(content, "attention-is-all-you-need")
    paper = entry.paper
    assert (paper.arxiv, str(paper.published), paper.added) == ("1706.03762", "2017", date(2026, 1, 2))
    assert paper.authors == ("Ashish Vaswani", "Noam Shazeer") and entry.notes == "Read it twice."
    assert paper.tags == ("robotics", "theory")
    assert paper.extra["csl"] == {
        "type": "paper-conference",
        "citation-key": "vaswani2017attention",
        "container-title": "Advances in Neural Information Processing Systems",
        "others": True,
        "keyword": "attention",
    }
    assert paper_of(content, "a-first-paper").paper.links == (Link("code", "https://github.com/a/b"),)


def test_a_paper_of_a_capture_gains_what_a_bibliography_knows(content, tmp_path):
    run(content)
    path = content / "papers" / "a-first-paper.md"
    before = path.read_text()
    (tmp_path / "refs.bib").write_text(BIB)
    report = run(content, tmp_path / "refs.bib")
    changed = {merged.path.rpartition("/")[2]: merged.changed for _, merged in report.ledgers[0].records}
    assert changed["a-first-paper.md"] == ("doi",)
    assert path.read_text().replace('doi: "10.1000/182"\n', "") == before
    again = run(content, tmp_path / "refs.bib")
    assert (again.written, [merged.outcome for _, merged in again.ledgers[0].records]) == (0, ["unchanged"] * 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><title>A page</title>", "this is nothing that can be imported"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not a text file"),
        (b"just words", "this is nothing that can be imported"),
        (b"[1, 2, 3]", "this is nothing that can be imported"),
    ],
    ids=["empty", "HTML", "a picture", "words", "numbers"],
)
def test_what_is_of_no_known_format_says_so(content, tmp_path, data, message):
    (tmp_path / "file").write_bytes(data)
    (tmp_path / "refs.ris").write_text(RIS)
    report = run(content, tmp_path / "file", tmp_path / "refs.ris", tmp_path)
    assert message in [problem.message for problem in report.problems]
    assert [ledger.outcomes["new"] for ledger in report.ledgers] == [1]


def test_a_paper_that_was_removed_does_not_come_back_from_any_file(content, tmp_path):
    (tmp_path / "refs.bib").write_text(BIB)
    run(content, tmp_path / "refs.bib")
    (content / "papers" / "attention-is-all-you-need.md").unlink()
    (tmp_path / "other.ris").write_text(
        "TY  - GEN\nTI  - Something Else\nUR  - https://arxiv.org/abs/1706.03762\nER  - \n"
    )
    report = run(content, tmp_path / "other.ris")
    assert [merged.outcome for _, merged in report.ledgers[0].records] == ["removed"]


NEAR = "@misc{a, title = {Attention Is All Yuo Need}}\n"


@pytest.mark.parametrize(
    ("typed", "outcome"), [("n\n", "new"), ("what?\nS\n", "conflict"), ("l\n", "near"), ("", "near")]
)
def test_on_a_terminal_near_papers_are_asked_about(content, tmp_path, monkeypatch, typed, outcome):
    monkeypatch.chdir(content.parent)
    for name, text in (("refs.bib", BIB), ("near.bib", NEAR)):
        (tmp_path / name).write_text(text)
    run_command("import", "refs.bib")
    terminal = io.StringIO(typed)
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    told = run_command("import", "near.bib").output
    assert "may be content/papers/attention-is-all-you-need.md: `Attention Is All You Need`" in told
    assert re.search(rf"{outcome} 1\b", told)


def test_an_import_that_is_stopped_at_a_question_writes_no_entry_and_says_so(content, tmp_path, monkeypatch):
    monkeypatch.chdir(content.parent)
    (tmp_path / "refs.bib").write_text(BIB)
    (tmp_path / "near.bib").write_text("@misc{b, title={Quite Another}}\n" + NEAR)
    run_command("import", "refs.bib")
    before = read_tree(content)

    class Stopped(io.StringIO):
        def isatty(self):
            return True

        def readline(self):
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Stopped())
    ended = run_command("import", "near.bib")
    assert (ended.exit_code, ended.stderr) == (130, "\nsite-builder: stopped; no entry was written\n")
    assert read_tree(content) == before


def test_elsewhere_near_papers_are_listed_and_decided_by_an_option(content, tmp_path, monkeypatch):
    monkeypatch.chdir(content.parent)
    for name, text in (("refs.bib", BIB), ("near.bib", NEAR)):
        (tmp_path / name).write_text(text)
    run_command("import", "refs.bib")
    told = run_command("import", "near.bib").output
    assert "near     `Attention Is All Yuo Need` (near.bib:1): content/papers/attention-is-all-you-need.md has" in told
    assert "with --near same, or --near new" in told
    assert "new 1" in run_command("import", "near.bib", "--near", "new").output


def test_an_unknown_field_or_day_is_wrong_use(content, monkeypatch):
    monkeypatch.chdir(content.parent)
    assert run_command("import", "--prefer-new", "publishd").exit_code == 2
    assert run_command("import", "--added", "yesterday").exit_code == 2


def bib(*records: str) -> str:
    return "".join([f"@misc{{a,{record}}}\n" for record in records])


def import_bib(content, *records, **choices):
    path = content.parent / "refs.bib"
    path.write_text(bib(*records))
    return [merged.outcome for _, merged in run(content, path, **choices).ledgers[0].records]


def test_a_paper_of_a_known_title_and_another_year_is_near_and_not_removed(content):
    preprint, proceedings = (
        "title={Foo Bar},year={2020},eprint={2001.00001}",
        "title={Foo Bar},year={2021},doi={10.1000/a}",
    )
    assert import_bib(content, preprint) == ["new"]
    assert import_bib(content, proceedings) == ["near"]
    assert import_bib(content, proceedings, ask=lambda *_: "same") == ["conflict"]
    assert import_bib(content, proceedings, preprint) == ["conflict", "unchanged"]
    assert import_bib(content, "title={Foo Bar},year={2019}") == ["near"]


def test_two_papers_of_one_title_stay_two_once_that_was_said(content):
    one, two = "title={Foo Bar},year={2020}", "title={Foo Bar},year={2021}"
    assert import_bib(content, one, two, ask=lambda *_: "new") == ["new", "new"]
    assert import_bib(content, one, two) == ["unchanged", "unchanged"]
    assert import_bib(content, "title={Foo Bar}") == ["near"]


def test_a_year_or_title_that_the_curator_mended_makes_no_paper_unknown(content):
    assert import_bib(content, "title={Foo Bar},year={2020}", "title={Something Else}") == ["new", "new"]
    path = content / "papers" / "foo-bar.md"
    path.write_text(path.read_text().replace("2020", "2021").replace('"Foo Bar"', '"What It Was Really Called"'))
    assert import_bib(content, "title={Foo Bar},year={2020}") == ["conflict"]
    path.unlink()
    for record in ("title={Foo Bar},year={2020}", "title={What It Was Really Called}"):
        assert import_bib(content, record) == ["removed"]


def test_an_id_that_was_added_by_hand_keeps_a_removed_paper_away(content):
    import_bib(content, "title={Foo Bar}")
    path = content / "papers" / "foo-bar.md"
    path.write_text(path.read_text().replace("title:", 'arxiv: "2001.00001"\ntitle:', 1))
    import_bib(content, "title={Something Else Altogether}")
    path.unlink()
    assert import_bib(content, "title={Foo Bar Revisited},eprint={2001.00001v3}") == ["removed"]
    lines = [line for line in (content / "imported.yml").read_text().split("\n") if "foo-bar" in line]
    assert len(lines) == 1


def test_ids_of_two_papers_are_told_as_near_both(content):
    import_bib(content, "title={One Thing},eprint={2001.00001}", "title={Another Thing},doi={10.1000/b}")
    report = run(content, content.parent / "refs.bib")
    assert [ledger.outcomes["unchanged"] for ledger in report.ledgers] == [2]
    (content.parent / "refs.bib").write_text(bib("title={One Thing},eprint={2001.00001},doi={10.1000/b}"))
    merged = run(content, content.parent / "refs.bib").ledgers[0].records[0][1]
    assert {near.entry.paper.slug for near in merged.near} == {"one-thing", "another-thing"}


def test_a_slug_that_can_be_no_file_is_made_anew(tmp_path):
    content = make_content(tmp_path, {})
    slugs = ["a" * 121, "a" * 300, "../evil", "con", "", "b" * 120]
    records = [{"slug": slug, "title": f"Quite the {word}"} for slug, word in zip(slugs, ORDINALS, strict=True)]
    (tmp_path / "own.json").write_text(json.dumps(records))
    report = run(content, tmp_path / "own.json")
    names = [f"quite-the-{word}" for word in ORDINALS[:-1]] + ["b" * 120]
    assert sorted(path.stem for path in (content / "papers").iterdir()) == sorted(names)
    assert report.written == report.entries == 6 and load_content(content).problems == ()


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def test_a_file_that_cannot_be_written_costs_no_other(tmp_path, monkeypatch):
    """One new entry and one that is there lie where the disk refuses them."""
    files = {"papers/quite-the-second.md": "---\ntitle: Quite the second\n---\n"}
    content = make_content(tmp_path, files)
    records = [{"title": f"Quite the {word}", "authors": ["A B"]} for word in (*ORDINALS, "third")]
    (tmp_path / "own.json").write_text(json.dumps(records))
    kept = store.write_atomic

    def refuse(path, data):
        if path.stem in ("quite-the-second", "quite-the-third"):
            raise SiteBuilderError(f"cannot write {path.name}: it is refused")
        kept(path, data)

    monkeypatch.setattr(store, "write_atomic", refuse)
    report = run(content, tmp_path / "own.json")
    there = {f"quite-the-{word}.md" for word in ORDINALS} - {"quite-the-third.md"}
    assert {path.name for path in (content / "papers").iterdir()} == there
    told = [problem.message for problem in report.problems if problem.severity == "error"]
    assert told == [f"cannot write quite-the-{word}.md: it is refused" for word in ("second", "third")]
    assert report.written == 4 and report.entries == 5
    assert report.ledgers[0].outcomes == {**dict.fromkeys(report.ledgers[0].outcomes, 0), "new": 4, "conflict": 3}
    assert "third" not in (content / "imported.yml").read_text()
    monkeypatch.undo()
    assert run(content, tmp_path / "own.json").written == 2


def test_a_capture_that_cannot_be_kept_costs_no_other(tmp_path):
    content = make_content(tmp_path, {"captures": "no folder"})
    (tmp_path / "000.txt").write_text(DECEMBER)
    (tmp_path / "a.bib").write_text("@misc{a, title={Quite Another Thing}}")
    report = run(content, tmp_path / "000.txt", tmp_path / "a.bib")
    assert report.written == 1
    assert any(problem.message.startswith("cannot write ") for problem in report.problems)


def test_a_fault_of_an_entry_is_told_where_it_stands_after_the_import(tmp_path):
    content = make_content(tmp_path, {"papers/one.md": "---\ntitle: One\nnotes: bad\ntags: [nope]\n---\n"})
    (tmp_path / "a.bib").write_text("@misc{a, title={One}, author={A B}}")
    report = run(content, tmp_path / "a.bib")
    assert report.written == 1
    assert [(p.line, p.message) for p in report.problems] == [
        (5, "unknown field `notes`"),
        (6, "the vocabulary has no tag `nope`"),
    ]


def test_a_tag_that_the_vocabulary_lacks_is_told_when_it_is_imported(tmp_path):
    content = make_content(tmp_path, {})
    path = tmp_path / "own.json"
    path.write_text('[\n{"title": "One", "tags": ["robotic", "theory"]},\n{"title": "Two", "tags": ["robotics"]}\n]')
    told = run(content, path).problems
    assert [(p.line, p.message, p.hint, p.severity) for p in told] == [
        (2, "the vocabulary has no tag `robotic`, it was imported all the same", "did you mean `robotics`?", "warning")
    ]
    assert load_content(content).entries[0].paper.tags == ("robotic", "theory")
    assert not any("all the same" in problem.message for problem in run(content, path).problems)
