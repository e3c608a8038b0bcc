"""Virtual time in the judge: which of the answer's open calls ends next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prodev.judge.given import GivenCoroutine

LONGEST_S = 9_000_000_000.0
"""The longest sleep, as the operating system's own: some 285 years."""
_FOREVER = 1e15


@dataclass(frozen=True)
class Held:
    """A call of a given coroutine that has not ended yet."""

    number: int
    due: float
    given: GivenCoroutine
    value: Callable[[], Any]


class Timeline:
    """A clock that moves only when every task of the answer waits.

    Attributes:
        now: virtual seconds since the answer's start.
        slept: the seconds of every sleep, in order.
    """

    def __init__(self) -> None:
        """Start at 0."""
        self.now = 0.0
        self.slept: list[float] = []
        self._held: dict[int, Held] = {}

    def hold(
        self, number: int, seconds: float, given: GivenCoroutine, value: Callable[[], Any]
    ) -> None:
        """Begin a call that ends after some seconds."""
        self._held[number] = Held(number, self.now + seconds, given, value)
        given.open += 1
        given.most_open = max(given.most_open, given.open)

    def drop(self, number: int) -> None:
        """Forget a call that the answer has cancelled."""
        if held := self._held.pop(number, None):
            held.given.open -= 1

    def move(self, timeout: float | None) -> tuple[list[Held], bool]:
        """Go to the next thing that happens: the first call that ends, or the answer's own timer.

        Args:
            timeout: seconds to the answer's next timer, if it has one.

        Returns:
            the calls that end now, in the order in which they began, and whether anything happened.
        """
        timer = self.now + max(0.0, timeout) if timeout is not None else _FOREVER
        first = min((held.due for held in self._held.values()), default=_FOREVER)
        if min(timer, first) >= _FOREVER:
            return [], False
        self.now = max(self.now, min(timer, first))
        due = [held for held in self._held.values() if held.due <= self.now]
        for held in due:
            self.drop(held.number)
        return due, True
