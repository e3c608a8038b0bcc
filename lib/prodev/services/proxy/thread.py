"""An event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class LoopThread:
    """Runs what it is given in its thread, and waits for the result in the caller's."""

    def __init__(self, name: str, *, failed: Callable[[BaseException], None]) -> None:
        """Start the thread.

        Args:
            name: of the thread.
            failed: told of an error that nobody waits for.
        """
        self._loop = asyncio.new_event_loop()
        self._failed = failed
        self._loop.set_exception_handler(self._handle)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine there and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, action: Callable[[], _T]) -> _T:
        """Call a function there and return its result."""

        async def work() -> _T:
            return action()

        return self.run(work())

    def stop(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _handle(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._failed(context.get("exception") or RuntimeError(context["message"]))
