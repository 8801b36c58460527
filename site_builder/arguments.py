"""What the user may type.

In: the words of a command line. Out: a Namespace. Must not know what a command does, nor import what takes long.
"""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import date


def _read_number(text: str) -> int:
    """Read a number of processes."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"expected a number of processes, found {text!r}")
    return int(text)


def _read_seconds(text: str) -> float:
    """Read a number of seconds."""
    if not text.isascii() or not text.isdigit() or int(text[:9]) > 3600:
        raise ArgumentTypeError(f"expected seconds, up to 3600, found {text!r}")
    return float(text)


def _read_day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"expected a day such as 2025-03-14, found {text!r}") from None


def _add_looking_after(add: Callable[..., ArgumentParser]) -> None:
    """Add the commands by which a curator sees and fills what entries lack."""
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

    about = "Tell the state of the list: what entries lack, worst first, how tags are used, what the last import did."
    command = add("stats", "stating", about)
    command.add_argument("--json", action="store_true", help="the same as data, with every entry that lacks something")
    command.add_argument("--html", metavar="FILE", help="write it as a page in one file, with links to look papers up")


def read_arguments(arguments: Sequence[str] | None) -> Namespace:
    """Read what the user typed; `command` names the module of commands/ that does it. Wrong use exits with 2."""
    folders = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    folders.add_argument("--content", metavar="FOLDER", help="the content folder (default: content)")
    folders.add_argument("--output", metavar="FOLDER", help="where the site goes (default: output)")
    folders.add_argument("--templates", metavar="FOLDER", help="your own templates; the program's fill the gaps")
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

    about = "Build the site from the content folder into the output folder."
    command = add("build", "building", about, "Only what changed is made anew.")
    command.add_argument("--strict", action="store_true", help="build nothing when the content has faults")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    command.add_argument("--timings", action="store_true", help="tell the seconds that each step took")
    most = "processes (default: as many as pay)"
    command.add_argument("--jobs", type=_read_number, default=0, metavar="N", help=most)

    add("check", "checking", "Report every fault of the content, and of the links in the built site when there is one.")

    _add_looking_after(add)

    given = parser.parse_args(arguments, Namespace(content="content", output="output", templates=None))
    if given.version:
        from importlib.metadata import version

        parser.exit(0, f"site-builder {version('site-builder')}\n")
    if given.command is None:
        parser.print_help()
        parser.exit(2)
    return given
