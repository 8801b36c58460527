"""The words of the benchmark's papers: what the real list gives, and coined ones, so that the vocabulary grows.

In: the real entries. Out: their sentences and titles in parts, and as many new words as Heaps' law asks for: a text of
n words has about k·n^b different ones, and b is fitted to the real list. Must not know what papers look like.
"""

import math
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
JOINT = re.compile(r"\s(?=(?:for|with|via|in|of|through|by|under|from|without|beyond|on)\s)")

MOST_COINED = 12  # in a paper; the law asks for more in the first few papers, where it does not hold yet
ONSETS = "b br c cr d dr f fl g gl h k l m n p pr qu r s sk st t tr v vl w x z".split()
VOWELS = "a e i o u ai eo ia oa y".split()
CODAS = ["", "", "", "", *"l m n r s t x nd rm st".split()]
ENDINGS = ["", "", "", "", *"net former bench gen flow ity ation ator opt score".split()]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a real abstract, its words, and how many it has."""

    text: str
    words: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class RealPaper:
    """What is taken from a real paper."""

    sentences: tuple[Sentence, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What papers are made of: real ones, titles in parts, and how fast the real list's vocabulary grows."""

    papers: tuple[RealPaper, ...]
    by_tag: dict[str, list[RealPaper]]
    tags: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    words: frozenset[str]
    running: int
    growth: float


class WordCount:
    """How many words were written, how many different real ones among them, and how many the law misses."""

    def __init__(self, source: Source) -> None:
        """Start with nothing written."""
        self.source = source
        self.running = 0
        self.met: set[str] = set()

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Count an abstract's sentences."""
        for sentence in sentences:
            self.met |= sentence.words
            self.running += sentence.count

    def missing(self, coined: int) -> int:
        """Tell how many words to coin now, so many having been coined before."""
        expected = len(self.source.words) * (self.running / self.source.running) ** self.source.growth
        return max(0, min(MOST_COINED, round(expected) - len(self.met) - coined))


class Coiner:
    """Coins words that look like the names and terms of new papers, none twice."""

    def __init__(self, source: Source, chance: random.Random) -> None:
        """Start with nothing coined."""
        self.chance = chance
        self.taken = set(source.words)
        self.coined: list[str] = []

    def coin(self) -> str:
        """Coin a word."""
        choose = self.chance.choice
        while True:
            syllables = range(self.chance.choice((2, 2, 3)))
            word = "".join(choose(ONSETS) + choose(VOWELS) + choose(CODAS) for _ in syllables) + choose(ENDINGS)
            if word not in self.taken:
                break
        self.taken.add(word)
        shown = word.upper() if len(word) < 7 else choose((word, word.capitalize()))
        self.coined.append(shown)
        return shown

    def coin_many(self, count: int) -> list[str]:
        """Coin so many words."""
        return [self.coin() for _ in range(count)]

    def recall(self) -> str:
        """Return a word coined before; as in real text, the older ones are met more often."""
        return self.coined[int(len(self.coined) ** self.chance.uniform(0.3, 1)) - 1]


def load_source(content: Path) -> Source:
    """Read the real entries, in the order of their names."""
    entries = [
        yaml.safe_load(path.read_text(encoding="utf-8").split("\n---\n", 1)[0])
        for path in sorted((content / "papers").glob("*.md"))
    ]
    entries = [entry for entry in entries if entry.get("tags") and entry.get("abstract")]
    papers = tuple(RealPaper(split_sentences(entry["abstract"]), tuple(entry["tags"])) for entry in entries)
    tags = tuple(tag["slug"] for tag in yaml.safe_load((content / "tags.yml").read_text(encoding="utf-8")))
    parts = [JOINT.split(entry["title"].rpartition(": ")[2], maxsplit=1) for entry in entries]
    texts = [find_words(f"{entry['title']} {entry['abstract']}") for entry in entries]
    return Source(
        papers=papers,
        by_tag={tag: [paper for paper in papers if tag in paper.tags] for tag in tags},
        tags=tags,
        heads=tuple(dict.fromkeys(part[0] for part in parts)),
        tails=tuple(dict.fromkeys(part[1] for part in parts if len(part) == 2)),
        words=frozenset().union(*texts),
        running=sum(map(len, texts)),
        growth=fit_growth(texts),
    )


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Part an abstract into its sentences."""
    parts = [(part, find_words(part)) for part in SENTENCE_END.split(" ".join(text.split()))]
    return tuple(Sentence(part, frozenset(words), len(words)) for part, words in parts)


def find_words(text: str) -> list[str]:
    """Return the words of a text in small letters, each as often as it stands there."""
    return WORD.findall(text.lower())


def fit_growth(texts: list[list[str]], rounds: int = 8) -> float:
    """Fit b of Heaps' law: from a quarter of the list, in several orders, to the whole of it."""
    chance, quarter, whole = random.Random("growth"), 0.0, len(set().union(*texts))
    for _ in range(rounds):
        part = chance.sample(texts, len(texts) // 4)
        quarter += len(set().union(*part)) / rounds
    return math.log(whole / quarter) / math.log(len(texts) / (len(texts) // 4))
