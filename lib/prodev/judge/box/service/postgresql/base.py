"""Django's PostgreSQL, on connections that are there: behind the walls nobody makes a socket."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

_FREE: deque[Any] = deque()


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # untyped
    """Takes a connection from those that are free, and gives it back."""

    def get_new_connection(self, conn_params: Any) -> Any:  # noqa: ARG002
        """Return a connection.

        Raises:
            OperationalError: all of them are in use, or broken.
        """
        self.isolation_level = IsolationLevel.READ_COMMITTED
        try:
            return _FREE.popleft()
        except IndexError:
            raise psycopg.OperationalError("the database takes no more connections") from None

    def _close(self) -> None:
        if self.connection is None:
            return
        with suppress(psycopg.Error):
            self.connection.rollback()
        if not self.connection.closed:
            _FREE.append(self.connection)


def connect(database: dict[str, str], number: int) -> None:
    """Open connections.

    Args:
        database: ``NAME``, ``USER`` and ``HOST``, as Django has them.
        number: how many.

    Raises:
        OperationalError: the database is not there.
    """
    from django.db import connection

    connection.settings_dict.update(database)
    for _ in range(number):
        _FREE.append(psycopg.connect(**connection.get_connection_params()))
