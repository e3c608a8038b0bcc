"""The user that enters one database, and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import replace

from prodev.services.address import Address
from prodev.services.mysql.admin import Admin, quoted

CONNECTIONS = 60

# Not EVENT: what runs by itself would go on when its owner is gone. CREATE TEMPORARY TABLES is
# given apart. Powers beyond one database (FILE, PROCESS, SUPER, GRANT OPTION) never are.
_PRIVILEGES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, LOCK TABLES, "
    "CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, TRIGGER"
)


def make_user(
    admin: Admin, name: str, *, seconds: float = 0, temporary_tables: bool = True
) -> Address:
    """Make a user with the name of its database, and return its address.

    Args:
        admin: the administrator's connection.
        name: of the user and of its database; it holds no ``_``, which a grant takes as a pattern.
        seconds: how long one statement may take; 0 is no limit. MySQL has no such limit by user.
        temporary_tables: whether the user may make them.
    """
    # The end satisfies the rules that a server of the user's own may have for passwords.
    password = secrets.token_urlsafe(24) + "-aA1"
    limits = f"MAX_USER_CONNECTIONS {CONNECTIONS}"
    if seconds and admin.mariadb:
        limits += f" MAX_STATEMENT_TIME {seconds:g}"
    user = account_of(admin, name)
    admin.execute(f"CREATE USER {user} IDENTIFIED BY %s WITH {limits}", [password])
    privileges = _PRIVILEGES + (", CREATE TEMPORARY TABLES" if temporary_tables else "")
    admin.execute(f"GRANT {privileges} ON {quoted(name)}.* TO {user}")
    return replace(admin.address, user=name, password=password, database=name)


def lock_user(admin: Admin, name: str) -> None:
    """Let nobody in as this user any more."""
    admin.execute(f"ALTER USER {account_of(admin, name)} ACCOUNT LOCK")
    cut_off(admin, name)


def drop_user(admin: Admin, name: str) -> None:
    """Drop a user and cut off whoever is connected as it: an open transaction holds tables."""
    admin.execute(f"DROP USER IF EXISTS {account_of(admin, name)}")
    cut_off(admin, name)


def account_of(admin: Admin, name: str) -> str:
    """Return user and host, quoted; the host is where this server's users come from."""
    return f"{quoted(name)}@{'`localhost`' if admin.address.socket else '`%`'}"


def cut_off(admin: Admin, name: str) -> None:
    """End whatever a user runs, and its connections."""
    import pymysql

    for (number,) in admin.execute(
        "SELECT id FROM information_schema.processlist WHERE user = %s", [name]
    ):
        try:
            admin.execute(f"KILL {int(number)}")
        except pymysql.err.OperationalError as error:
            if error.args[0] != pymysql.constants.ER.NO_SUCH_THREAD:
                raise
