"""Links: in running text, and in the fields of records.

In: an abstract, or an address. Out: links, cleaned of what the text stuck to them, and told apart by kind.
Must not know whose abstract or field it is.
"""

import re
from urllib.parse import urlsplit

from site_builder.formats.identifiers import is_said_by
from site_builder.kinds import is_web_address
from site_builder.paper import Link

# https://github.com/a/b, www.example.org, name.github.io/page; not an e-mail's host, not "e.g./i.e."
ADDRESS_IN_TEXT = re.compile(
    r"""(?<![\w@./-])(?:https?://[^\s<>"'`|\\^{}]+
      |(?:www\.|(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|edu|dev|me)/)[^\s<>"'`|\\^{}]+
      |(?:[a-z0-9-]+\.)+(?:github|gitlab)\.io\b)""",
    re.VERBOSE | re.IGNORECASE,
)
CLOSERS = {")": "(", "]": "["}

CODE_HOSTS = (
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "gitee.com",
    "anonymous.4open.science",
)
PAPER_HOSTS = (
    "arxiv.org", "doi.org", "openreview.net", "aclanthology.org", "semanticscholar.org", "alphaxiv.org",
    "huggingface.co/papers", "hf.co/papers", "proceedings.neurips.cc", "papers.nips.cc", "papers.neurips.cc",
    "proceedings.mlr.press", "jmlr.org", "openaccess.thecvf.com", "ojs.aaai.org", "ijcai.org", "isca-archive.org",
    "ecva.net", "ieeexplore.ieee.org", "dl.acm.org", "link.springer.com", "sciencedirect.com",
    "onlinelibrary.wiley.com",
    "nature.com", "science.org", "pnas.org", "cell.com", "tandfonline.com", "journals.sagepub.com", "academic.oup.com",
    "journals.plos.org", "journals.aps.org", "iopscience.iop.org", "pubs.acs.org", "direct.mit.edu", "frontiersin.org",
    "mdpi.com", "elifesciences.org", "royalsocietypublishing.org", "drops.dagstuhl.de", "ceur-ws.org", "jstor.org",
    "pmc.ncbi.nlm.nih.gov", "pubmed.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov/pmc", "ncbi.nlm.nih.gov/pubmed",
    "europepmc.org", "biorxiv.org", "medrxiv.org", "chemrxiv.org", "eprint.iacr.org", "papers.ssrn.com",
    "osf.io/preprints",
)  # fmt: skip
VIDEO_HOSTS = ("youtube.com", "youtu.be", "vimeo.com", "bilibili.com")
DATA_HOSTS = (
    "zenodo.org",
    "kaggle.com",
    "figshare.com",
    "physionet.org",
    "openml.org",
    "dataverse.harvard.edu",
)
DATA_PATH = re.compile(r"/datasets?(?:/|$)", re.IGNORECASE)  # huggingface.co/datasets/…, lab.edu/datasets/…


def lift_links(text: str) -> tuple[Link, ...]:
    """Return the links of a text in its order, each once, with `https://` where the text left it out."""
    links = []
    for match in ADDRESS_IN_TEXT.finditer(text):
        url = clean_address(match.group())
        if is_web_address(url):
            links.append(Link(kind_of(url), url))
    return tuple(dict.fromkeys(links))


def clean_address(found: str) -> str:
    """Return the address that a text means: trimmed, without `.git`, with a scheme."""
    url = trim_address(found).removesuffix(".git")
    return url if re.match(r"https?://", url, re.IGNORECASE) else f"https://{url}"


def trim_address(found: str) -> str:
    """Cut what a sentence stuck to an address: `.`, `,`, a bracket that was not opened in it."""
    url = found
    while url and (
        url[-1] in ".,;:!?*'\"" or (url[-1] in CLOSERS and url.count(url[-1]) > url.count(CLOSERS[url[-1]]))
    ):
        url = url[:-1]
    return url


def links_beside(url: str, arxiv: str | None, doi: str | None, kind: str = "") -> tuple[Link, ...]:
    """Return an address as a link beside a paper's identifiers; none when it says no more than they, or is no address.

    Its kind is the one given, or told by the address.
    """
    if not is_web_address(url) or is_said_by(url, arxiv, doi):
        return ()
    return (Link(kind or kind_of(url), url),)


def kind_of(url: str) -> str:
    """Tell the kind of an address, one of LINK_KINDS, by its host and path; one of no known host is a project's."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")

    def is_at(places: tuple[str, ...]) -> bool:
        for known, _, folder in (place.partition("/") for place in places):
            is_host = host == known or host.endswith(f".{known}")
            if is_host and (not folder or parts.path.startswith(f"/{folder}/")):
                return True
        return False

    if parts.path.lower().endswith(".pdf"):
        return "pdf"
    if is_at(PAPER_HOSTS):  # arxiv.org/pdf/2406.10010, openreview.net/pdf?id=…, dl.acm.org/doi/pdf/10.1145/…
        return "pdf" if "pdf" in parts.path.split("/")[1:-1] or parts.path == "/pdf" else "paper"
    if is_at(DATA_HOSTS) or DATA_PATH.search(parts.path):
        return "data"
    if is_at(CODE_HOSTS):
        return "code"
    return "video" if is_at(VIDEO_HOSTS) else "project"
