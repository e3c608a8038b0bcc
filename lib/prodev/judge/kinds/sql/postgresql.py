"""PostgreSQL for one answer."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg

from prodev.judge.endings import Raised
from prodev.judge.kinds.sql import servers
from prodev.judge.kinds.sql.plan import Plan, read_plan
from prodev.judge.kinds.sql.process import memory
from prodev.judge.kinds.sql.refusal import Refusal, of_postgresql
from prodev.judge.kinds.sql.room import DISK_MB, Ran, Room, Row, refused, taken
from prodev.judge.kinds.sql.statements import Statement
from prodev.judge.kinds.sql.watch import LOOK_AT_DISK, Reason, Watch
from prodev.services.address import Address

_END_WITHIN_S, _PAUSE_S = 0.05, 0.002
_ACTIVE = psycopg.pq.TransactionStatus.ACTIVE
_COPY = "COPY needs a program at the other end, and there is none"
_INDEXES = """
    SELECT i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid),
           ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, true)
                 FROM generate_series(1, x.indnkeyatts) n),
           pg_get_indexdef(x.indexrelid)
    FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    WHERE x.indrelid = to_regclass(%s) AND x.indisvalid ORDER BY i.relname
"""


class Index(NamedTuple):
    """An index, as PostgreSQL's catalogue has it.

    Attributes:
        name: its name.
        unique: whether it also is a rule.
        where: the condition of a partial index; empty: it holds every row.
        columns: the columns or expressions that it is sorted by, in order.
        definition: the statement that would make it again.
    """

    name: str
    unique: bool
    where: str
    columns: tuple[str, ...]
    definition: str


class PostgreSQLRoom(Room):
    """A database of the course's PostgreSQL."""

    engine = "postgresql"

    def __init__(
        self, key: str, fill: Callable[[Address], None] | None, seconds: float, memory_mb: int
    ) -> None:
        """Clone the template of this key, and connect.

        Args:
            key: of the template; empty: the database is empty too.
            fill: fills the template.
            seconds: wall time that the answer has, from now on.
            memory_mb: what the server may take for it.
        """
        server = servers.postgresql()
        self.title = server.found.provider
        self._memory = memory_mb << 20
        self._looks = 0
        self._database = server.database(key=key, fill=fill, seconds=seconds, guarded=True)
        try:
            self._full = self._database.size() + (DISK_MB << 20)
            # One process for one connection, so that its plans and its limits are its own.
            serial = "-c max_parallel_workers_per_gather=0"
            self._own = self._database.connect(autocommit=True, options=serial)
            self._answers = self._database.connect(autocommit=True)
        except BaseException:
            self._database.close()
            raise
        self._watch = Watch(seconds, self._look, self._cut_off)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """Return the rows of a query; ``%s`` stands for a value."""
        try:
            return self._ask(self._own, query, values)[1]
        except psycopg.Error as error:
            raise refused(self._refusal(error), query) from None

    def attempt(self, statement: str, *values: Any) -> Refusal | None:
        """Try a statement and take it back; return why it was refused, or None."""
        try:
            with self._own.transaction(force_rollback=True):
                self._own.execute(statement.encode(), values or None)
                self._own.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return self._refusal(error)
        return None

    def refresh(self, table: str) -> None:
        """Tidy a table up, and let the server count its rows again: plans depend on both."""
        self.rows(f"VACUUM (ANALYZE) {table}")

    def plan(self, query: str, *values: Any) -> Plan:
        """Carry a query out, and return its plan with what each step did.

        It runs twice, and the second time counts: the first one may still load what it needs.
        """
        explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}"
        self.rows(explain, *values)
        return read_plan(self.rows(explain, *values)[0][0])

    def indexes(self, table: str) -> dict[str, Index]:
        """Return the indexes of a table by their names; none where there is no such table."""
        return {
            name: Index(name, unique, where or "", tuple(columns), definition)
            for name, unique, where, columns, definition in self.rows(_INDEXES, table)
        }

    def close(self) -> None:
        """Drop the database and the role; whoever is connected is cut off."""
        self._watch.stop()
        for connection in (self._answers, self._own):
            connection.close()
        # Dropping it would wait much longer for processes that are about to end.
        deadline = time.monotonic() + _END_WITHIN_S
        while self._database.sessions() and time.monotonic() < deadline:
            time.sleep(_PAUSE_S)
        self._database.close()

    def _run(self, statement: Statement) -> Ran:
        try:
            columns, rows = self._ask(self._answers, statement.text)
        except psycopg.Error as error:
            return Ran(statement, self._refusal(error, own=False))
        return Ran(statement, None, columns, tuple(rows))

    @staticmethod
    def _ask(
        connection: psycopg.Connection[Any], query: str, values: tuple[Any, ...] = ()
    ) -> tuple[tuple[str, ...], list[Row]]:
        """Return columns and rows as they come; none of a statement that has no result."""
        with connection.cursor() as cursor:
            try:
                rows = taken(cursor.stream(query.encode(), values or None))
            except psycopg.ProgrammingError as error:
                if error.sqlstate is not None or connection.closed:
                    raise
                if connection.info.transaction_status != _ACTIVE:
                    return (), []
                connection.close()
                raise psycopg.NotSupportedError(_COPY) from None
            return tuple(column.name for column in cursor.description or ()), rows

    def _hang_up(self) -> None:
        self._answers.close()

    def _refusal(self, error: psycopg.Error, *, own: bool = True) -> Refusal:
        if isinstance(error, psycopg.errors.OutOfMemory):
            raise Raised("MemoryError", "") from None
        if self._watch.reason or (own and self._own.closed):
            self._lost()
        return of_postgresql(error)

    def _look(self) -> Reason:
        self._looks += 1
        if sum(map(memory, self._database.sessions())) > self._memory:
            return "memory"
        if self._looks % LOOK_AT_DISK == 0 and self._database.size() > self._full:
            return "disk"
        return ""

    def _cut_off(self) -> None:
        self._database.cut_off()
        for connection in (self._answers, self._own):
            # A server that does not answer would leave the judge waiting.
            if not connection.closed:
                with (
                    contextlib.suppress(OSError),
                    socket.socket(fileno=socket.dup(connection.fileno())) as channel,
                ):
                    channel.shutdown(socket.SHUT_RDWR)
