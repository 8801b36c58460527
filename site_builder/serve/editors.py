"""The curator's editor, by the scheme of the addresses that it opens.

In: what `--editor` says, a file, a line and a column. Out: an address. Must not know whether such an editor is there.
"""

import re
from pathlib import Path
from urllib.parse import quote

from site_builder.errors import SiteBuilderError
from site_builder.hints import guess_name

# By the names of their commands or schemes; a path begins with a slash.
EDITORS = {
    "cursor": "cursor://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "mvim": "mvim://open?url=file://{path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "subl": "subl://open?url=file://{path}&line={line}&column={column}",
    "txmt": "txmt://open?url=file://{path}&line={line}&column={column}",
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "windsurf": "windsurf://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
}
OF_THE_PAGE = ("javascript", "data", "blob", "vbscript")  # schemes that would run in the page


def find_editor(name: str) -> str:
    """Return the form of an editor's addresses. Raises SiteBuilderError when it is neither known nor a form itself."""
    if name in EDITORS:
        return EDITORS[name]
    scheme = re.match(r"([a-z][a-z0-9+.-]*):\S*\{path\}\S*$", name, re.IGNORECASE)
    if scheme and scheme[1].lower() not in OF_THE_PAGE:
        return name
    guess = guess_name(name, EDITORS)
    meant = f"did you mean {guess}? " if guess else ""
    raise SiteBuilderError(
        f"no editor `{name}` is known: {meant}name one of {', '.join(EDITORS)}, or say how its addresses look, "
        "such as myeditor://open?file={path}&line={line}&column={column}"
    )


def edit_address(editor: str, path: Path, line: int = 0, column: int = 0) -> str:
    """Return the address that opens a file, at its start unless a line is told; none when no editor is."""
    whole = path.absolute().as_posix()
    quoted = quote(whole if whole.startswith("/") else f"/{whole}", safe="/:")
    place = {"{path}": quoted, "{line}": str(max(1, line)), "{column}": str(max(1, column))}
    return re.sub("|".join(map(re.escape, place)), lambda found: place[found[0]], editor)
