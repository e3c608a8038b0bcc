"""PostgreSQL when things go wrong: killed owners and servers, damaged files, a full disk.

It listens on a socket only, so no port can be taken.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from prodev.services.address import Address
from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.postgresql.database import close_to_others
from prodev.services.service import ServiceError
from service_postgresql import fill, private_cache, rows
from service_processes import alive, eventually, keeper_of, owner, servers_in

pytestmark = pytest.mark.slow


@pytest.fixture
def cache() -> Iterator[Path]:
    """A cache of this test alone, for what damages servers."""
    with private_cache() as folder:
        yield folder


OWNER = """
import os, sys
from prodev.services.postgresql import PostgreSQL
server = PostgreSQL().start()
database = server.database()
print(server.pid, database.address.socket, database.address.database, flush=True)
sys.stdin.read()
"""


def test_many_users_may_come_at_the_same_moment(postgresql: RunningPostgreSQL):
    def come(_user: int) -> None:
        with psycopg.connect(**postgresql._admin.arguments(), autocommit=True) as connection:
            for _ in range(20):
                close_to_others(connection)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(8)))


def test_nothing_is_left_when_the_last_owner_is_killed(cache: Path):
    with owner(OWNER) as process:
        assert process.stdout
        pid, socket, _ = process.stdout.readline().split()
        keeper = keeper_of(int(pid))
        process.kill()
    assert eventually(lambda: not alive(int(pid)))
    assert eventually(lambda: not alive(keeper))
    assert not Path(socket).exists()
    assert eventually(lambda: not (cache / "postgresql-18-embedded" / "keeper").exists())


def test_the_database_of_a_killed_owner_is_dropped_by_the_next_user(cache: Path):
    with PostgreSQL().start() as server:
        with owner(OWNER) as process:
            assert process.stdout
            name = process.stdout.readline().split()[2]
            process.kill()
        with PostgreSQL().start() as another, another.database() as mine, server.database() as new:
            found = rows(new.address, "SELECT datname FROM pg_database")
            assert (mine.address.database,) in found
            assert (name,) not in found


def test_a_killed_server_is_one_sentence_and_starts_again(cache: Path):
    with PostgreSQL().start() as server:
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: bool(server._kept and server._kept.ended()))
        with pytest.raises(ServiceError, match=r"PostgreSQL stopped by itself: .*SIGKILL\. Run"):
            server.database()
    with PostgreSQL().start() as server, server.database(key="r", fill=fill) as database:
        assert rows(database.address) == [(50,)]


def test_a_server_that_dies_while_a_lab_fills_its_database_is_one_sentence(cache: Path):
    def fill_and_kill(address: Address) -> None:
        with psycopg.connect(**address.arguments()) as connection:
            os.kill(server.pid or 0, signal.SIGKILL)
            while True:
                connection.execute("SELECT 1")

    with (
        PostgreSQL().start() as server,
        pytest.raises(ServiceError, match=r"PostgreSQL stopped by itself: .*SIGKILL\. Run"),
    ):
        server.database(key="r", fill=fill_and_kill)
    with PostgreSQL().start() as server, server.database(key="r", fill=fill) as database:
        assert rows(database.address) == [(50,)]


def test_the_server_ends_with_a_killed_keeper(cache: Path):
    with PostgreSQL().start() as server:
        assert server.pid
        pid = server.pid
        os.kill(keeper_of(pid), signal.SIGKILL)
        assert eventually(lambda: not alive(pid))
    with PostgreSQL().start() as server, server.database() as database:
        assert rows(database.address, "SELECT 1") == [(1,)]


def advised(error: ServiceError) -> str:
    found = re.search(r"rm -r '(.+?)'", str(error))
    assert found, str(error)
    return found[1]


@pytest.mark.parametrize("damage", ["another version", "no control file", "garbage"])
def test_damaged_data_is_one_sentence_and_the_advised_step_helps(cache: Path, damage: str):
    with PostgreSQL().start() as server:
        pid = server.pid
    assert pid
    assert eventually(lambda: not alive(pid))
    assert eventually(lambda: not servers_in(cache))
    data = cache / "postgresql-18-embedded" / "data"
    if damage == "another version":
        (data / "PG_VERSION").write_text("15\n")
    elif damage == "no control file":
        (data / "global" / "pg_control").unlink()
    else:
        (data / "global" / "pg_control").write_bytes(b"x" * 8192)
    with pytest.raises(ServiceError) as caught:
        PostgreSQL().start()
    assert str(caught.value).count(". ") == 0
    assert "\n" not in str(caught.value)
    shutil.rmtree(advised(caught.value))
    with PostgreSQL().start() as server, server.database() as database:
        assert rows(database.address, "SELECT 1") == [(1,)]


@contextmanager
def small_disk(cache: Path, size: str) -> Iterator[Callable[[], object]]:
    """Put the server of a cache on a small disk; what it gives makes the disk large."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = cache / "postgresql-18-embedded"
    folder.mkdir()
    options = f"size={size},mode=711"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)
    grow = ["mount", "-o", "remount,size=600m", str(folder)]
    try:
        yield lambda: subprocess.run(grow, check=True)
        assert eventually(lambda: not servers_in(cache))
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_at_the_start_is_one_sentence_and_space_helps(cache: Path):
    with small_disk(cache, "8m") as grow:
        with pytest.raises(ServiceError, match=r"the disk that holds .* is full; free some space"):
            PostgreSQL().start()
        grow()
        with PostgreSQL().start() as server, server.database() as database:
            assert rows(database.address, "SELECT 1") == [(1,)]


def test_a_disk_that_fills_in_a_lab_is_one_sentence_and_space_helps(cache: Path):
    def much(address: Address) -> None:
        with psycopg.connect(**address.arguments(), autocommit=True) as connection:
            connection.execute("CREATE TABLE much (text text)")
            rows = "SELECT repeat(md5(n::text), 50) FROM generate_series(1, 5000) n"
            for _ in range(60):
                connection.execute(f"INSERT INTO much {rows}")

    with small_disk(cache, "120m") as grow:
        with (
            PostgreSQL().start() as server,
            # PostgreSQL may refuse the row, or end itself when its log has no room.
            pytest.raises(ServiceError, match=r"the disk that holds its data is full; free some"),
        ):
            server.database(key="much", fill=much)
        grow()
        with PostgreSQL().start() as server, server.database(key="r", fill=fill) as database:
            assert rows(database.address) == [(50,)]
