"""A database and a role for one use: a run, a test, a judged answer."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from psycopg import sql

from prodev.services.address import Address
from prodev.services.postgresql.locks import lock_number
from prodev.services.postgresql.template import owner_of

if TYPE_CHECKING:
    import psycopg

_PREFIX = "run_"
_CONNECTIONS = 60


class Database:
    """A database that its own role alone may enter; dropped by ``close()``, with its role."""

    def __init__(self, admin: psycopg.Connection[Any], address: Address) -> None:
        """Take the superuser's connection, and where the database is."""
        self._admin: psycopg.Connection[Any] | None = admin
        self.address = address

    @property
    def url(self) -> str:
        """The address as a URL, with the role's password."""
        return self.address.url

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        """Return a new psycopg connection of the role; options are psycopg's."""
        import psycopg

        return psycopg.connect(**{**self.address.arguments(), **options})

    def close(self) -> None:
        """Drop the database and its role; whoever is connected is cut off."""
        import psycopg

        admin, self._admin = self._admin, None
        if admin is not None and not admin.closed:
            try:
                _drop(admin, self.address.database)
                admin.execute("SELECT pg_advisory_unlock(%s)", [lock_number(self.address.database)])
            except psycopg.OperationalError:
                if not admin.closed:  # else the server has just died, and its next one sweeps
                    raise

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
    admin: psycopg.Connection[Any],
    address: Address,
    template: str,
    *,
    seconds: float,
    temporary_tables: bool,
) -> Database:
    """Make a role and a database of its own; its name is held by a lock while we live.

    The role is no superuser, connects to its own database only, and stops its own statements after
    some seconds (which it can change: whoever judges keeps a timer too).
    """
    name = _PREFIX + secrets.token_hex(8)
    password = secrets.token_urlsafe(24)
    admin.execute("SELECT pg_advisory_lock(%s)", [lock_number(name)])
    try:
        _make(admin, name, password, template, seconds=seconds, temporary_tables=temporary_tables)
        own = replace(address, user=name, password=password, database=name)
        if template:
            _give(replace(address, database=name), owner_of(template), name)
    except BaseException:
        with contextlib.suppress(Exception):
            _drop(admin, name)
        raise
    return Database(admin, own)


def sweep(admin: psycopg.Connection[Any]) -> None:
    """Drop the databases whose owners are gone, killed before they could do it."""
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]
    ).fetchall()
    for (name,) in rows:
        number = lock_number(name)
        held = admin.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()
        if held and held[0]:
            _drop(admin, name)
            admin.execute("SELECT pg_advisory_unlock(%s)", [number])


def _make(  # noqa: PLR0913 - one call, all of it named
    admin: psycopg.Connection[Any],
    name: str,
    password: str,
    template: str,
    *,
    seconds: float,
    temporary_tables: bool,
) -> None:
    role = sql.Identifier(name)
    timeout = sql.Literal(f"{int(seconds * 1000)}ms")
    for statement in (
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT {}").format(
            role, sql.Literal(password), sql.Literal(_CONNECTIONS)
        ),
        sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(role, timeout),
        sql.SQL("GRANT {} TO CURRENT_USER").format(role),
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            role, role, sql.Identifier(template or "template0")
        ),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role),
    ):
        admin.execute(statement)
    if not temporary_tables:
        admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM {}").format(role, role))


def _give(address: Address, owner: str, role: str) -> None:
    """Make the role the owner of the template's tables in this database."""
    import psycopg

    statement = sql.SQL("REASSIGN OWNED BY {} TO {}").format(
        sql.Identifier(owner), sql.Identifier(role)
    )
    with psycopg.connect(**address.arguments(), autocommit=True) as connection:
        connection.execute(statement)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
