"""The data in a server: the same rows, in tables as they were, or nothing at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import psycopg
import pymysql
import pytest

from prodev.errors import CourseError, ParameterError
from prodev.services.address import Address
from prodev.services.mysql import MySQL
from prodev.services.postgresql import RunningPostgreSQL
from prodev.stays.columns import rows_in
from prodev.stays.dataset import Stays, make_stays
from prodev.stays.load import create_tables, load
from prodev.stays.load import database as loading
from prodev.stays.load.text import COPY, blocks
from prodev.stays.schema import COLUMNS
from prodev.stays.tables import make_tables
from stays_servers import ask, connect, counts, migrate, schema, tell

pytestmark = pytest.mark.slow

Rows = list[tuple[Any, ...]]
Database = AbstractContextManager[Any]


@pytest.fixture(scope="session")
def stays() -> Stays:
    return make_stays()


@pytest.fixture(scope="session")
def new_database(postgresql: RunningPostgreSQL) -> Iterator[Callable[[str], Database]]:
    """Make an empty database of an engine; MySQL is started for the first who wants it."""
    servers: list[Any] = []

    def make(engine: str) -> Database:
        if engine == "postgresql":
            return postgresql.database()
        if not servers:
            servers.append(MySQL().start())
        return servers[0].database()

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(params=["postgresql", "mysql"])
def empty(
    request: pytest.FixtureRequest, new_database: Callable[[str], Database]
) -> Iterator[Address]:
    with new_database(request.param) as database:
        yield database.address


def plain(value: Any) -> Any:
    """A value of a frame as a driver would return it; drivers disagree on time zones."""
    if value is pd.NaT or value is None or value != value:  # noqa: PLR0124 - NaN alone is not itself
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value


def test_every_value_comes_back_as_it_was(empty: Address, stays: Stays):
    create_tables(empty)
    assert load(empty) == {table: len(frame) for table, frame in stays.frames().items()}
    for table, frame in stays.frames().items():
        rows = ask(empty, f"SELECT * FROM {table} ORDER BY id")
        found = [tuple(map(plain, row)) for row in rows]
        expected = [tuple(map(plain, row)) for row in frame.astype(object).itertuples(index=False)]
        assert found == expected, table


def test_new_rows_get_the_ids_behind_those_that_were_loaded(empty: Address, stays: Stays):
    create_tables(empty)
    load(empty)
    tell(empty, "INSERT INTO payments (booking_id, amount_cents, method, status, paid_at)"
         " VALUES (1, 5, 'card', 'failed', NULL)")  # fmt: skip
    assert ask(empty, "SELECT max(id) FROM payments") == [(len(stays.payments) + 1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bookings SET check_out = check_in WHERE id = 1",
        "UPDATE bookings SET status = 'maybe' WHERE id = 1",
        "UPDATE bookings SET guest_id = 999999 WHERE id = 1",
        "UPDATE reviews SET rating = 6 WHERE id = 1",
        "UPDATE users SET email = (SELECT e FROM (SELECT email AS e FROM users WHERE id = 2) AS o)"
        " WHERE id = 1",
        "UPDATE payments SET paid_at = NULL WHERE status = 'paid'",
        "DELETE FROM properties",
    ],
)
def test_the_schema_refuses_what_cannot_be(new_database: Callable[[str], Database], statement: str):
    for engine in ("postgresql", "mysql"):
        with new_database(engine) as database:
            create_tables(database.address)
            load(database.address)
            with pytest.raises((psycopg.IntegrityError, pymysql.err.MySQLError), match=r"\w"):
                tell(database.address, statement)


def test_tables_of_the_migrations_are_filled_and_nobody_has_a_password(
    empty: Address, stays: Stays
):
    migrate(empty)
    before = schema(empty)
    load(empty)
    assert schema(empty) == before
    assert counts(empty) == {table: len(frame) for table, frame in stays.frames().items()}
    columns = "username, password, is_superuser, is_staff, is_active, last_login"
    for (name, password, superuser, staff, active, login), user in zip(
        ask(empty, f"SELECT {columns} FROM users ORDER BY id"),
        stays.users.itertuples(),
        strict=True,
    ):
        assert f"{name}@example.com" == user.email
        assert (password, active, login) == ("!", True, None)
        assert superuser == staff == (user.role == "admin")
    tell(empty, "INSERT INTO messages (booking_id, sender_id, body, sent_at)"
         " VALUES (1, 1, 'Hello', '2025-09-01 00:00:00')")  # fmt: skip
    assert ask(empty, "SELECT max(id) FROM messages") == [(len(stays.messages) + 1,)]


def test_rows_that_a_server_refuses_leave_nothing_behind(empty: Address):
    create_tables(empty)
    tell(empty, "ALTER TABLE messages ADD CONSTRAINT no_talk CHECK (body NOT LIKE 'We do.%')")
    before = schema(empty)
    with pytest.raises(CourseError, match=r"did not take .*no_talk.*; nothing was kept\.$") as told:
        load(empty)
    assert "\n" not in str(told.value)
    assert set(counts(empty).values()) == {0}
    assert schema(empty) == before
    tell(empty, "ALTER TABLE messages DROP CONSTRAINT no_talk")
    load(empty)  # it goes on after the advised step
    assert counts(empty)["messages"] > 500


def test_a_load_that_is_interrupted_leaves_nothing_behind(
    empty: Address, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*arguments: Any, **options: Any) -> Iterator[Any]:
        for table, part in make_tables(*arguments, **options):
            if table == "reviews":
                raise KeyboardInterrupt
            yield table, part

    create_tables(empty)
    before = schema(empty)
    monkeypatch.setattr(loading, "make_tables", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(empty)
    assert set(counts(empty).values()) == {0}
    assert schema(empty) == before


def test_tables_that_are_missing_or_have_rows_are_refused_in_one_sentence(empty: Address):
    with pytest.raises(CourseError, match=r"has no table 'users'; run the migrations or create_"):
        load(empty)
    create_tables(empty)
    with pytest.raises(CourseError, match=r"already has a table 'users'; take an empty one\.$"):
        create_tables(empty)
    tell(empty, "INSERT INTO users (name, email, role, country, joined_on)"
         " VALUES ('Ada', 'ada@example.com', 'guest', 'KE', '2024-01-01')")  # fmt: skip
    with pytest.raises(CourseError, match=r"'users' has rows already; load into empty tables\.$"):
        load(empty)
    assert counts(empty)["users"] == 1


def test_a_server_that_does_not_answer_is_told_in_one_sentence(empty: Address):
    away = Address(**{**vars(empty), "socket": "", "host": "127.0.0.1", "port": 1})
    for action in (create_tables, load):
        with pytest.raises(CourseError, match=r"; nothing was kept\.$") as told:
            action(away)
        assert "\n" not in str(told.value)
        assert empty.password not in str(told.value)


def test_a_scale_that_is_not_known_is_refused_before_anything_is_sent(empty: Address):
    with pytest.raises(ParameterError, match=r"^load: 'scale' is 'huge'; it may be small,"):
        load(empty, 1, "huge")


def checksum(address: Address) -> dict[str, str]:
    """Return a checksum of each table's rows, written as PostgreSQL's COPY writes them."""
    found = {}
    with closing(connect(address)) as connection:
        for table, columns in COLUMNS.items():
            total = hashlib.sha256()
            query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY id"
            if address.engine == "postgresql":
                connection.execute("SET timezone = 'UTC'")
                with connection.cursor().copy(f"COPY ({query}) TO STDOUT") as copy:
                    for block in copy:
                        total.update(bytes(block).replace(b"+00\t", b"\t").replace(b"+00\n", b"\n"))
            else:
                with connection.cursor(pymysql.cursors.SSCursor) as cursor:
                    cursor.execute(query)
                    while rows := cursor.fetchmany(10_000):
                        total.update(copied(rows))
            found[table] = total.hexdigest()
    return found


def copied(rows: Rows) -> bytes:
    lines = ["\t".join("\\N" if value is None else str(value) for value in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def test_medium_is_the_same_in_all_three_databases(new_database: Callable[[str], Database]):
    totals = {table: hashlib.sha256() for table in COLUMNS}
    for table, part in make_tables(3, "medium"):
        for block in blocks([part[name] for name in COLUMNS[table]], rows_in(part), COPY):
            totals[table].update(block.data)
    expected = {table: total.hexdigest() for table, total in totals.items()}
    for engine in ("postgresql", "mysql"):
        with new_database(engine) as database:
            create_tables(database.address)
            load(database.address, 3, "medium")
            assert checksum(database.address) == expected, engine
    assert sqlite_checksum(make_stays(3, "medium")) == expected


def sqlite_checksum(stays: Stays) -> dict[str, str]:
    import sqlite3

    found = {}
    with closing(sqlite3.connect(":memory:")) as connection:
        stays.to_sqlite(connection)
        for table, columns in COLUMNS.items():
            total = hashlib.sha256()
            cursor = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
            while rows := cursor.fetchmany(10_000):
                total.update(copied(rows))
            found[table] = total.hexdigest()
    return found
