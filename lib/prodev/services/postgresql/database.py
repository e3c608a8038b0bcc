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
from prodev.services.service import ServiceError

if TYPE_CHECKING:
    import psycopg

_PREFIX = "run_"
_CONNECTIONS = 60

# Only a superuser may set these, so the role cannot lift them. What a stranger's SQL says belongs
# into nobody's log: a loop of warnings would fill the disk.
_GUARDS = {
    "temp_file_limit": "64MB",
    "log_min_messages": "panic",
    "log_min_error_statement": "panic",
}
# The server has one table of locks for all databases, and a loop of these fills it.
_NO_ADVISORY_LOCKS = """
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE proname ~ '^pg_(try_)?advisory_(xact_)?lock' LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$
"""


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

    def sessions(self) -> list[int]:
        """Return the server's processes that work for the role."""
        query = "SELECT pid FROM pg_stat_activity WHERE usename = %s"
        return [pid for (pid,) in self._open().execute(query, [self.address.user])]

    def cut_off(self) -> None:
        """End whatever the role runs, and its connections."""
        self._open().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [self.address.user],
        )

    def size(self) -> int:
        """Return the bytes that it has on disk, temporary tables included."""
        query = "SELECT pg_database_size(%s)"
        row = self._open().execute(query, [self.address.database]).fetchone()
        return int(row[0]) if row else 0

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

    def _open(self) -> psycopg.Connection[Any]:
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


def make_database(  # noqa: PLR0913 - one call, all of it named
    admin: psycopg.Connection[Any],
    address: Address,
    template: str,
    *,
    seconds: float,
    temporary_tables: bool,
    guarded: bool,
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
        if guarded:
            _guard(admin, name)
        if template or guarded:
            _prepare(replace(address, database=name), template, name, guarded=guarded)
    except BaseException:
        with contextlib.suppress(Exception):
            _drop(admin, name)
        raise
    return Database(admin, own)


def close_to_others(admin: psycopg.Connection[Any]) -> None:
    """Close the server's own databases: everybody may enter them, and see others' names there.

    One at a time: PostgreSQL refuses two REVOKE on one database ("tuple concurrently updated").
    """
    with admin.transaction():
        admin.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number("close to others")])
        admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")


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


def _guard(admin: psycopg.Connection[Any], role: str) -> None:
    for name, value in _GUARDS.items():
        admin.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
            )
        )


def _prepare(address: Address, template: str, role: str, *, guarded: bool) -> None:
    """Make the role the owner of the template's tables in this database, and guard it."""
    import psycopg

    with psycopg.connect(**address.arguments(), autocommit=True) as connection:
        if template:
            connection.execute(
                sql.SQL("REASSIGN OWNED BY {} TO {}").format(
                    sql.Identifier(owner_of(template)), sql.Identifier(role)
                )
            )
        if guarded:
            connection.execute(_NO_ADVISORY_LOCKS)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
