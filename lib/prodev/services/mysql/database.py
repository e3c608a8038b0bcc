"""A database and a user for one use: a run, a test, a judged answer."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prodev.services.address import Address
from prodev.services.mysql.account import account_of, cut_off, drop_user, make_user
from prodev.services.mysql.admin import SQL_MODE, Admin, quoted
from prodev.services.mysql.schema import Code
from prodev.services.mysql.template import PREFIX as TEMPLATE_PREFIX
from prodev.services.mysql.template import Template, drop_template, is_complete
from prodev.services.service import ServiceError

if TYPE_CHECKING:
    import pymysql

_PREFIX = "run"
_OURS = re.compile(f"{_PREFIX}[0-9a-f]{{16}}|{TEMPLATE_PREFIX}[0-9a-f]{{20}}")


class Database:
    """A database that its own user alone may enter; dropped by ``close()``, with its user."""

    def __init__(self, admin: Admin, address: Address, *, first: str = "") -> None:
        """Take the administrator's connection, where it is, and each connection's first words."""
        self._admin: Admin | None = admin
        self._first = first
        self.address = address

    @property
    def url(self) -> str:
        """The address as a URL, with the user's password."""
        return self.address.url

    def connect(self, **options: Any) -> pymysql.Connection[Any]:
        """Return a new PyMySQL connection of the user; options are PyMySQL's."""
        import pymysql

        plain: dict[str, Any] = {"charset": "utf8mb4", "init_command": self._first or None}
        return pymysql.connect(**{**self.address.arguments(), **plain, **options})

    def cut_off(self) -> None:
        """End whatever the user runs, and its connections."""
        cut_off(self._open(), self.address.user)

    def size(self) -> int:
        """Return the bytes that its tables have on disk."""
        admin = self._open()
        if admin.data is not None:
            with contextlib.suppress(FileNotFoundError):
                files = (admin.data / self.address.database).iterdir()
                return sum(file.stat().st_size for file in files)
        query = (
            "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables "
            "WHERE table_schema = %s"
        )
        return int(admin.execute(query, [self.address.database])[0][0])

    def memory(self) -> int:
        """Return the bytes that its connections hold in memory; 0 where MySQL counts none."""
        admin = self._open()
        if not admin.mariadb:
            return 0
        query = (
            "SELECT COALESCE(SUM(memory_used), 0) FROM information_schema.processlist "
            "WHERE user = %s"
        )
        return int(admin.execute(query, [self.address.user])[0][0])

    def close(self) -> None:
        """Drop the database and its user; whoever is connected is cut off."""
        import pymysql

        admin, self._admin = self._admin, None
        if admin is not None and admin.open:
            # Where the server has just died, its next one sweeps.
            with contextlib.suppress(pymysql.OperationalError, pymysql.InterfaceError):
                _drop(admin, self.address.database)
                admin.give(self.address.database)

    def _open(self) -> Admin:
        if self._admin is None:
            raise ServiceError("This database is closed; ask the server for another one.")
        return self._admin

    def __enter__(self) -> Self:
        """Return the database."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drop it."""
        self.close()


def make_database(
    admin: Admin, template: Template | None, *, seconds: float, temporary_tables: bool
) -> Database:
    """Make a user and a database of its own; its name is held by a lock while we live.

    The user enters its own database only. MariaDB stops its statements after some seconds, MySQL
    its SELECTs; the user can change that: whoever judges keeps a timer too.
    """
    name = _PREFIX + secrets.token_hex(8)
    admin.take(name, seconds=0)
    try:
        address = make_user(admin, name, seconds=seconds, temporary_tables=temporary_tables)
        _make(admin, name, template)
    except BaseException:
        with contextlib.suppress(Exception):
            _drop(admin, name)
            admin.give(name)
        raise
    milliseconds = int(seconds * 1000)
    first = "" if admin.mariadb else f"SET SESSION max_execution_time = {milliseconds}"
    return Database(admin, address, first=first)


def sweep(admin: Admin) -> None:
    """Drop what owners left who were killed: databases, users, templates half filled."""
    found = admin.execute("SELECT schema_name FROM information_schema.schemata")
    found += admin.execute("SELECT user FROM mysql.user")
    for name in {str(name) for (name,) in found if _OURS.fullmatch(str(name))}:
        if admin.take(name, seconds=0):
            if name.startswith(_PREFIX):
                _drop(admin, name)
            elif not is_complete(admin, name):
                drop_template(admin, name)
            admin.give(name)


def _make(admin: Admin, name: str, template: Template | None) -> None:
    if template is None:
        admin.execute(f"CREATE DATABASE {quoted(name)}")
        return
    schema = template.schema
    admin.execute(
        f"CREATE DATABASE {quoted(name)} CHARACTER SET {schema.charset} COLLATE {schema.collation}"
    )
    template.copy_tables(admin, name)
    with admin.using(name):
        try:
            _make_code(admin, schema.code, account_of(admin, name))
        finally:
            if admin.open:
                admin.execute("SET SESSION sql_mode = %s", [SQL_MODE])


def _make_code(admin: Admin, code: Sequence[Code], user: str) -> None:
    """Make views, routines and triggers; a view may need another one, so it may take turns."""
    import pymysql

    left, failed = list(code), 0
    while left:
        one = left.pop(0)
        try:
            if one.sql_mode is not None:
                admin.execute("SET SESSION sql_mode = %s", [one.sql_mode])
            admin.execute(one.owned_by(user))
            failed = 0
        except pymysql.err.ProgrammingError:  # it names a view that is not there yet
            failed += 1
            if failed > len(left):
                raise
            left.append(one)


def _drop(admin: Admin, name: str) -> None:
    drop_user(admin, name)
    admin.drop_database(name)
