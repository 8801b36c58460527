"""What a record of another program says of a paper.

In: nothing. Out: `Draft`, which every reader of records gives, with a Problem for each record that is none.
Must not know which program it was.
"""

from typing import NamedTuple

from site_builder.paper import Paper


class Draft(NamedTuple):
    """A paper as a record gives it, without slug and tags, and the record's place: file and line.

    `keywords` are the words by which the record's owner files it, `notes` what the owner wrote about it. `given` names
    the fields of an entry that were there, be they empty: only this program's own records know them.
    """

    paper: Paper
    path: str
    line: int
    keywords: tuple[str, ...] = ()
    notes: str = ""
    given: frozenset[str] = frozenset()
