"""What a record says beside a Paper's own fields: CSL's variables under `extra`.

In: a paper, or values by the names of CSL's variables. Out: these values as they can be written.
Must not know which format is read or written.
"""

import re
from collections.abc import Mapping
from typing import Any

from site_builder.paper import Paper

INFERRED = "The year is inferred"  # the note of a paper whose year its source did not say
CITED_KINDS = ("paper", "pdf", "project", "code")  # the kinds of links that stand for a paper, best first
OTHERS = "others"  # true when there are more authors than those named
# Where a line of Markdown begins an item of a list, a quotation, a heading or a table's row.
ITEM = re.compile(r"\n[^\S\n]*(?=(?:[-*+>|]|\d{1,9}[.)]|#{1,6})[^\S\n])")
NOT_ON_A_LINE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufeff]+")


def one_line(text: str) -> str:
    """Write a text on one line: white space and control characters are one blank."""
    return NOT_ON_A_LINE.sub(" ", text).strip()


def paragraphs(text: str) -> str:
    """Write each paragraph of a text on one line, with an empty line between."""
    return (
        "\n\n".join(filter(None, map(one_line, re.split(r"\n[^\S\n]*(?=\n)", text))))
        if "\n" in text
        else one_line(text)
    )


def note_lines(text: str) -> str:
    """Write each paragraph of a note on one line, but for items of lists and the like: each has a line of its own."""
    parts = re.split(r"\n[^\S\n]*(?=\n)", text)
    kept = ["\n".join(filter(None, map(one_line, ITEM.split(f"\n{part}")))) for part in parts]
    return "\n\n".join(filter(None, kept))


def variables_of(paper: Paper) -> Mapping[str, Any]:
    """Return the CSL variables that a paper has under `extra`; a curator may have put anything there."""
    found = paper.extra.get("csl")
    return found if isinstance(found, Mapping) else {}


def text_of(variables: Mapping[str, Any], name: str) -> str:
    """Return a variable on one line, nothing when it is absent or no text."""
    value = variables.get(name)
    return one_line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def names_of(variables: Mapping[str, Any], name: str) -> list[str]:
    """Return the full names that a variable holds."""
    value = variables.get(name)
    items = value if isinstance(value, list | tuple) else ()
    return [one_line(item) for item in items if isinstance(item, str) and one_line(item)]


def find_url(paper: Paper) -> str:
    """Return the address that stands for a paper, nothing when it has none."""
    return next((link.url for kind in CITED_KINDS for link in paper.links if link.kind == kind), "")


def hold_variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Make a paper's `extra` of the CSL variables that have a value."""
    known = {name: value for name, value in variables.items() if value}
    return {"csl": known} if known else {}
