"""What the tests share: the repository, a copy of its data, and the command line."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from prodev.cli import cli
from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.service import MissingError
from service_processes import servers_in

REPOSITORY = Path(__file__).resolve().parents[1]
NOT_HERE = "is not here"  # what a skip says where a system is missing
SERVERS_END_SECONDS = 15


def pytest_configure(config: pytest.Config) -> None:
    """Give all workers one cache of their own, so that the author's servers are left alone."""
    # A shell starts what runs in the background with Ctrl+C ignored, and all that is started from
    # there would ignore it too; tests interrupt themselves and others.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        cache = Path(tempfile.mkdtemp(prefix="prodev-tests-", dir="/tmp"))
        cache.chmod(0o711)  # under root, servers run under other accounts
        os.environ["PRODEV_CACHE"] = str(cache)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        cache = Path(os.environ.pop("PRODEV_CACHE"))
        deadline = time.monotonic() + SERVERS_END_SECONDS
        while servers_in(cache) and time.monotonic() < deadline:
            time.sleep(0.1)  # servers end a little after their last user
        shutil.rmtree(cache, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Skip where a system is missing, with the way to get it; in CI that is a failure."""
    report = yield
    reason = ""
    if call.excinfo and call.excinfo.errisinstance(MissingError):
        reason = str(call.excinfo.value)
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {reason}")
    elif report.skipped and isinstance(report.longrepr, tuple) and NOT_HERE in report.longrepr[2]:
        reason = report.longrepr[2]
    if reason and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"In CI nothing is skipped for a missing system: {reason}"
    return report


@pytest.fixture(scope="session")
def postgresql() -> Iterator[RunningPostgreSQL]:
    """The server that all tests share; each takes databases of its own."""
    with PostgreSQL().start() as server:
        yield server


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
