"""BibTeX.

In: a Paper. Out: its entry, as a reader pastes it into a bibliography.
Must not know the site, nor write fields of this program's own.
"""

import re
import unicodedata

from site_builder.paper import Paper

# BibTeX counts braces, escaped or not: one that has no other would end the entry.
SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "do",
        "does",
        "for",
        "from",
        "how",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "the",
        "to",
        "via",
        "what",
        "when",
        "why",
        "with",
    ]
)


def write_bibtex(paper: Paper, title: str) -> str:
    """Write a paper as a BibTeX entry; `title` is its title repaired for display.

    Authors and dates that are not known are left out, an inferred year is said to be one.
    """
    url = next(
        (link.url for kind in ("paper", "pdf", "project", "code") for link in paper.links if link.kind == kind),
        "",
    )
    published = paper.published
    month = published and published.isoformat()[5:7]
    fields = {
        "title": f"{{{escape_tex(title)}}}",
        "author": " and ".join(map(escape_tex, paper.authors)),
        "year": str(published.year) if published else "",
        "month": MONTHS[int(month) - 1] if month else "",
        "eprint": paper.arxiv or "",
        "archiveprefix": "arXiv" if paper.arxiv else "",
        "doi": _encode_braces(paper.doi or ""),
        "url": _encode_braces(url),
        "note": "The year is inferred" if published and paper.published_year == "inferred" else "",
    }
    lines = [f"  {key} = {value if key == 'month' else f'{{{value}}}'}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation_key(paper, title)},", *lines, "}"]) + "\n"


def citation_key(paper: Paper, title: str) -> str:
    """Make the key of an entry: first author's last name, year, first telling word of the title.

    Without authors, three telling words stand for the name.
    """
    words = [word.lower() for word in re.findall(r"[A-Za-z0-9]+", _ascii(title))]
    telling = [word for word in words if word not in STOP_WORDS] or [paper.slug]
    year = str(paper.published.year) if paper.published else ""
    last_name = re.sub(r"[^a-z]", "", _ascii(paper.authors[0].split()[-1]).lower()) if paper.authors else ""
    return f"{last_name}{year}{telling[0]}" if last_name else f"{''.join(telling[:3])}{year}"


def escape_tex(text: str) -> str:
    """Escape what TeX would read as a command."""
    return text.translate(SPECIAL)


def _encode_braces(address: str) -> str:
    return re.sub(r"[{}\\]", lambda sign: f"%{ord(sign[0]):X}", address)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
