"""What only the whole list shows: tags and papers that there are not, addresses claimed twice, papers there twice.

In: what each entry claims, reading paths. Out: Problems. Must not know how an entry was read.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from site_builder.content.paths import ReadingPath
from site_builder.errors import Problem
from site_builder.paper import Tag


class Claim(NamedTuple):
    """What an entry claims for itself: its file, its address, its title (folded), its tags and former addresses."""

    path: str
    slug: str
    folded: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]


def check_list(claims: list[Claim], tags: Iterable[Tag], text_of: Callable[[str], str]) -> list[Problem]:
    """Report what is wrong between entries; `text_of` gives the text of an entry's file."""
    return [*_check_tags(claims, tags, text_of), *_check_aliases(claims), *_check_twins(claims)]


def _check_tags(claims: list[Claim], tags: Iterable[Tag], text_of: Callable[[str], str]) -> list[Problem]:
    """Report tags that the vocabulary lacks, at their own line and column."""
    known = {name for tag in tags for name in (tag.slug, *tag.aliases)}
    problems = []
    for claim in claims:
        for slug in claim.tags:
            if slug not in known:
                close = difflib.get_close_matches(slug, known, n=1)
                hint = f"did you mean `{close[0]}`?" if close else "add it to content/tags.yml, or take it away here"
                line, column = _place_of(text_of(claim.path), "tags", slug)
                problems.append(Problem(claim.path, line, column, f"the vocabulary has no tag `{slug}`", hint))
    return problems


def check_paths(paths: Iterable[ReadingPath], slugs: Collection[str], text_of: Callable[[str], str]) -> list[Problem]:
    """Report papers of reading paths that the list lacks."""
    problems = []
    for path in paths:
        for step in path.steps:
            if step.paper not in slugs:
                close = difflib.get_close_matches(step.paper, slugs, n=1)
                hint = f"did you mean `{close[0]}`?" if close else "it is the name of a file in content/papers/"
                line, column = _place_of(text_of(path.path), "papers", step.paper)
                problems.append(Problem(path.path, line, column, f"the list has no paper `{step.paper}`", hint))
    return problems


def _place_of(text: str, key: str, slug: str) -> tuple[int, int]:
    """Find where a slug stands in a field of a file's text."""
    field = re.search(rf"^{key}:", text, re.MULTILINE)
    found = re.compile(rf"(?<![\w-]){re.escape(slug)}(?![\w-])").search(text, field.end() if field else 0)
    if not found:
        return 1, 1
    return text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())


def _check_twins(claims: list[Claim]) -> list[Problem]:
    """Report two entries of one title: an import would know only the first."""
    first: dict[str, Claim] = {}
    problems = []
    for claim in claims:
        other = first.setdefault(claim.folded, claim)
        if other is not claim:
            message = f"this has the title of {other.path}"
            problems.append(Problem(claim.path, 1, 1, message, "keep one of the two", "warning"))
    return problems


def _check_aliases(claims: list[Claim]) -> list[Problem]:
    """Report an alias that is another entry's address, or that two entries claim."""
    owners = {claim.slug: claim.path for claim in claims}
    problems = []
    for claim in claims:
        for alias in claim.aliases:
            if owners.setdefault(alias, claim.path) != claim.path:
                message = f"the alias `{alias}` is taken by {owners[alias]}"
                problems.append(Problem(claim.path, 1, 1, message, "an old address can lead to one page only"))
    return problems
