"""Styles, scripts and pictures: copied under names that change with their content.

In: the template folders. Out: OutputFiles, and where each asset is now. Must not know which page uses which.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from site_builder.render.output import OutputFile


def load_assets(folders: tuple[Path, ...]) -> dict[str, bytes]:
    """Read every file under `assets/` of the template folders, by name; the first folder that has it wins."""
    assets: dict[str, bytes] = {}
    for folder in reversed(folders):
        for path in sorted((folder / "assets").rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                assets[path.relative_to(folder / "assets").as_posix()] = path.read_bytes()
    return assets


def hashed_path(folder: str, name: str, data: bytes) -> str:
    """Return a path that tells the content: `assets/style.css` becomes `assets/style.4f2a9c1e70b3.css`."""
    stem, _, ending = name.rpartition(".")
    return f"{folder}/{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{ending}"


def asset_paths(assets: Mapping[str, bytes]) -> dict[str, str]:
    """Return where each asset lies in the site."""
    return {name: hashed_path("assets", name, data) for name, data in assets.items()}


def plan(assets: Mapping[str, bytes]) -> Iterator[OutputFile]:
    """Plan a file for each asset."""
    for name, path in asset_paths(assets).items():
        yield OutputFile(path, "asset", partial(bytes, assets[name]))
