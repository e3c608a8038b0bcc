"""The administrator's connection: it makes databases, and holds a lock for each one in use."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prodev.services.address import Address

if TYPE_CHECKING:
    import pymysql

_YEAR = 31_536_000  # seconds, the longest wait_timeout; else a notebook left overnight is cut off
_BUSY = 1205  # ER_LOCK_WAIT_TIMEOUT
_NOT_EMPTY = 1010  # ER_DB_DROP_RMDIR
_BUSY_SECONDS = 5.0
_PAUSE = 0.02  # seconds between two tries

# An exact copy keeps an id of 0 and a date of 0000-00-00 as they are.
SQL_MODE = "NO_AUTO_VALUE_ON_ZERO"


class Admin:
    """One connection that several threads may use, one statement after the other."""

    def __init__(
        self, address: Address, *, data: Path | None = None, connect_seconds: int = 10
    ) -> None:
        """Connect.

        Args:
            address: of a user who may make users and databases.
            data: the server's data directory, where it is in reach.
            connect_seconds: how long it may take.

        Raises:
            pymysql.Error: the server does not answer, or does not let us in.
        """
        import pymysql

        self.address, self.data = address, data
        self.lock = threading.RLock()
        arguments = {**address.arguments(), "database": address.database or None}
        self._connection: pymysql.Connection[Any] = pymysql.connect(
            **arguments,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=connect_seconds,
            sql_mode=SQL_MODE,
            init_command=f"SET SESSION wait_timeout = {_YEAR}, time_zone = '+00:00'",
        )

    def another(self) -> Admin:
        """Return another connection to the same server."""
        return Admin(self.address, data=self.data)

    def execute(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; ``%s`` stands for a value."""
        with self.lock, self._connection.cursor() as cursor:
            cursor.execute(statement, tuple(values) or None)
            return list(cursor.fetchall())

    def drop_database(self, name: str) -> None:
        """Drop a database, if it is there."""
        import pymysql

        deadline = time.monotonic() + _BUSY_SECONDS
        dropped = False
        while not dropped:
            try:
                self.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")
                dropped = True
            except pymysql.OperationalError as error:
                if error.args[0] not in (_BUSY, _NOT_EMPTY) or time.monotonic() > deadline:
                    raise
                if error.args[0] == _NOT_EMPTY:
                    self._remove_strays(name)
                # MariaDB gives up at once on a table that a thread of its own just looks at, such
                # as one whose copying ended half way.
                time.sleep(_PAUSE)

    @contextmanager
    def using(self, database: str) -> Iterator[None]:
        """Make this the current database, without checks of foreign keys; others wait."""
        with self.lock:
            self._connection.select_db(database)
            self.execute("SET SESSION foreign_key_checks = 0")
            try:
                yield
            finally:
                if self.open:
                    self.execute("SET SESSION foreign_key_checks = 1")

    def take(self, name: str, *, seconds: float) -> bool:
        """Take the lock of this name; it is ours until ``give`` or the connection's end."""
        rows = self.execute("SELECT GET_LOCK(%s, %s)", [self._secret(name), seconds])
        return bool(rows[0][0])

    def give(self, name: str) -> None:
        """Give the lock of this name back."""
        self.execute("SELECT RELEASE_LOCK(%s)", [self._secret(name)])

    @property
    def mariadb(self) -> bool:
        """Whether the server is MariaDB."""
        return "MariaDB" in self.version

    @cached_property
    def version(self) -> str:
        """What the server says about its version, such as ``10.11.14-MariaDB``."""
        return str(self.execute("SELECT VERSION()")[0][0])

    @property
    def open(self) -> bool:
        """Whether the connection stands, as far as this side knows."""
        return bool(self._connection.open)

    def close(self) -> None:
        """Close the connection, and give up its locks."""
        with self.lock:
            if self.open:
                self._connection.close()

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _remove_strays(self, name: str) -> None:
        """Remove files that the server does not know: it was killed while a table was copied."""
        if self.data:
            for file in (self.data / name).glob("*"):
                file.unlink(missing_ok=True)

    def _secret(self, name: str) -> str:
        """Return the lock's name on the server.

        Any user may take any lock, so nobody who lacks the administrator's password may know it.
        """
        return hashlib.sha256(f"{self.address.password} {name}".encode()).hexdigest()[:60]


def quoted(name: str) -> str:
    """Return a name in backquotes."""
    return "`" + name.replace("`", "``") + "`"
