"""What pages are made with, and how a page's fingerprint follows from what it is made of.

In: a Library, the templates, what every page knows. Out: OutputFiles of Views. Must not know which pages there are.

A page is made by a plain function of plain values, and its fingerprint is the digest of just these values, the
template with all that it includes, and what every page knows. So a page cannot depend on something unseen, and
nothing of it needs to be made to know that it is as it was.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from markupsafe import Markup

from site_builder.keep import digest
from site_builder.library.brief import Body, Brief
from site_builder.library.model import Library
from site_builder.render.output import OutputFile
from site_builder.render.templates import Templates
from site_builder.render.views import Site, root_of, show_card

NEAR = 20_000  # cards that are at hand
CARD = "card.html"

TagNames = tuple[tuple[str, str], ...]  # slug and name of each, in the vocabulary's order


class Later(NamedTuple):
    """A value that is made when a page is rendered, and the digest of what it follows from."""

    make: Callable[[], Any]
    mark: bytes


class Sheet(NamedTuple):
    """A paper, ready to be shown: its brief, the names of its tags, a digest of these, and one of what lists show."""

    brief: Brief
    tags: TagNames
    mark: bytes
    listed: bytes


class Press:
    """The library, the templates, what every page knows and names, and each paper's sheet, by slug."""

    def __init__(
        self, library: Library, templates: Templates, site: Site, program: bytes, body_of: Callable[[str, bytes], Body]
    ) -> None:
        """Make a press; `program` is the digest of the program, `body_of` gives a paper's body."""
        self.library, self.templates, self.site = library, templates, site
        self.mark = digest(program, site.mark)
        self.body_of = body_of
        self.sheets = make_sheets(library)
        self.samples: dict[str, OutputFile] = {}  # the first file of each template
        self._card = lru_cache(NEAR)(self._render_card)  # a paper is in some lists: its tags', its year's, its day's

    def page(self, template: str, path: str, show: Callable[..., Any], *given: Any) -> OutputFile:
        """Plan a page: `show` makes its View of the site, the page's path and what is given."""
        return self.file("page", template, path, show, *given)

    def file(self, kind: Any, template: str, path: str, show: Callable[..., Any], *given: Any) -> OutputFile:
        """Plan a file that a template renders."""
        marks = [one.mark if type(one) is Later else one for one in given]
        fingerprint = digest(self.mark, self.templates.closure(template), path, marks)
        planned = OutputFile(path, kind, fingerprint, partial(self._render, template, path, show, given))
        self.samples.setdefault(template, planned)
        return planned

    def _render(self, template: str, path: str, show: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
        values = [one.make() if type(one) is Later else one for one in given]
        return self.templates.render(template, show(self.site, path, *values)).encode()

    def body(self, sheet: Sheet) -> Later:
        """Give a page all that is known of a paper."""
        brief = sheet.brief
        return Later(lambda: self.body_of(brief.slug, brief.digest), brief.digest)

    def cards(self, slugs: Iterable[str], path: str, level: int) -> Later:
        """Give the page at a path the cards of some papers, whose titles are headings of a level."""
        shown, root = list(slugs), root_of(path)
        mark = b"".join([self.templates.closure(CARD), *[self.sheets[slug].listed for slug in shown]])
        return Later(lambda: tuple([self._card(slug, root, level) for slug in shown]), mark)

    def _render_card(self, slug: str, root: str, level: int) -> Markup:
        sheet = self.sheets[slug]
        return Markup(self.templates.render(CARD, show_card(sheet.brief, sheet.tags, root, level)))


def make_sheets(library: Library) -> dict[str, Sheet]:
    """Name the tags of every paper, and digest what is shown of it."""
    order = {slug: place for place, slug in enumerate(library.tags)}
    named: dict[tuple[str, ...], tuple[TagNames, bytes]] = {}
    sheets = {}
    for slug, brief in library.papers.items():
        if brief.tags not in named:
            tags = tuple([(tag, library.tags[tag].name) for tag in sorted(brief.tags, key=order.__getitem__)])
            named[brief.tags] = (tags, digest(tags))
        tags, mark = named[brief.tags]
        sheets[slug] = Sheet(brief, tags, mark, brief.listed + mark)
    return sheets
