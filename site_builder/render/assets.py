"""Styles, scripts and pictures: copied under names that change with their content; scripts are shortened.

In: the template folders. Out: OutputFiles, and where each asset is now. Must not know which page uses which.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from rjsmin import jsmin

from site_builder.errors import SiteBuilderError
from site_builder.files import read_bytes, show
from site_builder.keep import digest
from site_builder.render.output import OutputFile
from site_builder.state import scan

# What is always loaded together goes out as one file, by the last one's name.
TOGETHER = (
    ("site.js", "client.js"),
    (
        "vendor/lunr.min.js",
        *("terms.js", "shards.js", "words.js", "query.js", "narrow.js", "filters.js", "engine.js"),
    ),
    ("narrow.js", "results.js", "search.js"),
)
# What rjsmin does not know: a pattern behind an arrow, which it takes for a division, and a template in a template,
# which it takes for the end of the outer one.
BEHIND_ARROW = re.compile(rb"=>\s*/(?![/*])")
TEMPLATE = re.compile(rb"`(?:[^`\\]|\\.)*`", re.DOTALL)


def load_assets(folders: tuple[Path, ...]) -> dict[str, bytes]:
    """Read every file under `assets/` of the template folders, by name; the first folder that has it wins.

    Scripts come shortened. Raises SiteBuilderError when one cannot be read.
    """
    assets: dict[str, bytes] = {}
    for folder in reversed(folders):
        for name in sorted(scan(f"{folder}/assets", deep=True)):
            try:
                assets[name] = read_bytes(f"{folder}/assets/{name}")
            except OSError as error:
                raise SiteBuilderError(f"cannot read {show(folder / 'assets' / name)}: {error.strerror}") from error
    ready = {name: shorten_script(data) if is_long(name) else data for name, data in assets.items()}
    joined = {names[-1]: b"\n".join([ready[name] for name in names]) for names in TOGETHER}
    alone = {name: data for name, data in ready.items() if not any(name in names for names in TOGETHER)}
    return alone | joined


def is_long(name: str) -> bool:
    """Tell whether a file is a script that nobody has shortened."""
    return name.endswith(".js") and not name.endswith(".min.js")


def shorten_script(script: bytes) -> bytes:
    """Leave out of a script what only people read: comments and blanks. One that may not be understood stays."""
    if BEHIND_ARROW.search(script):
        return script
    shortened: bytes = jsmin(script)
    whole = all(text.count(b"{") == text.count(b"}") for text in TEMPLATE.findall(shortened))
    return shortened if whole else script


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
