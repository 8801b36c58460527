"""The curator's notes: Markdown to safe HTML.

In: Markdown. Out: HTML with nothing in it that could run, load or style. Must not know whose notes they are.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markupsafe import Markup

from site_builder.prose.math import DOLLARS, MATH_ATTRIBUTES, MATH_TAGS, tex_to_mathml

OWN_FILE = re.compile(r"[\w.~%-][\w./~%-]*")  # ../figures/a.png; no scheme, no host, no root
FOOTNOTE_ID = re.compile(r"fn(?:ref\d*)?:[\w-]+")

NOTE_TAGS = MATH_TAGS | frozenset(
    (
        "a abbr b blockquote br caption cite code dd del dl dt em h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s "
        "strong sub sup table tbody td th thead tr ul"
    ).split()
)
NOTE_ATTRIBUTES = {
    **MATH_ATTRIBUTES, "a": {"href", "title"}, "abbr": {"title"}, "img": {"src", "alt", "title"},
    "ol": {"start"}, "li": {"id"}, "sup": {"id"}, "th": {"align"}, "td": {"align"},
}  # fmt: skip


class _MathInNotes(InlineProcessor):
    """`$…$` in Markdown is math; what cannot be read as math stays as typed."""

    # The library's InlineProcessor breaks with its own base class here, and gives more than is needed.
    def handleMatch(  # type: ignore[override]
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
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


@lru_cache(maxsize=512)
def render_notes(text: str) -> Markup:
    """Render the curator's Markdown as safe HTML: no scripts, no styles, only web and relative addresses.

    Headings begin at h3, under the page's own.
    """
    if not text.strip():
        return Markup("")
    markdown = Markdown(extensions=["extra", "smarty", "sane_lists", _NoteMath()], output_format="html")
    made = markdown.convert(text)
    made = re.sub(r"<(/?)h([1-6])\b", lambda m: f"<{m[1]}h{min(6, int(m[2]) + 2)}", made)
    return Markup(
        nh3.clean(
            made,
            tags=set(NOTE_TAGS),
            attributes=NOTE_ATTRIBUTES,
            attribute_filter=_keep_attribute,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener",
        )
    )


def _keep_attribute(element: str, attribute: str, value: str) -> str | None:
    """Keep a picture's address only when it is surely a file of the site, and ids only on footnotes."""
    if (element, attribute) == ("img", "src"):
        return value if OWN_FILE.fullmatch(value) else None
    if attribute == "id":
        return value if FOOTNOTE_ID.fullmatch(value) else None
    return value
