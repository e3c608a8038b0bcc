"""The tables in PostgreSQL, filled by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

from prodev.errors import CourseError
from prodev.services.address import Address
from prodev.stays.columns import Part
from prodev.stays.load.rows import columns_for, text_of
from prodev.stays.load.text import COPY
from prodev.stays.schema import COLUMNS, definitions

Cursor = psycopg.Cursor[tuple[str, ...]]

_TABLES = list(COLUMNS)
# What slows a load down row by row, and is made at once when the rows are there: foreign keys, also
# those of other tables that refer to ours, exclusion constraints, and indexes of no constraint.
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE contype IN ('f', 'x') AND conparentid = 0
      AND (conrelid = ANY (%(tables)s::regclass[]) OR confrelid = ANY (%(tables)s::regclass[]))
    ORDER BY contype DESC, conrelid, conname"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY (%(tables)s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indrelid, indexrelid"""


def create_tables(address: Address) -> None:
    """Create the six tables."""
    with _transaction(address) as cursor:
        if there := _there(cursor):
            raise CourseError(
                f"The PostgreSQL database already has a table '{there[0]}'; take an empty one."
            )
        for statement in definitions("postgresql"):
            cursor.execute(statement)


def load(address: Address, tables: Iterable[tuple[str, Iterable[Part]]]) -> dict[str, int]:
    """Fill the six tables; return how many rows each got."""
    counts = {}
    with _transaction(address) as cursor:
        _check(cursor)
        with _unguarded(cursor):
            # Rows that are copied into a table cut in the same transaction need no later VACUUM.
            cursor.execute(f"TRUNCATE {', '.join(_TABLES)}")
            for table, parts in tables:
                counts[table] = _copy(cursor, table, parts)
        for table in _TABLES:
            cursor.execute(f"SELECT pg_get_serial_sequence('{table}', 'id')")
            (sequence,) = cursor.fetchone() or (None,)
            if sequence:
                cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {counts[table] + 1}")
        cursor.execute(f"ANALYZE {', '.join(_TABLES)}")
    return counts


@contextmanager
def _transaction(address: Address) -> Iterator[Cursor]:
    try:
        with psycopg.connect(**address.arguments()) as connection, connection.cursor() as cursor:
            # Moments come in UTC. A big load may take its time; waiting for others may not.
            cursor.execute(
                "SET LOCAL timezone = 'UTC'; SET LOCAL statement_timeout = 0;"
                "SET LOCAL lock_timeout = '10s'"
            )
            yield cursor
    except psycopg.Error as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CourseError(
            f"PostgreSQL did not take the tables of Stays ({reason}); nothing was kept."
        ) from error


def _there(cursor: Cursor) -> list[str]:
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL",
        [_TABLES],
    )
    return [name for (name,) in cursor]


def _check(cursor: Cursor) -> None:
    there = _there(cursor)
    if missing := [table for table in _TABLES if table not in there]:
        raise CourseError(
            f"The PostgreSQL database has no table '{missing[0]}'; run the migrations or "
            "create_tables first."
        )
    cursor.execute(f"LOCK TABLE {', '.join(_TABLES)} IN ACCESS EXCLUSIVE MODE")
    for table in _TABLES:
        cursor.execute(f"SELECT FROM {table} LIMIT 1")
        if cursor.rowcount:
            raise CourseError(
                f"The PostgreSQL table '{table}' has rows already; load into empty tables."
            )


@contextmanager
def _unguarded(cursor: Cursor) -> Iterator[None]:
    """Take off what slows a load down, and put it back as it was."""
    constraints = cursor.execute(_CONSTRAINTS, {"tables": _TABLES}).fetchall()
    for table, name, _ in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    indexes = cursor.execute(_INDEXES, {"tables": _TABLES}).fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}".encode())
    yield
    for _, definition in indexes:
        cursor.execute(definition.encode())
    for table, name, definition in reversed(constraints):
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())


def _copy(cursor: Cursor, table: str, parts: Iterable[Part]) -> int:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table]
    )
    columns = columns_for(table, {name for (name,) in cursor})
    statement = SQL("COPY {} ({}) FROM STDIN WITH (FREEZE)").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for text in text_of(parts, columns, COPY):
            copy.write(text.data)
    return cursor.rowcount
