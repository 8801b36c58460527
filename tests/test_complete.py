"""What arXiv fills in, what it does not, and how it is asked."""

import json
import shutil
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import site_builder.complete as complete_module
from site_builder.complete import CompleteReport, Request, complete
from site_builder.config import load_config
from site_builder.content.store import load_content
from site_builder.errors import SiteBuilderError
from site_builder.lookup.client import MOST_BYTES
from site_builder.lookup.matches import judge
from site_builder.lookup.titles import is_near, is_same, title_query, wide_query
from site_builder.paper import Link, Paper, PartialDate
from tests.arxiv import Record, Reply, StandIn, serve_arxiv
from tests.builders import ROOT, make_content, read_tree, run_command

TODAY = date(2026, 1, 5)
TITLE = "Meta-DT: Offline Meta-RL as Conditional Sequence Modeling"
RECORD = Record("2410.11448", TITLE)


@pytest.fixture
def arxiv():
    with serve_arxiv(RECORD) as served:
        yield served


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry_of(title: str = TITLE, more: str = "") -> str:
    return f'---\ntitle: "{title}"\n{more}---\n\nMy notes.\n'


def ask(
    project, arxiv: StandIn, entries: dict[str, str] | None = None, today: date = TODAY, **request
) -> CompleteReport:
    """Write entries by slug, and complete them."""
    if entries is not None:
        make_content(project, {f"papers/{slug}.md": text for slug, text in entries.items()})
    config, _ = load_config(project / "content", project / "output")
    return complete(config, Request(**request), arxiv.manner(), today)


def outcomes(report: CompleteReport) -> dict[str, str]:
    return {finding.entry.paper.slug: finding.outcome for finding in report.findings}


def text_of(project, slug: str = "x") -> str:
    return (project / "content" / "papers" / f"{slug}.md").read_bytes().decode()


# ---------------------------------------------------------------- what is filled


def test_gaps_are_filled_and_nothing_else_changes(project, arxiv):
    arxiv.records = [RECORD._replace(doi="10.1000/182", updated="2024-12-01")]
    mine = entry_of(more="# my comment\nstatus:   reading  # soon\ntags: [ robotics ]\n").replace("\n", "\r\n")
    report = ask(project, arxiv, {"x": mine})
    assert outcomes(report) == {"x": "filled"} and report.written == 1 and report.problems == ()
    filled = {
        f'title: "{TITLE}"\n': "abstract: >-\n  What arXiv says that it is about.\npublished: 2024-10-15\n"
        "updated: 2024-12-01\nauthors:\n  - Ada Lovelace\n  - Emmy Noether\n",
        "tags: [ robotics ]\n": 'arxiv: "2410.11448"\ndoi: "10.1000/182"\n',
    }
    for line, lines in filled.items():
        mine = mine.replace(line.replace("\n", "\r\n"), (line + lines).replace("\n", "\r\n"))
    assert text_of(project) == mine


def test_completing_again_changes_no_byte(project, arxiv):
    ask(project, arxiv, {"x": entry_of()})
    before = read_tree(project / "content")
    report = ask(project, arxiv, slugs=("x",))
    assert outcomes(report) == {"x": "unchanged"} and report.written == 0
    assert read_tree(project / "content") == before


def test_an_entry_without_gaps_is_not_asked_about(project, arxiv):
    ask(project, arxiv, {"x": entry_of()})
    assert ask(project, arxiv).findings == ()


def test_an_entry_that_says_it_is_not_on_arxiv_is_not_asked_about(project, arxiv):
    assert ask(project, arxiv, {"x": entry_of(more="arxiv:\n")}).findings == () and arxiv.questions == []


def test_what_is_there_and_empty_is_no_gap(project, arxiv):
    ask(project, arxiv, {"x": entry_of(more="published:\nauthors: []\ndoi:\n")})
    assert "\npublished:\nauthors: []\n" in text_of(project) and "2410.11448" in text_of(project)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("published: 2024\n", "published: 2024-10-15\n"),
        ("published: 2024-10\n", "published: 2024-10-15\n"),
        ("published: 2025-10-15\npublished_year: inferred\n", "published: 2024-10-15\n"),
        ("published: 2024-10-15\npublished_year: inferred\n", "published: 2024-10-15\n"),
    ],
)
def test_the_full_day_takes_the_place_of_a_vague_one_that_agrees(project, arxiv, said, shown):
    report = ask(project, arxiv, {"x": entry_of(more=said)})
    assert f"\n{shown}authors" in text_of(project) and "inferred" not in text_of(project)
    assert report.findings[0].conflicts == ()


@pytest.mark.parametrize(
    "said",
    ["published: 2023\n", "published: 2024-11\n", "published: 2024-10-16\npublished_year: inferred\n",
     "published: 2024-10-14\n"],
)  # fmt: skip
def test_a_day_that_disagrees_is_listed_and_stays(project, arxiv, said):
    report = ask(project, arxiv, {"x": entry_of(more=said)})
    assert said in text_of(project)
    assert [(c.key, c.offered) for c in report.findings[0].conflicts] == [("published", "2024-10-15")]


def test_other_numbers_of_authors_are_listed_and_no_name_is_filled_in(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of(more="authors_count: 6\n")})
    assert "authors:" not in text_of(project) and 'arxiv: "2410.11448"' in text_of(project)
    assert [(c.key, c.kept, c.offered) for c in report.findings[0].conflicts] == [("authors_count", "6", "2")]


def test_a_title_that_is_not_known_is_filled_in_by_the_identifier_and_is_no_question(project, arxiv):
    by_id, by_doi = 'arxiv: "2410.11448"\ndraft: true\n', "doi: 10.1000/182\n"
    entries = {"x": entry_of("Untitled (arXiv 2410.11448)", by_id), "y": entry_of("Untitled (DOI 10.1000/182)", by_doi)}
    report = ask(project, arxiv, entries)
    assert outcomes(report) == {"x": "filled", "y": "nothing"} and report.requests == 1
    assert report.findings[0].conflicts == ()
    assert f'title: "{TITLE}"\n' in text_of(project) and "draft: true\n" in text_of(project)


def test_two_authors_of_one_name_are_counted(project, arxiv):
    arxiv.records = [RECORD._replace(authors=("Wei Wang", "Yi Li", "Wei Wang"))]
    ask(project, arxiv, {"x": entry_of(), "y": entry_of("Another", "authors_count: 3\n")})
    assert "authors:\n  - Wei Wang\n  - Yi Li\n  - Wei Wang\n" in text_of(project)


def test_a_list_of_names_that_is_cut_disagrees_with_nothing(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of(more="authors: [Ada Lovelace]\nauthors_count: 2\n")})
    assert report.findings[0].conflicts == () and "authors: [Ada Lovelace]\n" in text_of(project)


def test_what_disagrees_is_listed_and_stays(project, arxiv):
    arxiv.records = [RECORD._replace(doi="10.1000/182", updated="2024-12-01")]
    said = "updated: 2024-11-01\nauthors: [Ada Byron]\ndoi: 10.1000/9\n"
    report = ask(project, arxiv, {"x": entry_of(more=said)})
    assert [c.key for c in report.findings[0].conflicts] == ["doi", "authors", "updated"]
    assert all(line in text_of(project) for line in said.splitlines())


def test_an_entry_that_cannot_be_edited_is_told_and_the_others_are_filled(project, arxiv):
    arxiv.records.append(Record("2401.00001", "Another Paper"))
    report = ask(project, arxiv, {"x": f'---\n{{title: "{TITLE}"}}\n---\n', "y": entry_of("Another Paper")})
    assert "2410" not in text_of(project)
    assert "2401.00001" in text_of(project, "y") and report.written == 1
    assert [p.message for p in report.problems][-1] == (
        "cannot be filled in: its front matter is not a list of fields, one to a line"
    )


def test_an_entry_with_a_fault_elsewhere_is_filled_and_its_fault_told_where_it_stands(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of(more="rating: 9\n")})
    assert outcomes(report) == {"x": "filled"} and 'arxiv: "2410.11448"\nrating: 9\n' in text_of(project)
    assert [text_of(project).splitlines()[p.line - 1] for p in report.problems] == ["rating: 9"]


def test_an_entry_that_cannot_be_written_costs_no_other(project, arxiv, monkeypatch):
    arxiv.records.append(Record("2401.00001", "Another Paper"))
    kept = complete_module.write_atomic

    def refuse(path, data):
        if path.stem == "x":
            raise SiteBuilderError("cannot write x.md: it is refused")
        kept(path, data)

    monkeypatch.setattr(complete_module, "write_atomic", refuse)
    report = ask(project, arxiv, {"x": entry_of(), "y": entry_of("Another Paper")})
    assert report.written == 1 and "2401.00001" in text_of(project, "y")
    assert [p.message for p in report.problems] == ["cannot write x.md: it is refused"]


def test_an_entry_that_was_saved_meanwhile_keeps_what_was_saved(project, arxiv):
    def save() -> None:
        (project / "content" / "papers" / "x.md").write_text(entry_of(more="abstract: Mine.\nstatus: read\n"))

    arxiv.on_question = save
    ask(project, arxiv, {"x": entry_of()})
    assert "abstract: Mine." in text_of(project) and "status: read" in text_of(project)
    assert "2410.11448" in text_of(project)


def test_an_entry_that_was_removed_meanwhile_stays_removed(project, arxiv):
    arxiv.on_question = lambda: (project / "content" / "papers" / "x.md").unlink(missing_ok=True)
    report = ask(project, arxiv, {"x": entry_of()})
    assert not (project / "content" / "papers" / "x.md").exists()
    assert report.written == 0 and len(report.problems) == 1


def test_a_dry_run_finds_and_changes_no_content(project, arxiv):
    make_content(project, {"papers/x.md": entry_of()})
    before = read_tree(project / "content")
    report = ask(project, arxiv, dry_run=True)
    assert outcomes(report) == {"x": "filled"} and report.written == 0
    assert read_tree(project / "content") == before


# ---------------------------------------------------------------- which paper is meant


def test_titles_are_one_whatever_their_case_punctuation_and_tex(project, arxiv):
    arxiv.records = [Record("2401.00001", "Pok\\'emon   and $k$-means: A\n  Study"), Record("2401.00002", "Other")]
    report = ask(project, arxiv, {"x": entry_of("Pokémon and k-Means — a study")})
    assert outcomes(report) == {"x": "filled"}


@pytest.mark.parametrize(
    "near", [TITLE.replace("Conditional", "Condtional"), f"{TITLE} with World Model Disentanglement", TITLE[:-20]]
)
def test_near_titles_are_listed_and_never_taken(project, arxiv, near):
    report = ask(project, arxiv, {"x": entry_of(near)})
    assert outcomes(report) == {"x": "near"} and report.written == 0
    assert [paper.title for paper in report.findings[0].papers] == [TITLE]


def test_a_paper_that_is_accepted_is_taken_and_its_title_listed(project, arxiv):
    report = ask(
        project, arxiv, {"x": entry_of("Quite Another Title"), "y": entry_of("No")}, accepted={"x": "2410.11448"}
    )
    assert outcomes(report) == {"x": "filled"}
    assert 'arxiv: "2410.11448"' in text_of(project)
    assert [conflict.key for conflict in report.findings[0].conflicts] == ["title"]


def test_nothing_is_found_for_a_title_that_arxiv_does_not_have(project, arxiv):
    assert outcomes(ask(project, arxiv, {"x": entry_of("On Something Quite Different")})) == {"x": "nothing"}


TWINS = [
    Record("2401.00001", "A Survey", ("A", "B", "C"), "2024-01-10", "2024-01-10"),
    Record("2301.00002", "A Survey", ("D",), "2023-02-20", "2023-02-20"),
]


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("", None),
        ("authors_count: 3\n", "2401.00001"),
        ("authors_count: 2\n", None),
        ("published: 2023-02-20\n", "2301.00002"),
        ("published: 2023-02-21\n", "2301.00002"),
        ("published: 2023\n", "2301.00002"),
        ("published: 2026-01-10\npublished_year: inferred\n", "2401.00001"),
        ("published: 2023-02-20\nauthors_count: 3\n", None),
        ("links: {pdf: 'https://arxiv.org/pdf/2301.00002v3'}\n", "2301.00002"),
    ],
)
def test_papers_of_one_title_are_told_apart_by_what_is_certain_only(project, arxiv, said, taken):
    arxiv.records = TWINS
    report = ask(project, arxiv, {"x": entry_of("A Survey", said)})
    assert outcomes(report) == {"x": "filled" if taken else "several"}
    assert (f'arxiv: "{taken}"' in text_of(project)) == bool(taken)


def test_a_title_with_two_facts_against_it_is_doubtful(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of(more="published: 2019-01-01\nauthors_count: 7\n")})
    assert outcomes(report) == {"x": "doubtful"} and report.written == 0


def test_one_paper_is_not_given_to_two_entries(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of(more='arxiv: "2410.11448"\n'), "y": entry_of()})
    assert outcomes(report) == {"x": "filled", "y": "doubtful"}
    assert report.findings[1].why == "it is the paper of `x` already"


def test_an_identifier_of_another_entry_is_refused_and_not_offered(project, arxiv, monkeypatch):
    monkeypatch.setenv("SITE_BUILDER_ARXIV_API", arxiv.address)
    ask(project, arxiv, {"x": entry_of("Another Paper", 'arxiv: "2410.11448"\n'), "y": entry_of()})
    before = read_tree(project / "content")
    asked = run_command("complete", "y")
    assert asked.exit_code == 0 and "it is the paper of `x` already" in asked.output and "--accept" not in asked.output
    taken = run_command("complete", "--accept", "y=2410.11448")
    assert taken.exit_code == 1 and "--accept" not in taken.output
    assert "papers/y.md: error: 2410.11448 was not taken: it is the paper of `x` already" in taken.stderr
    assert read_tree(project / "content") == before


def test_an_identifier_that_is_accepted_is_taken_whatever_its_title(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of("A Title Quite Unlike It")}, accepted={"x": "2410.11448"})
    assert outcomes(report) == {"x": "filled"} and 'arxiv: "2410.11448"' in text_of(project)


def test_an_identifier_of_a_paper_of_another_title_fills_nothing(project, arxiv):
    report = ask(project, arxiv, {"x": entry_of("Something Quite Different", 'arxiv: "2410.11448"\n')})
    assert outcomes(report) == {"x": "doubtful"} and report.written == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_titles_can_be_compared_and_asked_for(one, other):
    assert is_same(one, one) and is_near(one, other) == is_near(other, one)
    for query in (title_query(one), wide_query(one)):
        assert query.isascii() and "-" not in query and query.count('"') % 2 == 0


@pytest.mark.parametrize(
    ("title", "query"),
    [
        (TITLE, 'ti:"meta dt" AND ti:"offline meta rl as conditional sequence modeling"'),
        ("Is GPT-4 a World-Model? AND / OR", 'ti:"is" AND ti:"a world model" AND ti:"and" AND ti:"or"'),
        ('"Soft" Q-learning, the $\\beta$-way', 'ti:"soft q learning" AND ti:"the"'),
        ("Pok\\'emon Battles", 'ti:"battles"'),
        ("一般化", ""),
    ],
)
def test_a_query_holds_plain_words_only(title, query):
    assert title_query(title) == query


def test_every_paper_of_the_real_list_is_found_by_its_title(tmp_path, arxiv):
    shutil.copytree(ROOT / "content" / "papers", tmp_path / "content" / "papers")
    shutil.copy(ROOT / "content" / "tags.yml", tmp_path / "content")
    papers = [entry.paper for entry in load_content(tmp_path / "content").entries]
    arxiv.records = [
        Record(f"2401.{n:05}", paper.title.upper(), tuple(f"Author {k}" for k in range(paper.authors_count or 1)))
        for n, paper in enumerate(papers)
    ]
    report = ask(tmp_path, arxiv)
    assert set(outcomes(report).values()) == {"filled"} and report.written == len(papers) > 200
    assert len(arxiv.questions) == len(papers) and report.problems == ()
    known = [(paper.slug, paper.title, paper.abstract, paper.tags, paper.captures) for paper in papers]
    after = [entry.paper for entry in load_content(tmp_path / "content").entries]
    assert [(paper.slug, paper.title, paper.abstract, paper.tags, paper.captures) for paper in after] == known
    assert [paper.arxiv for paper in after] == [record.id for record in arxiv.records]


def test_a_title_without_plain_words_asks_nobody(project, arxiv):
    assert outcomes(ask(project, arxiv, {"x": entry_of("一般化")})) == {"x": "wordless"} and arxiv.questions == []
    said = run_command("complete", "--api", arxiv.address)
    assert said.exit_code == 0
    why = "its title has no words that arXiv can be asked for; give it an id with --accept"
    assert f"not asked x: {why}\n" in said.output and "1 that cannot be asked for\n" in said.output


def test_judging_needs_no_more_than_values():
    mine = Paper(
        "x", "A Survey", published=PartialDate(2024), links=(Link("code", "https://arxiv.org/abs/2301.00002"),)
    )
    found = [
        Paper("", "A survey", published=date(2024, 5, 1), arxiv="2405.1"),
        Paper("", "A Survey!", arxiv="2301.00002"),
    ]
    assert judge(mine, found).papers == (found[0],)


# ---------------------------------------------------------------- how arXiv is asked


def test_identifiers_are_asked_for_a_hundred_at_once(project, arxiv):
    arxiv.records = [Record(f"2401.{n:05}", f"Paper number {n}") for n in range(150)]
    report = ask(
        project, arxiv, {f"p{n}": entry_of(f"Paper number {n}", f'arxiv: "2401.{n:05}v2"\n') for n in range(150)}
    )
    assert [len(asked["id_list"].split(",")) for asked in arxiv.questions] == [100, 50]
    assert report.written == 150 and all(not finding.conflicts for finding in report.findings)


def test_one_identifier_that_arxiv_refuses_costs_the_others_nothing(project, arxiv):
    arxiv.records = [Record(f"2401.{n:05}", f"Paper number {n}") for n in range(8)]
    entries = {f"p{n}": entry_of(f"Paper number {n}", f'arxiv: "2401.{n:05}"\n') for n in range(8)}
    entries["p5"] = entries["p5"].replace("2401.", "2413.")
    report = ask(project, arxiv, entries)
    assert report.written == 7 and outcomes(report)["p5"] == "unasked"
    assert report.findings[5].why == "the API refuses the question: incorrect id format for 2413.00005"


def test_an_arxiv_doi_is_an_identifier(project, arxiv):
    ask(project, arxiv, {"x": entry_of(more="doi: 10.48550/arXiv.2410.11448\n")})
    assert [*arxiv.questions[0]] == ["id_list", "max_results"] and 'arxiv: "2410.11448"' in text_of(project)


def test_a_pause_follows_the_end_of_each_request(project, arxiv):
    arxiv.takes = 1.5
    ask(project, arxiv, {f"p{n}": entry_of(f"Unknown {word}") for n, word in enumerate(("one", "two", "three"))})
    assert len(arxiv.questions) == 6  # each title, and titles like it
    assert arxiv.waits == [3.0] * 5


def test_who_asks_is_told(project, arxiv, monkeypatch):
    monkeypatch.setenv("SITE_BUILDER_ARXIV_API", arxiv.address)
    make_content(project, {"papers/x.md": entry_of(), "site.yml": "address: https://example.org/papérs\n"})
    assert run_command("complete", "--pause", "0").exit_code == 0
    assert arxiv.agents[0].startswith("site-builder/")
    assert arxiv.agents[0].endswith(" (+https://example.org/pap%C3%A9rs/)")


def test_an_answer_is_kept_for_a_month(project, arxiv):
    ask(project, arxiv, {"x": entry_of()}, dry_run=True)
    for days, requests in ((0, 1), (30, 1), (31, 2), (-1, 3)):
        ask(project, arxiv, dry_run=True, today=TODAY + timedelta(days))
        assert len(arxiv.questions) == requests, days


def test_fresh_asks_anew(project, arxiv):
    for requests in (1, 2):
        ask(project, arxiv, {"x": entry_of()}, fresh=True, dry_run=True)
        assert len(arxiv.questions) == requests


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"day": 1}', "null", "\0", '{"day": "x", "question": 1}', "[" * 99_999]
)
def test_a_damaged_answer_is_asked_for_anew(project, arxiv, damage):
    ask(project, arxiv, {"x": entry_of()}, dry_run=True)
    (kept,) = (project / ".site-builder" / "arxiv").iterdir()
    assert json.loads(kept.read_text())["day"] == "2026-01-05"
    kept.write_text(damage)
    assert outcomes(ask(project, arxiv)) == {"x": "filled"} and len(arxiv.questions) == 2


# ---------------------------------------------------------------- what goes wrong

BUSY = Reply(503, "later", kind="text/plain")
GOOD = "<feed"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_who_is_to_come_again_later_does(project, arxiv, status):
    arxiv.faults = [BUSY._replace(status=status, headers=(("Retry-After", "20"),)), BUSY._replace(status=status)]
    assert outcomes(ask(project, arxiv, {"x": entry_of()})) == {"x": "filled"}
    assert arxiv.waits == [20.0, 12.0]


def test_a_server_that_stays_busy_is_asked_a_few_times_only(project, arxiv):
    arxiv.later = BUSY
    report = ask(project, arxiv, {"x": entry_of(), "y": entry_of("Another")})
    assert outcomes(report) == {"x": "unasked", "y": "unasked"} and len(arxiv.questions) == 3
    assert report.findings[1].why == "the API answers 503 Service Unavailable"


def test_nobody_waits_for_an_hour(project, arxiv):
    arxiv.later = BUSY._replace(headers=(("Retry-After", "3600"),))
    report = ask(project, arxiv, {"x": entry_of()})
    assert len(arxiv.questions) == 1 and arxiv.waits == []
    assert report.findings[0].why == "the API answers 503 Service Unavailable, and asks to come again in 3600 s"


FAULTS = {
    "refused": (Reply(400, "no", kind="text/html"), "the API answers 400 Bad Request"),
    "forbidden": (Reply(403, "no", kind="text/html"), "the API answers 403 Forbidden"),
    "refused and cut": (Reply(400, "<feed", cut=True), "the API's answer was cut off"),
    "a length that is none": (
        Reply(body="<feed>", headers=(("Content-Length", "x"),), kind="text/xml"),
        "the connection",
    ),
    "a login page": (
        Reply(body="<html>log in</html>", kind="text/html"),
        "the API answers with text/html, not with Atom",
    ),
    "empty": (Reply(), "the API's answer is broken"),
    "no Atom": (Reply(body="<rss></rss>"), "the API's answer is broken"),
    "broken XML": (Reply(body="<feed><entry></feed>"), "the API's answer cannot be read"),
    "half an answer": (Reply(body="<feed><entry><id>"), "the API's answer is broken"),
    "giant": (Reply(body="<feed>" + " " * MOST_BYTES + "</feed>"), "the API's answer is longer than"),
    "a redirect to a file": (Reply(302, headers=(("Location", "file:///etc/passwd"),)), "the API answers 302"),
    "a redirect to itself": (Reply(302, headers=(("Location", "?x=1"),)), "the API answers 302"),
}


@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_and_the_next_is_asked_about(project, arxiv, fault, said):
    arxiv.records.append(Record("2401.00001", "Another Paper"))
    again = 3 if fault.cut or "'x'" in str(fault.headers) else 1
    arxiv.faults = [fault] * (5 if "?x=1" in str(fault.headers) else again)  # a ring is left after four rounds
    report = ask(project, arxiv, {"x": entry_of(), "y": entry_of("Another Paper")})
    assert outcomes(report) == {"x": "unasked", "y": "filled"}
    assert report.findings[0].why.startswith(said)


def test_a_redirect_on_the_web_is_followed(project, arxiv):
    arxiv.faults = [Reply(301, headers=(("Location", f"{arxiv.address}?id_list=2410.11448"),))]
    assert outcomes(ask(project, arxiv, {"x": entry_of()})) == {"x": "filled"}


def test_a_cut_answer_is_asked_for_again(project, arxiv):
    arxiv.faults = [Reply(body=GOOD, cut=True)]
    assert outcomes(ask(project, arxiv, {"x": entry_of()})) == {"x": "filled"} and len(arxiv.questions) == 2


@pytest.mark.parametrize("kind", ["forbidden", "a login page", "refused and cut", "no Atom", "a redirect to a file"])
@pytest.mark.parametrize("more", ["", 'arxiv: "2401.{n:05}"\n'], ids=["by title", "by identifier"])
def test_after_three_faults_in_a_row_nobody_is_asked_any_more(project, arxiv, kind, more):
    arxiv.later, said = FAULTS[kind]
    entries = {f"p{n}": entry_of(f"Paper {n}", more.format(n=n)) for n in range(18)}
    report = ask(project, arxiv, entries)
    assert set(outcomes(report).values()) == {"unasked"} and len(arxiv.questions) == (9 if arxiv.later.cut else 3)
    assert report.findings[-1].why.startswith(f"asking ended after 3 failures in a row: {said}")


def test_an_identifier_after_the_other_that_arxiv_refuses_ends_nothing(project, arxiv):
    arxiv.records = [Record(f"2401.{n:05}", f"Paper number {n}") for n in range(16)]
    entries = {f"p{n:02}": entry_of(f"Paper number {n}", f'arxiv: "2413.{n:05}"\n') for n in range(15)}
    entries["p15"] = entry_of("Paper number 15", 'arxiv: "2401.00015"\n')
    report = ask(project, arxiv, entries)
    assert outcomes(report) == {**dict.fromkeys(entries, "unasked"), "p15": "filled"}


def test_a_server_that_hangs_is_left(project, arxiv):
    arxiv.later = Reply(hang=True)
    make_content(project, {"papers/x.md": entry_of(), "papers/y.md": entry_of("Another")})
    config, _ = load_config(project / "content", project / "output")
    report = complete(config, Request(), arxiv.manner(timeout=0.05, tries=2), TODAY)
    assert outcomes(report) == {"x": "unasked", "y": "unasked"} and report.requests == 2
    assert report.findings[0].why == "no answer within 0.05 s"


def test_a_server_that_drips_is_left(project, arxiv):
    ticks = iter(range(0, 10_000, 4))
    manner = arxiv.manner(tries=1, timeout=5.0, clock=lambda: next(ticks))
    make_content(project, {"papers/x.md": entry_of()})
    arxiv.records = [RECORD._replace(abstract="long " * 100_000)]
    config, _ = load_config(project / "content", project / "output")
    assert complete(config, Request(), manner, TODAY).findings[0].why == "the API's answer took longer than 5 s"


def test_without_network_it_says_so_and_changes_nothing(project, arxiv):
    with serve_arxiv() as gone:
        address = gone.address
    make_content(project, {"papers/x.md": entry_of(), "papers/y.md": entry_of("Another")})
    before = read_tree(project)
    ended = run_command("complete", "--api", address)
    assert ended.exit_code == 1 and read_tree(project) == before
    assert "not asked about 2 entries: the API cannot be reached: Connection refused" in ended.output
    assert ended.output.endswith("\nnothing was changed\n")


def test_a_fault_is_not_kept(project, arxiv):
    arxiv.faults = [Reply(body="<feed></feed")]
    ask(project, arxiv, {"x": entry_of()})
    assert not (project / ".site-builder").exists()


def test_what_was_found_until_ctrl_c_is_written(project, arxiv):
    arxiv.records.append(Record("2401.00001", "Another Paper"))
    make_content(project, {"papers/x.md": entry_of(), "papers/y.md": entry_of("Another Paper")})

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    config, _ = load_config(project / "content", project / "output")
    report = complete(config, Request(), arxiv.manner(wait=interrupt), TODAY)
    assert report.stopped and outcomes(report) == {"x": "filled", "y": "unasked"} and report.written == 1
    assert "2410.11448" in text_of(project)


# ---------------------------------------------------------------- the command


@pytest.fixture
def command(project, arxiv):
    return lambda *words: run_command("complete", "--api", arxiv.address, "--pause", "0", *words)


def test_the_command_tells_what_was_found(project, arxiv, command):
    arxiv.records += TWINS
    make_content(project, {
        "papers/a.md": entry_of(more="authors_count: 5\n"), "papers/b.md": entry_of("A Survey"),
        "papers/c.md": entry_of("Mata-DT Offline Meta-RL as Conditional Sequence Modeling"),
        "papers/d.md": entry_of("Nowhere to Be Seen"),
    })  # fmt: skip
    ended = command()
    assert ended.exit_code == 0
    assert ended.output.splitlines()[:-1] == [
        "filled a: arxiv 2410.11448, abstract, published 2024-10-15",
        "disagrees content/papers/a.md: authors_count: kept `5`, arXiv says `2`",
        "several b",
        "  here   A Survey",
        "  arXiv  A Survey (2401.00001, 2024-01-10, 3 authors)",
        "  arXiv  A Survey (2301.00002, 2023-02-20, 1 author)",
        "  are all of this title",
        "  to take it: site-builder complete --accept b=2401.00001",
        "near c",
        "  here   Mata-DT Offline Meta-RL as Conditional Sequence Modeling",
        f"  arXiv  {TITLE} (2410.11448, 2024-10-15, 2 authors)",
        "  has a title like it",
        "  to take it: site-builder complete --accept c=2410.11448",
        "not found d: arXiv has no title like it",
        "completed: 4 entries: 1 filled, 1 with several matches, 1 with near matches, 1 not found",
    ]
    assert command("--accept", "b=https://arxiv.org/abs/2301.00002v1").exit_code == 0
    assert 'arxiv: "2301.00002"' in text_of(project, "b")


@pytest.mark.parametrize(
    "words",
    [["nowhere"], ["--accept", "x"], ["--accept", "x=1"], ["--accept", "=2410.11448"], ["--api", "file:///etc/passwd"],
     ["--timeout", "-1"], ["--pause", "1e9"], ["--api", "https://export.arxiv.org/api/query"]],
)  # fmt: skip
def test_wrong_use_is_told_and_nobody_is_asked(project, arxiv, command, words):
    make_content(project, {"papers/x.md": entry_of()})
    assert command(*words).exit_code == 2 and arxiv.questions == []
