"""The tags of an entry, and the vocabulary, edited as text.

In: an entry, or the text of tags.yml, and what is to be another way. Out: the same with a few words changed, every
other byte as it was. Must not know the disk, nor why.
"""

import re
from collections.abc import Iterable, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from site_builder.content.entry import ORDER, ROWS, Entry, read_back
from site_builder.content.frontmatter import FrontMatter, replace_field, split_front_matter
from site_builder.content.items import add_field, append_item, fill_field, remove_item, replace_scalar
from site_builder.content.vocabulary import read_vocabulary
from site_builder.fields import Source, compose, is_null, write_field
from site_builder.kinds import LINE
from site_builder.paper import Tag

PHRASE = re.compile(r"[A-Za-z][\w +.-]*\*")  # robot*: a star needs quotes at the start of a word only


def change_tags(entry: Entry, swapped: Mapping[str, str | None], added: Iterable[str] = ()) -> Entry:
    """Change an entry's tags: each of `swapped` becomes another, or goes; `added` come last. None is there twice.

    Raises ValueError when its text cannot be edited so that it reads back as the same paper with these tags.
    """
    stay = set(entry.paper.tags) - swapped.keys()
    new = [slug if slug in stay else swapped[slug] for slug in entry.paper.tags]
    left = [one for one, slug in zip(new, entry.paper.tags, strict=True) if one and (slug in stay or one not in stay)]
    wanted = tuple(dict.fromkeys([*left, *added]))
    if wanted == entry.paper.tags:
        return entry
    parts = split_front_matter(entry.text, entry.path)
    assert isinstance(parts, FrontMatter)  # it was read
    yaml = parts.yaml
    key, value = _find_field(compose(yaml, Source("")), "tags")
    if isinstance(value, SequenceNode):
        text = entry.text[: parts.start] + _swap_items(yaml, swapped) + entry.text[parts.end :]
        text = _append_to(text, [slug for slug in wanted if slug not in new])
    elif key and value and is_null(value):
        written = ROWS["tags"].kind.write(wanted).strip()
        text = entry.text[: parts.start] + fill_field(yaml, key, value, written) + entry.text[parts.end :]
    else:
        text = replace_field(entry.text, "tags", write_field(ROWS["tags"], wanted), ORDER)
    return read_back(entry, text, {"tags": wanted})


def rename_tag(text: str, path: str, old: str, new: str, name: str = "") -> str:
    """Rename a tag of the vocabulary; its old slug becomes a former one. Raises ValueError when that cannot be done."""
    tags, _ = read_vocabulary(text, path)
    wanted = []
    for tag in tags:
        if tag.slug == old:
            former = tuple(old if alias == new else alias for alias in tag.aliases)
            aliases = former if old == new or new in tag.aliases else (*former, old)
            text = _set_list(text, old, "aliases", aliases)
            if name:
                text = _set_word(text, old, "name", name)
            text = _set_word(text, old, "slug", new) if new != old else text
            wanted.append(tag._replace(slug=new, name=name or tag.name, aliases=aliases))
        else:
            wanted.append(tag)
    return _check_vocabulary(text, path, wanted)


def merge_tags(text: str, path: str, merged: Iterable[str], into: str) -> str:
    """Take tags out of the vocabulary; another gets their slugs as former ones, and their phrases.

    Raises ValueError when that cannot be done.
    """
    by_slug = {tag.slug: tag for tag in read_vocabulary(text, path)[0]}
    target = by_slug[into]
    aliases, phrases = list(target.aliases), list(target.suggest)
    for slug in merged:
        gone = by_slug.pop(slug)
        aliases += [alias for alias in (slug, *gone.aliases) if alias not in aliases]
        phrases += [phrase for phrase in gone.suggest if phrase.casefold() not in map(str.casefold, phrases)]
        sequence, number = _find_record(text, slug)
        text = remove_item(text, sequence, number)
    text = _set_list(text, into, "aliases", tuple(aliases))
    text = _set_list(text, into, "suggest", tuple(phrases))
    by_slug[into] = target._replace(aliases=tuple(aliases), suggest=tuple(phrases))
    return _check_vocabulary(text, path, list(by_slug.values()))


def _swap_items(yaml: str, swapped: Mapping[str, str | None]) -> str:
    """Replace, or take away, items of an entry's list of tags, one after the other."""
    placed: set[str] = set()
    number = 0
    while True:
        _, value = _find_field(compose(yaml, Source("")), "tags")
        if not isinstance(value, SequenceNode) or number >= len(value.value):
            return yaml
        slugs = [_plain(item) for item in value.value]
        slug = slugs[number]
        new = swapped.get(slug)
        if new and new not in placed and new not in set(slugs) - swapped.keys():
            yaml = replace_scalar(yaml, value.value[number], new)
            placed.add(new)
        elif slug in swapped:
            yaml = remove_item(yaml, value, number)
            continue
        number += 1


def _append_to(text: str, slugs: list[str]) -> str:
    for slug in slugs:
        parts = split_front_matter(text, "")
        assert isinstance(parts, FrontMatter)
        _, value = _find_field(compose(parts.yaml, Source("")), "tags")
        if not isinstance(value, SequenceNode):  # the last of its lines was taken away
            return replace_field(text, "tags", write_field(ROWS["tags"], tuple(slugs)), ORDER)
        text = text[: parts.start] + append_item(parts.yaml, value, slug) + text[parts.end :]
    return text


def _set_word(text: str, slug: str, key: str, value: str) -> str:
    sequence, number = _find_record(text, slug)
    _, node = _find_field(sequence.value[number], key)
    assert node is not None  # a record without it is no tag
    return replace_scalar(text, node, value)


def _set_list(text: str, slug: str, key: str, items: tuple[str, ...]) -> str:
    """Give a list of a tag's record other items: changed ones in their places, new ones behind them."""
    sequence, number = _find_record(text, slug)
    record = sequence.value[number]
    name, node = _find_field(record, key)
    written = [item if PHRASE.fullmatch(item) else LINE.write(item).strip() for item in items]
    if not items:
        return text
    if name is None or not isinstance(record, MappingNode):
        return add_field(text, record, key, f"[{', '.join(written)}]")
    if not isinstance(node, SequenceNode):
        return fill_field(text, name, node or name, f"[{', '.join(written)}]")
    given = [_plain(item) for item in node.value]
    for place, (old, new) in enumerate(zip(given, items, strict=False)):
        if old != new:
            text = replace_scalar(text, node.value[place], new)
            return _set_list(text, slug, key, items)
    if len(items) > len(given):
        return _set_list(append_item(text, node, written[len(given)]), slug, key, items)
    return text


def _check_vocabulary(text: str, path: str, wanted: list[Tag]) -> str:
    tags, problems = read_vocabulary(text, path)
    if problems or list(tags) != wanted:
        raise ValueError("the change does not read back")
    return text


def _find_record(text: str, slug: str) -> tuple[SequenceNode, int]:
    """Find the record of a tag: the list, and its number in it."""
    node = compose(text, Source(""))
    if isinstance(node, SequenceNode):
        for number, record in enumerate(node.value):
            _, value = _find_field(record, "slug")
            if isinstance(value, ScalarNode) and value.value == slug:
                return node, number
    raise ValueError(f"it has no record of `{slug}`")


def _find_field(node: Node | None, key: str) -> tuple[Node | None, Node | None]:
    """Find a field of a record: its key, and its value."""
    pairs = node.value if isinstance(node, MappingNode) else []
    return next(((name, value) for name, value in pairs if name.value == key), (None, None))


def _plain(node: Node) -> str:
    """Return a word as it is read: a list's item, without the blanks around it."""
    return " ".join(node.value.split()) if isinstance(node, ScalarNode) else ""
