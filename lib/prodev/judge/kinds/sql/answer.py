"""An answer in SQL as a check sees it: run in databases of its own, and looked at from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from random import Random
from typing import Literal, overload

from prodev.judge.kinds.sql.mysql import MySQLRoom
from prodev.judge.kinds.sql.postgresql import PostgreSQLRoom
from prodev.judge.kinds.sql.room import Ran
from prodev.judge.kinds.sql.statements import split
from prodev.services.address import Address, Engine


class SqlAnswer:
    """An answer in SQL.

    Attributes:
        text: as it was written.
        random: draws the hidden cases.
    """

    def __init__(
        self, text: str, random: Random, seconds: float, memory_mb: int, rooms: ExitStack
    ) -> None:
        """Take the answer; rooms are closed with the stack."""
        self.text, self.random = text, random
        self._limits = (seconds, memory_mb)
        self._rooms = rooms

    @overload
    def database(
        self, engine: Literal["postgresql"], *, setup: str = "", stays: str = ""
    ) -> PostgreSQLRoom: ...

    @overload
    def database(
        self, engine: Literal["mysql"], *, setup: str = "", stays: str = ""
    ) -> MySQLRoom: ...

    def database(
        self, engine: Engine, *, setup: str = "", stays: str = ""
    ) -> PostgreSQLRoom | MySQLRoom:
        """Return a database of its own for the answer, in which nothing of it has run yet.

        It is cloned from a template, which is made where no check has asked for the same before.

        Args:
            engine: ``postgresql`` or ``mysql``.
            setup: SQL that makes its tables and rows.
            stays: ``small`` or ``medium``: the six tables of Stays, before ``setup``.

        Raises:
            Unavailable: the engine is not on this machine.
        """
        key = hashlib.sha256(f"{engine} {stays} {setup}".encode()).hexdigest()
        fill = _fill(engine, stays, setup) if setup or stays else None
        room = MySQLRoom if engine == "mysql" else PostgreSQLRoom
        opened = room(f"answers {key}" if fill else "", fill, *self._limits)
        self._rooms.callback(opened.close)
        return opened

    def execute(self, room: PostgreSQLRoom | MySQLRoom) -> tuple[Ran, ...]:
        """Run the answer's statements in a database, one by one, each with what came of it."""
        return room.execute(self.text)


def _fill(engine: Engine, stays: str, setup: str) -> Callable[[Address], None]:
    def fill(address: Address) -> None:
        if stays:
            from prodev.stays.load import create_tables, load

            create_tables(address)
            load(address, scale=stays)
        if engine == "postgresql":
            import psycopg

            with psycopg.connect(**address.arguments(), autocommit=True) as connection:
                for statement in split(setup, engine):
                    connection.execute(statement.text.encode())
                connection.execute("VACUUM ANALYZE")
            return
        import pymysql

        with pymysql.connect(**address.arguments(), autocommit=True) as connected:
            cursor = connected.cursor()
            for statement in split(setup, engine):
                cursor.execute(statement.text)

    return fill
