"""Styles, scripts and pictures: copied under names that change with their content; scripts are shortened.

In: the template folders. Out: OutputFiles, and where each asset is now. Must not know which page uses which.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from site_builder.errors import SiteBuilderError
from site_builder.files import read_bytes, show
from site_builder.keep import Keep, digest, seal
from site_builder.render.output import OutputFile
from site_builder.state import scan

# Reads scripts, writes them shortened; what is not understood, or is no text, is written as it is.
SHORTEN = """
import json, sys
sys.path.append(sys.argv[1])
import minify
def shorten(script):
    try:
        return minify.string("text/javascript", script)
    except ValueError:
        return script
print(json.dumps([shorten(script) for script in json.load(sys.stdin)]))
"""


def load_assets(folders: tuple[Path, ...], keep: Keep) -> dict[str, bytes]:
    """Read every file under `assets/` of the template folders, by name; the first folder that has it wins.

    Scripts come shortened, and are kept so. Raises SiteBuilderError when one cannot be read.
    """
    assets: dict[str, bytes] = {}
    for folder in reversed(folders):
        for name in sorted(scan(f"{folder}/assets", deep=True)):
            try:
                assets[name] = read_bytes(f"{folder}/assets/{name}")
            except OSError as error:
                raise SiteBuilderError(f"cannot read {show(folder / 'assets' / name)}: {error.strerror}") from error
    return assets | _shorten(
        {name: data for name, data in assets.items() if name.endswith(".js") and not name.endswith(".min.js")}, keep
    )


def _shorten(scripts: Mapping[str, bytes], keep: Keep) -> dict[str, bytes]:
    """Shorten scripts; those that were before are kept."""
    keys = {name: digest("script", data) for name, data in scripts.items()}
    known: dict[str, bytes | None] = {name: keep.get(key) for name, key in keys.items()}
    waiting = {name: scripts[name] for name, short in known.items() if short is None}
    made = dict(zip(waiting, shorten_scripts(list(waiting.values())), strict=True))
    keep.put([seal(keys[name], short) for name, short in made.items()])
    return {name: made[name] if short is None else short for name, short in known.items()}


def shorten_scripts(scripts: list[bytes]) -> list[bytes]:
    """Leave out of scripts what only people read: comments, blanks, long names inside of functions.

    One that is not understood stays as it is, and so do all where the package for it is not installed. The package
    starts threads of its own, and a process with threads must not fork: so it works in another one.
    """
    spec = find_spec("minify")
    if not (scripts and spec and spec.origin):
        return scripts
    place = str(Path(spec.origin).parent.parent)
    given = json.dumps([script.decode(errors="surrogateescape") for script in scripts])
    ended = subprocess.run(
        [sys.executable, "-S", "-c", SHORTEN, place], input=given.encode(), capture_output=True, check=False
    )
    try:
        return [text.encode(errors="surrogateescape") for text in json.loads(ended.stdout)]
    except ValueError:
        return scripts


def hashed_path(folder: str, name: str, data: bytes) -> str:
    """Return a path that tells the content: `assets/style.css` becomes `assets/style.4f2a9c1e70b3.css`."""
    inner, slash, file = name.rpartition("/")
    stem, dot, ending = file.rpartition(".")
    digits = hashlib.sha256(data).hexdigest()[:12]
    return f"{folder}/{inner}{slash}{stem or file}.{digits}{dot}{ending if stem else ''}"


def asset_paths(assets: Mapping[str, bytes]) -> dict[str, str]:
    """Return where each asset lies in the site."""
    return {name: hashed_path("assets", name, data) for name, data in assets.items()}


def plan(assets: Mapping[str, bytes]) -> Iterator[OutputFile]:
    """Plan a file for each asset."""
    for name, path in asset_paths(assets).items():
        yield OutputFile(path, "asset", digest(path), partial(bytes, assets[name]))
