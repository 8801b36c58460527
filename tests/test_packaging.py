"""The package: what travels in the wheel, and what may not stand in the repository."""

import re
import subprocess
import sys
import zipfile

from tests.builders import ROOT


def test_the_wheel_brings_its_templates_and_builds_a_site(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file():
            assert f"site_builder/templates/{path.relative_to(ROOT / 'templates').as_posix()}" in names
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    (tmp_path / "content").mkdir()
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); from site_builder.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, "build"], check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / "output" / "index.html").exists()


def test_the_locked_versions_name_no_address():
    locks = ("requirements.txt", "tests/requirements.txt", "tests/bench/requirements.txt", "tests/package-lock.json")
    for path in locks:
        text = (ROOT / path).read_text()
        assert "resolved" not in text and not re.search(r"^\s*(--|#|-[ie] )|file:", text.replace("--hash", ""), re.M), (
            path
        )
    assert "==" in (ROOT / "requirements.txt").read_text()


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) < 100
