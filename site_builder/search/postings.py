"""Postings as text: which papers hold a term, in which field, how often, and where in a title.

In: numbers. Out: a short text of letters that JSON holds as it is; the way back stands beside it, and its twin
in templates/assets/shards.js. Must not know terms or papers.

A number is written in base 64, five bits a letter, low ones first; the sixth bit says that more follow. A field's
postings are their number, then for each the gap to the one before it, doubled, plus one when a count follows. All but
the last field's, which are most, also have the field's length: the few that a query meets need not all be loaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUES = {digit: value for value, digit in enumerate(DIGITS)}
MORE = 32

# A document's number, and what stands in its field: of the title its length and the term's places, of the last field
# how often the term, of the others the length and how often.
Posting = tuple[Any, ...]


def write_number(number: int) -> str:
    """Write a number that is not negative."""
    digits = ""
    while number >= MORE:
        digits += DIGITS[number % MORE + MORE]
        number //= MORE
    return digits + DIGITS[number]


_KNOWN = [write_number(number) for number in range(4096)]


def write_numbers(numbers: Iterable[int]) -> str:
    """Write numbers one after the other."""
    known, many = _KNOWN, len(_KNOWN)
    return "".join([known[number] if number < many else write_number(number) for number in numbers])


def write_postings(fields: Sequence[list[Posting]]) -> str:
    """Write a term's postings, field by field, each in the order of the documents."""
    title, *sized, counted = fields
    numbers = [len(title)]
    last = -1
    for document, length, places in title:
        numbers.append((document - last - 1) * 2 + (len(places) > 1))
        if len(places) > 1:
            numbers.append(len(places))
        numbers += (length, places[0])
        numbers.extend(after - before for before, after in pairwise(places))
        last = document
    for field in sized:
        numbers.append(len(field))
        last = -1
        for document, length, count in field:
            numbers.append((document - last - 1) * 2 + (count > 1))
            numbers += (count, length) if count > 1 else (length,)
            last = document
    numbers.append(len(counted))
    last = -1
    for document, count in counted:
        if count > 1:
            numbers += ((document - last) * 2 - 1, count)
        else:
            numbers.append((document - last) * 2 - 2)
        last = document
    return write_numbers(numbers)


def read_postings(text: str, fields: int) -> tuple[list[Posting], ...]:
    """Read what `write_postings` wrote of that many fields."""
    numbers = _read_numbers(text)
    found: list[list[Posting]] = []
    for place in range(fields):
        field: list[Posting] = []
        last = -1
        for _ in range(next(numbers)):
            gap = next(numbers)
            last += gap // 2 + 1
            count = next(numbers) if gap % 2 else 1
            length = (next(numbers),) if place < fields - 1 else ()
            said = tuple(accumulate(next(numbers) for _ in range(count))) if place == 0 else count
            field.append((last, *length, said))
        found.append(field)
    return tuple(found)


def _read_numbers(text: str) -> Iterator[int]:
    number, size = 0, 1
    for digit in map(VALUES.__getitem__, text):
        number += digit % MORE * size
        if digit < MORE:
            yield number
            number, size = 0, 1
        else:
            size *= MORE
