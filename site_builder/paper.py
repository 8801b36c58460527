"""The records of the program: frozen values with typed fields, no I/O.

In: nothing. Out: `Paper` and the values that it is made of. Must not know where they come from or go to.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

LINK_KINDS = ("paper", "pdf", "code", "project", "data", "video")
# Letters that no mark makes of others, so that they cannot be taken apart.
LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H",
}  # fmt: skip
PLACEHOLDER = "Untitled ("  # Untitled (arXiv 2406.10010)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PARTIAL_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?")  # 2024, 2024-10


class PartialDate(date):
    """A year, or a month of a year, whose day is not known. It stands where its first day would."""

    __slots__ = ("has_month",)
    has_month: bool

    def __new__(cls, year: int, month: int | None = None) -> "PartialDate":
        """Make it of a year, and a month when that is known. Raises ValueError when there is no such month."""
        made = super().__new__(cls, year, 1 if month is None else month, 1)
        made.has_month = month is not None
        return made

    def isoformat(self) -> str:
        """Write as much as is known: 2024, 2024-10."""
        return f"{self.year:04}-{self.month:02}" if self.has_month else f"{self.year:04}"

    def __str__(self) -> str:
        """Write as much as is known."""
        return self.isoformat()

    def __repr__(self) -> str:
        """Write what makes it."""
        return f"PartialDate({self.year}, {self.month if self.has_month else None})"

    def __eq__(self, other: object) -> bool:
        """Tell whether the other says just as much."""
        return isinstance(other, PartialDate) and self.isoformat() == other.isoformat()

    def __ne__(self, other: object) -> bool:
        """Tell whether the other says more, less or something else."""
        return not self == other

    def __hash__(self) -> int:
        """Follow from what is known."""
        return hash(self.isoformat())

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as what makes it."""
        return (PartialDate, (self.year, self.month if self.has_month else None))


class Organization(NamedTuple):
    """Who a listing shows in the authors' place: `kaist-ai KAIST AI` is handle, then name."""

    handle: str
    name: str


class Link(NamedTuple):
    """An address that belongs to a paper. `kind` is one of LINK_KINDS."""

    kind: str
    url: str


class Sighting(NamedTuple):
    """A capture in which a paper was seen, and the day of that capture.

    `year` is "inferred" when the capture's text did not say it and no curator did: the day's year is then
    the earliest that is possible. `comments_count` is what the listing showed on that day.
    """

    file: str
    day: date
    year: Literal["inferred"] | None = None
    comments_count: int | None = None


class Paper(NamedTuple):
    """One paper of the list. Unknown is None, many is a tuple, a day is a date.

    `published` is a PartialDate when only its month or year is known; `published_year` is "inferred" when its year
    was not in the source.
    `comments_count` is the number shown at capture.
    """

    slug: str
    title: str
    abstract: str = ""
    published: date | None = None
    published_year: Literal["inferred"] | None = None
    updated: date | None = None
    authors: tuple[str, ...] = ()
    authors_count: int | None = None
    organization: Organization | None = None
    comments_count: int | None = None
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    arxiv: str | None = None
    doi: str | None = None
    captures: tuple[Sighting, ...] = ()
    added: date | None = None
    status: Literal["to-read", "reading", "read"] | None = None
    rating: int | None = None
    featured: bool = False
    draft: bool = False
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, Any] = MappingProxyType({})


class Tag(NamedTuple):
    """A word of the list's vocabulary.

    `suggest` holds the words and phrases that suggest it for a paper; `aliases` are its former slugs.
    """

    slug: str
    name: str
    group: str
    description: str = ""
    suggest: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


def pack_paper(paper: Paper) -> tuple[Any, ...]:
    """Write a paper as a tuple of plain values, which is quickly kept and read again."""
    return tuple([_pack(value) for value in paper])


def unpack_paper(packed: tuple[Any, ...]) -> Paper:
    """Read what `pack_paper` wrote."""
    values = dict(zip(Paper._fields, packed, strict=True))
    for name in ("published", "updated", "added"):
        values[name] = parse_day(values[name]) if values[name] else None
    if values["organization"]:
        values["organization"] = Organization(*values["organization"])
    values["links"] = tuple([Link(*link) for link in values["links"]])
    values["captures"] = tuple(
        [Sighting(file, date.fromisoformat(day), *rest) for file, day, *rest in values["captures"]]
    )
    return Paper(**values)


def _pack(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, MappingProxyType):
        return dict(value)
    return tuple([_pack(item) for item in value]) if isinstance(value, tuple) else value


def parse_day(text: str) -> date:
    """Read a day, a month or a year as `isoformat` writes it. Raises ValueError when it is none of them."""
    partial = PARTIAL_DAY.fullmatch(text)
    if not partial:
        return date.fromisoformat(text)
    return PartialDate(int(partial[1]), int(partial[2]) if partial[2] else None)


def name_placeholder(known_as: str) -> str:
    """Name a paper whose title is not known yet by what it is known by."""
    return f"{PLACEHOLDER}{known_as})"


def is_placeholder(title: str) -> bool:
    """Tell whether a title only stands in the place of one that is not known yet."""
    return title.startswith(PLACEHOLDER) and title.endswith(")")


def fold_title(title: str) -> str:
    """Fold a title so that two spellings of one title are equal: NFKC, without case and punctuation."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return re.sub(r"[\W_]+", "", folded) or folded.strip()


def to_ascii(text: str) -> str:
    """Write Latin letters without their marks, ligatures apart; what has no such form is left out."""
    apart = "".join(LETTERS.get(letter, letter) for letter in text)
    return unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode()
