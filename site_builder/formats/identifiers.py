"""The identifiers by which the world knows a paper: arXiv's and the DOI.

In: a text that is one or holds one: bare, with its prefix, or in an address. Out: the identifier alone.
Must not know which field of which format the text stood in.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
DOI = r"10\.\d{4,9}/\S+"

# Where a page is of one paper: arxiv.org/abs/2406.10010, ar5iv.labs.arxiv.org/html/…, huggingface.co/papers/…
PAGES = r"(?:(?:ar[x5]iv|alphaxiv)\.org/(?:abs|pdf|html|format|ps|src|e-print)|(?:huggingface|hf)\.co/papers)/"
ARXIV_PAGE = re.compile(rf"(?i:https?://(?:[\w-]+\.){{0,3}}{PAGES})({ARXIV})(?:\.pdf)?/?")
# arXiv:2406.10010v2, https://arxiv.org/pdf/hep-th/9901001.pdf, 10.48550/arXiv.2406.10010, abs/2406.10010
ARXIV_IN_TEXT = re.compile(rf"(?:{PAGES}|arxiv[.:]\s{{0,9}}|(?<![\w/.-])abs/)({ARXIV})(?![\d/])", re.IGNORECASE)
ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
# doi:10.1000/182, https://doi.org/10.1000/182, 10.1000/182; not the middle of another number
DOI_IN_TEXT = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>]+")
DOI_PAGE = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
ARXIV_ABSTRACT = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/abs/", re.IGNORECASE)
PREFIX = re.compile(r"(?:arxiv|doi)\s{0,9}:\s{0,9}", re.IGNORECASE)
BRACKETS = {")": "(", "]": "[", "}": "{"}


class Identity(NamedTuple):
    """What identifies a paper: its arXiv identifier without version, its DOI; arXiv's own DOIs are none."""

    arxiv: str | None = None
    doi: str | None = None


def identify(text: str) -> Identity:
    """Tell the paper that a text names, and says no more: an identifier, bare or prefixed, or the address of its page.

    A DOI in another address than doi.org's may be another paper's.
    """
    plain = text.strip()
    page = ARXIV_PAGE.fullmatch(unquote(re.split(r"[?#]", plain, maxsplit=1)[0]))
    if page:
        return Identity(without_version(page[1]))
    bare = PREFIX.sub("", plain, count=1)
    if DOI_PAGE.match(plain) or re.fullmatch(rf"{ARXIV}|{DOI}", bare):
        return Identity(find_arxiv(bare), find_doi(bare))
    return Identity()


def find_arxiv(text: str) -> str | None:
    """Find the arXiv identifier of a text, without its version: bare, behind `arXiv:`, in an address or a DOI."""
    stripped = text.strip()
    if re.fullmatch(ARXIV, stripped):
        return without_version(stripped)
    found = ARXIV_IN_TEXT.search(text)
    # The prefix is written in any case, an identifier is not: `hep-th`, `math.AG`.
    return without_version(found[1]) if found and re.fullmatch(ARXIV, found[1]) else None


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


def is_said_by(url: str, arxiv: str | None, doi: str | None) -> bool:
    """Tell whether an address is arXiv's or the DOI's own page of what is known: it says no more than that."""
    if not ARXIV_ABSTRACT.match(url) and not DOI_PAGE.match(url):
        return False
    found = identify(url)
    return bool((found.arxiv and found.arxiv == arxiv) or (found.doi and doi and found.doi.lower() == doi.lower()))


def without_version(arxiv: str) -> str:
    """Return an arXiv identifier without its version: `2406.10010v2` is `2406.10010`."""
    return re.sub(r"v\d+$", "", arxiv)


def _trim(doi: str) -> str:
    """Cut what a sentence stuck to a DOI: `.`, `,`, a bracket that was not opened in it."""
    end = len(doi)
    open_brackets = {sign: doi.count(sign) - doi.count(opening) for sign, opening in BRACKETS.items()}
    while end and (doi[end - 1] in ".,;:'" or open_brackets.get(doi[end - 1], 0) > 0):
        if doi[end - 1] in open_brackets:
            open_brackets[doi[end - 1]] -= 1
        end -= 1
    return doi[:end]
