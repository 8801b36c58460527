"""schema: the JSON Schema of a sort of content file.

In: what the user typed. Out: the schema, on the terminal. Must not know how it is made.
"""

import json
from argparse import Namespace

from site_builder.schemas import make_schemas
from site_builder.terminal import say


def run(given: Namespace) -> None:
    """Print the schema that was asked for."""
    say(json.dumps(make_schemas()[given.name], indent=2, ensure_ascii=False))
