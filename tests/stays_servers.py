"""A database server that holds the data of Stays: ask it, and run Django's migrations in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from typing import Any

import psycopg
import pymysql

from prodev.services.address import Address
from prodev.stays.schema import COLUMNS

Rows = list[tuple[Any, ...]]


def connect(address: Address) -> Any:
    if address.engine == "postgresql":
        return psycopg.connect(**address.arguments(), autocommit=True)
    return pymysql.connect(**address.arguments(), charset="utf8mb4", autocommit=True)


def ask(address: Address, query: str) -> Rows:
    with closing(connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return [*cursor.fetchall()]


def tell(address: Address, *statements: str) -> None:
    with closing(connect(address)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def counts(address: Address) -> dict[str, int]:
    return {table: ask(address, f"SELECT count(*) FROM {table}")[0][0] for table in COLUMNS}


def migrate(address: Address) -> None:
    """Run the migrations of Django's project in another process."""
    arguments = address.arguments()
    option = "unix_socket" if address.engine == "mysql" else "host"
    database = {
        "ENGINE": f"django.db.backends.{address.engine}",
        "NAME": address.database,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": arguments.get(option, arguments.get("host")),
        "PORT": arguments.get("port", ""),
    }
    code = f"""
import pymysql; pymysql.install_as_MySQLdb()
from prodev.stays import settings; settings.DATABASES = {{"default": {database!r}}}
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "prodev.stays.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def schema(address: Address) -> Rows:
    """Return the constraints and indexes of all tables, as the server writes them."""
    if address.engine == "mysql":
        tables = [name for (name,) in ask(address, "SHOW TABLES")]
        texts = [ask(address, f"SHOW CREATE TABLE {table}")[0][1] for table in tables]
        return [(re.sub(r" AUTO_INCREMENT=\d+", "", text),) for text in texts]
    return sorted(
        ask(address, "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid),"
            " condeferrable, condeferred, convalidated FROM pg_constraint WHERE conrelid <> 0")
    ) + sorted(
        ask(address, "SELECT tablename::text, indexname::text, indexdef FROM pg_indexes"
            " WHERE schemaname = 'public'")
    )  # fmt: skip
