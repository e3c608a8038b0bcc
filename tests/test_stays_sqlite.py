"""The data in SQLite: the same rows, guarded by the schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from prodev.errors import CourseError
from prodev.stays.dataset import Stays, make_stays


@pytest.fixture(scope="module")
def stays() -> Stays:
    return make_stays()


@pytest.fixture
def database(stays: Stays) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys = ON")
    stays.to_sqlite(connection)
    yield connection
    connection.close()


DATES = ["joined_on", "listed_on", "check_in", "check_out", "created_at", "paid_at", "sent_at"]


def test_every_table_comes_back_as_it_was(stays: Stays, database: sqlite3.Connection):
    for table, frame in stays.frames().items():
        dates = [name for name in DATES if name in frame]
        back = pd.read_sql(f"SELECT * FROM {table} ORDER BY id", database, parse_dates=dates)
        pd.testing.assert_frame_equal(back.astype(frame.dtypes.to_dict()), frame)


def test_dates_are_iso_text_and_missing_values_are_null(stays: Stays, database: sqlite3.Connection):
    first = stays.bookings.iloc[0]
    row = database.execute("SELECT check_in, created_at FROM bookings WHERE id = 1").fetchone()
    assert row == (f"{first['check_in']:%Y-%m-%d}", f"{first['created_at']:%Y-%m-%d %H:%M:%S}")
    failed = database.execute("SELECT count(*) FROM payments WHERE paid_at IS NULL").fetchone()[0]
    silent = database.execute("SELECT count(*) FROM reviews WHERE comment IS NULL").fetchone()[0]
    assert failed == (stays.payments["status"] == "failed").sum() > 0
    assert silent == stays.reviews["comment"].isna().sum() > 0


def test_the_database_finds_nothing_wrong_with_the_rows(database: sqlite3.Connection):
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_there_is_no_index_but_those_of_unique_columns(database: sqlite3.Connection):
    rows = database.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index'")
    assert sorted(rows) == [("reviews", None), ("users", None)]


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE bookings SET check_out = check_in WHERE id = 1", "CHECK"),
        ("UPDATE bookings SET status = 'maybe' WHERE id = 1", "CHECK"),
        ("UPDATE bookings SET total_cents = -1 WHERE id = 1", "CHECK"),
        ("UPDATE bookings SET guest_id = 999999 WHERE id = 1", "FOREIGN KEY"),
        ("UPDATE reviews SET rating = 6 WHERE id = 1", "CHECK"),
        ("UPDATE reviews SET booking_id = (SELECT booking_id FROM reviews WHERE id = 2)"
         " WHERE id = 1", "UNIQUE"),
        ("UPDATE users SET email = (SELECT email FROM users WHERE id = 2) WHERE id = 1", "UNIQUE"),
        ("UPDATE payments SET paid_at = NULL WHERE status = 'paid'", "CHECK"),
        ("DELETE FROM properties", "FOREIGN KEY"),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_cannot_be(
    database: sqlite3.Connection, statement: str, guard: str
):
    with pytest.raises(sqlite3.IntegrityError, match=guard):
        database.execute(statement)


def test_a_database_that_has_a_table_already_is_refused_and_left_as_it_was(stays: Stays):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE payments (mine TEXT)")
    with pytest.raises(CourseError, match="already has a table 'payments'; write into an empty"):
        stays.to_sqlite(connection)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("payments",)]
    assert not connection.in_transaction
    connection.close()


def test_rows_that_break_the_schema_leave_nothing_behind(stays: Stays):
    broken = replace(stays, reviews=stays.reviews.assign(rating=9))
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.IntegrityError):
        broken.to_sqlite(connection)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


def test_a_transaction_of_the_caller_stays_the_callers(stays: Stays):
    connection = sqlite3.connect(":memory:")
    connection.execute("BEGIN")
    stays.to_sqlite(connection)
    assert connection.in_transaction
    connection.rollback()
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


def test_columns_that_a_learner_added_stay_out(stays: Stays):
    connection = sqlite3.connect(":memory:")
    replace(stays, bookings=stays.bookings.assign(season="high")).to_sqlite(connection)
    names = [row[1] for row in connection.execute("PRAGMA table_info(bookings)")]
    assert names == list(stays.bookings.columns)
    connection.close()
