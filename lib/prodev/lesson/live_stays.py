"""Stays behind a real web server, for a lab: its data in PostgreSQL, its statements counted."""

from __future__ import annotations

import hashlib
import secrets
import weakref
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev import stays
from prodev.lesson.api import Api
from prodev.services.postgresql import PostgreSQL
from prodev.services.proxy import counting_proxy
from prodev.services.redis import Redis
from prodev.services.service import wanted_here
from prodev.stays.load import load
from prodev.stays.migrate import migrate
from prodev.stays.serve import serve

if TYPE_CHECKING:
    from prodev.lesson.lesson import Lesson
    from prodev.measure import Conditions
    from prodev.services.address import Address
    from prodev.services.service import Found

_TOKEN_DAYS = 1


class LiveStays:
    """One lab's Stays: a database of its own, and web servers over it.

    All of it ends with ``close()``, with this object, or with the kernel, whatever comes first.
    """

    def __init__(self, lesson: Lesson) -> None:
        """Find or start PostgreSQL, and take a database with the data of the lesson's parameters.

        Raises:
            MissingError: there is no PostgreSQL; the sentence says how to get it.
        """
        self._lesson = lesson
        self._wanted = wanted_here(lesson.parameters.services)
        self._stack = ExitStack()
        self._finish = weakref.finalize(self, self._stack.close)
        self.services: dict[str, Found | str] = {}
        server = self._stack.enter_context(PostgreSQL().start(self._wanted))
        self.services["PostgreSQL"] = server.found
        scale, seed = lesson.parameters.scale, lesson.parameters.seed
        self._database = self._stack.enter_context(
            server.database(
                key=f"stays-served-{scale}-{seed}-{_tables_digest()}",
                fill=partial(_fill, scale=scale, seed=seed),
            )
        )

    def serve(
        self,
        *faults: str,
        cache: bool = False,
        workers: int = 1,
        threads: int = 4,
        delay: float = 0.0,
        env: dict[str, str] | None = None,
    ) -> Api:
        """Start one more web server over the same rows.

        Args:
            *faults: mistakes to switch on in it, as ``prodev.stays.faults`` names them.
            cache: give it a private Redis or Valkey of its own.
            workers: processes.
            threads: requests at once in each process.
            delay: seconds between the server and its database, on the way there.
            env: more variables of Stays, as ``prodev.stays.settings`` lists them.
        """
        redis = self._stack.enter_context(self._start_redis()) if cache else None
        proxy = self._stack.enter_context(counting_proxy(self._database.address, delay=delay))
        served = self._stack.enter_context(
            serve(
                proxy.address.url,
                workers=workers,
                threads=threads,
                cache_url=redis.url if redis else "",
                faults=faults,
                env=env,
            )
        )
        return Api(served.url, proxy, redis)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database itself, past the service; nothing of it is counted."""
        with self._database.connect(autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def token_of(self, user: int) -> str:
        """Return a new token of a user, who is signed in with it for a day.

        The users of the dataset have no password, so they cannot sign in by themselves.
        """
        token = secrets.token_urlsafe(32)
        self.rows(
            "INSERT INTO access_tokens (user_id, digest, ends_at) VALUES (%s, "
            "encode(sha256(convert_to(%s, 'UTF8')), 'hex'), now() + make_interval(days => %s))",
            user,
            token,
            _TOKEN_DAYS,
        )
        return token

    def conditions(self, **settings: Any) -> Conditions:
        """Record the conditions of a measurement here: systems, scale, seed, and what is given."""
        return self._lesson.conditions(services=self.services, **settings)

    def close(self) -> None:
        """Stop the servers and drop the database. A second call does nothing."""
        self._finish()

    def _start_redis(self) -> Any:
        redis = Redis()
        found = redis.find(self._wanted)
        # At an address that the user named, others would be counted too, and would lose their keys.
        running = redis.start("embedded" if found.address else self._wanted)
        self.services["Redis"] = running.found
        return running


def _fill(address: Address, *, scale: str, seed: int) -> None:
    migrate(address.url)
    load(address, seed=seed, scale=scale)


def _tables_digest() -> str:
    """Stand for the tables: a database that was filled for older ones must not be used again."""
    found = sorted(Path(stays.__path__[0], "migrations").glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:8]
