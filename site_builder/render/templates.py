"""The templates.

In: a template's name and a View. Out: a page's text. Must not know what is on the page.
"""

import traceback
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from site_builder.errors import SiteBuilderError

# What a template's own expressions can bring about.
TEMPLATE_FAULTS = (
    TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, UnicodeError, ValueError,
)  # fmt: skip


class Templates:
    """The templates of a project: its own folder first, then the program's."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        """Look in these folders, in order."""
        self.environment = Environment(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, name: str, view: Any) -> bytes:
        """Render a template with the fields of a View. Raises SiteBuilderError with the template's line."""
        assert is_dataclass(view)  # what a template sees is a frozen record, nothing else
        try:
            template = self.environment.get_template(name)
            return template.render({row.name: getattr(view, row.name) for row in fields(view)}).encode()
        except TEMPLATE_FAULTS as error:
            said = error.message if isinstance(error, TemplateError) else str(error) or type(error).__name__
            raise SiteBuilderError(f"the template {name} cannot be rendered: {_where(error)}{said}") from error


def _where(error: Exception) -> str:
    """Find the template and line that a fault is in: a syntax error says it, else the innermost template does."""
    places = [
        (Path(frame.filename).name, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith((".html", ".xml"))
    ]
    if isinstance(error, TemplateSyntaxError):
        places.append((error.name or "", error.lineno))
    return "{}:{}: ".format(*places[-1]) if places else ""
