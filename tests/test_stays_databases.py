"""The booking service's own tests, green on each database that it runs on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from prodev.services.mysql import MySQL
from prodev.services.postgresql import PostgreSQL
from prodev.services.redis import Redis
from prodev.services.service import Service

pytestmark = pytest.mark.slow
HERE = Path(__file__).resolve().parent
SERVICES: dict[str, type[Service]] = {"postgresql": PostgreSQL, "mysql": MySQL}


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database's address."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/stays.sqlite3"
        return
    with ExitStack() as stack:
        server = stack.enter_context(SERVICES[request.param]().start())
        yield stack.enter_context(server.database()).address.url


@pytest.fixture(scope="module")
def cache_url() -> Iterator[str]:
    """A private cache's address."""
    with Redis().start() as server:
        yield server.url


def test_the_suite_of_stays_is_green(database_url: str, cache_url: str) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STAYS_", "PYTEST_"))}
    path = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    urls = {"STAYS_DATABASE_URL": database_url, "STAYS_TEST_CACHE_URL": cache_url}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "stays")],
        env={**kept, **urls, "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
