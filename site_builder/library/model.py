"""The library: all papers of the list, indexed the ways in which readers look for them.

In: briefs, tags, what is known of captures. Out: a frozen `Library`; its indexes hold slugs.
Must not know files or templates.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple, TypeVar

from site_builder.content.captures import CaptureFact
from site_builder.content.paths import ReadingPath
from site_builder.library.brief import Brief
from site_builder.paper import Paper, Sighting, Tag

Key = TypeVar("Key", str, int)


class Library(NamedTuple):
    """The list. Every index maps to slugs, newest first; days are ISO text.

    `papers` is in title order, `recent` by the day of joining the list, latest first. `undated` holds the papers
    without a publication day, `guessed_days` the days of capture whose year was inferred. `paths` are the reading
    paths that lead over papers of the list.
    """

    papers: Mapping[str, Brief]
    recent: tuple[str, ...]
    tags: Mapping[str, Tag]
    by_tag: Mapping[str, tuple[str, ...]]
    by_year: Mapping[int, tuple[str, ...]]
    by_day: Mapping[str, tuple[str, ...]]
    by_organization: Mapping[str, tuple[str, ...]]
    undated: tuple[str, ...]
    organizations: Mapping[str, tuple[str, str]]
    captures: Mapping[str, CaptureFact]
    paths: tuple[ReadingPath, ...]
    guessed_days: frozenset[str]

    @property
    def groups(self) -> dict[str, list[Tag]]:
        """The tags by their groups, both in the vocabulary's order."""
        groups: dict[str, list[Tag]] = {}
        for tag in self.tags.values():
            groups.setdefault(tag.group, []).append(tag)
        return groups


def make_library(
    briefs: Iterable[Brief],
    tags: Iterable[Tag],
    captures: Mapping[str, CaptureFact],
    paths: Iterable[ReadingPath] = (),
    *,
    drafts: bool = False,
) -> Library:
    """Index the papers that are to be shown: known tags by their present names; no drafts unless asked for."""
    vocabulary = {tag.slug: tag for tag in tags}
    present = present_names(vocabulary.values())
    known: dict[tuple[str, ...], tuple[str, ...]] = {}  # many papers have the same tags
    shown = [_with_present_tags(brief, present, known) for brief in briefs if drafts or not brief.draft]
    slugs = {brief.slug for brief in shown}
    by_title = sorted(shown, key=attrgetter("order", "slug"))
    papers = sorted(by_title, key=attrgetter("published"), reverse=True)
    by_tag = _index(papers, lambda brief: brief.tags)
    return Library(
        papers={brief.slug: brief for brief in by_title},
        recent=tuple([brief.slug for brief in sorted(papers, key=attrgetter("added"), reverse=True)]),
        tags=vocabulary,
        by_tag={slug: by_tag.get(slug, ()) for slug in vocabulary},
        by_year=_descending(_index(papers, lambda brief: [int(brief.published[:4])] if brief.published else [])),
        by_day=_descending(_index(papers, lambda brief: dict.fromkeys([day for _, day, _ in brief.sightings]))),
        by_organization=_index(papers, lambda brief: [_handle(brief)] if brief.organization else []),
        undated=tuple([brief.slug for brief in papers if not brief.published]),
        organizations={_handle(brief): brief.organization for brief in papers if brief.organization},
        captures=captures,
        paths=tuple([path for path in [_with_shown_papers(path, slugs) for path in paths] if path.steps]),
        guessed_days=frozenset([day for brief in papers for _, day, guessed in brief.sightings if guessed]),
    )


def present_names(tags: Iterable[Tag]) -> dict[str, str]:
    """Return the present name of each tag by all that it has had."""
    return {name: tag.slug for tag in tags for name in (tag.slug, *tag.aliases)}


def newest_sighting(paper: Paper) -> Sighting | None:
    """Return the latest capture that showed a comment count."""
    shown = [row for row in paper.captures if row.comments_count is not None]
    return max(shown, key=lambda row: row.day, default=None)


def _handle(brief: Brief) -> str:
    return brief.organization[0].casefold() if brief.organization else ""


def _with_shown_papers(path: ReadingPath, slugs: Container[str]) -> ReadingPath:
    return path._replace(steps=tuple([step for step in path.steps if step.paper in slugs]))


def _with_present_tags(
    brief: Brief, present: Mapping[str, str], known: dict[tuple[str, ...], tuple[str, ...]]
) -> Brief:
    tags = known.get(brief.tags)
    if tags is None:
        tags = tuple(dict.fromkeys([present[slug] for slug in brief.tags if slug in present]))
        known[brief.tags] = tags
    return brief if tags == brief.tags else brief._replace(tags=tags)


def _index(papers: Iterable[Brief], keys: Callable[[Brief], Iterable[Key]]) -> dict[Key, tuple[str, ...]]:
    index: defaultdict[Key, list[str]] = defaultdict(list)
    for brief in papers:
        for key in keys(brief):
            index[key].append(brief.slug)
    return {key: tuple(slugs) for key, slugs in index.items()}


def _descending(index: dict[Key, tuple[str, ...]]) -> dict[Key, tuple[str, ...]]:
    return {key: index[key] for key in sorted(index, reverse=True)}
