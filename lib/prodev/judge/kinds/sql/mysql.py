"""MySQL or MariaDB for one answer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import pymysql
import pymysql.cursors

from prodev.judge.kinds.sql import servers
from prodev.judge.kinds.sql.process import memory, open_files
from prodev.judge.kinds.sql.refusal import Refusal, of_mysql
from prodev.judge.kinds.sql.room import DISK_MB, Ran, Room, Row, refused, taken
from prodev.judge.kinds.sql.statements import Statement
from prodev.judge.kinds.sql.watch import LOOK_AT_DISK, Reason, Watch
from prodev.services.address import Address

# What one connection takes cannot be told apart everywhere: tables in memory, sorts on disk. There,
# the whole server may grow by so many times what one answer may take.
_SHARED = 6
_GONE = {2006, 2013, 1927, 1317, 1969}  # the connection, or the statement, was ended


class _Rows(pymysql.cursors.SSCursor):
    """Rows as they come, unbuffered."""

    def abandon(self) -> None:
        """Forget the rest, which closing would read to its end."""
        held: Any = self
        for result in (held._result, getattr(held.connection, "_result", None)):
            if result is not None:
                result.unbuffered_active = False
        held._result = held.connection = None


class MySQLRoom(Room):
    """A database of the course's MySQL or MariaDB."""

    engine = "mysql"

    def __init__(
        self, key: str, fill: Callable[[Address], None] | None, seconds: float, memory_mb: int
    ) -> None:
        """Copy the template of this key, and connect.

        Args:
            key: of the template; empty: the database is empty too.
            fill: fills the template.
            seconds: wall time that the answer has, from now on.
            memory_mb: what the server may take for it.
        """
        server = servers.mysql()
        self.title = server.found.provider
        self._pid = server.pid
        self._memory = memory_mb << 20
        self._looks = 0
        # What a temporary table has taken, the server never gives back to the disk.
        self._database = server.database(
            key=key, fill=fill, seconds=seconds, temporary_tables=False
        )
        try:
            self._full = self._database.size() + (DISK_MB << 20)
            self._own = self._database.connect(autocommit=True)
            self._answers = self._database.connect(autocommit=True)
        except BaseException:
            self._database.close()
            raise
        connected: Any = self._answers
        self._thread: int = connected.thread_id()
        self._most = memory(self._pid) + _SHARED * self._memory
        self._watch = Watch(seconds, self._look, self._cut_off)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """Return the rows of a query; ``%s`` stands for a value."""
        try:
            return self._ask(self._own, query, values)[1]
        except (pymysql.Error, OSError) as error:
            raise refused(self._refusal(error), query) from None

    def attempt(self, statement: str, *values: Any) -> Refusal | None:
        """Try a statement and take it back; return why it was refused, or None."""
        try:
            self._ask(self._own, "START TRANSACTION")
            try:
                self._ask(self._own, statement, values)
            finally:
                if self._own.open:
                    self._ask(self._own, "ROLLBACK")
        except (pymysql.Error, OSError) as error:
            return self._refusal(error)
        return None

    def close(self) -> None:
        """Drop the database and the user; whoever is connected is cut off."""
        self._watch.stop()
        for connection in (self._answers, self._own):
            _close(connection)
        self._database.close()

    def _run(self, statement: Statement) -> Ran:
        try:
            columns, rows = self._ask(self._answers, statement.text)
        except (pymysql.Error, OSError, ValueError) as error:
            return Ran(statement, self._refusal(error, own=False))
        return Ran(statement, None, columns, tuple(rows))

    @staticmethod
    def _ask(
        connection: pymysql.Connection[Any], query: str, values: tuple[Any, ...] = ()
    ) -> tuple[tuple[str, ...], list[Row]]:
        cursor = connection.cursor(_Rows)
        try:
            cursor.execute(query, values or None)
            rows = taken(iter(cursor.fetchone, None)) if cursor.description else []
            columns = tuple(column[0] for column in cursor.description or ())
            cursor.close()
        except BaseException:
            cursor.abandon()
            raise
        return columns, rows

    def _hang_up(self) -> None:
        _close(self._answers)

    def _refusal(self, error: Exception, *, own: bool = True) -> Refusal:
        ended = isinstance(error, OSError | pymysql.InterfaceError) or error.args[0] in _GONE
        if self._watch.reason or (own and ended):
            self._lost()
        return of_mysql(error, self._database.address.database)

    def _look(self) -> Reason:
        self._looks += 1
        if self._database.memory() > self._memory or memory(self._pid) > self._most:
            return "memory"
        if self._looks % LOOK_AT_DISK == 0:
            tables, sorts = _on_disk(self._pid, self._thread)
            if self._database.size() + tables > self._full or sorts > _SHARED * (DISK_MB << 20):
                return "disk"
        return ""

    def _cut_off(self) -> None:
        self._database.cut_off()
        for connection in (self._answers, self._own):
            channel: socket.socket | None = getattr(connection, "_sock", None)
            if channel is not None:
                with contextlib.suppress(OSError):
                    channel.shutdown(socket.SHUT_RDWR)


def _close(connection: pymysql.Connection[Any]) -> None:
    """Close a connection, also one that is in the middle of something."""
    if connection.open:
        connection._force_close()  # type: ignore[attr-defined]


def _on_disk(pid: int | None, thread: int) -> tuple[int, int]:
    """Return the bytes of a server's temporary tables of one connection, and of all its sorts."""
    tables = sorts = 0
    for path, size in open_files(pid):
        if f"/#sql-temptable-{pid or 0:x}-{thread:x}-" in path:
            tables += size
        elif path.endswith(" (deleted)"):
            sorts += size
    return tables, sorts
