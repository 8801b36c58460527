"""What the address of a record says of its paper.

In: an address. Out: the identifiers in it, and the link that it is.
Must not know which field of which format it stood in.
"""

import re
from typing import NamedTuple

from site_builder.formats.identifiers import find_arxiv, find_doi
from site_builder.formats.links import kind_of
from site_builder.kinds import is_web_address
from site_builder.paper import Link

DOI_ADDRESS = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
ARXIV_ABSTRACT = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/abs/", re.IGNORECASE)


class Address(NamedTuple):
    """An address read: what it identifies; `links` is empty when it says no more than that, or is no address."""

    arxiv: str | None = None
    doi: str | None = None
    links: tuple[Link, ...] = ()


def read_address(url: str) -> Address:
    """Read the address of a record. arXiv's and the DOI's own pages are no links beside the identifier."""
    if not is_web_address(url):
        return Address()
    arxiv = find_arxiv(url)
    doi = find_doi(url) if DOI_ADDRESS.match(url) and not arxiv else None
    is_own = doi or (arxiv and (ARXIV_ABSTRACT.match(url) or DOI_ADDRESS.match(url)))
    return Address(arxiv, doi, () if is_own else (Link(kind_of(url), url),))
