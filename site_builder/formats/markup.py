"""The markup that citation programs write in titles and abstracts.

In: a text as a record of another program gives it. Out: the same as a Paper holds it, and back.
Must not know which format it was.
"""

import html
import re

SCRIPTED = re.compile(r"<(su[bp])>([^<>]{1,200})</\1>", re.IGNORECASE)  # H<sub>2</sub>O
# What citation programs and Crossref write in titles and abstracts, and no other `<`: p < 0.05 stays.
MARKUP = re.compile(
    r"</?(?:i|b|em|strong|u|sc|sub|sup|scp|br|span|nocase|(?:jats:)?(?:p|sec|italic|bold|title|sub|sup|sc))"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
JATS_HEADING = re.compile(r"<jats:title>\s*Abstract\s*</jats:title>", re.IGNORECASE)
BREAKING = re.compile(r"<(?:/(?:jats:)?p|/jats:(?:sec|title)|br\s*/?)>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
RAISED = str.maketrans("0123456789+-=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def read_markup(text: str) -> str:
    """Take off the markup and the entities that citation programs write in titles and abstracts.

    Raised and lowered figures stay so: as characters where there are such, else as TeX.
    """
    if "<" in text:
        text = BREAKING.sub("\n", JATS_HEADING.sub("", text))
        text = MARKUP.sub("", SCRIPTED.sub(_read_script, text))
    return ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def write_markup(text: str) -> str:
    """Write a text so that `read_markup` gives it back: as it is, unless something in it would be read as markup."""
    return text if read_markup(text) == text else html.escape(text, quote=False)


def _read_script(found: re.Match[str]) -> str:
    table, sign = (RAISED, "^") if found[1].lower() == "sup" else (LOWERED, "_")
    has_all = all(ord(letter) in table for letter in found[2])
    return found[2].translate(table) if has_all else f"${sign}{{{found[2]}}}$"
