"""Suggested tags for a paper that no curator has read yet.

In: the vocabulary and the papers that a curator tagged. Out: a model, and the tags it suggests for a paper.
Must not know where papers come from.

Four sorts of evidence are weighed for each tag: how reliable the most telling of its `suggest` phrases has been
in this list, how often its phrases occur, how many of the most similar papers carry it, and which words set its
papers apart. `python -m tests.bench.tags` tells how well that agrees with the curated tags.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from site_builder.paper import Paper, Tag

WORD = re.compile(r"[a-z0-9]+")
NEIGHBOURS = 25
TELLING_WORDS = 10
TRUST = 2.0  # how many papers the belief in a phrase weighs, before this list has been counted
# How often a paper with a phrase carries its tag, unless counted: by place and number of mentions, for a short
# word and for a phrase of several words.
BELIEF = {"title": (0.60, 0.85), "often": (0.50, 0.80), "twice": (0.35, 0.65), "once": (0.20, 0.45)}
LONG_PHRASE = 12

# Weights of the evidence, fitted to the curated list: `python -m tests.bench.tags --fit` prints them anew.
WEIGHTS = {"bias": -7.41, "phrase": 0.744, "mentions": 1.40, "neighbours": 12.9, "words": 0.132, "rarity": -1.06}
THRESHOLD = 0.40
UNKNOWN_PHRASE = -2.5  # the log odds of a tag none of whose phrases occurs


@dataclass(frozen=True, slots=True)
class Text:
    """A paper's words, ready for look-ups: title and abstract as ` word word `, and the words weighed."""

    title: str
    abstract: str
    words: frozenset[str]
    counts: Mapping[str, int]


@dataclass(slots=True)
class TagModel:
    """What the curated papers teach. Counts are of papers: by phrase, by phrase and tag, by word, …"""

    tags: tuple[Tag, ...]
    texts: list[Text] = field(default_factory=list)
    carried: list[frozenset[str]] = field(default_factory=list)
    phrases: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    confirmed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    words_of_tag: dict[str, Counter[str]] = field(default_factory=dict)
    papers_of_tag: Counter[str] = field(default_factory=Counter)
    vectors: list[dict[str, float]] = field(default_factory=list)


def learn_tags(papers: Iterable[Paper], tags: tuple[Tag, ...]) -> TagModel:
    """Learn from the papers that carry tags."""
    model = TagModel(tags)
    for paper in papers:
        if not paper.tags:
            continue
        text = read_text(paper)
        model.texts.append(text)
        model.carried.append(frozenset(paper.tags))
        model.words.update(text.words)
        model.papers_of_tag.update(paper.tags)
        for slug in paper.tags:
            model.words_of_tag.setdefault(slug, Counter()).update(text.words)
        for tag in tags:
            found = find_phrases(tag, text)
            model.phrases.update((tag.slug, phrase, place) for phrase, place in found)
            if tag.slug in paper.tags:
                model.confirmed.update((tag.slug, phrase, place) for phrase, place in found)
    model.vectors = [weigh_words(text, model) for text in model.texts]
    return model


def suggest_tags(model: TagModel, paper: Paper) -> tuple[str, ...]:
    """Suggest tags for a paper, in the vocabulary's order."""
    chances = tag_chances(model, paper)
    return tuple(tag.slug for tag in model.tags if chances[tag.slug] >= THRESHOLD)


def tag_chances(model: TagModel, paper: Paper) -> dict[str, float]:
    """Return for each tag the chance, 0 to 1, that a curator would give it to the paper."""
    if not model.texts:  # nothing has been learned yet: the phrases alone tell
        text = read_text(paper)
        return {tag.slug: _strongest(model, tag, text) for tag in model.tags}
    evidence = weigh_evidence(model, paper)
    return {
        slug: 1 / (1 + math.exp(-sum(WEIGHTS[name] * value for name, value in row.items())))
        for slug, row in evidence.items()
    }


def weigh_evidence(model: TagModel, paper: Paper) -> dict[str, dict[str, float]]:
    """Return the evidence for each tag, by the names of WEIGHTS."""
    text = read_text(paper)
    votes = _votes_of_neighbours(model, text)
    rows = {}
    for tag in model.tags:
        strongest = _strongest(model, tag, text)
        rows[tag.slug] = {
            "bias": 1.0,
            "phrase": _log_odds(strongest) if strongest else UNKNOWN_PHRASE,
            "mentions": math.log1p(count_mentions(tag, text)),
            "neighbours": votes.get(tag.slug, 0.0),
            "words": _telling_words(model, tag.slug, text),
            "rarity": _log_odds((model.papers_of_tag[tag.slug] + 0.5) / (len(model.texts) + 1)),
        }
    return rows


# ---------------------------------------------------------------- text


def read_text(paper: Paper) -> Text:
    """Read a paper's title and abstract for look-ups; a title counts three times."""
    title, abstract = _words_of(paper.title), _words_of(paper.abstract)
    counts = Counter(word for word in title * 3 + abstract if len(word) > 2)
    pairs = {f"{one} {two}" for words in (title, abstract) for one, two in pairwise(words)}
    return Text(f" {' '.join(title)} ", f" {' '.join(abstract)} ", frozenset(counts) | pairs, counts)


def find_phrases(tag: Tag, text: Text) -> list[tuple[str, str]]:
    """Find the phrases that suggest a tag: each with where it stands, or how often."""
    found = []
    for phrase in tag.suggest:
        pattern = phrase_pattern(phrase)
        if pattern.search(text.title):
            found.append((phrase, "title"))
        number = len(pattern.findall(text.abstract))
        if number:
            found.append((phrase, "once" if number == 1 else "twice" if number == 2 else "often"))
    return found


def count_mentions(tag: Tag, text: Text) -> int:
    """Count the places of a text at which phrases of a tag begin."""
    whole = text.title + text.abstract
    return len({match.start() for phrase in tag.suggest for match in phrase_pattern(phrase).finditer(whole)})


@cache
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Compile a phrase: whole words, any separators between them, `*` for any ending."""
    parts = re.sub(r"[^a-z0-9*]+", " ", phrase.lower()).strip().split("*")
    return re.compile(" " + r"\w*".join(map(re.escape, parts)) + "(?= )")


def _words_of(text: str) -> list[str]:
    return WORD.findall(text.lower())


# ---------------------------------------------------------------- evidence


def _reliability(model: TagModel, slug: str, phrase: str, place: str) -> float:
    """Return how often papers with this phrase at this place carry the tag: as counted, and as believed."""
    is_long = " " in phrase or "-" in phrase or len(phrase) >= LONG_PHRASE
    key = (slug, phrase, place)
    return (model.confirmed[key] + TRUST * BELIEF[place][is_long]) / (model.phrases[key] + TRUST)


def _strongest(model: TagModel, tag: Tag, text: Text) -> float:
    """Return the reliability of the most telling phrase in a text."""
    return max((_reliability(model, tag.slug, *one) for one in find_phrases(tag, text)), default=0.0)


def _votes_of_neighbours(model: TagModel, text: Text) -> dict[str, float]:
    """Return the share of the most similar papers, by similarity, that carries each tag."""
    own = weigh_words(text, model)
    near = sorted(
        (
            (sum(weight * vector.get(word, 0.0) for word, weight in own.items()), index)
            for index, vector in enumerate(model.vectors)
        ),
        reverse=True,
    )[:NEIGHBOURS]
    total = sum(similarity for similarity, _ in near)
    votes: dict[str, float] = {}
    for similarity, index in near:
        for slug in model.carried[index]:
            votes[slug] = votes.get(slug, 0.0) + similarity / total if total else 0.0
    return votes


def weigh_words(text: Text, model: TagModel) -> dict[str, float]:
    """Weigh a text's words by TF-IDF, as a vector of length one; very common words are left out."""
    size = len(model.texts) + 1
    weights = {
        word: (1 + math.log(count)) * math.log(size / model.words[word])
        for word, count in text.counts.items()
        if 0 < model.words[word] < 0.4 * size
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def _telling_words(model: TagModel, slug: str, text: Text) -> float:
    """Return the mean log ratio of the words that most set the tag's papers apart from the others."""
    tagged, size = model.papers_of_tag[slug], len(model.texts)
    if not tagged or tagged == size:
        return 0.0
    known, share = model.words_of_tag[slug], tagged / size
    ratios = sorted(
        (
            math.log((known[word] + share) / (tagged + 1))
            - math.log((model.words[word] - known[word] + 1 - share) / (size - tagged + 1))
            for word in text.words
            if 3 <= model.words[word] < 0.5 * size
        ),
        reverse=True,
    )[:TELLING_WORDS]
    return sum(ratios) / TELLING_WORDS


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 0.01), 0.99)
    return math.log(bounded / (1 - bounded))
