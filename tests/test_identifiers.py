"""Identifiers, addresses and dates, wherever a text has them."""

from datetime import date
from urllib.parse import quote

import pytest

from site_builder.formats.dates import read_date
from site_builder.formats.identifiers import Identity, find_arxiv, find_doi, identify, is_said_by
from site_builder.formats.links import kind_of, links_beside
from site_builder.paper import Link, PartialDate

SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("2406.10010", "2406.10010"),
        ("2406.10010v3", "2406.10010"),
        ("arXiv:2406.10010v2", "2406.10010"),
        ("arXiv preprint arXiv:1810.04805", "1810.04805"),
        ("arXiv: 1706.03762 [cs]", "1706.03762"),
        ("https://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
        ("http://arxiv.org/pdf/2406.10010v2.pdf", "2406.10010"),
        ("math.AG/0101001", "math/0101001"),
        ("arXiv:math.GT/0309136v2", "math/0309136"),
        ("arXiv preprint 2406.10010", "2406.10010"),
        ("arXiv e-print 2406.10010v1", "2406.10010"),
        ("arXiv 2406.10010", "2406.10010"),
        ("2406.10010v2 [cs.LG]", "2406.10010"),
        ("https://www.alphaxiv.org/abs/2406.10010", "2406.10010"),
        ("https://huggingface.co/papers/2406.10010", "2406.10010"),
        ("abs/1810.04805", "1810.04805"),
        ("10.48550/arXiv.2406.10010", "2406.10010"),
        ("https://doi.org/10.48550/ARXIV.2406.10010", "2406.10010"),
        ("see 2406.10010 elsewhere", None),
        ("arXiv:2406.100101", None),
        ("arXiv 2020", None),
        ("", None),
    ],
)
def test_the_identifier_of_arxiv_is_found(text: str, arxiv: str | None) -> None:
    assert find_arxiv(text) == arxiv


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/182", "10.1000/182"),
        ("doi:10.1000/182.", "10.1000/182"),
        ("https://doi.org/10.1000/A(1)B)", "10.1000/A(1)B"),
        ("http://dx.doi.org/10.1002/%28SICI%291097", "10.1002/(SICI)1097"),
        ("10.1000/50%25", "10.1000/50%25"),
        (SICI, SICI),
        (f"doi: {SICI}", SICI),
        (f"https://doi.org/{SICI}", SICI),
        (f"https://doi.org/{quote(SICI, safe='')}", SICI),
        (f"as they say (doi:{SICI}), and", SICI),
        (f"<https://doi.org/{SICI}>", SICI),
        ("10.1000/a]b", "10.1000/a]b"),
        ("see <10.1000/182>; more", "10.1000/182"),
        ("see [10.1000/182](https://example.org)", "10.1000/182"),
        ("see “10.1000/182”", "10.1000/182"),
        ("10.48550/arXiv.2406.10010", None),
        ("10.1/x", None),
        ("version 110.1000/182", None),
    ],
)
def test_the_doi_is_found(text: str, doi: str | None) -> None:
    assert find_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("2406.10010v3", Identity("2406.10010")),
        (" arXiv: 2406.10010 ", Identity("2406.10010")),
        ("doi:10.1000/182", Identity(None, "10.1000/182")),
        ("10.48550/arXiv.2406.10010", Identity("2406.10010")),
        ("https://doi.org/10.48550/arXiv.2406.10010", Identity("2406.10010")),
        ("https://dx.doi.org/10.1002/%28SICI%291097", Identity(None, "10.1002/(SICI)1097")),
        ("https://export.arxiv.org/abs/hep-th%2F9901001v1", Identity("hep-th/9901001")),
        ("https://arxiv.org/pdf/2406.10010v2.pdf#page=3", Identity("2406.10010")),
        ("https://ar5iv.labs.arxiv.org/html/2406.10010/", Identity("2406.10010")),
        ("https://www.alphaxiv.org/abs/2406.10010?x=1", Identity("2406.10010")),
        ("https://huggingface.co/papers/2406.10010", Identity("2406.10010")),
        ("https://huggingface.co/papers/month", Identity()),
        ("https://notarxiv.org/abs/2406.10010", Identity()),
        ("https://example.org/?from=https://arxiv.org/abs/2406.10010", Identity()),
        ("https://dl.acm.org/doi/10.1000/182", Identity()),
        ("see 2406.10010", Identity()),
        ("10.5", Identity()),
        ("", Identity()),
    ],
)
def test_what_a_text_names_as_a_whole_is_told(text: str, identity: Identity) -> None:
    assert identify(text) == identity


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://arxiv.org/abs/2406.10010", "paper"),
        ("https://arxiv.org/pdf/2406.10010", "pdf"),
        ("https://openreview.net/pdf?id=x", "pdf"),
        ("https://openreview.net/forum?id=x", "paper"),
        ("https://www.example.org/a/x.PDF", "pdf"),
        ("https://www.example.org/pdf/", "project"),
        ("https://www.nature.com/articles/s41586-021-03819-2", "paper"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8371605/", "paper"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8371605/", "paper"),
        ("https://www.ncbi.nlm.nih.gov/geo/", "project"),
        ("https://proceedings.neurips.cc/paper/2017/hash/3f5e-Abstract.html", "paper"),
        ("https://dl.acm.org/doi/pdf/10.1145/1", "pdf"),
        ("https://www.alphaxiv.org/abs/2406.10010", "paper"),
        ("https://huggingface.co/papers/2406.10010", "paper"),
        ("https://huggingface.co/a/b", "project"),
        ("https://gist.github.com/a", "code"),
        ("https://huggingface.co/datasets/a", "data"),
        ("https://youtu.be/a", "video"),
    ],
)
def test_the_kind_of_an_address_is_told(url: str, kind: str) -> None:
    assert kind_of(url) == kind


def test_an_address_is_a_link_unless_it_says_no_more_than_is_known() -> None:
    abstract, pdf = "https://arxiv.org/abs/2406.10010", "https://arxiv.org/pdf/2406.10010"
    assert links_beside(abstract, "2406.10010", None) == ()
    assert links_beside(abstract, "2406.10011", None) == (Link("paper", abstract),)
    assert links_beside(pdf, "2406.10010", None) == (Link("pdf", pdf),)
    assert links_beside(pdf, None, None, "code") == (Link("code", pdf),)
    assert links_beside("no address", None, None) == ()


def test_an_address_is_said_by_the_identifier_that_it_holds_and_by_no_other() -> None:
    assert is_said_by("https://arxiv.org/abs/2406.10010v2", "2406.10010", None)
    assert is_said_by("https://doi.org/10.1000/ABC", None, "10.1000/abc")
    assert is_said_by("https://doi.org/10.48550/arXiv.2406.10010", "2406.10010", None)
    assert not is_said_by("https://arxiv.org/abs/2406.10011", "2406.10010", None)
    assert not is_said_by("https://arxiv.org/pdf/2406.10010", "2406.10010", None)
    assert not is_said_by("https://doi.org/10.1000/other", None, "10.1000/abc")
    assert not is_said_by("https://example.org/", None, None)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2024-10-15", date(2024, 10, 15)),
        ("2024-10-15T23:00:00-09:00", date(2024, 10, 15)),
        ("2024/10/15/received", date(2024, 10, 15)),
        ("15 October 2024", date(2024, 10, 15)),
        ("Oct 15, 2024", date(2024, 10, 15)),
        ("2024/10//", PartialDate(2024, 10)),
        ("27-30 June 2016", PartialDate(2016, 6)),
        ("2019-06-02/2019-06-07", date(2019, 6, 2)),
        ("2019-06/2019-07", PartialDate(2019, 6)),
        ("2019-12-30/2020-01-03", None),
        ("13/02/2020", date(2020, 2, 13)),
        ("02/13/2020", date(2020, 2, 13)),
        ("2.2.2020", date(2020, 2, 2)),
        ("01/02/2020", PartialDate(2020)),
        ("13/14/2020", PartialDate(2020)),
        ("2024-02-31", PartialDate(2024, 2)),
        ("2024///", PartialDate(2024)),
        ("2017 Nov-Dec", PartialDate(2017)),
        ("Spring 2020", PartialDate(2020)),
        ("2024-13", PartialDate(2024)),
        ("1999/2000", None),
        ("in press", None),
        ("0000", None),
        ("", None),
    ],
)
def test_of_a_date_as_much_is_known_as_is_said(text: str, known: date | None) -> None:
    assert read_date(text) == known
