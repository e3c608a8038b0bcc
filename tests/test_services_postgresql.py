"""PostgreSQL: one server, a role and a database of its own for each use."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from prodev.services.address import Address
from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.postgresql.programs import installed_programs, wheel_programs
from prodev.services.service import MissingError, ServiceError
from service_processes import alive, eventually, keeper_of, owner

pytestmark = pytest.mark.slow


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of this test alone, for what damages servers."""
    folder = Path(tempfile.mkdtemp(prefix="prodev-test-", dir="/tmp"))
    folder.chmod(0o711)
    monkeypatch.setenv("PRODEV_CACHE", str(folder))
    yield folder
    assert eventually(lambda: not any(folder.rglob("leftovers.json"))), "a server is left"
    shutil.rmtree(folder)


def fill(address: Address) -> None:
    with psycopg.connect(**address.arguments()) as connection:
        connection.execute("CREATE TABLE rooms (id int PRIMARY KEY, city text NOT NULL)")
        connection.execute("INSERT INTO rooms SELECT n, 'Accra' FROM generate_series(1, 50) n")


def rows(address: Address, query: str = "SELECT count(*) FROM rooms") -> list[tuple[object, ...]]:
    with psycopg.connect(**address.arguments()) as connection:
        return connection.execute(query).fetchall()


def test_every_provider_is_found_and_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PRODEV_POSTGRESQL", raising=False)
    found = PostgreSQL().find()
    assert found.state == "embedded"
    assert re.fullmatch(r"PostgreSQL 1\d", found.provider)
    assert found.version.startswith(found.provider.removeprefix("PostgreSQL "))


@pytest.mark.parametrize("kind", ["wheel", "installed"])
def test_any_folder_of_programs_will_do(cache: Path, kind: str):
    folder = wheel_programs() if kind == "wheel" else installed_programs()
    if folder is None:
        pytest.skip(f"PostgreSQL ({kind}) is not here: sudo apt-get install postgresql")
    with PostgreSQL().start(address=str(folder)) as server, server.database() as database:
        told = rows(database.address, "SHOW server_version")
        assert str(told[0][0]).split()[0].split("(")[0] == server.found.version.split("(")[0]
        assert server.found.state == "real"


def test_a_database_is_a_clone_of_its_template(postgresql: RunningPostgreSQL):
    with (
        postgresql.database(key="rooms", fill=fill) as one,
        postgresql.database(key="rooms", fill=fill) as other,
    ):
        with one.connect() as connection:
            connection.execute("DELETE FROM rooms")
            connection.execute("CREATE INDEX ON rooms (city)")
        assert rows(one.address) == [(0,)]
        assert rows(other.address) == [(50,)]
    with pytest.raises(psycopg.OperationalError):
        rows(one.address)


def test_a_role_enters_its_own_database_only_and_has_no_powers(postgresql: RunningPostgreSQL):
    with (
        postgresql.database(key="rooms", fill=fill) as mine,
        postgresql.database(key="rooms", fill=fill) as other,
        mine.connect(autocommit=True) as connection,
    ):
        for database in (other.address.database, "postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                mine.connect(dbname=database)
        for statement in (
            "COPY rooms FROM PROGRAM 'id'",
            "COPY rooms TO '/tmp/rooms'",
            "SELECT pg_read_file('/etc/passwd')",
            "CREATE ROLE another LOGIN",
            "CREATE DATABASE another",
            f"ALTER ROLE {mine.address.user} SUPERUSER",
            f"SET ROLE {other.address.user}",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
            "ALTER SYSTEM SET fsync = on",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
        assert connection.execute("SHOW statement_timeout").fetchone() == ("30s",)


def test_a_role_without_its_password_stays_out(postgresql: RunningPostgreSQL):
    with postgresql.database() as database:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            database.connect(password="guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            database.connect(user="postgres", dbname="postgres")


def test_temporary_tables_can_be_refused(postgresql: RunningPostgreSQL):
    with (
        postgresql.database(temporary_tables=False) as database,
        database.connect() as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TEMPORARY TABLE t (a int)")


def test_a_fill_that_fails_leaves_no_template(postgresql: RunningPostgreSQL):
    def broken(address: Address) -> None:
        fill(address)
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        postgresql.database(key="broken", fill=broken)
    with postgresql.database(key="broken", fill=fill) as database:
        assert rows(database.address) == [(50,)]


def _clone(number: int) -> tuple[str, int]:
    with (
        PostgreSQL().start() as server,
        server.database(key="crowd", fill=fill) as database,
        database.connect() as connection,
    ):
        connection.execute("INSERT INTO rooms VALUES (%s, 'Lagos')", [1000 + number])
        found = connection.execute("SELECT count(*) FROM rooms").fetchone()
        return database.address.socket, int(found[0]) if found else 0


def test_eight_processes_share_one_server_and_see_no_rows_of_each_other(cache: Path):
    with multiprocessing.get_context("spawn").Pool(8) as pool:
        found = pool.map(_clone, range(8))
    assert len({socket for socket, _ in found}) == 1
    assert {count for _, count in found} == {51}


OWNER = """
import os, sys
from prodev.services.postgresql import PostgreSQL
server = PostgreSQL().start()
database = server.database()
print(server.pid, database.address.socket, database.address.database, flush=True)
sys.stdin.read()
"""


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
    assert eventually(lambda: not any(cache.rglob("leftovers.json")))
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


def test_a_full_disk_is_one_sentence_and_space_helps(cache: Path):
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = cache / "postgresql-18-embedded"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=711", "none", folder], check=True)
    try:
        with pytest.raises(ServiceError, match=r"the disk that holds .* is full; free some space"):
            PostgreSQL().start()
        subprocess.run(["mount", "-o", "remount,size=400m", folder], check=True)
        with PostgreSQL().start() as server, server.database() as database:
            assert rows(database.address, "SELECT 1") == [(1,)]
        assert eventually(lambda: not any(cache.rglob("leftovers.json")))
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("name", ["mit Leerzeichen und é", "x" * 150])
def test_the_cache_may_be_any_folder(cache: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("PRODEV_CACHE", str(cache / name))
    with PostgreSQL().start() as server, server.database() as database:
        assert rows(database.address, "SELECT 1") == [(1,)]


def test_a_cache_that_the_servers_account_cannot_enter_will_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
):
    private = cache / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("PRODEV_CACHE", str(private / "cache"))
    with PostgreSQL().start() as server, server.database() as database:
        assert rows(database.address, "SELECT 1") == [(1,)]


def test_a_server_of_the_users_own_is_used_and_left_clean(cache: Path):
    with PostgreSQL().start() as own:
        url = own._admin.url
        with PostgreSQL().start(address=url) as server:
            assert server.found.state == "real"
            with server.database(key="own", fill=fill) as database:
                assert rows(database.address) == [(50,)]
        with own.database() as database:
            found = rows(database.address, "SELECT datname FROM pg_database")
            assert [name for (name,) in found if str(name).startswith("run_")] == [
                database.address.database
            ]


def test_an_address_that_does_not_answer_is_one_sentence():
    with pytest.raises(MissingError, match=r"at 127\.0\.0\.1 does not let us in .*start that"):
        PostgreSQL().find(address="postgresql://me:secret@127.0.0.1:9/postgres")


def test_an_address_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRODEV_POSTGRESQL", "postgresql://nobody")
    row = PostgreSQL().describe()
    assert row.state == "missing"
    assert "PRODEV_POSTGRESQL" in row.how
    assert PostgreSQL().describe("embedded").state == "embedded"
