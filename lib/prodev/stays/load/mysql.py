"""The tables in MySQL or MariaDB, filled by INSERT statements of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import pymysql

from prodev.errors import CourseError
from prodev.services.address import Address
from prodev.stays.columns import Part
from prodev.stays.load.rows import columns_for, text_of
from prodev.stays.load.text import VALUES
from prodev.stays.schema import COLUMNS, definitions

Cursor = pymysql.cursors.Cursor

_TABLES = list(COLUMNS)


def create_tables(address: Address) -> None:
    """Create the six tables."""
    with _cursor(address) as cursor:
        if there := _there(cursor):
            raise CourseError(
                f"The MySQL database already has a table '{there[0]}'; take an empty one."
            )
        made: list[str] = []
        try:
            for table, statement in zip(_TABLES, definitions("mysql"), strict=True):
                cursor.execute(statement)
                made.append(table)
        except pymysql.Error:  # each statement is a transaction of its own
            for table in reversed(made):
                cursor.execute(f"DROP TABLE {table}")
            raise


def load(address: Address, tables: Iterable[tuple[str, Iterable[Part]]]) -> dict[str, int]:
    """Fill the six tables; return how many rows each got."""
    counts = {}
    with _cursor(address) as cursor:
        _check(cursor)
        # The rows keep their references; looking each up doubles the time of a large load.
        cursor.execute("SET foreign_key_checks = 0, unique_checks = 0")
        cursor.execute("SET sql_mode = 'STRICT_ALL_TABLES'")
        cursor.execute("SELECT version()")
        if "MariaDB" in str(cursor.fetchone()):
            cursor.execute("SET max_statement_time = 0")  # a big load may take its time
        for table, parts in tables:
            counts[table] = _insert(cursor, table, parts)
        cursor.connection.commit()
        cursor.execute(f"ANALYZE TABLE {', '.join(_TABLES)}")
    return counts


@contextmanager
def _cursor(address: Address) -> Iterator[Cursor]:
    try:
        with (
            closing(pymysql.connect(**address.arguments(), charset="utf8mb4")) as connection,
            connection.cursor() as cursor,
        ):
            yield cursor
    except pymysql.Error as error:
        reason = error.args[-1] if error.args else type(error).__name__
        raise CourseError(
            f"MySQL did not take the tables of Stays ({reason}); nothing was kept."
        ) from error


def _there(cursor: Cursor) -> list[str]:
    cursor.execute("SHOW TABLES")
    names = {str(name).lower() for (name,) in cursor.fetchall()}
    return [table for table in _TABLES if table in names]


def _check(cursor: Cursor) -> None:
    there = _there(cursor)
    if missing := [table for table in _TABLES if table not in there]:
        raise CourseError(
            f"The MySQL database has no table '{missing[0]}'; run the migrations or create_tables "
            "first."
        )
    for table in _TABLES:
        if cursor.execute(f"SELECT 1 FROM {table} LIMIT 1"):
            raise CourseError(
                f"The MySQL table '{table}' has rows already; load into empty tables."
            )


def _insert(cursor: Cursor, table: str, parts: Iterable[Part]) -> int:
    cursor.execute(f"SHOW COLUMNS FROM {table}")
    columns = columns_for(table, {str(row[0]) for row in cursor.fetchall()})
    start = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ".encode()
    done = 0
    for text in text_of(parts, columns, VALUES):
        done += cursor.connection.query(start + text[:-1].tobytes())  # without the last comma
    return done
