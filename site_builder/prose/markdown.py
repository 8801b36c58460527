"""Markdown to HTML, with math.

In: Markdown. Out: HTML that may hold anything that Markdown may. Must not know whose text it is.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.md_in_html import MarkdownInHtmlExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.smarty import SmartyExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor

from site_builder.prose.math import DOLLARS, tex_to_mathml


def to_html(text: str) -> str:
    """Turn Markdown into HTML: with tables, footnotes, definitions, typographic quotes, and math between dollars."""
    return Markdown(extensions=[make() for make in EXTENSIONS], output_format="html").convert(text)


class _MathInNotes(InlineProcessor):
    """`$…$` in Markdown is math; what cannot be read as math stays as typed."""

    # The library's InlineProcessor breaks with its own base class in this method, and its types need the ignore too.
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], _data: str
    ) -> tuple[str | Element | None, int | None, int | None]:
        block = m[0].startswith("$$")
        mathml = tex_to_mathml(m["tex"].strip(), "block" if block else "inline")
        if mathml is None:
            return None, None, None
        return self.md.htmlStash.store(mathml), m.start(), m.end()


class _NoteMath(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.inlinePatterns.register(_MathInNotes(r"\$\$(?P<tex>[^$]+)\$\$", md), "math-block", 186)
        md.inlinePatterns.register(_MathInNotes(DOLLARS.pattern.replace("([^$", "(?P<tex>[^$"), md), "math", 185)


# Named by their classes: to find them by their names, the library would read what is installed, which takes longer than
# all of a page.
EXTENSIONS: tuple[type[Extension], ...] = (
    *(FencedCodeExtension, FootnoteExtension, AttrListExtension, DefListExtension, TableExtension, AbbrExtension),
    *(MarkdownInHtmlExtension, SmartyExtension, SaneListExtension, _NoteMath),
)
