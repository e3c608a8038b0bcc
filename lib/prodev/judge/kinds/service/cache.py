"""The answer's Redis as a check sees it: what is in it, for how long, and accidents."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress
from typing import Any, cast

import redis

from prodev.judge.kinds.service.line import Line
from prodev.services.redis import RunningRedis

_USER = "answer"


class Cache:
    """A private Redis, empty at first. Nothing here reads a value: it is the answer's own.

    Attributes:
        client: a client of the judge's; keys and values come as bytes.
    """

    def __init__(self, server: RunningRedis, door: socket.socket) -> None:
        """Let the answer in, with a new password; ``door`` is the judge's end."""
        self._password = secrets.token_hex(16)
        self.client = redis.Redis.from_url(server.url, socket_timeout=5.0)
        self.client.acl_setuser(
            _USER,
            enabled=True,
            reset=True,
            passwords=[f"+{self._password}"],
            keys=["*"],
            channels=["*"],
            categories=["+@all", "-@admin", "-@dangerous"],
            commands=["+info", "+keys", "+flushdb", "+flushall", "+sort"],
        )
        self._line = Line(door, server.details["socket"])

    @property
    def url(self) -> str:
        """The address for the answer; the way is the door."""
        return f"unix://{_USER}:{self._password}@/door?db=0"

    @property
    def commands(self) -> list[tuple[str, ...]]:
        """What the answer sent so far, without what only opens a connection."""
        quiet = ("HELLO", "AUTH", "CLIENT", "SELECT", "PING")
        return [words for words in list(self._line.commands) if words[0] not in quiet]

    # What is in it

    def keys(self) -> dict[str, float | None]:
        """Return all keys, each with the seconds until it expires; None: never."""
        found: dict[str, float | None] = {}
        for key in sorted(cast("list[bytes]", self.client.keys("*"))):
            left = self.client.pttl(key)
            if left != -2:
                found[key.decode("utf-8", "replace")] = None if left == -1 else left / 1000
        return found

    def pass_time(self, seconds: float) -> None:
        """Let entries become older; those whose time is over are gone."""
        for key in cast("list[bytes]", self.client.keys("*")):
            left = self.client.pttl(key)
            if left >= 0:
                # An expiry that has passed removes the key.
                self.client.pexpire(key, left - round(seconds * 1000))

    def flush(self) -> None:
        """Remove all keys."""
        self.client.flushall()

    def info(self) -> dict[str, Any]:
        """Return the server's section ``stats``: hits and misses since the answer's start."""
        return self.client.info("stats")

    # Accidents

    @property
    def delay(self) -> float:
        """Seconds that each thing that the answer sends waits."""
        return self._line.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._line.delay = seconds

    def down(self) -> None:
        """Let nobody answer: connections are cut, and new ones too; until ``up``."""
        self._line.down = True
        self._line.apply()

    def silent(self) -> None:
        """Let nothing move: connections stay, and no answer comes; until ``up``."""
        self._line.silent = True
        self._line.apply()

    def up(self) -> None:
        """Let it answer again; what is in it is still there."""
        self._line.down = self._line.silent = False
        self._line.apply()

    def close(self) -> None:
        """Let the answer in no more."""
        self._line.close()
        # A script of the answer's may hold it up; who comes next gets a new server then.
        with suppress(redis.RedisError, OSError):
            self.client.acl_deluser(_USER)
        self.client.close()
