"""The curator's notes: Markdown to safe HTML.

In: Markdown. Out: HTML with nothing in it that could run, load or style. Must not know whose notes they are.
"""

import re
from functools import lru_cache

import nh3
from markupsafe import Markup

from site_builder.prose.math import MATH_ATTRIBUTES, MATH_TAGS

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


@lru_cache(maxsize=512)
def render_notes(text: str) -> Markup:
    """Render the curator's Markdown as safe HTML: no scripts, no styles, only web and relative addresses.

    Headings begin at h3, under the page's own.
    """
    if not text.strip():
        return Markup("")
    from site_builder.prose.markdown import to_html  # few papers have notes, and it takes long to load

    made = to_html(text)
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
