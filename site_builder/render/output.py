"""A file of the site before it is written.

In: nothing. Out: `OutputFile`. Must not know which files there are.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

# In the order in which they are written: what a page needs is there before the page.
KINDS = ("asset", "search", "feed", "file", "page")


class OutputFile(NamedTuple):
    """A path in the site, with forward slashes, what sort of file it is, and how to render its bytes.

    Files of equal fingerprints have equal bytes. One that `names_others` of its kind is written after them.
    """

    path: str
    kind: Literal["asset", "search", "feed", "file", "page"]
    fingerprint: bytes
    render: Callable[[], bytes]
    names_others: bool = False
