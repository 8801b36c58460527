"""Made-up papers for the benchmark, recombined from the real list: `python -m tests.bench.papers COUNT FOLDER [SEED]`.

In: the real entries and tags, a seed, a number. Out: papers, and the files of a project that holds them. Same seed and
number, same bytes. Must not know the program's own code, which it is there to measure.
"""

import json
import random
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from tests.bench.words import Coiner, Sentence, Source, WordCount, find_words, load_source

CONTENT = Path(__file__).parent.parent.parent / "content"
EDITS = ("sentence", "title", "tag", "abstract")
ADDRESS = "https://example.org/papers/"
SITE = f"title: Made-up Papers\ndescription: Papers that a program made up.\ncurator: nobody\naddress: {ADDRESS}\n"
ABOUT = "---\ntitle: About this list\n---\nPapers made up from the sentences of real ones, to *measure* with.\n"

LENGTH = 1290  # characters that an abstract must reach; the sentence that reaches them goes beyond
LONGEST_SLUG = 80
WIDTH = 100
GIVEN = "Ada Ben Chen Dana Elif Femi Goran Hana Ines Jun Kofi Lena Minh Nora Omar Priya Quentin Rosa Sami Tova".split()
FAMILY = "Abel Brandt Cho Diallo Engel Fonseca Gupta Haas Ito Jansen Kaya Lindqvist Mora Novak Okafor Park Ruiz".split()
CAPTURES = tuple((f"{n:03}_{n * 0x1F3A5B7C9D2E4:016x}.txt", date(2025, 1, 6) + timedelta(9 * n)) for n in range(30))


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A made-up paper: what its entry says. A capture is its file and its day."""

    slug: str
    title: str
    abstract: str
    tags: tuple[str, ...]
    captures: tuple[tuple[str, date], ...]
    added: date
    published: date | None = None
    inferred: bool = False
    authors: tuple[str, ...] = ()
    authors_count: int | None = None
    organization: str = ""
    links: tuple[tuple[str, str], ...] = ()


def make_papers(source: Source, seed: int, count: int) -> Iterator[MadePaper]:
    """Make so many papers, one after the other; what is kept between them is their words and their slugs."""
    chance = random.Random(f"papers {seed}")
    coiner, counted, slugs = Coiner(source, chance), WordCount(source), set[str]()
    for _ in range(count):
        fresh = coiner.coin_many(counted.missing(len(coiner.coined)))
        sentences, tags = recombine(source, chance)
        counted.add(sentences)
        abstract = " ".join(mention(coiner, chance, [sentence.text for sentence in sentences], fresh))
        title = make_title(source, chance, fresh[0] if fresh and chance.random() < 0.6 else "")
        while slug_of(title) in slugs:
            title = make_title(source, chance, coiner.coin())
        slugs.add(slug_of(title))
        yield add_facts(MadePaper(slug_of(title), title, abstract, tags, (), date.min), chance)


def recombine(source: Source, chance: random.Random) -> tuple[list[Sentence], tuple[str, ...]]:
    """Choose an abstract's sentences from a real paper and others of its tags, and tags from all of these."""
    first = chance.choice(source.papers)
    others = [chance.choice(source.by_tag[chance.choice(first.tags)]) for _ in range(4)]
    opening, closing = first.sentences[0], others[0].sentences[-1]
    sentences, length = [opening], len(opening.text)
    enough = LENGTH + chance.gauss(0, 300) - len(closing.text)
    for _ in range(50):  # the papers of a rare tag may not have so many sentences
        sentence = chance.choice(chance.choice(others).sentences)
        if length < enough and sentence not in (*sentences, closing):
            sentences.append(sentence)
            length += len(sentence.text) + 1
    sentences.append(closing)
    wanted = chance.choices((2, 3, 4, 5), (27, 40, 26, 7))[0]
    tags = dict.fromkeys([*first.tags, *(tag for paper in others for tag in paper.tags)])
    while len(tags) < wanted:
        tags[chance.choice(source.tags)] = None
    return sentences, tuple(list(tags)[:wanted])


def mention(coiner: Coiner, chance: random.Random, sentences: list[str], fresh: list[str]) -> list[str]:
    """Let coined words take the place of long ones: the fresh ones, the method's name often, and some known ones."""
    names = [*fresh, *fresh[:1] * 3, *(coiner.recall() for _ in range(chance.randrange(4)) if coiner.coined)]
    for name in names:
        place = chance.randrange(len(sentences))
        words = sentences[place].split(" ")
        long = [i for i, word in enumerate(words) if len(word) > 6 and word.isalpha() and word not in names]
        if long:
            words[chance.choice(long)] = name
            sentences[place] = " ".join(words)
    return sentences


def make_title(source: Source, chance: random.Random, name: str) -> str:
    """Join the head of a real title to the tail of another; a method's name, when there is one, goes before."""
    title = f"{chance.choice(source.heads)} {chance.choice(source.tails)}"
    return f"{name}: {title}" if name else title


def slug_of(title: str) -> str:
    """Return a title's slug: small letters and digits between hyphens, cut between words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug if len(slug) <= LONGEST_SLUG else slug[: LONGEST_SLUG + 1].rpartition("-")[0]


def add_facts(paper: MadePaper, chance: random.Random) -> MadePaper:
    """Say when a paper was seen and published, by whom, and where its links lead."""
    seen = sorted(chance.sample(range(len(CAPTURES)), chance.choices((1, 2, 3), (81, 12, 7))[0]))
    captures = tuple(CAPTURES[index] for index in seen)
    added = captures[0][1]
    published = added - timedelta(1 + int(chance.expovariate(1 / 300)) % 3000) if chance.random() < 0.85 else None
    who, linked = chance.random(), chance.random()
    return replace(
        paper,
        captures=captures,
        added=added,
        published=published,
        inferred=published is not None and chance.random() < 0.3,
        authors=make_authors(chance) if who < 0.05 else (),
        authors_count=chance.randrange(1, 20) if 0.05 <= who < 0.37 else None,
        organization=chance.choice(FAMILY) if who > 0.97 else "",
        links=(("code" if linked < 0.15 else "project", f"https://example.org/{paper.slug}"),) if linked < 0.2 else (),
    )


def make_authors(chance: random.Random) -> tuple[str, ...]:
    """Make the names of two to six authors, each once."""
    names = (f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}" for _ in range(chance.randrange(2, 7)))
    return tuple(dict.fromkeys(names))


def edit_paper(source: Source, paper: MadePaper, edit: str, chance: random.Random) -> MadePaper:
    """Edit a paper as a curator would: one of EDITS. Its file keeps its name."""
    if edit == "tag":
        other = chance.choice([tag for tag in source.tags if tag not in paper.tags])
        return replace(paper, tags=(*paper.tags[:-1], other))
    if edit == "abstract":
        return replace(paper, abstract=" ".join(sentence.text for sentence in recombine(source, chance)[0]))
    if edit == "title":
        words = paper.title.split(" ")
        known = {word.lower() for word in words}
        words[-1] = chance.choice([w for w in find_words(" ".join(source.tails)) if w not in known]).capitalize()
        return replace(paper, title=" ".join(words))
    old = chance.choice(paper.abstract.rstrip(".").split(". "))
    new = chance.choice(chance.choice(source.papers).sentences).text.rstrip(".")
    return replace(paper, abstract=paper.abstract.replace(old, new, 1))


def start_project(folder: Path) -> None:
    """Write all of a project but its papers."""
    content = folder / "content"
    (content / "papers").mkdir(parents=True)
    (content / "pages").mkdir()
    (content / "site.yml").write_text(SITE, encoding="utf-8")
    (content / "pages" / "about.md").write_text(ABOUT, encoding="utf-8")
    shutil.copyfile(CONTENT / "tags.yml", content / "tags.yml")


def write_paper(folder: Path, paper: MadePaper) -> None:
    """Write a paper's entry into a project."""
    (folder / "content" / "papers" / f"{paper.slug}.md").write_bytes(entry_text(paper).encode())


def entry_text(paper: MadePaper) -> str:
    """Write a paper as an entry, in the shape of the real ones."""
    lines = [f"title: {quoted(paper.title)}", "abstract: >-", *wrap(paper.abstract)]
    if paper.published:
        lines.append(f"published: {paper.published}")
    if paper.inferred:
        lines.append("published_year: inferred")
    if paper.authors:
        lines.append(f"authors: [{', '.join(paper.authors)}]")
    if paper.authors_count:
        lines.append(f"authors_count: {paper.authors_count}")
    if paper.organization:
        lines.append(f"organization: {{handle: {paper.organization.lower()}-lab, name: {paper.organization} Lab}}")
    lines.append(f"tags: [{', '.join(paper.tags)}]")
    if paper.links:
        lines += ["links:", *(f"  {kind}: {address}" for kind, address in paper.links)]
    lines += ["captures:", *(f"  - {{file: {file}, day: {day}, year: inferred}}" for file, day in paper.captures)]
    lines.append(f"added: {paper.added}")
    return "\n".join(["---", *lines, "---", ""])


def quoted(text: str) -> str:
    """Quote a text for YAML, which reads JSON's strings."""
    return json.dumps(text, ensure_ascii=False)


def wrap(text: str) -> Iterator[str]:
    """Break a text into indented lines; the standard library's way takes most of the time for 100,000 papers."""
    start = 0
    while len(text) - start > WIDTH:
        end = text.rfind(" ", start, start + WIDTH)
        end = end if end > start else (text.find(" ", start) + 1 or len(text) + 1) - 1
        yield f"  {text[start:end]}"
        start = end + 1
    if start < len(text):
        yield f"  {text[start:]}"


def main() -> None:
    """Write a project of so many papers into a folder that is not there yet."""
    count, folder, seed = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    start_project(folder)
    for paper in make_papers(load_source(CONTENT), seed, count):
        write_paper(folder, paper)


if __name__ == "__main__":
    main()
