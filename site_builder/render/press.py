"""What every page is made with.

In: a Library, the templates, what every page knows. Out: OutputFiles of Views. Must not know which pages there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from site_builder.library.model import Library
from site_builder.render.output import OutputFile
from site_builder.render.templates import Templates
from site_builder.render.views import Card, FeedLink, Site, show_card


@dataclass(frozen=True, slots=True)
class Press:
    """The library, the templates, what every page knows and names, and each paper as lists show it, by slug."""

    library: Library
    templates: Templates
    site: Site
    feed: FeedLink
    cards: Mapping[str, Card]

    def page(self, template: str, view: Any) -> OutputFile:
        """Plan a page: its path is in the View's head, and it is rendered when it is asked for."""
        return OutputFile(view.head.path, "page", lambda: self.templates.render(template, view))


def make_press(library: Library, templates: Templates, site: Site) -> Press:
    """Gather what pages are made with; each paper's card is made once, however many lists show it."""
    cards = {paper.slug: show_card(paper, library) for paper in library.papers}
    return Press(library, templates, site, FeedLink(site.title, "feed.xml"), cards)
