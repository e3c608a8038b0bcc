"""The tables of the store, and how a store of an older version gets them."""

from __future__ import annotations

import sqlite3

# Each entry is what one version added; the file's user_version counts the entries it has.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE attempts (
            id TEXT PRIMARY KEY,
            exercise TEXT NOT NULL,
            source TEXT NOT NULL,
            status TEXT NOT NULL,
            code TEXT NOT NULL,
            message TEXT NOT NULL,
            evidence TEXT NOT NULL,
            solver TEXT NOT NULL,
            seed INTEGER NOT NULL,
            judged_at TEXT NOT NULL,
            seconds REAL NOT NULL,
            version TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX attempts_of_an_exercise ON attempts (exercise, judged_at)",
        """
        CREATE TABLE reveals (
            id TEXT PRIMARY KEY,
            exercise TEXT NOT NULL,
            kind TEXT NOT NULL,
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (exercise, kind, number)
        ) STRICT
        """,
        """
        CREATE TABLE quiz (
            module TEXT NOT NULL,
            slug TEXT NOT NULL,
            first INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            "right" INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (module, slug)
        ) STRICT
        """,
        """
        CREATE TABLE evidence (
            id TEXT PRIMARY KEY,
            module TEXT NOT NULL,
            name TEXT NOT NULL,
            record TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
    ),
)

# Tells a store from any other SQLite file: "PDLS" in ASCII.
APPLICATION_ID = 0x50444C53


class Unusable(Exception):  # noqa: N818 - it says what the file is
    """The file is a database, but no store of this version; the text says why and what to do."""


def version(connection: sqlite3.Connection) -> int:
    """Return the store's version; 0 for a file that has nothing in it yet.

    The caller has begun a transaction, so that all that is read here is of the same moment.

    Raises:
        Unusable: the database is another program's, or a newer version's.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    made_by = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if made_by != APPLICATION_ID and (found or tables):
        raise Unusable("is the database of another program; move it away")
    if found > len(MIGRATIONS):
        raise Unusable(
            f"was written by a newer version of the course (its format is {found}, this version "
            f"knows {len(MIGRATIONS)}); update the course"
        )
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the latest version, inside the caller's transaction.

    Raises:
        Unusable: the database is another program's, or a newer version's.
    """
    for number, statements in enumerate(MIGRATIONS[version(connection) :], version(connection) + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
