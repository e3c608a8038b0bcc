"""PostgreSQL: one server, a role and a database of its own for each use."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from prodev.services.address import Address
from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.postgresql.programs import installed_programs, wheel_programs
from prodev.services.service import MissingError
from service_postgresql import fill, private_cache, rows

pytestmark = pytest.mark.slow


@pytest.fixture
def cache() -> Iterator[Path]:
    """A cache of this test alone, for what damages servers."""
    with private_cache() as folder:
        yield folder


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
