"""new: a paper that the curator adds by hand.

In: what the user typed, the day, their editor. Out: the new file's path, on the terminal. Must not know how an entry is
written, nor look anything up.
"""

import os
import shlex
import shutil
import subprocess
import sys
from argparse import Namespace
from datetime import date

from site_builder.addition import Added, add_paper, read_wanted
from site_builder.commands.project import load_project
from site_builder.errors import SiteBuilderError
from site_builder.excerpts import show_problem
from site_builder.terminal import say


def run(given: Namespace) -> None:
    """Add a paper, say where its file is, and open it when that is asked for; exits with 1 when it is there already."""
    config, _ = load_project(given)
    wanted = read_wanted(given.words, given.title, given.url, given.arxiv, given.doi)
    editor = _find_editor() if given.edit else []
    tags = [tag.strip() for tag in ",".join(given.tags).split(",") if tag.strip()]
    day = given.added or date.today()
    added = add_paper(config, wanted, day, tags, draft=given.draft, anyway=given.anyway)
    _tell(added, has_title=bool(wanted.title))
    path = added.entry.path if added.entry else added.problem.path if added.problem else ""
    if editor and subprocess.run([*editor, path], check=False).returncode:
        say(f"the editor `{editor[0]}` ended with a fault", to_errors=True)
        sys.exit(1)
    if added.problem:
        sys.exit(1)


def _tell(added: Added, *, has_title: bool) -> None:
    for warning in added.warnings:
        say(show_problem(warning), to_errors=True)
    if added.problem:
        say(show_problem(added.problem), to_errors=True)
    if added.entry:
        say(added.entry.path)
        if not has_title:
            say("its title is not known, so it is a draft: write the title, and take `draft: true` away")


def _find_editor() -> list[str]:
    """Find the editor of the user's choice. Raises SiteBuilderError when there is none."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(chosen)
    except ValueError:  # a quote that is not closed
        words = []
    if not words or not shutil.which(words[0]):
        raise SiteBuilderError(f"there is no editor `{chosen}`; name one in VISUAL or EDITOR, or leave --edit out")
    return words
