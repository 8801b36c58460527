"""tag: the vocabulary, and who carries what of it.

In: what the user typed. Out: what was changed or found, on the terminal. Must not know how files are edited.
"""

import difflib
import sys
from argparse import Namespace

from site_builder.commands.project import load_project
from site_builder.config import Config
from site_builder.content.store import Content
from site_builder.excerpts import make_visible, show_problems
from site_builder.files import show
from site_builder.library.hygiene import Pair, count_use, find_companions, find_lookalikes, present_tags
from site_builder.tagging import (
    Plan,
    carry_out,
    load_tagged,
    plan_adding,
    plan_merging,
    plan_removing,
    plan_renaming,
    plan_suggested,
    suggest,
)
from site_builder.terminal import count, say


def run(given: Namespace) -> None:
    """Do what was asked of the tags."""
    config, _ = load_project(given)
    content = load_tagged(config)
    if given.action == "list":
        _tell_list(content)
    elif given.action == "check":
        _tell_check(content)
    elif given.action == "suggest":
        _suggest(config, content, given)
    else:
        _finish(_plan(config, content, given), dry_run=given.dry_run)


def _plan(config: Config, content: Content, given: Namespace) -> Plan:
    if given.action == "add":
        return plan_adding(config, content, given.tag, given.slugs)
    if given.action == "remove":
        return plan_removing(config, content, given.tag, given.slugs)
    if given.action == "rename":
        return plan_renaming(config, content, given.old, given.new, given.name)
    return plan_merging(config, content, given.tags, given.into)


def _suggest(config: Config, content: Content, given: Namespace) -> None:
    suggestions = suggest(content, given.slugs)
    for one in suggestions:
        tags = ", ".join(f"{slug} {chance:.2f}" for slug, chance in one.chances.items())
        say(f"{one.entry.path}: {tags or 'no tag comes near'}")
    if not suggestions and not given.slugs:
        say("every entry has tags; name those for which you want suggestions")
    plan = plan_suggested(config, content, suggestions) if given.write else None
    if plan:
        _finish(plan, dry_run=given.dry_run)


def _finish(plan: Plan, *, dry_run: bool) -> None:
    """Carry out a plan, or show it; what could not be done is told, and ends with 1."""
    if not dry_run:
        carry_out(plan)
    for change in plan.changes:
        path = show(change.path)
        say(f"{'would change' if dry_run else 'changed'} {path}")
        if dry_run:
            _show_difference(change.before, change.after)
    say(f"{count(len(plan.changes), 'file')} {'would change' if dry_run else 'changed'}")
    shown = show_problems(plan.problems, "text")
    if shown:
        say(shown, to_errors=True, end="")
        sys.exit(1)


def _show_difference(before: str, after: str) -> None:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    for line in list(lines)[2:]:
        say(f"  {make_visible(line)}")


def _tell_list(content: Content) -> None:
    papers = [entry.paper for entry in content.entries]
    use = count_use(present_tags(papers, content.tags), content.tags)
    tags = {tag.slug: tag for tag in content.tags}
    width = max(map(len, use))
    for slug, number in use.items():
        say(f"{number:6}  {slug:{width}}  {tags[slug].name} ({tags[slug].group})")
    without = sum(not paper.tags for paper in papers)
    groups = len({tag.group for tag in content.tags})
    say(
        f"{count(len(use), 'tag')} in {count(groups, 'group')}, "
        f"{count(len(papers), 'entry', 'entries')}, {without} without tags"
    )


def _tell_check(content: Content) -> None:
    carried = present_tags([entry.paper for entry in content.entries], content.tags)
    use = count_use(carried, content.tags)
    found = 0
    for title, slugs in (
        ("carried by no paper", [slug for slug, number in use.items() if not number]),
        ("carried by one paper", [slug for slug, number in use.items() if number == 1]),
    ):
        for slug in slugs:
            say(f"{slug}: {title}")
        found += len(slugs)
    for title, pairs in (("look alike", find_lookalikes(content.tags)), ("stand together", find_companions(carried))):
        for pair in pairs:
            say(_tell_pair(pair, title, use))
        found += len(pairs)
    say(f"{count(found, 'thing')} to look at in {count(len(use), 'tag')}")


def _tell_pair(pair: Pair, what: str, use: dict[str, int]) -> str:
    """Say that two tags may be one, and how to make them one: the less used goes into the other."""
    less, more = sorted((pair.one, pair.other), key=lambda slug: use[slug])
    tags = f"{pair.one} ({use[pair.one]}) and {pair.other} ({use[pair.other]})"
    return f"{tags} {what}: {pair.why}\n    hint: site-builder tag merge {less} {more}"
