"""The process of ``load``: users who send requests, and the time of each."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from prodev.measure.answering import answer_owner
from prodev.measure.http_connection import AnswerError, Connection

PAUSE = 0.05
"""Seconds that a user waits after a request without an answer, so as not to spin."""

Place = tuple[str, str, int]


@dataclass
class Site:
    """What the users do, and what they note.

    Attributes:
        requests: where to, and what to send; sent in turn.
        users: how many send at the same time.
        total: requests in all; None: until ``seconds`` are over.
        rate: requests a second; None: each user sends the next one after an answer.
        timeout: seconds until a request is given up.
        notes: user, intended start, start, end (seconds from the beginning) and what came: a
            status, or the name of an error.
    """

    requests: list[tuple[Place, bytes]]
    users: int
    total: int | None
    seconds: float
    rate: float | None
    timeout: float
    began: float = 0.0
    notes: list[tuple[int, float, float, float, int | str]] = field(default_factory=list)
    arrived: int = 0

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return time.perf_counter() - self.began

    async def run(self) -> None:
        """Let all users begin at once; return when the last one has ended."""
        self.began = time.perf_counter()
        way: Callable[[int], Awaitable[None]] = self._closed if self.rate is None else self._open
        await asyncio.gather(*(way(user) for user in range(self.users)))

    async def _closed(self, user: int) -> None:
        """Send every request whose number leaves ``user`` when divided by the users."""
        lines: dict[Place, Connection] = {}
        number = user
        while number < self.total if self.total is not None else self.now() < self.seconds:
            start = self.now()
            came = await self._send(lines, number)
            self.notes.append((user, start, start, self.now(), came))
            number += self.users
            if isinstance(came, str):
                await asyncio.sleep(PAUSE)
        _close(lines)

    async def _open(self, user: int) -> None:
        """Take the next request that is due; it counts from when it was due, not from now.

        Else a slow server would be asked less often just when it is slow, and the requests that
        had to wait would not be seen (G. Tene's "coordinated omission").
        """
        assert self.rate is not None
        total = int(self.rate * self.seconds) if self.total is None else self.total
        lines: dict[Place, Connection] = {}
        while self.arrived < total:
            number, due = self.arrived, self.arrived / self.rate
            self.arrived += 1
            if (early := due - self.now()) > 0:
                await asyncio.sleep(early)
            start = self.now()
            came = await self._send(lines, number)
            self.notes.append((user, due, start, self.now(), came))
        _close(lines)

    async def _send(self, lines: dict[Place, Connection], number: int) -> int | str:
        place, request = self.requests[number % len(self.requests)]
        line = lines.setdefault(place, Connection(place))
        try:
            async with asyncio.timeout(self.timeout):
                return await line.send(request)
        except TimeoutError:
            return "timeout"
        except AnswerError:
            return "broken answer"
        except ConnectionRefusedError:
            return "refused"
        except OSError as error:
            return type(error).__name__


def _close(lines: dict[Place, Connection]) -> None:
    for line in lines.values():
        line.close()


def run(task: dict[str, Any]) -> dict[str, Any]:
    """Do the task: the arguments of a ``Site``; return its notes and the CPU seconds it took."""
    requests = [(tuple(place), sent.encode("latin-1")) for place, sent in task.pop("requests")]
    site = Site(requests=requests, **task)
    gc.disable()
    cpu = time.process_time()
    asyncio.run(site.run())
    return {"notes": site.notes, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    answer_owner(run)
