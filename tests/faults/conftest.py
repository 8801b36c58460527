"""The sites that the tests of faults start from."""

from pathlib import Path

import pytest

from tests.faults.sites import FOREIGN, Site, enter, many, small


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A small project with other people's files in its output, not built yet."""
    return enter(Site(tmp_path, small, FOREIGN), monkeypatch)


@pytest.fixture
def built(site: Site) -> Site:
    """The same, built and then edited, but not built again."""
    assert site.build_and_find_faults() == []
    site.edit()
    return site


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A project of so many papers that processes share them, not built yet."""
    return enter(Site(tmp_path, many, FOREIGN), monkeypatch)
