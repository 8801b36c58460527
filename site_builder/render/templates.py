"""The templates.

In: a template's name and a View. Out: a page's text. Must not know what is on the page.
"""

import traceback
from collections.abc import Callable, MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
)

from site_builder.errors import Problem, SiteBuilderError
from site_builder.files import read_bytes, show
from site_builder.keep import Keep, digest, seal
from site_builder.state import scan

# What a template's own expressions can bring about.
TEMPLATE_FAULTS = (
    TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, UnicodeError, ValueError,
)  # fmt: skip


class TemplateFault(SiteBuilderError):
    """A template cannot be rendered; `problem` tells its file and line."""

    def __init__(self, message: str, problem: Problem) -> None:
        """Tell it in a line, and by its place."""
        super().__init__(message)
        self.problem = problem


class Templates:
    """The templates of a project: its own folder first, then the program's. What was compiled is kept."""

    def __init__(self, folders: tuple[Path, ...], keep: Keep) -> None:
        """Look in these folders, in order. Raises SiteBuilderError when a template cannot be read."""
        self._paths = find_templates(folders)
        self._sources = {name: _read(path) for name, path in self._paths.items()}
        self._keep, self._all = keep, digest(self._sources)
        self._closures: dict[str, bytes] = {}
        self._named: dict[str, set[str]] = {}
        self._parsed: dict[str, nodes.Template] = {}
        self.environment = Environment(
            loader=_Loader(self._compile),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )

    def closure(self, name: str) -> bytes:
        """Return a digest of a template with all that it extends, imports and includes."""
        if name not in self._closures:
            key = digest("closure", name, self._all)
            known = self._keep.get(key)
            self._closures[name] = known or self._find_closure(name)
            if not known:
                self._keep.put([seal(key, self._closures[name])])
        return self._closures[name]

    def render(self, name: str, view: Any) -> str:
        """Render a template with the fields of a View. Raises SiteBuilderError with the template's line."""
        try:
            template = self.environment.get_template(name)
            return template.render(view._asdict())
        except TEMPLATE_FAULTS as error:
            raise self._fault(name, error) from error

    def _compile(self, name: str) -> CodeType:
        """Compile a template, or take what was kept of that."""
        if name not in self._sources:
            raise TemplateNotFound(name)
        key = digest("template", name, self._sources[name])
        known: CodeType | None = self._keep.get(key)
        if known:
            return known
        code = self.environment.compile(self._parse(name), name, str(self._paths[name]))
        self._keep.put([seal(key, code)])
        return code

    def _parse(self, name: str) -> nodes.Template:
        if name not in self._parsed:
            self._parsed[name] = self.environment.parse(self._sources[name].decode(), name)
        return self._parsed[name]

    def _find_closure(self, name: str) -> bytes:
        reached, waiting = {name}, [name]
        while waiting:
            one = waiting.pop()
            if one not in self._named:
                self._named[one] = self._references(one)
            new = self._named[one] - reached
            reached |= new
            waiting += new
        return digest([(other, self._sources.get(other)) for other in sorted(reached)])

    def _references(self, name: str) -> set[str]:
        """Return the templates that one names; one that it names by an expression may be any."""
        try:
            found = set(meta.find_referenced_templates(self._parse(name)))
        except KeyError:  # there is none of that name, which is told when it is rendered
            return set()
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            raise self._fault(name, error) from error
        return set(self._sources) if None in found else {other for other in found if other}

    def _fault(self, name: str, error: Exception) -> TemplateFault:
        """Tell the template and line that a fault is in."""
        said, places = _say(error), _places(error)
        path, line = places[-1] if places else (Path(name), 0)
        where = f"{path.name}:{line}: " if places else ""
        known = self._paths.get(str(path)) or self._paths.get(path.name) or self._paths.get(name, path)
        problem = Problem(show(path if path in self._paths.values() else known), line, 0, said)
        return TemplateFault(f"the template {name} cannot be rendered: {where}{said}", problem)


class _Loader(BaseLoader):
    """Hands jinja2 what was compiled."""

    def __init__(self, compile_template: Callable[[str], CodeType]) -> None:
        self._compile = compile_template

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        return Template.from_code(environment, self._compile(name), environment.make_globals(globals))


def find_templates(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Find every template by its name; the first folder that has it wins."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found |= {name: folder / name for name in scan(str(folder), deep=True) if not name.startswith("assets/")}
    return found


def _read(path: Path) -> bytes:
    try:
        return read_bytes(str(path))
    except OSError as error:
        raise SiteBuilderError(f"the template {show(path)} cannot be read: {error.strerror}") from error


def _say(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.message}"
    return (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__


def _places(error: Exception) -> list[tuple[Path, int]]:
    """Return the templates and lines that a fault went through, the innermost last; a syntax error says its own."""
    places = [
        (Path(frame.filename), frame.lineno or 0)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.endswith((".html", ".xml"))
    ]
    if isinstance(error, TemplateSyntaxError):
        places.append((Path(error.name or ""), error.lineno))
    return places
