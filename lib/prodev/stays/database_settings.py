"""The database's settings: PostgreSQL, MySQL or MariaDB, or SQLite, by one URL."""

from __future__ import annotations

from typing import Any

import dj_database_url

from prodev.errors import CourseError

MEMORY = "sqlite://:memory:"  # the default: each process has its own, and nothing is kept


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's ``DATABASES["default"]`` for an address.

    Args:
        url: ``postgresql://…``, ``mysql://…`` (also for MariaDB) or ``sqlite:///path``; empty means
            an SQLite database in memory.

    Raises:
        CourseError: it is no such address.
    """
    try:
        # A lost connection is noticed and replaced before a request uses it.
        found: dict[str, Any] = dict(
            dj_database_url.parse(url or MEMORY, conn_max_age=60, conn_health_checks=True)
        )
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
        found = {}
    kind = found.get("ENGINE", "").rpartition(".")[2]
    if kind == "sqlite3":
        return _sqlite(found)
    if kind == "mysql":
        return _mysql(found)
    if kind == "postgresql":
        return found
    raise CourseError(
        "STAYS_DATABASE_URL holds no address of a database; write postgresql://user:password@host"
        "/name, mysql://… or sqlite:////folder/file."
    )


def _sqlite(found: dict[str, Any]) -> dict[str, Any]:
    # A transaction that begins as a reader cannot become a writer while another one writes: it
    # fails at once, whatever the timeout. IMMEDIATE waits its turn at the start instead.
    found["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
    return found


def _mysql(found: dict[str, Any]) -> dict[str, Any]:
    import pymysql

    pymysql.install_as_MySQLdb()  # Django knows the C client by that name alone
    options = found.setdefault("OPTIONS", {})
    # READ COMMITTED, as PostgreSQL has it: after waiting for a lock, a statement sees what the
    # holder of the lock has written.
    options |= {"charset": "utf8mb4", "isolation_level": "read committed"}
    if socket := options.pop("unix_socket", ""):
        found["HOST"] = socket  # a HOST that begins with a slash is a socket to Django
    return found
