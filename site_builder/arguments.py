"""What the user may type.

In: the words of a command line. Out: a Namespace. Must not know what a command does, nor import what takes long.
"""

import re
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def _read_number(text: str) -> int:
    """Read a number of processes."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"expected a number of processes, found {text!r}")
    return int(text)


Add = Callable[..., ArgumentParser]


def _read_seconds(text: str) -> float:
    """Read a number of seconds."""
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,3})?", text):
        raise ArgumentTypeError(f"expected a number of seconds, found {text!r}")
    return float(text)


def _read_day(text: str) -> "date":
    """Read a day."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"expected a day such as 2024-10-15, found {text!r}") from None


def _add_import(add: Add) -> None:
    about = "Import captured listings, BibTeX, RIS, CSL-JSON, arXiv Atom and more into content/papers/."
    more = "What is known stays as it is; gaps are filled; what disagrees is listed. Importing again changes nothing."
    command = add("import", "importing", about, more)
    what = "files, whose format their content tells; without any, all of content/captures/"
    command.add_argument("files", nargs="*", metavar="FILE", help=what)
    command.add_argument("--dry-run", action="store_true", help="print the same ledger, and write nothing")
    believed = "take what the files say of this field where an entry disagrees; may be given again"
    command.add_argument("--prefer-new", action="append", default=[], metavar="FIELD", help=believed)
    nearly = "what records are that are nearly on the list (default: ask on a terminal, else later)"
    command.add_argument("--near", choices=("same", "new", "later"), help=nearly)
    joined = "the day on which papers without a capture join the list (default: today)"
    command.add_argument("--added", type=_read_day, metavar="DAY", help=joined)


def _add_build(add: Add) -> None:
    about = "Build the site from the content folder into the output folder."
    command = add("build", "building", about, "Only what changed is made anew.")
    command.add_argument("--strict", action="store_true", help="build nothing when the content has faults")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    command.add_argument("--timings", action="store_true", help="tell the seconds that each step took")
    most = "processes (default: as many as pay)"
    command.add_argument("--jobs", type=_read_number, default=0, metavar="N", help=most)


def _add_serve(add: Add) -> None:
    about = "Show the site in your browser, and follow what you edit."
    more = "Drafts are shown, and marked. Nothing is written: output/ stays as it is. Ctrl-C ends it."
    command = add("serve", "serving", about, more)
    command.add_argument("--port", type=_read_port, metavar="N", help="the port (default: the first free from 8000)")
    command.add_argument("--open", action="store_true", help="open the site in your browser")
    which = "what `Edit this entry` opens: vscode, idea, subl, zed, txmt …, or an address with {path}, {line}, {column}"
    command.add_argument("--editor", metavar="NAME", help=which)


def _add_new(add: Add) -> None:
    about = "Add a paper by its title, address, arXiv identifier or DOI."
    more = "Nothing is looked up. A paper that is on the list already is not added again: its file and line are told."
    command = add("new", "adding", about, more)
    what = "a title, an address, an arXiv identifier, a DOI, or several of these"
    command.add_argument("words", nargs="*", metavar="WHAT", help=what)
    command.add_argument("--title", default="", help="its title")
    command.add_argument("--url", action="append", default=[], metavar="ADDRESS", help="an address; may be repeated")
    command.add_argument("--arxiv", default="", metavar="ID", help="its arXiv identifier")
    command.add_argument("--doi", default="", help="its DOI")
    command.add_argument("--tags", action="append", default=[], metavar="A,B", help="its tags")
    command.add_argument("--added", type=_read_day, metavar="DAY", help="the day on which it joins (default: today)")
    command.add_argument("--draft", action="store_true", help="keep it off the site for now")
    command.add_argument("--anyway", action="store_true", help="add it though it is on the list already")
    command.add_argument("--edit", action="store_true", help="open its file in your editor (VISUAL or EDITOR)")


def _add_check(add: Add) -> None:
    about = "Report every fault of the content, and of the links in the built site when there is one."
    more = (
        "Each is told as path:line:column: error: message, with its line and a hint. Exits with 1 when there are any."
    )
    command = add("check", "checking", about, more)
    forms = "as text for people, as a JSON array, or as GitHub's annotations"
    command.add_argument("--format", choices=("text", "json", "github"), default="text", help=forms)
    command.add_argument("--outside", action="store_true", help="ask for the links that lead out of the site, too")
    command.add_argument("--fresh", action="store_true", help="ask for those again that were asked in the last 7 days")
    pause = "between two requests to one host (default: 1)"
    command.add_argument("--pause", type=_read_seconds, default=1.0, metavar="SECONDS", help=pause)


def _add_tag(add: Add) -> None:
    about = "Keep the tags in order: suggest, add, remove, rename, merge, list and check them."
    command = add("tag", "tagging", about, "Only the words that change are edited; every other byte stays.")
    actions = command.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True)
    dry = ArgumentParser(add_help=False)
    dry.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")

    def act(name: str, about: str, more: str = "", *, edits: bool = True) -> ArgumentParser:
        parents = [_make_folders(), *([dry] if edits else [])]
        return actions.add_parser(name, help=about, description=f"{about} {more}", parents=parents)

    action = act("suggest", "Suggest tags for entries without any, or for those named.")
    action.add_argument("slugs", nargs="*", metavar="SLUG", help="entries, by slug or file")
    action.add_argument("--write", action="store_true", help="give the entries what is suggested")
    for name, about in (("add", "Give a tag to entries."), ("remove", "Take a tag from entries.")):
        action = act(name, about)
        action.add_argument("tag", metavar="TAG")
        action.add_argument("slugs", nargs="+", metavar="SLUG", help="entries, by slug or file")
    action = act(
        "rename", "Rename a tag in the vocabulary and in every entry.", "Its old address leads to the new one."
    )
    action.add_argument("old", metavar="OLD")
    action.add_argument("new", metavar="NEW")
    action.add_argument("--name", default="", help="its name for readers from now on")
    about = "Make several tags one: their papers get INTO, and their addresses lead to it."
    action = act("merge", about)
    action.add_argument("tags", nargs="+", metavar="FROM")
    action.add_argument("into", metavar="INTO")
    act("list", "List the tags by use.", edits=False)
    act("check", "List tags that look alike, always stand together, or are hardly used.", edits=False)


def _add_schema(add: Add) -> None:
    about = "Print the JSON Schema of a sort of content file, for an editor."
    command = add("schema", "describing", about, "For entries, it describes the fields between the lines of hyphens.")
    command.add_argument("name", choices=("entry", "tags", "site", "captures"), help="which files it is for")


def _add_export(add: Add) -> None:
    about = "Export entries as BibTeX, RIS, CSL-JSON, CSV, or as this program's own JSON, which holds every field."
    command = add("export", "exporting", about, "Drafts are exported, too. What is exported can be imported again.")
    command.add_argument("format", choices=("bibtex", "ris", "csl", "csv", "json"), help="the format")
    only = "only entries with this tag; may be repeated, and all must be there"
    command.add_argument("--tag", action="append", default=[], metavar="TAG", help=only)
    command.add_argument("--collection", metavar="PATH", help="only the papers of this reading path, in its order")
    statuses = ("to-read", "reading", "read")
    command.add_argument("--status", action="append", default=[], choices=statuses, help="only these; may be repeated")
    command.add_argument("--to", metavar="FILE", help="write a file (default: to where the output goes)")


def _add_complete(add: Add) -> None:
    about = "Fill gaps of entries from the arXiv API: identifier, authors, dates, DOI, abstract."
    more = (
        "An entry is found by its identifier, or by its title. What it says stays; what disagrees, and titles that are "
        "only near, are listed. Exits with 1 when arXiv could not be asked."
    )
    command = add("complete", "completing", about, more)
    command.add_argument("slugs", nargs="*", metavar="SLUG", help="entries; without any, all with gaps")
    take = "take this paper of arXiv's for that entry, whatever its title"
    command.add_argument("--accept", action="append", default=[], metavar="SLUG=ID", help=take)
    command.add_argument("--fresh", action="store_true", help="ask anew what was asked within the last 30 days")
    command.add_argument("--dry-run", action="store_true", help="ask, say what would be filled, and change no entry")
    wait = "how long to wait for an answer (default: 30)"
    command.add_argument("--timeout", type=_read_seconds, default=30.0, metavar="SECONDS", help=wait)
    where = "another address of the API, such as a mirror's (or set SITE_BUILDER_ARXIV_API)"
    command.add_argument("--api", metavar="URL", help=where)
    pause = "how long to rest between requests (default: 3, which is arXiv's wish)"
    command.add_argument("--pause", type=_read_seconds, default=3.0, metavar="SECONDS", help=pause)


def _add_stats(add: Add) -> None:
    about = "Tell the state of the list: what entries lack, worst first, how tags are used, what the last import did."
    command = add("stats", "stating", about)
    command.add_argument("--json", action="store_true", help="the same as data, with every entry that lacks something")
    command.add_argument("--html", metavar="FILE", help="write it as a page in one file, with links to look papers up")


def _read_port(text: str) -> int:
    """Read the number of a port."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise ArgumentTypeError(f"expected a number up to 65535, found {text!r}")
    return int(text)


def _make_folders() -> ArgumentParser:
    folders = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    folders.add_argument("--content", metavar="FOLDER", help="the content folder (default: content)")
    folders.add_argument("--output", metavar="FOLDER", help="where the site goes (default: output)")
    folders.add_argument("--templates", metavar="FOLDER", help="your own templates; the program's fill the gaps")
    return folders


COMMANDS: dict[str, Callable[[Add], None]] = {
    "import": _add_import,
    "build": _add_build,
    "serve": _add_serve,
    "new": _add_new,
    "check": _add_check,
    "tag": _add_tag,
    "schema": _add_schema,
    "export": _add_export,
    "complete": _add_complete,
    "stats": _add_stats,
}


def read_arguments(arguments: Sequence[str] | None) -> Namespace:
    """Read what the user typed; `command` names the module of commands/ that does it. Wrong use exits with 2."""
    folders = _make_folders()
    about = "Build a static website from a curated reading list of research papers."
    parser = ArgumentParser("site-builder", description=about, parents=[folders])
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, module: str, about: str, more: str = "") -> ArgumentParser:
        """Add a command, which the module of this name in commands/ does."""
        command = commands.add_parser(name, help=about, description=f"{about} {more}", parents=[folders])
        command.set_defaults(command=module)
        return command

    first = next(iter(sys.argv[1:] if arguments is None else arguments), "")
    for name in [first] if first in COMMANDS else COMMANDS:  # all take a tenth of a build without changes
        COMMANDS[name](add)
    given = parser.parse_args(arguments, Namespace(content="content", output="output", templates=None))
    if given.version:
        from importlib.metadata import version

        parser.exit(0, f"site-builder {version('site-builder')}\n")
    if given.command is None:
        parser.print_help()
        parser.exit(2)
    return given
