"""A format is told by what a file holds, never by its name; a broken one by its look."""

from pathlib import Path

import pytest

from site_builder.formats.recognize import recognize
from site_builder.sources import READERS
from tests.builders import ROOT
from tests.samples import find_cases, read_text

BIBTEX = "% a comment\n@string{x = {y}}\n\n@inproceedings{doe2020,\n  title = {A Paper},\n}\n"
RIS = "\r\nTY  - JOUR\r\nTI  - A Paper\r\nER  - \r\n"

CASES = {
    # BibTeX
    "an entry": ("@misc{a, title={T}}", "bibtex"),
    "an entry behind comments": (BIBTEX, "bibtex"),
    "an entry in round brackets, spaced": ("\n  @ Article (a, title = {T})", "bibtex"),
    "a broken entry": ("@article{doe, title = {never closed", "bibtex"),
    "an entry that holds RIS": ("@misc{a, note = {\nTY  - JOUR\n}}", "bibtex"),
    "an entry with a BOM": ("\ufeff@misc{a, title={T}}", "bibtex"),
    # RIS
    "a record": (RIS, "ris"),
    "a record with a BOM": ("\ufeffTY  - JOUR\nER  - ", "ris"),
    "a record without its first line": ("TI  - A Paper\nAU  - Doe, J.\nPY  - 2020\nER  - \n", "ris"),
    "a record that holds BibTeX": ("TY  - JOUR\nN1  - x\n@misc{a, }\n", "ris"),
    "an old record with one blank": ("TY - JOUR\nTI - A Paper\nER - ", "ris"),
    "a record of PubMed's": ("PMID- 123\nTI  - A Paper\nAU  - Doe J\nAB  - x\n", "ris"),
    # CSL-JSON
    "an item": ('{"id": "x", "type": "book", "title": "T"}', "csl"),
    "items": ('[{"id": "x", "title": "T", "issued": {"date-parts": [[2020]]}}]', "csl"),
    "items in an object": ('{"items": [{"id": "x", "type": "book"}]}', "csl"),
    "items in an object, named last": ('{"version": 1, "items": [{"type": "book", "title": "T"}]}', "csl"),
    "a broken item": ('[{"id": "x", "type": "book" "title": "T', "csl"),
    "an item with keys of records within": ('[{"type": "book", "author": [{"slug": "x", "tags": 1}]}]', "csl"),
    # arXiv
    "an entry alone": ("<entry><id>http://arxiv.org/abs/2406.10010v1</id></entry>", "arxiv"),
    "a torn reply": ('<?xml version="1.0"?>\n<feed>\n<link href="http://arxiv.org/api/query?x"/><ent', "arxiv"),
    "another feed": ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a.org,1</id></entry></feed>', None),
    # Daily Papers
    "a day's list": ('[{"paper": {"id": "2406.1", "title": "T"}, "title": "T"}]', "daily"),
    "one paper": ('{"id": "2406.09246", "title": "T", "summary": "S", "upvotes": 3, "discussionId": "x"}', "daily"),
    "a torn list": ('[{"paper":{"id":"2406.00001","authors":[{"_id":"1","na', "daily"),
    "the API's error": ('{"error": "Paper not found"}', "daily"),
    # records
    "a record of ours": ('[{"slug": "x", "title": "T", "published": "2024"}]', "records"),
    "a record with a title only": ('[{"title": "T"}]', "records"),
    "a record with braces in its title": ('[{"title": "a } ] \\" { type", "slug": "x"}]', "records"),
    "a broken record of ours": ('[{"slug": "x", "captures": [{"file": ', "records"),
    # CSV
    "a table": ("title,authors\nT,A\n", "csv"),
    "a table in quotes": ('"Key","Title","DOI"\n"x","T",""\n', "csv"),
    "a table with semicolons": ("Title;Date\nT;2024\n", "csv"),
    "a table with tabs, and a BOM": ("\ufefftitle\tdate\nT\t2024\n", "csv"),
    "a table that Excel marks": ("sep=;\r\ntitle;date\r\nT;2024", "csv"),
    "a table that holds BibTeX": ('title,abstract\nT,"\n@misc{a, title={T}}"\n', "csv"),
    # captures
    "a listing's head": ("Daily Papers\n\nbyAK and the research community\n\nNov 24\n\nA Title\n", "capture"),
    "a day alone": ("\nMar 11\n\nA Title\nAn abstract.\n", "capture"),
    "a listing without its head": ("A Title\nAn abstract.\n18 authors\n·\nDec 8, 2022\n", "capture"),
    # none of them
    "nothing": ("", None),
    "blanks": (" \r\n\ufeff\n", None),
    "binary": ("%PDF-1.7\n\0\0\0", None),
    "a page": ("<!DOCTYPE html><html><head><title>arxiv.org</title></head></html>", None),
    "a page that speaks of arXiv": ('<html><a href="https://arxiv.org/abs/2406.10010">x</a></html>', None),
    "a picture": ('<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>', None),
    "prose": ("A paper's title, and more.\nWrite to me@example.org {soon}.\n", None),
    "an entry file of ours": ('---\ntitle: "A Paper"\n---\n\nNotes.\n', None),
    "settings": ('{"name": "x", "version": "1.0"}', None),
    "no records in an array": ("[1, 2, 3]", None),
    "an empty array": ("[]", None),
    "brackets only": ("[[[[{{{{", None),
    "one word": ("title", None),
    "another table": ("name,date\nx,2024\n", None),
}
CAPTURES = sorted((ROOT / "content" / "captures").glob("*.txt"))
# Files that are broken so far that nothing of their format is left in them.
UNTOLD = {
    "empty.json", "no-items.json", "nothing.json", "null.json", "empty.xml", "html.xml", "empty.csv", "no-title.csv",
    "empty.bib", "no-record.bib", "empty.ris", "no-record.ris",
}  # fmt: skip
SAMPLES = [(path, name) for name in READERS for path in find_cases(name)]


@pytest.mark.parametrize(("text", "name"), CASES.values(), ids=CASES)
def test_a_text_is_told_by_what_it_holds(text: str, name: str | None) -> None:
    assert recognize(text) == name


@pytest.mark.parametrize(("path", "name"), SAMPLES, ids=lambda value: value.name if isinstance(value, Path) else None)
def test_a_sample_is_told(path: Path, name: str) -> None:
    assert recognize(read_text(path)) == (None if path.name in UNTOLD else name)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_real_capture_is_told(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert recognize(text) == "capture"
    # Its first lines may be lost: the last lines of its papers tell it then, where the listing showed them.
    behind = "\n".join(text.splitlines()[12:])
    assert recognize(behind) == ("capture" if "\n·\n" in behind else None)


@pytest.mark.parametrize("sign", ['"', "{", "[", "<entry ", "@", "sep=;", "TY", "\\", '"a":', "·\n", "<!--", " ", "\n"])
def test_a_long_run_of_one_sign_is_soon_done_with(sign: str) -> None:
    assert recognize(sign * 300_000) in (None, "bibtex", "ris")
