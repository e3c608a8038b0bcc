"""Create the six tables, and fill them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Protocol

from prodev.services.address import Address
from prodev.stays.columns import Part
from prodev.stays.tables import make_tables


class _Engine(Protocol):
    """What the file of each database can do."""

    def create_tables(self, address: Address) -> None: ...

    def load(
        self, address: Address, tables: Iterable[tuple[str, Iterable[Part]]]
    ) -> dict[str, int]: ...


def create_tables(address: Address) -> None:
    """Create the six tables in a database, as plain SQL that has nothing of Django.

    Days are ``date``, moments ``timestamptz`` (MySQL: ``datetime``, in UTC). There is no index but
    those of primary keys and unique columns; MySQL adds one for each foreign key.

    Raises:
        CourseError: a table is there already, or the database does not answer.
    """
    _engine(address).create_tables(address)


def load(address: Address, seed: int = 1, scale: str = "small") -> dict[str, int]:
    """Fill the six tables of a database with the data of one seed and scale.

    The tables are there and empty: made by ``create_tables`` or by Django's migrations, whose users
    get an account without a usable password. All rows come in one transaction: after an error there
    is none. Ids that come later go on behind those that were loaded, and the server's statistics
    are fresh. Memory hardly grows with the scale: rows wait in temporary files (below TMPDIR),
    which are gone even when the process is killed.

    Returns:
        How many rows each table got.

    Raises:
        ParameterError: the seed or the scale is not allowed.
        CourseError: a table is missing or has rows, the database does not answer or refuses, or the
            disk is full.
    """
    parts = make_tables(seed, scale, on_disk=True, caller="load")
    return _engine(address).load(address, _tables(parts))


def _engine(address: Address) -> _Engine:
    if address.engine == "postgresql":
        from prodev.stays.load import postgresql

        return postgresql
    from prodev.stays.load import mysql

    return mysql


def _tables(parts: Iterator[tuple[str, Part]]) -> Iterator[tuple[str, Iterable[Part]]]:
    for table, group in groupby(parts, key=itemgetter(0)):
        yield table, (part for _, part in group)
