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
# arXiv:2406.10010v2, arXiv preprint 2406.10010, https://arxiv.org/pdf/hep-th/9901001.pdf, 10.48550/arXiv.2406.10010,
# abs/2406.10010
NAMED = r"arxiv(?:\s{1,9}(?:e-?prints?|preprints?|id))?[.:\s]\s{0,9}"
ARXIV_IN_TEXT = re.compile(rf"(?:{PAGES}|{NAMED}|(?<![\w/.-])abs/)({ARXIV})(?![\d/])", re.IGNORECASE)
SUBJECTS = re.compile(r"\s{0,9}\[[\w. -]{1,40}\]$")  # 2406.10010 [cs.LG]
VERSION = re.compile(r"v\d+$")
SUBJECT_CLASS = re.compile(r"\.[A-Z]{2}(?=/)")  # math.GT/0309136
ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
# doi:10.1000/182, https://doi.org/10.1000/182, 10.1000/182; not the middle of another number. Old ones have any signs:
# 10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2
DOI_IN_TEXT = re.compile(r"(?<![\w.])10\.\d{4,9}(?:/|%2[Ff])[^\s\"“”]+")
DOI_LEAD = re.compile(r"(?:doi)?[\s:]*|[^\s()\[\]{}<>\"]+", re.IGNORECASE)  # what may stand before one that is alone
DOI_PAGE = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
ARXIV_ABSTRACT = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/abs/", re.IGNORECASE)
PREFIX = re.compile(r"(?:arxiv|doi)\s{0,9}:\s{0,9}", re.IGNORECASE)
BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


class Identity(NamedTuple):
    """What identifies a paper: arXiv's identifier without version and subject class, the DOI. arXiv's DOIs are none."""

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
    stripped = SUBJECTS.sub("", text.strip())
    if re.fullmatch(ARXIV, stripped):
        return without_version(stripped)
    found = ARXIV_IN_TEXT.search(text)
    # The prefix is written in any case, an identifier is not: `hep-th`, `math.AG`.
    return without_version(found[1]) if found and re.fullmatch(ARXIV, found[1]) else None


def find_doi(text: str) -> str | None:
    """Find the DOI of a text: bare, behind `doi:`, or in an address. arXiv's own DOIs are arXiv identifiers.

    One that is alone is taken whole, as a DOI may hold any sign; one among words ends at a bracket that they opened.
    """
    found = DOI_IN_TEXT.search(text)
    if not found:
        return None
    lead, doi = text[: found.start()], found[0]
    is_alone = DOI_LEAD.fullmatch(lead.strip()) and not text[found.end() :].strip()
    if not is_alone:
        doi = _cut_at_bracket(doi)
    if "%" in doi and "://" in "".join(lead.rsplit(None, 1)[-1:]):
        doi = "".join(unquote(doi).split())
    doi = _trim(doi)
    return doi if re.fullmatch(DOI, doi) and not ARXIV_DOI.match(doi) else None


def is_said_by(url: str, arxiv: str | None, doi: str | None) -> bool:
    """Tell whether an address is arXiv's or the DOI's own page of what is known: it says no more than that."""
    if not ARXIV_ABSTRACT.match(url) and not DOI_PAGE.match(url):
        return False
    found, known = identify(url), without_version(arxiv or "")
    return bool((found.arxiv and found.arxiv == known) or (found.doi and doi and found.doi.lower() == doi.lower()))


def without_version(arxiv: str) -> str:
    """Return an arXiv identifier without what names no other paper: its version, and an old one's subject class.

    `2406.10010v2` is `2406.10010`, `math.GT/0309136` is `math/0309136`.
    """
    return SUBJECT_CLASS.sub("", VERSION.sub("", arxiv))


def _cut_at_bracket(doi: str) -> str:
    """Cut a DOI before the first bracket that was not opened in it."""
    opened = dict.fromkeys(BRACKETS.values(), 0)
    for place, sign in enumerate(doi):
        if sign in opened:
            opened[sign] += 1
        elif sign in BRACKETS:
            opened[BRACKETS[sign]] -= 1
            if opened[BRACKETS[sign]] < 0:
                return doi[:place]
    return doi


def _trim(doi: str) -> str:
    """Cut what a sentence stuck to a DOI: `.`, `,`, a bracket that was not opened in it."""
    end = len(doi)
    open_brackets = {sign: doi.count(sign) - doi.count(opening) for sign, opening in BRACKETS.items()}
    while end and (doi[end - 1] in ".,;:'" or open_brackets.get(doi[end - 1], 0) > 0):
        if doi[end - 1] in open_brackets:
            open_brackets[doi[end - 1]] -= 1
        end -= 1
    return doi[:end]
