"""Text to terms: what a reader types and what a paper says meet here.

In: any text. Out: its terms, in order. `templates/assets/terms.js` is the twin that runs in the browser;
`tests/data/terms.json` holds what both must give. Must not know Lunr, nor what the text is.

The stemmer folds inflections only (scale, scales, scaled, scaling; policy, policies) and British spelling into
American. It leaves derivations apart, so `generalization` is not `general`.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "\u2010": "-",  # a hyphen by itself; NFKC makes one of the unbreakable one
    }
)
INVISIBLE = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")  # they stand inside words and part none
DIACRITICS = re.compile("[\u0300-\u036f]")
JOINERS = "-+._/"  # between two words they make one name: GPT-4V, LLM+P, v2.5, and/or
JOINED = re.compile(r"[-+._/]+")
APOSTROPHE = re.compile(r"'s?(?![^\W_])|'")  # agent's, agents', don't
LONGEST_TERM = 40
MOST_KEPT = 262_144  # words whose terms are at hand

STOP_WORDS = frozenset(
    (
        "a about an and are as at be been but by can could do does for from had has have he her his how i if in into "
        "is it its may might more most not of on or our she should so some such than that the their them then there "
        "these they this to up us was we were what when where which while who why will with would you your"
    ).split()
)

# In this order; each rule is tried once on a word of four or more Latin letters. The same table is in terms.js.
# Before each stand the ends of which a word must have one for it, or, behind a star, what must be somewhere in it: most
# words are passed by without trying.
Rule = tuple[tuple[str, ...], str, re.Pattern[str], str]
RULES: tuple[Rule, ...] = tuple(
    (("",) if ends[0] == "*" else tuple(ends.split("|")), ends[1:] if ends[0] == "*" else "", re.compile(pattern), new)
    for ends, pattern, new in (
        # British spelling
        ("*our", r"(behavi|col|neighb|fav|lab|hon|hum|vap|flav|endeav|arm|harb|tum|rum|rig)our", r"\1or"),
        ("re|res", r"^(cent|met|lit|fib)re(s?)$", r"\1er\2"),
        (
            "se|ses|sed|sing|ser|sers|sable|sation|sations",
            r"([iy])s(e|es|ed|ing|er|ers|able|ation|ations)$",
            r"\1z\2",
        ),
        ("logue|logues", r"logue(s?)$", r"log\1"),
        ("gramme|grammes", r"gramme(s?)$", r"gram\1"),
        ("ence|ences", r"^(def|off|lic)ence(s?)$", r"\1ense\2"),
        ("*artefact", r"^artefact", "artifact"),
        ("*aed", r"^(orthop|p)aed", r"\1ed"),
        ("*aem", r"(^h|an|uk|isch)aem", r"\1em"),
        ("grey|greys", r"^grey(s?)$", r"gray\1"),
        ("*practiz", r"^practiz", "practic"),
        ("ement|ements", r"^(judg|acknowledg)ement(s?)$", r"\1ment\2"),
        ("learnt|burnt|dreamt", r"^(learn|burn|dream)t$", r"\1"),
        # plurals and tenses of their own
        ("used|uses|using", r"^(us)(?:ed|es|ing)$", r"\1e"),
        ("dds|dded|dding", r"^(add|odd)(?:s|ed|ing)$", r"\1"),
        ("ices", r"^(matr|append)ices$", r"\1ix"),
        ("ices", r"^(ind|vert)ices$", r"\1ex"),
        ("ies", r"^(mov|cook|zomb)ies$", r"\1ie"),
        ("oses", r"(diagn|progn)oses$", r"\1osis"),
        ("lenses", r"^(lens)es$", r"\1"),
        # plurals
        ("as", r"^(bias|atlas|canvas|alias)$", r"\1e"),
        ("pus", r"^([a-z]pu)s$", r"\1"),
        ("theses", r"(thes)es$", r"\1is"),
        ("sis", r"([yo])sis$", r"\1ze"),
        ("ies", r"([^aeiou])ies$", r"\1y"),
        ("sses|xes|ches|shes", r"(ss|x|ch|sh)es$", r"\1"),
        ("s", r"([^suai])s$", r"\1"),
        ("as", r"([aeiou][a-z]*[^aeiou])as$", r"\1a"),
        # tenses
        ("ied", r"([^aeiou])ied$", r"\1y"),
        ("eed", r"^(agre|degre|guarante)ed$", r"\1e"),
        ("ed", r"^(?!embed$|hundred$)(.*[aeiouy].*[^e]|[aeiou][^aeiou])ed$", r"\1"),
        ("ing", r"^(.+[aeiouy].*|[aeiou].|.*[aeiou])ing$", r"\1"),
        # what they leave behind
        ("bb|dd|ff|gg|kk|ll|mm|nn|pp|rr|tt", r"([a-z]{2})([bdfgklmnprt])\2$", r"\1\2"),
        ("e", r"([a-z]{2}[a-z])e$", r"\1"),
    )
)


class _WordTable(dict[int, int]):
    """Maps what is not part of a word to a blank; letters, digits, marks and joiners stay."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        kept = unicodedata.category(character)[0] in "LNM" or character in JOINERS + "'"
        self[code] = code if kept else 32
        return self[code]


_words = _WordTable()


def fold(text: str) -> str:
    """Fold a text: NFKC, small letters, without accents and ligatures."""
    if text.isascii():
        return text.lower()
    small = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower().translate(LETTERS)
    return unicodedata.normalize("NFC", DIACRITICS.sub("", unicodedata.normalize("NFD", small)))


def terms_of(text: str) -> list[str]:
    """Return the terms of a text, stop words left out; joined parts (`GPT-4V`) give each part and the whole."""
    return list(chain.from_iterable(map(_chunks.__getitem__, text.split())))


class _Chunks(dict[str, tuple[str, ...]]):
    """The terms of what stands between two blanks; most of a text has been read before."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= MOST_KEPT:
            self.clear()
        words = [chunk.lower()] if chunk.isascii() and chunk.isalnum() else fold(chunk).translate(_words).split()
        self[chunk] = tuple([term for word in words for term in _terms_of_word(word)])
        return self[chunk]


_chunks = _Chunks()


@lru_cache(MOST_KEPT)
def _terms_of_word(chunk: str) -> tuple[str, ...]:
    """Return the terms of a folded word, which may be of joined parts."""
    if chunk.isalnum():
        return () if chunk in STOP_WORDS else (stem(chunk),)
    parts = [part for part in JOINED.split(APOSTROPHE.sub("", chunk)) if any(map(str.isalnum, part))]
    terms = [stem(part) for part in parts if part not in STOP_WORDS]
    whole = "".join(parts)
    if len(parts) > 1 and len(whole) <= LONGEST_TERM:
        terms.append(stem(whole))
    return tuple(terms)


def stem(word: str) -> str:
    """Fold a folded word's inflections; what is not four or more Latin letters stays as it is."""
    word = word[:LONGEST_TERM]
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    for ends, inside, pattern, new in RULES:
        if inside in word and word.endswith(ends):
            word = pattern.sub(new, word, 1)
    return word
