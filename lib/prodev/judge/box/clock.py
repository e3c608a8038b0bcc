"""Virtual time: nothing waits, and the clock moves when the judge says so."""

from __future__ import annotations

import asyncio
import operator
import selectors
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.judge.box.peer import Peer

_EPOCH = 1_767_225_600.0  # 2026-01-01, 00:00 UTC
_START = 1_000.0
_TICK = 1e-6
_LONGEST_S = 9_000_000_000
_THREADS_WAIT_S = 0.02
_BUSY_TURNS = 1_000


class Clock:
    """The time that an answer sees, in seconds since its start.

    Each reading is a microsecond later than the one before, so that a loop that watches the clock
    comes to its end.
    """

    def __init__(self, sleep: Callable[[float], None]) -> None:
        """Start at 0; ``sleep`` lets time pass."""
        self.now = 0.0
        self.readings = 0
        self.sleep = sleep

    def read(self) -> float:
        """Return the seconds since the start."""
        self.readings += 1
        return self.now + self.readings * _TICK

    def install(self, make_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        """Put this clock in the place of Python's, for ``time`` and for ``asyncio``."""

        def sleep(seconds: float, /) -> None:
            """Let virtual time pass."""
            self.sleep(_duration(seconds))

        time.sleep = sleep  # type: ignore[assignment]
        time.time = lambda: _EPOCH + self.read()
        time.time_ns = lambda: int((_EPOCH + self.read()) * 1e9)
        for name in ("monotonic", "perf_counter"):
            setattr(time, name, lambda: _START + self.read())
            setattr(time, f"{name}_ns", lambda: int((_START + self.read()) * 1e9))

        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self) -> asyncio.AbstractEventLoop:
                return make_loop()

        # The answer may start a loop of its own with asyncio.run.
        asyncio.set_event_loop_policy(Policy())


def _duration(seconds: object) -> float:
    """Refuse what Python's own ``time.sleep`` refuses, in its words."""
    plain = float(seconds) if isinstance(seconds, float) else operator.index(seconds)  # type: ignore[arg-type]
    if plain != plain:  # noqa: PLR0124 - nan only
        raise ValueError("Invalid value NaN (not a number)")
    if plain < 0:
        raise ValueError("sleep length must be non-negative")
    if plain > _LONGEST_S:
        raise OverflowError("timestamp too large to convert to C PyTime_t")
    return plain


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time: where all tasks wait, the judge decides what comes next."""

    def __init__(self, peer: Peer) -> None:
        """Make a loop whose timers follow the peer's clock."""
        self._peer = peer
        super().__init__(_Selector(peer))
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Return the virtual seconds since the answer's start."""
        return self._peer.clock.now


class _Selector(selectors.DefaultSelector):
    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self._peer = peer
        self._busy = 0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is not None and timeout <= 0:
            # A task that asks again and again, with sleep(0), waits too: for real time to pass.
            self._busy += 1
            if self._busy < _BUSY_TURNS or not self._peer.futures:
                return ready
            timeout = None
        self._busy = 0
        if threading.active_count() > 1:
            # A thread works in real time; what it brings comes first.
            if ready := super().select(_THREADS_WAIT_S):
                return ready
            if timeout is None and not self._peer.futures:
                return super().select(None)
        if self._peer.idle(timeout):
            return super().select(0)
        return super().select(timeout)
