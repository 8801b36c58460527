"""What only the whole list shows: tags and papers that there are not, addresses claimed twice, papers there twice.

In: what each entry claims, reading paths. Out: Problems. Must not know how an entry was read.
"""

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from site_builder.content.paths import ReadingPath
from site_builder.errors import Problem
from site_builder.hints import hint_name
from site_builder.paper import Tag, fold_title

NAMED = {"title": "title", "arxiv": "arXiv id", "doi": "DOI"}
NOT_A_SLUG = re.compile(r"`(.*)` is not a slug")


class Claim(NamedTuple):
    """What an entry claims for itself: its file, its address, its title (folded), its tags and former addresses.

    `year` is empty when it is not certain; `arxiv` is without its version, `doi` in small letters.
    """

    path: str
    slug: str
    folded: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    year: str = ""
    arxiv: str = ""
    doi: str = ""


def check_list(
    claims: list[Claim], tags: Collection[Tag], vocabulary: str, text_of: Callable[[str], str]
) -> list[Problem]:
    """Report what is wrong between entries; `text_of` gives the text of an entry's file.

    `vocabulary` is the file that the tags are from; empty when a fault cost one, for then none is surely unknown.
    """
    unknown = _check_tags(claims, tags, vocabulary, text_of) if vocabulary else []
    return [*unknown, *_check_aliases(claims, text_of), *_check_twins(claims, text_of)]


def name_tags(problems: list[Problem], tags: Iterable[Tag]) -> list[Problem]:
    """Say which tag is meant where a tag's name stands in the place of its slug."""
    slugs = {fold_title(tag.name): tag.slug for tag in tags}
    named = []
    for problem in problems:
        match = NOT_A_SLUG.fullmatch(problem.message)
        slug = slugs.get(fold_title(match[1])) if match else None
        hint = f"a tag is named by its slug: did you mean `{slug}`?"
        named.append(problem._replace(hint=hint) if slug else problem)
    return named


def _check_tags(
    claims: list[Claim], tags: Collection[Tag], vocabulary: str, text_of: Callable[[str], str]
) -> list[Problem]:
    """Report tags that the vocabulary lacks, at their own line and column; once, when it has none at all."""
    if not tags and any(claim.tags for claim in claims):
        is_there = Path(vocabulary).exists()
        message = "this file names no tag" if is_there else f"{vocabulary} is missing"
        hint = "entries have tags: bring it back, or write a line `- {slug: …, name: …, group: …}` for each tag"
        return [Problem(vocabulary, 0, 0, message, hint)]
    known = {name for tag in tags for name in (tag.slug, *tag.aliases)}
    problems = []
    for claim in claims:
        for slug in claim.tags:
            if slug not in known:
                hint = hint_name(slug, sorted(known), "add it to content/tags.yml, or take it away here")
                line, column = place_of(text_of(claim.path), "tags", slug)
                problems.append(Problem(claim.path, line, column, f"the vocabulary has no tag `{slug}`", hint))
    return problems


def check_paths(
    paths: Iterable[ReadingPath],
    shown: Collection[str],
    others: Collection[str],
    text_of: Callable[[str], str],
) -> list[Problem]:
    """Report papers of reading paths that the list lacks, and paths of which no paper is shown.

    `others` are papers that are there and not shown: drafts, and those whose own faults are told.
    """
    problems = []
    for path in paths:
        for step in path.steps:
            if step.paper not in shown and step.paper not in others:
                hint = hint_name(step.paper, sorted(shown), "it is the name of a file in content/papers/")
                line, column = place_of(text_of(path.path), "papers", step.paper)
                problems.append(Problem(path.path, line, column, f"the list has no paper `{step.paper}`", hint))
        if path.steps and not any(step.paper in shown for step in path.steps):
            line, column = place_of(text_of(path.path), "papers")
            message = "no paper of this path is shown, and so it has no page"
            problems.append(Problem(path.path, line, column, message, "", "warning"))
    return problems


def place_of(text: str, key: str, word: str = "") -> tuple[int, int]:
    """Find where a word stands in a field of an entry's text, or that field; in an entry that is written oddly, 1:1."""
    field = re.search(rf"^{key}:[ \t]*", text, re.MULTILINE)
    end = field.end() if field else 0
    found = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])").search(text, end) if word else None
    found = found or field
    if not found:
        return 1, 1
    return text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())


def _check_twins(claims: list[Claim], text_of: Callable[[str], str]) -> list[Problem]:
    """Report two entries of one paper, by identifier or title: an import would know only the first."""
    first: dict[tuple[str, str], str] = {}
    titled: dict[str, list[Claim]] = {}
    problems = []
    for claim in claims:
        known = [(key, value) for key, value in (("arxiv", claim.arxiv), ("doi", claim.doi)) if value]
        key, other = next(((pair[0], first[pair]) for pair in known if pair in first), ("title", ""))
        alike = titled.setdefault(claim.folded, [])
        other = other or next((one.path for one in alike if not _differ(one, claim)), "")
        if other:
            message = f"this has the {NAMED[key]} of {other}"
            line, column = place_of(text_of(claim.path), key)
            problems.append(Problem(claim.path, line, column, message, "keep one of the two", "warning"))
        first.update({pair: claim.path for pair in known if pair not in first})
        alike.append(claim)
    return problems


def _differ(one: Claim, other: Claim) -> bool:
    """Tell whether something certain makes two papers of entries of one title."""
    pairs = ((one.year, other.year), (one.arxiv, other.arxiv), (one.doi, other.doi))
    return any(mine and yours and mine != yours for mine, yours in pairs)


def _check_aliases(claims: list[Claim], text_of: Callable[[str], str]) -> list[Problem]:
    """Report an alias that is another entry's address, or that two entries claim."""
    owners = {claim.slug: claim.path for claim in claims}
    problems = []
    for claim in claims:
        for alias in claim.aliases:
            if owners.setdefault(alias, claim.path) != claim.path:
                message = f"the alias `{alias}` is taken by {owners[alias]}"
                line, column = place_of(text_of(claim.path), "aliases", alias)
                problems.append(Problem(claim.path, line, column, message, "an old address can lead to one page only"))
    return problems
