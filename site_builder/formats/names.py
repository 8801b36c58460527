"""The names of people: in reading order, as a Paper has them, and in the parts that lists want.

In: a name as a format gives it. Out: `Given von Family Jr`, or its parts.
Must not know how a format escapes its text, nor which field the name is of.
"""

import re
from typing import NamedTuple

from site_builder.formats.extra import one_line

SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
OTHERS = re.compile(r"(?:and )?others|et\.? al\.?", re.IGNORECASE)
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


def is_others(name: str) -> bool:
    """Tell whether what stands in a name's place says that there are more: et al."""
    return OTHERS.fullmatch(name) is not None


def read_name(written: str) -> str:
    """Read `Last, First`, `Last, First, Jr`, `Last, Jr, First` or a name in reading order; more parts are no parts."""
    family, *rest = [part for part in map(str.strip, written.split(",")) if part] or [""]
    if len(rest) > 2:
        return one_line(written)
    if len(rest) == 2 and is_suffix(rest[0]):
        rest.reverse()
    if len(rest) == 1 and is_suffix(rest[0]):
        rest.insert(0, "")
    return join_name(family, *rest)


def split_name(name: str) -> Name:
    """Split a full name; particles in small letters (van der) belong to the last name."""
    text = one_line(name)
    before, *behind = re.split(r"\s*,\s*", text)
    if len(behind) == 1 and behind[0] and not is_suffix(behind[0]):
        return Name(before, behind[0])
    words = before.split(" ")
    suffix = ", ".join(behind)
    if not behind and len(words) > 2 and is_suffix(words[-1]):
        suffix = words.pop()
    if len(words) < 2:
        return Name(literal=text)
    start = len(words) - 1
    while start > 1 and SMALL_WORD.fullmatch(words[start - 1]) and words[start - 1].islower():
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def turn_name(name: str) -> str:
    """Turn a full name as lists want it: last name, first names, what stands behind (Jr., III)."""
    parts = split_name(name)
    return parts.literal or ", ".join(filter(None, (parts.family, parts.given, parts.suffix)))


def join_name(family: str, given: str = "", suffix: str = "") -> str:
    """Join the parts of a name in reading order: `Given von Family Jr`."""
    return one_line(f"{given} {family} {suffix}")
