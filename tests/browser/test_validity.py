"""What the Nu Html Checker says of the real site."""

import json
import subprocess
from pathlib import Path


def test_every_page_style_and_picture_is_valid(real_site: Path, java: str, node_modules: Path) -> None:
    vnu = [java, "-jar", str(node_modules / "vnu-jar" / "build" / "dist" / "vnu.jar")]
    what = ["--errors-only", "--skip-non-html", "--also-check-css", "--also-check-svg"]
    done = subprocess.run(
        [*vnu, "--format", "json", *what, str(real_site)], capture_output=True, text=True, check=False
    )
    errors = json.loads(done.stderr)["messages"]
    assert [f"{Path(error['url']).name}:{error.get('lastLine')}: {error['message']}" for error in errors] == []
    assert done.returncode == 0
