"""The content's faults, and the faults of the built site as its readers get it.

In: a Config. Out: Problems. Must not build or change anything.
"""

from collections.abc import Iterator
from typing import NamedTuple

from yaml.nodes import MappingNode, Node, ScalarNode

from site_builder.build import PlannedSite, plan_site, read_catalogue
from site_builder.config import Config
from site_builder.content.frontmatter import FrontMatter, split_front_matter
from site_builder.content.store import check_captures, load_imported
from site_builder.errors import Problem
from site_builder.fields import Source, compose
from site_builder.files import read_text, show
from site_builder.formats.links import ADDRESS_IN_TEXT, trim_address
from site_builder.intake import Catalogue
from site_builder.kinds import is_web_address
from site_builder.links import Ground, Told, check_notes
from site_builder.memory import Memory, open_memory
from site_builder.outside import Found
from site_builder.prose.repair import broken_math
from site_builder.publish import MANIFEST
from site_builder.render.templates import TemplateFault

# Fields whose addresses are not the curator's to mend: what was captured, and where the site itself is.
NOT_ASKED = frozenset({"title", "abstract", "address"})


class Place(NamedTuple):
    """Where something stands: a file, and a line and column from 1."""

    path: str
    line: int
    column: int


class Checked(NamedTuple):
    """The content's faults, the dead links among them, and whether the built site is older than the content."""

    problems: list[Problem]
    told: Told
    is_stale: bool


def check_content(config: Config) -> Checked:
    """Return every fault of every content file and template."""
    with open_memory(config, dry_run=True) as memory:
        catalogue = read_catalogue(config, memory)
        papers = show(config.content / "papers")
        seen = [(file, f"{papers}/{brief.slug}.md") for brief in catalogue.briefs for file, _, _ in brief.sightings]
        _, unread = load_imported(config.content)
        missing = check_captures(config.content, catalogue.captures, seen)
        planned = _check_planned(config, memory, catalogue)
        formulas = _check_math(config, catalogue)
        problems = [*catalogue.problems, *planned.problems, *unread, *missing, *formulas]
        return planned._replace(problems=sorted(problems))


def _check_planned(config: Config, memory: Memory, catalogue: Catalogue) -> Checked:
    """Plan the site: report what is wrong with its addresses, its templates, and the links of the notes."""
    try:
        site = plan_site(config, memory, catalogue)
    except TemplateFault as fault:
        return Checked([fault.problem], frozenset(), is_stale=False)
    drafts = frozenset(f"papers/{brief.slug}.html" for brief in catalogue.briefs if brief.draft)
    ground = Ground(config, site.files, memory.made.fingerprints, drafts)
    dead, told = check_notes(config, catalogue, ground)
    return Checked([*site.collisions, *_check_templates(site), *dead], told, _is_stale(config, memory, site))


def _check_templates(site: PlannedSite) -> Iterator[Problem]:
    """Render a file of each template: what is wrong in it shows only then."""
    for file in site.samples:
        try:
            file.render()
        except TemplateFault as fault:
            yield fault.problem


def _is_stale(config: Config, memory: Memory, site: PlannedSite) -> bool:
    """Tell whether a build now would make other files than the last one; not when nobody knows what that made."""
    made = memory.made.fingerprints
    is_built = bool(made) and (config.output / MANIFEST).exists()
    return is_built and made != {file.path: file.fingerprint for file in site.files}


def _check_math(config: Config, catalogue: Catalogue) -> Iterator[Problem]:
    """Report formulas that are shown as code, because they cannot be read as math."""
    for brief in catalogue.briefs:
        path = config.content / "papers" / f"{brief.slug}.md"
        paper = catalogue.shelf.body(brief.slug, brief.digest).paper
        for key in ("title", "abstract"):
            for formula in broken_math(getattr(paper, key)):
                line, column = _place_of(formula, key, read_text(path)[0])
                message = f"the formula `{formula}` in the {key} cannot be read as math"
                yield Problem(show(path), line, column, message, "it is shown as it is typed", "warning")


def _place_of(formula: str, key: str, text: str) -> tuple[int, int]:
    """Find a formula in an entry's text; one that goes over several lines is told at its field."""
    field = max(0, text.find(f"\n{key}:") + 1)
    place = text.find(formula, field)
    if place < 0:
        place = field
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def gather_addresses(config: Config) -> dict[str, list[Place]]:
    """Gather the web addresses that the content leads to, each with all its places; those of abstracts are left out."""
    places: dict[str, list[Place]] = {}
    folders = (config.content / "papers", config.content / "pages")
    files = [path for folder in folders for path in sorted(folder.glob("*.md"))]
    for path in [*files, config.content / "site.yml"]:
        text, problem = read_text(path) if path.exists() else ("", None)
        if not problem:
            for url, line, column in _addresses_in(text, is_yaml=path.suffix == ".yml"):
                places.setdefault(url, []).append(Place(show(path), line, column))
    return places


def judge_addresses(places: dict[str, list[Place]], found: dict[str, Found]) -> list[Problem]:
    """Return a Problem for each address that is dead, and a warning for each that has moved for good."""
    problems = []
    for url, (first, *others) in places.items():
        also = f"also in {', '.join(f'{place.path}:{place.line}' for place in others)}" if others else ""
        one = found[url]
        if one.outcome == "dead":
            problems.append(Problem(*first, f"`{url}` is dead: {one.why}", also))
        elif one.outcome == "moved":
            hint = f"write {one.to}{'; ' if also else ''}{also}"
            problems.append(Problem(*first, f"`{url}` has moved for good", hint, "warning"))
    return problems


def _addresses_in(text: str, *, is_yaml: bool) -> Iterator[tuple[str, int, int]]:
    """Yield the addresses of a file, in fields and in notes, with line and column."""
    parts = FrontMatter(text, 0, len(text), len(text)) if is_yaml else split_front_matter(text, "")
    if not isinstance(parts, FrontMatter):
        return
    source = Source("", text.count("\n", 0, parts.start) + 1)
    for node in _scalars(compose(parts.yaml, source)):
        url = str(node.value).strip()
        if is_web_address(url):
            line, column = source.place(node.start_mark)
            yield url, source.first_line + line, column + 1
    for match in ADDRESS_IN_TEXT.finditer(text, parts.body):
        url = trim_address(match.group())
        if is_web_address(url):
            place = match.start()
            yield url, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _scalars(node: Node | None) -> Iterator[ScalarNode]:
    """Yield the values of fields that may be asked for, each once however often it is referred to."""
    waiting, seen = [node] if node else [], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, MappingNode):
            waiting.extend(value for key, value in reversed(one.value) if str(key.value) not in NOT_ASKED)
        elif isinstance(one, ScalarNode):
            yield one
        else:
            waiting.extend(reversed(one.value))
