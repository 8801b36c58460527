"""A paper's texts as they are read: repaired once, and used by search, pages and feeds.

In: an entry. Out: its title and abstract as plain words and as HTML, its notes as HTML. Must not know any page.
"""

import re
from typing import NamedTuple

from markupsafe import Markup

from site_builder.content.entry import Entry
from site_builder.prose.notes import render_notes
from site_builder.prose.repair import plain_text, rich_text, rich_title


class Texts(NamedTuple):
    """What is read of a paper: `title` and `abstract` without markup, the others as safe HTML."""

    title: str
    title_html: Markup
    abstract: str
    abstract_html: Markup
    notes_html: Markup

    @classmethod
    def of(cls, title: str, title_html: str, abstract: str, abstract_html: str, notes_html: str) -> "Texts":
        """Take texts that were rendered before."""
        return cls(title, Markup(title_html), abstract, Markup(abstract_html), Markup(notes_html))


def render_texts(entry: Entry) -> Texts:
    """Render an entry's texts; an abstract is shown in its paragraphs."""
    paper = entry.paper
    paragraphs = [part for part in re.split(r"\n\s*\n", paper.abstract) if part.strip()]
    return Texts(
        title=plain_text(paper.title),
        title_html=rich_title(paper.title),
        abstract=" ".join(" ".join(map(plain_text, paragraphs)).split()),
        abstract_html=Markup("\n").join(Markup(f"<p>{rich_text(part)}</p>") for part in paragraphs),
        notes_html=render_notes(entry.notes),
    )


def shorten(text: str, most: int) -> str:
    """Cut a text between words, which single blanks part."""
    return text if len(text) <= most else f"{text[: most + 1].rsplit(' ', 1)[0][:most].rstrip(' ,;:.—–-')}…"
