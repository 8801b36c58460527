"""The vocabulary kept in order: tags suggested, added, removed, renamed and merged across all files.

In: a Config and what is to be done. Out: a `Plan`, which `carry_out` writes. Everything is worked out before the first
file is written. Knows the steps, nothing of how text is edited.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from site_builder.config import Config
from site_builder.content.entry import Entry
from site_builder.content.retag import change_tags, merge_tags, rename_tag
from site_builder.content.store import Content, load_content
from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import read_text, show, write_atomic
from site_builder.hints import hint_name, hint_slug
from site_builder.kinds import SLUG
from site_builder.library.tags import THRESHOLD, learn_tags, tag_chances
from site_builder.paper import Tag


class Change(NamedTuple):
    """A file as it is and as it will be."""

    path: Path
    before: str
    after: str


class Plan(NamedTuple):
    """What a change of tags comes to: files with their new texts, the vocabulary first, and what cannot be done.

    The vocabulary is written first: it knows old and new slugs, so a list of which half was written is whole.
    """

    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


class Suggestion(NamedTuple):
    """Tags that an entry may lack, each with the chance, 0 to 1, that a curator would give it."""

    entry: Entry
    chances: dict[str, float]


def plan_adding(config: Config, content: Content, name: str, slugs: Sequence[str]) -> Plan:
    """Plan to give entries a tag. Raises SiteBuilderError when there is no such tag or entry."""
    tag = find_tag(content, name)
    return _plan(config, content, slugs, lambda entry: _with(entry, tag))


def plan_removing(config: Config, content: Content, name: str, slugs: Sequence[str]) -> Plan:
    """Plan to take a tag from entries, under whichever of its slugs they have it; the vocabulary may lack it."""
    tag = _known_tag(content, name)
    names = dict.fromkeys((tag.slug, *tag.aliases) if tag else (name,))
    return _plan(config, content, slugs, lambda entry: change_tags(entry, names))


def plan_renaming(config: Config, content: Content, old: str, new: str, name: str = "") -> Plan:
    """Plan to rename a tag in the vocabulary, where its old slug becomes a former one, and in every entry.

    Raises SiteBuilderError when that would make two tags one, or changes nothing.
    """
    tag = find_tag(content, old, present_only=True)
    _check_new_slug(content, tag, new)
    if new == old and name in ("", tag.name):
        raise SiteBuilderError(f"`{old}` has this slug and this name already")
    swapped: dict[str, str | None] = {old: new} if old != new else {}
    plan = _plan(config, content, _all(content), lambda entry: change_tags(entry, swapped))
    return _with_vocabulary(config, content, plan, lambda text, path: rename_tag(text, path, old, new, name))


def plan_merging(config: Config, content: Content, merged: Sequence[str], into: str) -> Plan:
    """Plan to make several tags one: their papers get it once, and their slugs lead to it.

    Raises SiteBuilderError when one of them is no tag.
    """
    target = find_tag(content, into, present_only=True)
    tags = [find_tag(content, slug, present_only=True) for slug in dict.fromkeys(merged)]
    if target in tags:
        raise SiteBuilderError(f"`{into}` cannot be merged into itself")
    swapped: dict[str, str | None] = {name: into for tag in tags for name in (tag.slug, *tag.aliases)}
    plan = _plan(config, content, _all(content), lambda entry: change_tags(entry, swapped))
    slugs = [tag.slug for tag in tags]
    return _with_vocabulary(config, content, plan, lambda text, path: merge_tags(text, path, slugs, into))


def suggest(content: Content, slugs: Sequence[str] = ()) -> list[Suggestion]:
    """Suggest tags for the entries without any, or those that these entries lack."""
    chosen = _choose(content, slugs) if slugs else [entry for entry in content.entries if not entry.paper.tags]
    asked = {entry.paper.slug for entry in chosen}
    model = learn_tags([entry.paper for entry in content.entries if entry.paper.slug not in asked], content.tags)
    names = {tag.slug: {tag.slug, *tag.aliases} for tag in content.tags}
    found = []
    for entry in chosen:
        chances = tag_chances(model, entry.paper)
        likely = {slug: chance for slug, chance in chances.items() if chance >= THRESHOLD}
        lacking = {slug: chance for slug, chance in likely.items() if not names[slug] & set(entry.paper.tags)}
        found.append(Suggestion(entry, lacking))
    return found


def plan_suggested(config: Config, content: Content, suggestions: Sequence[Suggestion]) -> Plan:
    """Plan to give entries the tags that were suggested."""
    wanted = {one.entry.paper.slug: tuple(one.chances) for one in suggestions}
    return _plan(config, content, list(wanted), lambda entry: change_tags(entry, {}, wanted[entry.paper.slug]))


def carry_out(plan: Plan) -> None:
    """Write the files of a plan. Raises SiteBuilderError when the disk refuses."""
    for change in plan.changes:
        write_atomic(change.path, change.after.encode())


def load_tagged(config: Config) -> Content:
    """Load the content. Raises SiteBuilderError when it has no vocabulary."""
    content = load_content(config.content)
    if not content.tags:
        raise SiteBuilderError(f"there are no tags in {show(config.content / 'tags.yml')}")
    return content


def find_tag(content: Content, name: str, *, present_only: bool = False) -> Tag:
    """Find a tag by its slug, or a former one. Raises SiteBuilderError when there is none."""
    tag = _known_tag(content, name)
    if tag is None:
        slugs = {one.name: one.slug for one in content.tags}
        hint = f"did you mean `{slugs[name]}`?" if name in slugs else hint_name(name, [t.slug for t in content.tags])
        raise SiteBuilderError(f"the vocabulary has no tag `{name}`{'; ' if hint else ''}{hint}")
    if present_only and tag.slug != name:
        raise SiteBuilderError(f"`{name}` is a former slug of `{tag.slug}`; name that one")
    return tag


def _known_tag(content: Content, name: str) -> Tag | None:
    return next((tag for tag in content.tags if name in (tag.slug, *tag.aliases)), None)


def _check_new_slug(content: Content, tag: Tag, new: str) -> None:
    if not SLUG.fullmatch(new):
        raise SiteBuilderError(f"`{new}` is not a slug: {hint_slug(new)}")
    other = _known_tag(content, new)
    if other and other != tag:
        what = "is a tag" if other.slug == new else f"is a former slug of `{other.slug}`"
        raise SiteBuilderError(f"`{new}` {what}; to make two tags one: site-builder tag merge {tag.slug} {other.slug}")


def _choose(content: Content, slugs: Sequence[str]) -> list[Entry]:
    """Find entries by their slugs, or by the paths of their files; those that cannot be read are left out."""
    by_slug = {entry.paper.slug: entry for entry in content.entries}
    chosen = []
    for slug in dict.fromkeys(map(_slug_of, slugs)):
        if slug not in by_slug and slug not in content.broken:
            hint = hint_name(slug, by_slug)
            raise SiteBuilderError(f"there is no entry `{slug}`{'; ' if hint else ''}{hint}")
        if slug in by_slug:
            chosen.append(by_slug[slug])
    return chosen


def _all(content: Content) -> list[str]:
    """Name every entry, those that cannot be read too."""
    return [*(entry.paper.slug for entry in content.entries), *content.broken]


def _with(entry: Entry, tag: Tag) -> Entry:
    return entry if {tag.slug, *tag.aliases} & set(entry.paper.tags) else change_tags(entry, {}, (tag.slug,))


def _plan(config: Config, content: Content, slugs: Sequence[str], change: Callable[[Entry], Entry]) -> Plan:
    """Work out the entries that change; what cannot be read or edited is told, and left as it is."""
    papers = config.content / "papers"
    broken = {show(papers / f"{slug}.md") for slug in map(_slug_of, slugs) if slug in content.broken}
    problems = [problem for problem in content.problems if problem.path in broken and problem.severity == "error"]
    changes = []
    for entry in _choose(content, slugs):
        try:
            edited = change(entry)
        except ValueError as error:
            hint = "change its tags by hand"
            problems.append(Problem(entry.path, 0, 0, f"its tags cannot be changed: {error}", hint))
            continue
        if edited.text != entry.text:
            changes.append(Change(papers / f"{entry.paper.slug}.md", entry.text, edited.text))
    return Plan(tuple(changes), tuple(problems))


def _with_vocabulary(config: Config, content: Content, plan: Plan, edit: Callable[[str, str], str]) -> Plan:
    """Add the vocabulary's own change. Where it cannot be made, nothing is to be done at all."""
    path = config.content / "tags.yml"
    faults = tuple(problem for problem in content.problems if problem.path == show(path))
    if faults:
        return Plan((), (*faults, Problem(show(path), 0, 0, "the vocabulary has faults", "mend them first")))
    text, problem = read_text(path)
    if problem:
        return Plan((), (problem,))
    try:
        edited = edit(text, show(path))
    except ValueError as error:
        hint = "change it by hand; nothing was changed"
        return Plan((), (Problem(show(path), 0, 0, f"the vocabulary cannot be changed: {error}", hint),))
    return Plan((Change(path, text, edited), *plan.changes), plan.problems)


def _slug_of(given: str) -> str:
    """Return the slug that is meant by one, or by the path of an entry's file."""
    return Path(given).name.removesuffix(".md")
