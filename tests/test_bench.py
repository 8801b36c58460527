"""The benchmark's own parts: its papers, its counting, its verdicts. What builds cost is measured by `make bench`."""

import random
import subprocess
import sys
from urllib.request import urlopen

import pytest

from tests.bench import hugo, papers, searching, serving
from tests.bench.builds import Pages, check_pages, count_ours, count_theirs, our_command
from tests.bench.measure import CommandFailed, Cost, measure, middle
from tests.bench.table import CASES, END, GOALS, START, Row, as_text, shortfalls, write_into, write_sizes
from tests.bench.words import find_words, load_source
from tests.builders import read_tree


@pytest.fixture(scope="module")
def source():
    return load_source(papers.CONTENT)


def write_project(folder, source, seed, count):
    papers.start_project(folder)
    for paper in papers.make_papers(source, seed, count):
        papers.write_paper(folder, paper)
    return folder


def make_files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path, source):
    first, again, other = (write_project(tmp_path / n, source, s, 30) for n, s in (("a", 1), ("b", 1), ("c", 2)))
    assert read_tree(first) == read_tree(again)
    assert read_tree(first).keys() != read_tree(other).keys()


def test_a_longer_list_begins_with_the_shorter_one_and_no_slug_comes_twice(source):
    made = list(papers.make_papers(source, 1, 3000))
    assert made[:100] == list(papers.make_papers(source, 1, 100))
    assert len({paper.slug for paper in made}) == len({paper.title for paper in made}) == 3000


def test_papers_look_like_the_real_ones(source):
    made = list(papers.make_papers(source, 1, 1000))
    assert 1300 < sum(len(paper.abstract) for paper in made) / 1000 < 1500
    assert all(2 <= len(paper.tags) <= 5 and set(paper.tags) <= set(source.tags) for paper in made)
    assert 800 < sum(paper.published is not None for paper in made) < 900
    assert 150 < sum(bool(paper.links) for paper in made) < 250


def test_the_vocabulary_grows_as_the_law_says(source):
    met, running = set(), 0
    for index, paper in enumerate(papers.make_papers(source, 1, 4000), 1):
        words = find_words(f"{paper.title} {paper.abstract}")
        met.update(words)
        running += len(words)
        if index in (250, 1000, 4000):
            expected = len(source.words) * (running / source.running) ** source.growth
            assert 0.9 < len(met) / expected < 1.1
    assert len(met) > 3 * len(source.words)


def test_made_up_papers_build_without_a_problem(tmp_path, source):
    project = write_project(tmp_path / "project", source, 1, 60)
    said = subprocess.run([*our_command(), "build"], cwd=project, check=True, capture_output=True, text=True).stdout
    assert "60 papers" in said and "0 problems" in said
    assert count_ours(project / "output").papers == 60


@pytest.mark.parametrize("edit", papers.EDITS)
def test_an_edit_changes_what_it_is_named_after_and_nothing_else(source, edit):
    field = {"sentence": "abstract", "tag": "tags"}.get(edit, edit)
    for number, paper in enumerate(papers.make_papers(source, 1, 60)):
        edited = papers.edit_paper(source, paper, edit, random.Random(number))
        changed = [name for name in papers.MadePaper.__slots__ if getattr(edited, name) != getattr(paper, name)]
        assert changed == [field]


def test_hugo_gets_the_same_papers(tmp_path, source):
    paper = next(papers.make_papers(source, 1, 1))
    hugo.start_project(tmp_path)
    hugo.write_paper(tmp_path, paper)
    text = (tmp_path / "content" / "papers" / f"{paper.slug}.md").read_text()
    assert paper.title in text and paper.abstract in text and f"tags: [{', '.join(paper.tags)}]" in text


def test_pages_are_counted_without_indexes_and_redirects(tmp_path):
    ours = "papers/index.html papers/a.html papers/b.html papers/page/2.html tags/index.html tags/t.html tags/t/2.html"
    assert count_ours(make_files(tmp_path / "ours", *ours.split(), "tags/t.xml")) == Pages(2, 2)
    theirs = "papers/index.html papers/a/index.html papers/b/index.html papers/page/2/index.html tags/index.html"
    lists = "tags/t/index.html tags/t/page/1/index.html tags/t/page/2/index.html tags/t/index.xml"
    assert count_theirs(make_files(tmp_path / "theirs", *theirs.split(), *lists.split())) == Pages(2, 2)


def test_sites_that_differ_are_not_compared():
    class Site:
        def __init__(self, name, count):
            self.name, self.count = name, lambda: count

    check_pages([Site("one", Pages(2, 1)), Site("other", Pages(2, 1))])
    with pytest.raises(Exception, match="one made 2 paper pages and 1 tag pages, other made 3"):
        check_pages([Site("one", Pages(2, 1)), Site("other", Pages(3, 1))])


def test_a_ratio_up_to_its_goal_meets_it_and_a_figure_must_stay_below():
    theirs = Cost(10, 10, 100)
    met = Row(10000, "cold", Cost(6, 5, 40), theirs)
    assert shortfalls([met]) == [] and met.cells()[-1] == "yes"
    slow = Row(10000, "cold", Cost(6, 5.1, 40), theirs)
    assert shortfalls([slow]) == ["falls short: 10,000 papers, cold: wall ≤ 0.50, and it is 0.510"]
    assert slow.cells()[-1] == "no" and "wall 0.510" in slow.cells()[-3]
    alone = Row(100000, "cold", Cost(240, 300, 2999), None)
    assert shortfalls([alone]) == ["falls short: 100,000 papers, cold: CPU < 240 s, and it is 240.000 s"]
    assert Row(500, "cold", Cost(1, 1, 1), theirs).cells()[-3:] == ("CPU 0.100", "–", "–")
    assert all(case in CASES for _, case in GOALS)


def test_the_table_is_written_between_its_marks_and_keeps_other_sizes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n\n{START}\n{END}\n\nAfter.\n")
    large, small = (Row(size, "one edit", Cost(1, 2, 3), Cost(10, 20, 30)) for size in (10000, 250))
    write_into(page, [large])
    write_into(page, [small])
    lines = page.read_text().splitlines()
    assert [line.split(" | ")[0] for line in lines if "one edit" in line] == ["| 250", "| 10,000"]
    assert lines[0] == "Before." and lines[-1] == "After."
    assert as_text([small]).splitlines()[0].startswith("papers  case")


def test_the_middle_of_each_figure_is_taken():
    assert middle([Cost(1, 9, 5), Cost(2, 8, 5), Cost(9, 1, 6)]) == Cost(2, 8, 5)


def test_a_command_is_measured_and_a_fault_ends_it(tmp_path):
    cost = measure([[sys.executable, "-c", "pass"], [sys.executable, "-c", "pass"]], tmp_path)
    assert cost.cpu > 0 and cost.wall > 0 and cost.memory > 0
    with pytest.raises(CommandFailed, match="no such luck"):
        measure([[sys.executable, "-c", "raise SystemExit('no such luck')"]], tmp_path)


# ---------------------------------------------------------------- searches


def test_what_a_page_is_without_its_search_is_not_counted():
    given = ["/papers/search.html", "/papers/search/", "/papers/assets/style.0.css", "/papers/search.html?q=a.js"]
    assert not any(map(searching.counts, given))
    assert all(map(searching.counts, ["/papers/search/meta.js?1", "/papers/pagefind/wasm.en.pagefind"]))


def test_a_search_is_measured_against_its_goals():
    ours = searching.Figures([40, 100.5, 120], [10, 151, 152], 30)
    row = searching.Row(10000, ours, None)
    assert row.goals() == [("100 KB", False), ("150 ms", False), ("30 MB", True)]
    assert row.cells() == [
        "10,000", "100.5", "120.0", "151", "152", "30.0", *["–"] * 5, "100 KB, 150 ms, 30 MB", "no, no, yes",
    ]  # fmt: skip
    assert searching.Row(500, ours, ours).cells()[6:] == [*ours.cells(), "–", "–"]


def test_figures_of_searches_are_written_into_the_page_in_their_order(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{searching.START}\n{searching.END}\nafter\n")
    for size in (10000, 250, 10000):
        searching.write_into(page, [searching.Row(size, searching.Figures([1], [2], 3), None)])
    lines = page.read_text().splitlines()
    assert (lines[:2], lines[-2:]) == (["before", searching.START], [searching.END, "after"])
    assert [line.split(" | ")[0] for line in lines[4:-2]] == ["| 250", "| 10,000"]
    assert {line.count("|") for line in lines[2:-2]} == {len(searching.HEADINGS) + 1}


def test_a_site_is_served_gzipped_and_counted(tmp_path):
    make_files(tmp_path, "search/index.html")
    (tmp_path / "a.js").write_text("a" * 1000)
    with searching.serve(tmp_path) as (address, sent):
        for path in ("a.js?1", "search/"):
            with urlopen(address + path) as answer:
                assert answer.status == 200
    assert sent.keys() == {"/papers/a.js?1", "/papers/search/"} and sent["/papers/a.js?1"] < 50


def test_what_an_edit_costs_is_judged_and_its_table_keeps_other_sizes(tmp_path):
    quick, slow = serving.Row(250, [100, 120, 151], [20]), serving.Row(10000, [390, 401, 402], [300])
    assert (quick.is_met, slow.is_met, serving.Row(500, [9000], [1]).is_met) == (True, False, True)
    page = tmp_path / "page.md"
    page.write_text("before\n{}\n{}\nafter\n".format(*serving.MARKS))
    for row in (slow, quick):
        write_sizes(page, serving.MARKS, serving.HEADINGS, 2, [row.cells()])
    lines = page.read_text().splitlines()
    assert lines[4:6] == ["| 250 | 120 | 151 | 20 | 150 ms | yes |", "| 10,000 | 401 | 402 | 300 | 400 ms | no |"]
    assert {line.count("|") for line in lines[2:-2]} == {len(serving.HEADINGS) + 1}
