"""The words by which a paper is found.

In: all that is known of a paper, the names of its tags. Out: its terms, field by field. Must not know the index.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from site_builder.library.brief import Body
from site_builder.search.index import Words
from site_builder.search.terms import terms_of

ADDRESS = re.compile(r"^[a-z]+://(?:www\.)?([^?#]*)", re.IGNORECASE)
REPOSITORY = re.compile(r"^(?:github|gitlab)\.com/([^/]+)/([^/]+)", re.IGNORECASE)


class OwnWords(NamedTuple):
    """The terms that follow from a paper's file alone."""

    title: tuple[str, ...]
    people: dict[str, int]
    abstract: dict[str, int]

    @property
    def lengths(self) -> tuple[int, int, int]:
        """How many terms each field has."""
        return len(self.title), sum(self.people.values()), sum(self.abstract.values())


def searched_texts(body: Body) -> tuple[str, str, str]:
    """Return the texts by which a paper is found: its title, who wrote it, identifiers and links, its abstract."""
    paper, texts = body
    organization = [paper.organization.name, paper.organization.handle] if paper.organization else []
    identifiers = [value for value in (paper.arxiv, paper.doi) if value]
    links = [name for link in paper.links for name in name_link(link.url)]
    return texts.title, " ".join([*paper.authors, *organization, *identifiers, *links]), texts.abstract


def name_link(url: str) -> list[str]:
    """Return the names of what a link leads to, each as one word: of a repository `owner/name` and `name`, else a path.

    Their parts are left out, so that a repository's name does not count among a paper's own words.
    """
    address = ADDRESS.match(url)
    if not address:
        return []
    path = address[1].removesuffix("/").removesuffix(".git")
    repository = REPOSITORY.match(path)
    names = (
        [f"{repository[1]}{repository[2].removesuffix('.git')}", repository[2].removesuffix(".git")]
        if repository
        else [path]
    )
    return ["".join(character for character in name if character.isalnum()) for name in names]


def read_words(texts: tuple[str, str, str]) -> OwnWords:
    """Return the terms of a paper's texts."""
    title, people, abstract = texts
    return OwnWords(tuple(terms_of(title)), _count(people), _count(abstract))


def add_tags(words: OwnWords, names: tuple[str, ...]) -> Words:
    """Add the terms of the tags' names."""
    return Words(words.title, tag_words(names), words.people, words.abstract)


@lru_cache(maxsize=65_536)
def tag_words(names: tuple[str, ...]) -> dict[str, int]:
    """Return the terms of some tags' names."""
    return _count(" ".join(names))


def _count(text: str) -> dict[str, int]:
    return dict(Counter(terms_of(text)))
