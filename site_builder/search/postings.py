"""Postings as text: which papers hold a term, in which field, how often, and where in a title.

In: numbers. Out: a short text of letters that JSON holds as it is; the way back stands beside it, and its twin
in templates/assets/shards.js. Must not know terms or papers.

A number is written in base 64, five bits a letter, low ones first; the sixth bit says that more follow. A field's
postings are their number, then for each the gap to the one before it, doubled, plus one when a count follows.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUES = {digit: value for value, digit in enumerate(DIGITS)}
MORE = 32

Counted = list[tuple[int, int]]  # a document's number, and how often it has the term
Placed = list[tuple[int, tuple[int, ...]]]  # a document's number, and the places of the term in its title


def write_number(number: int) -> str:
    """Write a number that is not negative."""
    digits = ""
    while number >= MORE:
        digits += DIGITS[number % MORE + MORE]
        number //= MORE
    return digits + DIGITS[number]


_KNOWN = [write_number(number) for number in range(4096)]


def write_postings(title: Placed, others: tuple[Counted, ...]) -> str:
    """Write a term's postings: those of the title with their places, then each other field's with their counts."""
    known, many = _KNOWN, len(_KNOWN)
    numbers = [len(title)]
    last = -1
    for document, places in title:
        numbers.append((document - last - 1) * 2 + (len(places) > 1))
        if len(places) > 1:
            numbers.append(len(places))
        numbers.append(places[0])
        numbers.extend(after - before for before, after in pairwise(places))
        last = document
    for field in others:
        numbers.append(len(field))
        last = -1
        for document, count in field:
            if count > 1:
                numbers += ((document - last) * 2 - 1, count)
            else:
                numbers.append((document - last) * 2 - 2)
            last = document
    return "".join([known[number] if number < many else write_number(number) for number in numbers])


def read_postings(text: str, fields: int) -> tuple[Placed, tuple[Counted, ...]]:
    """Read what `write_postings` wrote of a title and that many other fields."""
    numbers = _read_numbers(text)
    title: Placed = []
    last = -1
    for _ in range(next(numbers)):
        gap = next(numbers)
        last += gap // 2 + 1
        count = next(numbers) if gap % 2 else 1
        title.append((last, tuple(accumulate(next(numbers) for _ in range(count)))))
    others = []
    for _ in range(fields):
        field: Counted = []
        last = -1
        for _ in range(next(numbers)):
            gap = next(numbers)
            last += gap // 2 + 1
            field.append((last, next(numbers) if gap % 2 else 1))
        others.append(field)
    return title, tuple(others)


def _read_numbers(text: str) -> Iterator[int]:
    number, size = 0, 1
    for digit in map(VALUES.__getitem__, text):
        number += digit % MORE * size
        if digit < MORE:
            yield number
            number, size = 0, 1
        else:
            size *= MORE
