"""What every page is made with.

In: a Library, the templates, what every page knows. Out: OutputFiles of Views. Must not know which pages there are.
"""

from dataclasses import dataclass
from typing import Any

from site_builder.library.model import Library
from site_builder.render.output import OutputFile
from site_builder.render.templates import Templates
from site_builder.render.views import FeedLink, Site


@dataclass(frozen=True, slots=True)
class Press:
    """The library, the templates, the facts that every page knows, and the feed that every page names."""

    library: Library
    templates: Templates
    site: Site
    feed: FeedLink

    def page(self, template: str, view: Any) -> OutputFile:
        """Plan a page: its path is in the View's head, and it is rendered when it is asked for."""
        return OutputFile(view.head.path, "page", lambda: self.templates.render(template, view))
