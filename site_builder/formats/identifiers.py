"""Identifiers of papers: arXiv's and DOIs.

In: a text that gives one, be it an address. Out: the bare identifier. Must not know whose it is.
"""

import re

ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
DOI = r"10\.\d{4,9}/\S+"

# arXiv:2406.10010v2 [cs.LG], https://arxiv.org/pdf/math.GT/0309136v1.pdf, 10.48550/arXiv.2406.10010
GIVEN_ARXIV = re.compile(
    r"\s*(?:(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/|(?:https?://(?:dx\.)?doi\.org/)?10\.48550/arxiv\."
    r"|arxiv\s*:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?/?(?:[#?]\S*)?(?:\s*\[[\w.-]+\])?\s*",
    re.IGNORECASE,
)
GIVEN_DOI = re.compile(r"\s*(?:https?://(?:dx\.|www\.)?doi\.org/|doi\s*:\s*)?(10\.\d{4,9}/\S+)\s*", re.IGNORECASE)


def find_arxiv(text: str) -> str | None:
    """Return the arXiv identifier, without version, that a text is: bare, after `arXiv:`, in an address or a DOI."""
    found = GIVEN_ARXIV.fullmatch(text)
    return found[1] if found else None


def find_doi(text: str) -> str | None:
    """Return the DOI that a text is: bare, after `doi:` or in an address; one that arXiv gave is no DOI here."""
    found = GIVEN_DOI.fullmatch(text)
    return found[1] if found and not find_arxiv(text) else None
