"""Export: what goes out comes back unchanged, whole or in part."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.builders import ROOT, make_content, read_tree
from tests.builders import run_command as run

FORMATS = ("bibtex", "ris", "csl", "csv", "json")
OWN = ("status", "rating", "featured", "draft", "captures", "comments_count", "aliases", "added", "slug")
PAPER = """---
title: "{title}"
abstract: An abstract of {title}.
authors: [Ada Lovelace, Alan Turing]
published: 2024-10-15
tags: [{tags}]
links:
  code: https://github.com/a/{slug}
captures:
  - {{file: 000.txt, day: 2025-03-14, comments_count: 4}}
added: 2025-03-14
status: {status}
rating: 4
---

The curator's notes.
"""
PATH = "---\ntitle: A path\npapers:\n  - paper: two\n  - paper: one\n---\n"


def paper(slug: str, tags: str = "robotics", status: str = "read") -> str:
    return PAPER.format(title=f"The {slug.title()}", slug=slug, tags=tags, status=status)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    papers = {
        "papers/one.md": paper("one", "robotics, theory"),
        "papers/two.md": paper("two", status="to-read"),
        "papers/three.md": paper("three", "theory").replace("rating: 4", "draft: true"),
    }
    make_content(tmp_path, {**papers, "collections/begin.md": PATH})
    return tmp_path


def slugs_of(*words: str) -> list[str]:
    return [row["slug"] for row in json.loads(run("export", "json", *words).output)]


@pytest.mark.parametrize("name", FORMATS)
def test_the_real_list_exported_and_imported_again_is_unchanged(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "content", tmp_path / "content")
    before = read_tree(tmp_path / "content")
    assert run("export", name, "--to", "list").exit_code == 0
    result = run("import", "list")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "records 229: new 0, merged 0, unchanged 229, conflict 0, near 0, removed 0" in result.output
    assert read_tree(tmp_path / "content") == before


def test_the_real_list_exported_as_json_makes_the_same_files_anew(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    shutil.copy(ROOT / "content" / "tags.yml", "content")
    run("--content", str(ROOT / "content"), "export", "json", "--to", "list.json")
    assert "229 written" in run("import", "list.json").output
    assert read_tree(tmp_path / "content" / "papers") == read_tree(ROOT / "content" / "papers")


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl"])
def test_what_only_this_program_knows_is_not_told_to_others(project, name):
    text = run("export", name).output.casefold()
    assert "ada" in text and not any(field.casefold() in text for field in OWN if field != "draft")


def test_a_part_of_the_list_is_chosen_by_tag_status_and_path(project):
    assert slugs_of() == ["one", "three", "two"]
    assert slugs_of("--tag", "robotics") == ["one", "two"]
    assert slugs_of("--tag", "robotics", "--tag", "theory") == ["one"]
    assert slugs_of("--status", "read", "--tag", "robotics") == ["one"]
    assert slugs_of("--status", "read", "--status", "to-read") == ["one", "three", "two"]
    assert slugs_of("--collection", "begin") == ["two", "one"]
    assert slugs_of("--collection", "begin", "--status", "to-read") == ["two"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--tag", "robotic"], "there is no tag `robotic`; did you mean `robotics`?"),
        (["--collection", "begins"], "there is no reading path `begins`; did you mean `begin`?"),
    ],
)
def test_what_is_not_there_is_wrong_use(project, words, told):
    result = run("export", "bibtex", *words)
    assert (result.exit_code, result.stderr) == (2, f"site-builder: {told}\n")


def test_an_empty_selection_is_an_empty_file(project):
    assert json.loads(run("export", "json", "--status", "reading").output) == []
    assert len(list(csv.reader(run("export", "csv", "--status", "reading").output.splitlines()))) == 1
    assert run("export", "bibtex", "--status", "reading").output == ""


def test_faults_of_the_content_are_told_and_the_rest_is_exported(project):
    Path("content/papers/bad.md").write_text("---\ntitle: A: b\n---\n")
    result = run("export", "json")
    assert result.exit_code == 1 and "bad.md:2:9" in result.stderr
    assert len(json.loads(result.output)) == 3


def test_a_file_is_written_whole_or_not_at_all(project):
    assert run("export", "ris", "--to", "out/list.ris").output == "exported: 3 entries to out/list.ris\n"
    assert Path("out/list.ris").read_bytes() == run("export", "ris").output.encode()
    assert run("export", "ris", "--to", "content").exit_code == 2


def test_what_is_there_and_empty_comes_back_from_json_as_it_was(project, tmp_path, monkeypatch):
    empty = '---\ntitle: "Empty"\nauthors: []\nlinks: {}\narxiv:\nadded: 2025-03-14\nextra: {b: 1.50, a: 3}\n---\n'
    Path("content/papers/empty.md").write_text(empty)
    run("export", "json", "--to", "list.json")
    (tmp_path / "other").mkdir()
    make_content(tmp_path / "other", {})
    monkeypatch.chdir(tmp_path / "other")
    assert run("import", "../list.json").exit_code == 0
    assert Path("content/papers/empty.md").read_text() == empty
