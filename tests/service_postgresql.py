"""What the tests of PostgreSQL share: a cache of their own, a template, and queries."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from prodev.services.address import Address
from service_processes import eventually, servers_in


@contextmanager
def private_cache() -> Iterator[Path]:
    """Give a cache of its own, short enough for sockets; no server may be left in it."""
    folder = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODEV_CACHE", str(folder))
        yield folder
    assert eventually(lambda: not servers_in(folder)), "a server is left"
    shutil.rmtree(folder)


def fill(address: Address) -> None:
    """Make a table with fifty rows."""
    with psycopg.connect(**address.arguments()) as connection:
        connection.execute("CREATE TABLE rooms (id int PRIMARY KEY, city text NOT NULL)")
        connection.execute("INSERT INTO rooms SELECT n, 'Accra' FROM generate_series(1, 50) n")


def rows(address: Address, query: str = "SELECT count(*) FROM rooms") -> list[tuple[object, ...]]:
    """Return a query's rows."""
    with psycopg.connect(**address.arguments()) as connection:
        return connection.execute(query).fetchall()
