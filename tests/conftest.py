"""What the tests share: the repository, a copy of its data, and the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prodev.cli import cli

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty learner's home, so that none sees the author's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PRODEV_HOME", str(home))
    monkeypatch.delenv("PRODEV_LEARNER", raising=False)
    return home


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course's data, which the command line reads instead of the original."""
    course = tmp_path / "course"
    shutil.copytree(REPOSITORY / "data", course / "data")
    monkeypatch.setenv("PRODEV_COURSE", str(course))
    return course / "data"


@pytest.fixture
def prodev() -> Callable[..., Result]:
    """Run the command line in this process."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), prog_name="prodev")

    return run
