"""A paper's number in the index: it follows from the slugs alone, and hardly moves when papers come and go.

In: slugs. Out: a number for each. Must not know what a paper says.

Were papers numbered in a row, a new one would move all after it, and nearly every file of the index would change.
Here a slug's checksum says where in a table with room to spare its paper stands, or, where that is taken, behind it.
"""

from collections.abc import Iterable
from zlib import crc32

ROOM = 1.5  # places for each paper, at least; the table's size is the next power of two
LEAST_BITS = 4


def number_papers(slugs: Iterable[str]) -> dict[str, int]:
    """Number papers: the same for any order of the slugs; the result is in the order of the numbers."""
    ordered = sorted((crc32(slug.encode()), slug) for slug in slugs)
    shift = 32 - table_bits(len(ordered))
    numbers: dict[str, int] = {}
    last = -1
    for checksum, slug in ordered:
        last = max(last + 1, checksum >> shift)
        numbers[slug] = last
    return numbers


def table_bits(count: int) -> int:
    """Return the bits of a table's size for that many papers."""
    return max(LEAST_BITS, int(count * ROOM).bit_length())
