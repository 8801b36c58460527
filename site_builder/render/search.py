"""The search index as a file of the site.

In: a Library. Out: one OutputFile whose name tells its content. Must not know what is in the index.
"""

from site_builder.library.model import Library
from site_builder.render.assets import hashed_path
from site_builder.render.output import OutputFile
from site_builder.search.index import list_documents, write_index


def plan_index(library: Library) -> OutputFile:
    """Plan the file that the search page loads; it is made at once, since the pages name it by its content."""
    data = write_index(library, list_documents(library))
    return OutputFile(hashed_path("search", "index.js", data), "search", lambda: data)
