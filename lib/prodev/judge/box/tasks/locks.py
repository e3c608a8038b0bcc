"""Locks between the processes of a worker, made before the walls stand.

A named semaphore is a file in ``/dev/shm``, where an answer can write nothing. So the forker makes
a stock of them, and each worker takes its own part.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from multiprocessing import get_context
from typing import Any

_WORKERS, _EACH = 8, 40
_NUMBERS = count()


class Stock:
    """Semaphores for some workers, one after the other; held for good, so that none is closed."""

    def __init__(self) -> None:
        """Make them all."""
        fork = get_context("fork")
        self._made: list[Any] = [fork.Lock() for _ in range(_WORKERS * _EACH)]

    def part(self) -> Iterator[int]:
        """Return the handles of the next worker's part, each free again."""
        first = next(_NUMBERS) % _WORKERS * _EACH
        for lock in self._made[first : first + _EACH]:
            semaphore = lock._semlock
            # The answer before this one may have died with it in its hands.
            if semaphore._is_zero():
                semaphore.release()
        return iter([lock._semlock.handle for lock in self._made[first : first + _EACH]])


class FromStock:
    """What ``billiard`` asks for semaphores: ``SemLock(kind, value, maxvalue, …)``."""

    def __init__(self, part: Iterator[int], original: Any) -> None:
        """Take a worker's part, and the class that makes an object of a handle."""
        self._part, self._original = part, original

    def SemLock(self, kind: int, value: int, maxvalue: int, *_: Any) -> Any:  # noqa: N802
        """Return a lock from the stock.

        Raises:
            OSError: it is no lock but a counter, or the stock is used up.
        """
        handle = next(self._part, None)
        if handle is None or value != 1:
            raise OSError("there is no more semaphore for this worker")
        return self._original._rebuild(handle, kind, maxvalue, None)
