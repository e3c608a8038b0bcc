"""A PostgreSQL that runs: hands out databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.address import Address
from prodev.services.kept import Kept
from prodev.services.postgresql.database import (
    Database,
    close_to_others,
    make_database,
    sweep,
)
from prodev.services.postgresql.server import LEAST_SPACE
from prodev.services.postgresql.template import make_template
from prodev.services.server import is_full
from prodev.services.service import Found, Running, ServiceError

if TYPE_CHECKING:
    import psycopg

_RECOVERING = ("is starting up", "in recovery mode", "not yet accepting connections")
_RECOVERY_SECONDS = 60.0
_SHUTDOWN = "57P"  # https://www.postgresql.org/docs/18/errcodes-appendix.html; none: no answer
_KEEPER_SECONDS = 1.0

Fill = Callable[[Address], None]


class RunningPostgreSQL(Running):
    """The server of this OS user, or the one at an address that the user gave."""

    def __init__(self, found: Found, admin: Address, kept: Kept | None) -> None:
        """Take how it was found, the superuser's address, and the keeper if we have one."""
        self.found = found
        self._admin, self._kept = admin, kept
        self._lock = threading.RLock()

    @property
    def pid(self) -> int | None:
        """The server's process, where this machine runs it for us."""
        return int(self._kept.details["pid"]) if self._kept else None

    def database(
        self,
        *,
        key: str = "",
        fill: Fill | None = None,
        seconds: float = 30.0,
        temporary_tables: bool = True,
        guarded: bool = False,
    ) -> Database:
        """Return a database of its own, with its own role; it is dropped when it is closed.

        Args:
            key: names a template, such as ``stays-small-1``; without it the database is empty.
            fill: fills the template at the first use of its key; gets its address.
            seconds: the role's ``statement_timeout``.
            temporary_tables: whether the role may make them.
            guarded: whether a stranger's SQL runs in it: temporary files then have a limit, nothing
                of the role comes into the server's log, and there are no advisory locks.

        Raises:
            ServiceError: the server is gone.
            Exception: what ``fill`` raises; there is no template then.
        """
        self.check()
        with self._lock, self._told():
            template = (
                make_template(self._connection, self._admin, key, fill) if key and fill else ""
            )
            return make_database(
                self._connection,
                self._admin,
                template,
                seconds=seconds,
                temporary_tables=temporary_tables,
                guarded=guarded,
            )

    def stop(self) -> None:
        """Stop using it; it ends a little after its last user."""
        with self._lock:
            if "_connection" in self.__dict__:
                self._connection.close()
                del self.__dict__["_connection"]
            if self._kept:
                self._kept.close(wait=True)

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself; the sentence says what to do.
        """
        if self._kept and (ended := self._kept.ended()):
            raise ServiceError(ended)

    def check_soon(self) -> None:
        """Do nothing while it goes on; the keeper sees the end of a server a little later than we.

        Raises:
            ServiceError: see ``check``.
        """
        deadline = time.monotonic() + _KEEPER_SECONDS
        while time.monotonic() < deadline:
            self.check()
            time.sleep(0.05)

    @cached_property
    def _connection(self) -> psycopg.Connection[Any]:
        """The superuser's connection; the locks on our databases are held by it."""
        connection = self._connect()
        if self._kept:
            close_to_others(connection)
        sweep(connection)
        return connection

    def _connect(self) -> psycopg.Connection[Any]:
        """Connect, also to a server that is just recovering from a crash."""
        import psycopg

        deadline = time.monotonic() + _RECOVERY_SECONDS
        while True:
            try:
                return psycopg.connect(
                    **self._admin.arguments(), autocommit=True, connect_timeout=10
                )
            except psycopg.OperationalError as error:
                soon = any(words in str(error) for words in _RECOVERING)
                if not soon or time.monotonic() > deadline:
                    raise
            self.check()
            time.sleep(0.1)

    def is_out_of_space(self) -> bool:
        """Whether the disk that holds a server's data has no room for what it writes."""
        return self._kept is not None and is_full(Path(self._kept.details["data"]), LEAST_SPACE)

    def _told(self) -> _Told:
        return _Told(self)


class _Told:
    """Turns a lost connection into the sentence that the keeper has for it."""

    def __init__(self, server: RunningPostgreSQL) -> None:
        self._server = server

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        import psycopg

        if isinstance(error, psycopg.OperationalError):
            self._server.__dict__.pop("_connection", None)
            lost = (error.sqlstate or _SHUTDOWN).startswith(_SHUTDOWN)
            self._server.check_soon() if lost else self._server.check()
            if isinstance(error, psycopg.errors.DiskFull) or (
                lost and self._server.is_out_of_space()
            ):
                raise ServiceError(
                    "PostgreSQL cannot write: the disk that holds its data is full; free some "
                    "space, then try again."
                ) from None
            raise ServiceError(f"PostgreSQL refused: {' '.join(str(error).split())}.") from None
