"""What the user may type.

In: the words of a command line. Out: a Namespace. Must not know what a command does, nor import what takes long.
"""

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence


def _read_number(text: str) -> int:
    """Read a number of processes."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"expected a number of processes, found {text!r}")
    return int(text)


def _read_port(text: str) -> int:
    """Read the number of a port."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise ArgumentTypeError(f"expected a number up to 65535, found {text!r}")
    return int(text)


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

    about = "Import captured listings into content/papers/."
    more = "What is known stays as it is; gaps are filled; what disagrees is listed. Importing again changes nothing."
    command = add("import", "importing", about, more)
    command.add_argument("files", nargs="*", metavar="FILE", help="captures; without any, all of content/captures/")

    about = "Build the site from the content folder into the output folder."
    command = add("build", "building", about, "Only what changed is made anew.")
    command.add_argument("--strict", action="store_true", help="build nothing when the content has faults")
    command.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    command.add_argument("--timings", action="store_true", help="tell the seconds that each step took")
    most = "processes (default: as many as pay)"
    command.add_argument("--jobs", type=_read_number, default=0, metavar="N", help=most)

    add("check", "checking", "Report every fault of the content, and of the links in the built site when there is one.")

    about = "Show the site in your browser, and follow what you edit."
    more = "Drafts are shown, and marked. Nothing is written: output/ stays as it is. Ctrl-C ends it."
    command = add("serve", "serving", about, more)
    command.add_argument("--port", type=_read_port, metavar="N", help="the port (default: the first free from 8000)")
    command.add_argument("--open", action="store_true", help="open the site in your browser")
    which = "what `Edit this entry` opens: vscode, idea, subl, zed, txmt …, or an address with {path} and {line}"
    command.add_argument("--editor", metavar="NAME", help=which)

    given = parser.parse_args(arguments, Namespace(content="content", output="output", templates=None))
    if given.version:
        from importlib.metadata import version

        parser.exit(0, f"site-builder {version('site-builder')}\n")
    if given.command is None:
        parser.print_help()
        parser.exit(2)
    return given
