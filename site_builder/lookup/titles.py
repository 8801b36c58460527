"""Titles, as questions to arXiv and as they are compared.

In: titles as they were captured. Out: queries of arXiv's search; whether two titles are one, or near. Must not ask.

arXiv's search takes `-` for a minus and `:` for the end of a field's name, refuses letters that are not ASCII, and
holds `GPT-4`, which has a digit, for one word. So a query is made of plain words only, in the runs in which they stand.
"""

import re

from site_builder.content.match import is_alike
from site_builder.formats.bibtex import STOP_WORDS
from site_builder.paper import fold_title
from site_builder.prose.repair import plain_text

MOST_WORDS = 30
WIDE_WORDS = 10  # of a question for titles that are like this one
SHORTEST_START = 12  # characters of a title that may be another's beginning
LONGEST_COMPARED = 500

PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")
HYPHENATED = re.compile(r"[A-Za-z]+(?:[-\u2010\u2011/][A-Za-z]+)+")  # world-model, not GPT-4
EDGES = "\"'`“”‘’«»()[]{}.,:;!?*"
ENDS = tuple(".,:;!?)]}")


def title_query(title: str) -> str:
    """Write the query for papers whose title has these words in this order: `ti:"world models" AND ti:"for robots"`.

    A title without a plain word gives "".
    """
    return " AND ".join(f'ti:"{" ".join(run)}"' for run in _runs(title))


def wide_query(title: str) -> str:
    """Write the query for papers whose titles share telling words with this one; "" when it has none."""
    words = [word for run in _runs(title) for word in run if word not in STOP_WORDS and len(word) > 2]
    return " OR ".join(f"ti:{word}" for word in list(dict.fromkeys(words))[:WIDE_WORDS])


def is_same(one: str, other: str) -> bool:
    """Tell whether two titles are one: repaired, and without regard to case and punctuation."""
    return _fold(one) == _fold(other)


def is_near(one: str, other: str) -> bool:
    """Tell whether one title may be the other with a typo, or without its subtitle."""
    short, long = sorted((_fold(one)[:LONGEST_COMPARED], _fold(other)[:LONGEST_COMPARED]), key=len)
    return (len(short) >= SHORTEST_START and long.startswith(short)) or is_alike(short, long)


def _fold(title: str) -> str:
    return fold_title(plain_text(title))


def _runs(title: str) -> list[list[str]]:
    """Return the plain words of a title, small, in runs; a word that arXiv may read otherwise ends one."""
    runs: list[list[str]] = [[]]
    for token in plain_text(title).split()[:MOST_WORDS]:
        word = token.strip(EDGES)
        if PLAIN_WORD.fullmatch(word) or HYPHENATED.fullmatch(word):
            runs[-1] += PLAIN_WORD.findall(word.lower())
        else:
            runs.append([])
        if token.endswith(ENDS):
            runs.append([])
    return [run for run in runs if run]
