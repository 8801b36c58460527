"""The names of people: in reading order, as a Paper has them, and in the parts that lists want.

In: a name as a format gives it. Out: `Given von Family Jr`, or its parts.
Must not know how a format escapes its text, nor which field the name is of.
"""

import re
from typing import NamedTuple

from site_builder.formats.extra import one_line

SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
# What the name of an organization ends with: it has no last name.
BODIES = frozenset(
    "team group consortium collaboration collaborators committee initiative foundation institute university "
    "association society laboratory labs investigators".split()
)
OTHERS = re.compile(r"(?:and )?others|et\.? al\.?", re.IGNORECASE)
DBLP_NUMBER = re.compile(r"(?<=[^\W\d_]|\.) 0\d{3}(?=\s*(?:,|$))")  # Wei Wang 0015: which of those of one name
SMALL_WORD = re.compile(r"[^\W\d_]+")


class Name(NamedTuple):
    """The parts of a name; one without parts (Plato, an organization) is `literal`."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


def is_suffix(word: str) -> bool:
    """Tell whether a word stands behind a name: Jr., III."""
    return word.removesuffix(".").lower() in SUFFIXES


def is_body(name: str) -> bool:
    """Tell whether a name is an organization's, by its last word."""
    return name[name.rfind(" ") + 1 :].lower() in BODIES


def is_others(name: str) -> bool:
    """Tell whether what stands in a name's place says that there are more: et al."""
    return OTHERS.fullmatch(name) is not None


def read_name(written: str) -> str:
    """Read `Last, First`, `Last, First, Jr`, `Last, Jr, First` or a name in reading order; more parts are no parts.

    A comma that is written twice is one of the name's own.
    """
    if ",," in written:
        return one_line(written.replace(",,", ","))
    written = without_number(written)
    family, *rest = [part for part in map(str.strip, written.split(",")) if part] or [""]
    if len(rest) > 2:
        return one_line(written)
    if len(rest) == 2 and is_suffix(rest[0]):
        rest.reverse()
    if len(rest) == 1 and is_suffix(rest[0]):
        rest.insert(0, "")
    return join_name(family, *rest)


def without_number(name: str) -> str:
    """Return a name without the number by which DBLP tells people of one name apart: `Wei Wang 0015`."""
    return DBLP_NUMBER.sub("", name)


def split_name(name: str) -> Name:
    """Split a full name; particles in small letters (van der) belong to the last name.

    An organization is told by its last word, or by a comma that no Jr. stands behind.
    """
    text = one_line(name)
    before, *behind = re.split(r"\s*,\s*", text)
    words = before.split(" ")
    suffix = "".join(behind[:1])
    if not behind and len(words) > 2 and is_suffix(words[-1]):
        suffix = words.pop()
    if len(behind) > 1 or (behind and not is_suffix(suffix)) or is_body(before) or len(words) < 2:
        return Name(literal=text)
    start = len(words) - 1
    while start > 1 and SMALL_WORD.fullmatch(words[start - 1]) and words[start - 1].islower():
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def turn_name(name: str) -> str:
    """Turn a full name as lists want it: last name, first names, what stands behind (Jr., III).

    Commas of a name that has no such parts are written twice.
    """
    parts = split_name(name)
    return _double_commas(parts.literal) or ", ".join(filter(None, (parts.family, parts.given, parts.suffix)))


def hold_name(name: str) -> str:
    """Write a name in reading order so that `read_name` gives it back: commas that part nothing are written twice."""
    return _double_commas(split_name(name).literal) or name


def _double_commas(name: str) -> str:
    return name.replace(",", ",,")


def join_name(family: str, given: str = "", suffix: str = "") -> str:
    """Join the parts of a name in reading order: `Given von Family Jr`."""
    return one_line(f"{given} {family} {suffix}")
