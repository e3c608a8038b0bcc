"""What the tests of MySQL share: a cache of their own, a template, and queries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest

from prodev.services.address import Address
from prodev.services.mysql import MySQL
from service_processes import eventually, servers_in


@contextmanager
def private_cache() -> Iterator[Path]:
    """Give a cache of its own, short enough for sockets; no server may be left in it."""
    MySQL().find()  # else the test is skipped, with the way to get it
    folder = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODEV_CACHE", str(folder))
        yield folder
    assert eventually(lambda: not servers_in(folder)), "a server is left"
    shutil.rmtree(folder)


@contextmanager
def small_disk(cache: Path, size: str) -> Iterator[Callable[[], object]]:
    """Put the servers of a cache on a small disk; what it gives makes the disk large."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    provider = MySQL().find().provider.lower().replace(" ", "-")
    folder = cache / f"mysql-{provider}"
    folder.mkdir()
    options = f"size={size},mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
    grow = ["mount", "-o", "remount,size=900m", str(folder)]
    try:
        yield lambda: subprocess.run(grow, check=True)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(address: Address) -> None:
    """Make two tables that depend on each other, with three rows."""
    execute(
        address,
        "CREATE TABLE hosts (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20))",
        "CREATE TABLE rooms (id int PRIMARY KEY, host_id int NOT NULL,"
        " price int, double_price int AS (price * 2), CONSTRAINT costs CHECK (price > 0),"
        " CONSTRAINT rooms_host FOREIGN KEY (host_id) REFERENCES hosts (id))",
        "INSERT INTO hosts VALUES (7, 'Ama')",
        "INSERT INTO rooms (id, host_id, price) VALUES (1, 7, 10), (2, 7, 20)",
    )


def execute(address: Address, *statements: str) -> None:
    """Run statements as the address's user."""
    with (
        pymysql.connect(**address.arguments(), autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)


def rows(address: Address, query: str) -> list[tuple[object, ...]]:
    """Return a query's rows; an administrator's address may name no database."""
    arguments = {**address.arguments(), "database": address.database or None}
    with pymysql.connect(**arguments) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def databases(address: Address) -> set[object]:
    """Return the names of the databases that this user sees."""
    return {name for (name,) in rows(address, "SHOW DATABASES")}
