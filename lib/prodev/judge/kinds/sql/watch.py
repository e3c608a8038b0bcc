"""The judge's own timer, and its eye on what an answer takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

Reason = Literal["", "time", "memory", "disk"]

LOOK_AT_DISK = 8
"""Files are looked at every so many looks: it takes longer."""

_EVERY_S = 0.02


class Watch(threading.Thread):
    """Ends what an answer runs once its time is over, or once it takes more than it may.

    Attributes:
        reason: why it ended the answer's connections; empty while it has not.
    """

    def __init__(
        self, seconds: float, look: Callable[[], Reason], cut_off: Callable[[], None]
    ) -> None:
        """Watch from now on.

        Args:
            seconds: wall time that the answer has.
            look: says what the answer takes too much of, if anything; called every 20 ms.
            cut_off: ends the answer's connections, from outside.
        """
        super().__init__(name="watch of an answer's SQL", daemon=True)
        self.reason: Reason = ""
        self._deadline = time.monotonic() + seconds
        self._look, self._cut_off = look, cut_off
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Look until the answer is over."""
        while not self._over.wait(_EVERY_S):
            try:
                self.reason = "time" if time.monotonic() > self._deadline else self._look()
                if self.reason:
                    self._cut_off()
                    return
            except Exception:  # the server has gone: the judge's next statement says so
                return

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()
