"""Template databases: filled once, cloned in milliseconds."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import sql

from prodev.services.address import Address
from prodev.services.postgresql.locks import lock_number

if TYPE_CHECKING:
    import psycopg


def make_template(
    admin: psycopg.Connection[Any], address: Address, key: str, fill: Callable[[Address], None]
) -> str:
    """Return the name of the key's template; make and fill it where it is not there.

    Several processes may ask at the same time: one fills, the others wait.

    Raises:
        Exception: what ``fill`` raises; nothing is left then.
    """
    name = "template_" + hashlib.sha256(key.encode()).hexdigest()[:20]
    if _exists(admin, name):
        return name
    admin.execute("SELECT pg_advisory_lock(%s)", [lock_number(name)])
    try:
        if not _exists(admin, name):
            _fill(admin, address, name, fill)
    finally:
        if not admin.closed:
            admin.execute("SELECT pg_advisory_unlock(%s)", [lock_number(name)])
    return name


def owner_of(template: str) -> str:
    """Return the role that owns a template's tables; it cannot log in once it is filled."""
    return f"{template}_owner"


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return admin.execute(query, [name]).fetchone() is not None


def _fill(
    admin: psycopg.Connection[Any], address: Address, name: str, fill: Callable[[Address], None]
) -> None:
    new, owner = sql.Identifier(f"{name}_new"), sql.Identifier(owner_of(name))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new)
    admin.execute(drop)  # of a process that was killed while it filled
    admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(owner))
    password = secrets.token_urlsafe(24)
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(owner, sql.Literal(password)))
    admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(new, owner))
    try:
        fill(replace(address, user=owner_of(name), password=password, database=f"{name}_new"))
    except BaseException:
        admin.execute(drop)
        admin.execute(sql.SQL("DROP ROLE {}").format(owner))
        raise
    admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(owner))
    # REASSIGN OWNED in a clone would give this database away too, if the role still owned it.
    admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(new))
    admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(new))
    _end_sessions(admin, f"{name}_new")
    # The name comes last: a template that exists is complete.
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, sql.Identifier(name)))


def _end_sessions(admin: psycopg.Connection[Any], database: str) -> None:
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
        [database],
    )
