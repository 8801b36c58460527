"""Hostile inputs for the readers of records: samples mutated by a seeded chance, each read under a watch.

    python -m tests.fuzz [FORMAT…] [--inputs 100000] [--seed 1]

Each input is told by `recognize` and read. That must end in a format's name or none, and in Drafts and Problems: no
exception, no more than SECONDS for one input, no more than MEGABYTES above what the process took at the start. Exit
code 1 when it did not.
"""

import argparse
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from site_builder.errors import Problem
from site_builder.formats.draft import Draft
from site_builder.formats.recognize import recognize
from site_builder.sources import READERS
from tests.samples import find_cases

SECONDS = 10
MEGABYTES = 200
LONGEST_INPUT = 60_000
NAMES = (None, "capture", *READERS)  # what `recognize` may say

Reader = Callable[[str, str], tuple[list[Draft], list[Problem]]]

JSON = (
    *'{}[]",:\\', "{" * 40, "[" * 40, '"paper": {', '"title": ', '"date-parts": [[', "\\ud83e", "1e999", "NaN",
    "9" * 5000, "},\n{", '"author": [', '"issued": ', '"extra": {', "null", "true", "/* */", "\\/", "\\u0000",
)  # fmt: skip
# What the grammar of each format is made of.
FORMATS: dict[str, tuple[str, ...]] = {
    "arxiv": (
        *"<>&\"'/=", "<entry>", "</entry>", "</feed>", "<!DOCTYPE a [", "<!ENTITY x 'y'>", "&x;", "&#0;", "&#x1F916;",
        "<![CDATA[", "]]>", "<author><name>", "<id>", 'xmlns:a="', "<?xml", "<a>" * 40, "<!--",
    ),
    "bibtex": (
        *'{}"#=,@()\\~$%&', "@article{k,\n", "title = {", "@string{a = ", "@comment{", "\n@", "{\\'e}", " and ",
        "author = {", "a # a", "month = 10~jan,", "{{", "}}", "\\begin{", "crossref = {", "\n}\n", "$x", "\\foo{",
        "doi = {10.1000/", "date = {",
    ),
    "csl": JSON,
    "csv": (
        *',;\t"\n\r', '""', "'=", "\n\n", ",,,,", "title", '"\n"', "authors; ", "2024-", "\r\n",
    ),
    "daily": JSON,
    "records": JSON,
    "ris": (
        "TY  - ", "ER  - ", "\nTI  - ", "\nAU  - ", "  - ", " - ", "\r\n", "PMID- ", "/", ";", ",", "\nKW  - ",
        "UR  - http://[", "DA  - 2024//",
    ),
}  # fmt: skip
HOSTILE = (
    "\x00", "\ufeff", "\u2028", "\r", "\n\n", "\t", "\x1b", "\udc80", "\U0001f916", "\u202e", "é", "0" * 30,
    "9999-99-99", "'", "<", ">",
    "http://[::", "%00", "٣", " ", "arXiv:", "10.48550/arXiv.", "-", "et al.",
)  # fmt: skip


class Outcome(NamedTuple):
    """What became of the inputs of one format."""

    inputs: int
    drafts: int
    problems: int
    slowest: float
    megabytes: float
    faults: list[str]


def mutate(samples: list[str], signs: tuple[str, ...], chance: random.Random) -> str:
    """Make an input: a sample, or a splice of two, with one to eight changes."""
    text = chance.choice(samples)
    if chance.random() < 0.3:
        other = chance.choice(samples)
        text = text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]
    for _ in range(chance.randint(1, 8)):
        text = _change(text, signs, chance)[:LONGEST_INPUT]
    return text


def _change(text: str, signs: tuple[str, ...], chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice([1, 1, 2, 5, 20, 100, 1000]))
    sign = chance.choice(signs if chance.random() < 0.7 else HOSTILE)
    many = chance.choice([10, 100, 1000, 5000])
    changes: tuple[Callable[[], str], ...] = (
        lambda: text[:start] + text[end:],  # a cut
        lambda: text[:end] + text[start:],  # a doubling
        lambda: text[:start] + sign + text[start:],
        lambda: text[:start] + sign + text[end:],
        lambda: (
            text[:start] + chr(ord(text[start]) ^ (1 << chance.randrange(7))) + text[start + 1 :]
            if start < len(text)
            else text
        ),
        lambda: text[:start] + sign * min(many, LONGEST_INPUT // len(sign)) + text[start:],  # long runs, deep nesting
        lambda: text[:start] + text[start:end] * chance.choice([2, 10, 50]) + text[end:],
        lambda: text[:start],  # the end is missing
        lambda: (
            text.replace("\n", "\r\n") if chance.random() < 0.5 else text.replace("\n", chance.choice([" ", "\r", ""]))
        ),
    )
    return chance.choice(changes)()


def watch(read: Reader, inputs: Iterator[str]) -> Outcome:
    """Tell and read each input, and note what went wrong."""
    count, drafts, problems, slowest, faults = 0, 0, 0, 0.0, []
    start = _megabytes()
    signal.signal(signal.SIGALRM, _give_up)
    for text in inputs:
        count += 1
        begun = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            found, faulty = read(text, "input")
            assert recognize(text) in NAMES
        except (Exception, _TooSlow):  # noqa: BLE001 - whatever a reader raises is what is looked for
            faults.append(f"{traceback.format_exc()[-1500:]}\n{text[:500]!r}")
        else:
            drafts, problems = drafts + len(found), problems + len(faulty)
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - begun)
    grown = _megabytes() - start
    if grown > MEGABYTES:
        faults.append(f"{grown:.0f} MB more than at the start")
    return Outcome(count, drafts, problems, slowest, grown, faults)


class _TooSlow(BaseException):
    """An input took longer than SECONDS; no reader's `except` catches it."""


def _give_up(*_: Any) -> None:
    raise _TooSlow


def _megabytes() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def fuzz(name: str, inputs: int, seed: int = 1) -> Outcome:
    """Read so many mutated inputs of a format."""
    chance = random.Random(seed)
    samples = [path.read_bytes().decode(errors="surrogateescape") for path in find_cases(name)]
    return watch(READERS[name], (mutate(samples, FORMATS[name], chance) for _ in range(inputs)))


def main() -> int:
    """Fuzz the formats that are named, or all, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "formats", nargs="*", metavar="FORMAT", help=f"one of {', '.join(FORMATS)}; all when none is named"
    )
    parser.add_argument("--inputs", type=int, default=100_000, help="how many for each format")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    unknown = set(given.formats) - set(FORMATS)
    if unknown:
        parser.error(f"no such format: {', '.join(sorted(unknown))}")
    failed = False
    for name in given.formats or FORMATS:
        begun = time.perf_counter()
        outcome = fuzz(name, given.inputs, given.seed)
        print(
            f"{name}: {outcome.inputs} inputs in {time.perf_counter() - begun:.0f} s, {outcome.drafts} drafts, "
            f"{outcome.problems} problems, slowest {outcome.slowest:.2f} s, {outcome.megabytes:.0f} MB more, "
            f"{len(outcome.faults)} faults"
        )
        for fault in outcome.faults[:5]:
            print(fault)
        failed = failed or bool(outcome.faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
