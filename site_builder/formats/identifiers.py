"""The identifiers by which the world knows a paper: arXiv's and the DOI.

In: a text that may hold one: bare, with its prefix, or in an address. Out: the identifier alone.
Must not know which field of which format the text stood in.
"""

import re
from urllib.parse import unquote

ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
DOI = r"10\.\d{4,9}/\S+"

# arXiv:2406.10010v2, https://arxiv.org/pdf/hep-th/9901001.pdf, 10.48550/arXiv.2406.10010, abs/2406.10010
ARXIV_IN_TEXT = re.compile(
    rf"(?:arxiv(?:\.org/(?:abs|pdf|html|format|ps|src|e-print)/|[.:])\s{{0,9}}|(?<![\w/.-])abs/)({ARXIV})(?![\d/])",
    re.IGNORECASE,
)
ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
# doi:10.1000/182, https://doi.org/10.1000/182, 10.1000/182; not the middle of another number
DOI_IN_TEXT = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>]+")
DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
ARXIV_ADDRESS = re.compile(r"https?://(?:www\.)?arxiv\.org/abs/", re.IGNORECASE)
BRACKETS = {")": "(", "]": "[", "}": "{"}


def find_arxiv(text: str) -> str | None:
    """Find the arXiv identifier of a text, without its version: bare, behind `arXiv:`, in an address or a DOI."""
    stripped = text.strip()
    if re.fullmatch(ARXIV, stripped):
        return _without_version(stripped)
    found = ARXIV_IN_TEXT.search(text)
    # The prefix is written in any case, an identifier is not: `hep-th`, `math.AG`.
    return _without_version(found[1]) if found and re.fullmatch(ARXIV, found[1]) else None


def find_doi(text: str) -> str | None:
    """Find the DOI of a text: bare, behind `doi:`, or in an address. arXiv's own DOIs are arXiv identifiers."""
    found = DOI_IN_TEXT.search(text)
    if not found:
        return None
    doi = found[0]
    if "%" in doi and "://" in "".join(text[: found.start()].rsplit(None, 1)[-1:]):
        doi = "".join(unquote(doi).split())
    doi = _trim(doi)
    return doi if re.fullmatch(DOI, doi) and not ARXIV_DOI.match(doi) else None


def find_doi_of_address(url: str) -> str | None:
    """Find the DOI in an address of doi.org; one in another's address may be another paper's."""
    return find_doi(url) if DOI_ADDRESS.match(url) else None


def is_said_by(url: str, arxiv: str | None, doi: str | None) -> bool:
    """Tell whether an address says no more than the identifiers that are known."""
    if ARXIV_ADDRESS.match(url):
        return arxiv is not None and find_arxiv(url) == arxiv
    if not DOI_ADDRESS.match(url):
        return False
    found = find_doi(url)
    return (arxiv is not None and find_arxiv(url) == arxiv) or bool(found and doi and found.lower() == doi.lower())


def _without_version(identifier: str) -> str:
    return re.sub(r"v\d+$", "", identifier)


def _trim(doi: str) -> str:
    """Cut what a sentence stuck to a DOI: `.`, `,`, a bracket that was not opened in it."""
    end = len(doi)
    open_brackets = {sign: doi.count(sign) - doi.count(opening) for sign, opening in BRACKETS.items()}
    while end and (doi[end - 1] in ".,;:'" or open_brackets.get(doi[end - 1], 0) > 0):
        if doi[end - 1] in open_brackets:
            open_brackets[doi[end - 1]] -= 1
        end -= 1
    return doi[:end]
