"""A MySQL that runs: hands out databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from prodev.services.address import Address
from prodev.services.kept import Kept
from prodev.services.mysql.admin import Admin
from prodev.services.mysql.database import Database, make_database, sweep
from prodev.services.mysql.files import Store
from prodev.services.mysql.refusal import Filling, told
from prodev.services.mysql.template import make_template
from prodev.services.service import Found, Running, ServiceError


class RunningMySQL(Running):
    """The server of this OS user, or the one at an address that the user gave."""

    def __init__(self, found: Found, admin: Address, kept: Kept | None) -> None:
        """Take how it was found, the administrator's address, and the keeper if we have one."""
        self.found = found
        self._admin, self._kept = admin, kept
        self._connection: Admin | None = None
        self._lock = threading.RLock()

    @property
    def pid(self) -> int | None:
        """The server's process, where this machine runs it for us."""
        return int(self._kept.details["pid"]) if self._kept else None

    def database(
        self,
        *,
        key: str = "",
        fill: Callable[[Address], None] | None = None,
        seconds: float = 30.0,
        temporary_tables: bool = True,
    ) -> Database:
        """Return a database of its own, with its own user; it is dropped when it is closed.

        Args:
            key: names a template, such as ``stays-small-1``; without it the database is empty.
            fill: fills the template at the first use of its key; gets its address.
            seconds: how long a statement of the user may take (on MySQL: a SELECT).
            temporary_tables: whether the user may make them.

        Raises:
            ServiceError: the server is gone, or its disk is full.
            Exception: what ``fill`` raises; there is no template then.
        """
        self.check()
        filling = Filling(fill) if fill else None
        with told(self, filling):
            admin = self._connected()
            template = make_template(admin, self._store, key, filling) if key and filling else None
            return make_database(
                admin, template, seconds=seconds, temporary_tables=temporary_tables
            )

    def stop(self) -> None:
        """Stop using it; it ends a little after its last user."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None
            if self._kept:
                self._kept.close(wait=True)

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself; the sentence says what to do.
        """
        if self._kept and (ended := self._kept.ended()):
            raise ServiceError(ended)

    def _connected(self) -> Admin:
        """Return the administrator's connection; the locks on our databases are held by it."""
        with self._lock:
            if self._connection is None or not self._connection.open:
                store = self._store
                self._connection = Admin(self._admin, data=store.data if store else None)
                sweep(self._connection)
            return self._connection

    @property
    def _store(self) -> Store | None:
        """Where the server's files are, where they are ours."""
        if self._kept is None:
            return None
        data = Path(self._kept.details["data"])
        account = self._kept.details["account"]
        return Store(data, data.parent / "templates", tuple(account) if account else None)
