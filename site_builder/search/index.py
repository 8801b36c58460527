"""The search index: built by the `lunr` package, answered by lunr.js in the browser.

In: a Library. Out: the text of one script that hands the index, and what a result shows, to the search page.
Must not know how a query is read: that is templates/assets/search.js.

lunr gets lists of terms, not text: its own tokenizer, trimmer and stemmer differ between Python and JavaScript,
`terms` and its twin do not. The index lists its terms by UTF-16 units, the order in which lunr.js loads them.
"""

import json
from typing import Any

from site_builder.library.model import Library
from site_builder.paper import Paper
from site_builder.search.builder import TermBuilder
from site_builder.search.terms import terms_of

# How much a word counts where it stands. An abstract is ten times as long as a title.
BOOSTS = {"title": 6, "tags": 2, "people": 2, "abstract": 1}


def build_index(library: Library) -> dict[str, Any]:
    """Build the Lunr index of a library, as lunr.js loads it; a document's reference is its place in title order."""
    builder = TermBuilder()
    for name, boost in BOOSTS.items():
        builder.field(name, boost)
    for reference, paper in enumerate(library.papers):
        texts = searched_texts(paper, library)
        builder.add_terms(str(reference), {name: terms_of(text) for name, text in texts.items()})
    if not library.entries:
        return {
            "version": "2.3.9",
            "fields": list(BOOSTS),
            "fieldVectors": [],
            "invertedIndex": [],
            "pipeline": [],
        }
    index: dict[str, Any] = builder.build().serialize()
    index["invertedIndex"].sort(key=lambda row: row[0].encode("utf-16-be"))
    return index


def searched_texts(paper: Paper, library: Library) -> dict[str, str]:
    """Return the texts by which a paper is found, one for each field of the index."""
    names = [library.tags[slug].name for slug in paper.tags]
    organization = [paper.organization.name, paper.organization.handle] if paper.organization else []
    identifiers = [value for value in (paper.arxiv, paper.doi) if value]
    return {
        "title": library.texts[paper.slug].title,
        "tags": " ".join(names),
        "people": " ".join([*paper.authors, *organization, *identifiers]),
        "abstract": library.texts[paper.slug].abstract,
    }


def write_index(library: Library, documents: list[list[Any]]) -> bytes:
    """Write the script that hands over index and documents; it is loaded by an element, so it works from a folder."""
    payload = {"index": build_index(library), "documents": documents}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    # Line separators end a line of script in old browsers; `</` would end an inline script, were it ever one.
    safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"readingList.receiveIndex({safe});\n".encode()


def list_documents(library: Library) -> list[list[Any]]:
    """List what a result shows of a paper: slug, title, day, whether its year was inferred, tags, abstract."""
    return [
        [
            paper.slug,
            library.texts[paper.slug].title,
            paper.published.isoformat() if paper.published else "",
            paper.published_year == "inferred",
            [library.tags[slug].name for slug in paper.tags],
            library.texts[paper.slug].abstract,
        ]
        for paper in library.papers
    ]
