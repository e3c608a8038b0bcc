"""Ctrl-C and SIGTERM as something to wait for, instead of an exception anywhere."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Any, Self


class Interrupt:
    """Count interrupts while the ``with`` block runs.

    In another thread than the main one Python allows no handlers: then it stays at 0.

    Attributes:
        sentinel: a descriptor for ``multiprocessing.connection.wait``, ready once one has come.
        count: how many have come.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self.sentinel, self._write = os.pipe()
        os.set_blocking(self._write, False)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.sentinel)
        os.close(self._write)

    def take(self) -> int:
        """Make the sentinel wait for the next one; return the count."""
        os.read(self.sentinel, 1024)
        return self.count

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.count += 1
        os.write(self._write, b"!")
