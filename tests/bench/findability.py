"""Build the project's own list into a folder that goes again, and measure how well its papers are found.

In: nothing, or options for findability.mjs. Out: its table. Must not measure by itself.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from site_builder.build import build
from site_builder.config import load_config

PROJECT = Path(__file__).parent.parent.parent
SCRIPT = Path(__file__).with_suffix(".mjs")


def main(options: list[str]) -> int:
    """Build, and let Node ask the queries."""
    with TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        config, _ = load_config(PROJECT / "content", site, PROJECT / "templates")
        build(config)
        return subprocess.run(["node", str(SCRIPT), str(site), *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
