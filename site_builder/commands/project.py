"""The project that a command is about, and as whom it asks others.

In: what the user typed. Out: a Config with its Problems; a name for requests. Must not know what the command does.
"""

from argparse import Namespace
from pathlib import Path
from urllib.parse import quote

from site_builder.config import Config, Facts, load_config
from site_builder.errors import Problem


def load_project(given: Namespace) -> tuple[Config, list[Problem]]:
    """Load the settings of the project. Raises SiteBuilderError when its folders cannot be used together."""
    return load_config(Path(given.content), Path(given.output), Path(given.templates) if given.templates else None)


def write_agent(facts: Facts) -> str:
    """Write who asks: the program, its version, and where the list can be found."""
    from importlib.metadata import version

    where = facts.address or facts.repository
    about = f" (+{quote(where, safe='%/:=@[]~,;?#')})" if where else ""
    return f"site-builder/{version('site-builder')}{about}"
