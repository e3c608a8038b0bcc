"""A PostgreSQL that runs: hands out databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from prodev.services.address import Address
from prodev.services.kept import Kept
from prodev.services.postgresql.database import Database, make_database, sweep
from prodev.services.postgresql.template import make_template
from prodev.services.service import Found, Running, ServiceError

if TYPE_CHECKING:
    import psycopg

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
    ) -> Database:
        """Return a database of its own, with its own role; it is dropped when it is closed.

        Args:
            key: names a template, such as ``stays-small-1``; without it the database is empty.
            fill: fills the template at the first use of its key; gets its address.
            seconds: the role's ``statement_timeout``.
            temporary_tables: whether the role may make them.

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

    @cached_property
    def _connection(self) -> psycopg.Connection[Any]:
        """The superuser's connection; the locks on our databases are held by it."""
        import psycopg

        connection = psycopg.connect(**self._admin.arguments(), autocommit=True, connect_timeout=10)
        if self._kept:
            # Everybody may connect to these by default, and would see the names of others there.
            connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        sweep(connection)
        return connection

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
            self._server.check()
            raise ServiceError(f"PostgreSQL refused: {' '.join(str(error).split())}.") from None
