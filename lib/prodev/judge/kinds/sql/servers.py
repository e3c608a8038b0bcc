"""The judge's servers: each is found or started with the first answer that needs it."""

from __future__ import annotations

from prodev.judge.endings import Unavailable
from prodev.services.mysql import MySQL, RunningMySQL
from prodev.services.postgresql import PostgreSQL, RunningPostgreSQL
from prodev.services.service import MissingError, ServiceError, wanted_here

_POSTGRESQL: dict[str, RunningPostgreSQL] = {}
_MYSQL: dict[str, RunningMySQL] = {}
"""By the environment's wish; a server stays as long as the judge."""


def postgresql() -> RunningPostgreSQL:
    """Return PostgreSQL, running.

    Raises:
        Unavailable: it is not here; the text says how to get it.
        ServiceError: it does not start.
    """
    wanted = wanted_here()
    running = _POSTGRESQL.get(wanted)
    if running is None or _gone(running):
        try:
            running = _POSTGRESQL[wanted] = PostgreSQL().start(wanted)
        except MissingError as error:
            raise Unavailable(str(error)) from None
    return running


def mysql() -> RunningMySQL:
    """Return MySQL or MariaDB, running.

    Raises:
        Unavailable: it is not here; the text says how to get it.
        ServiceError: it does not start.
    """
    wanted = wanted_here()
    running = _MYSQL.get(wanted)
    if running is None or _gone(running):
        try:
            running = _MYSQL[wanted] = MySQL().start(wanted)
        except MissingError as error:
            raise Unavailable(str(error)) from None
    return running


def missing() -> str:
    """Say that there is no PostgreSQL, and how to get it; empty where there is one."""
    try:
        PostgreSQL().find(wanted_here())
    except MissingError as error:
        return str(error)
    return ""


def _gone(running: RunningPostgreSQL | RunningMySQL) -> bool:
    try:
        running.check()
    except ServiceError:
        running.stop()
        return True
    return False
