"""The project that a command is about.

In: what the user typed. Out: a Config with its Problems. Must not know what the command does.
"""

from argparse import Namespace
from pathlib import Path

from site_builder.config import Config, load_config
from site_builder.errors import Problem


def load_project(given: Namespace) -> tuple[Config, list[Problem]]:
    """Load the settings of the project. Raises SiteBuilderError when its folders cannot be used together."""
    return load_config(Path(given.content), Path(given.output), Path(given.templates) if given.templates else None)
