"""In which order ways take turns, and when there are enough samples."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from time import perf_counter


class Turns:
    """Rounds in which each way has one turn.

    A shuffled round is followed by the same round backwards (ABBA), so that a machine that grows
    slower or faster meanwhile does not favour a way.
    """

    def __init__(
        self, names: Sequence[str], *, repeats: int, warmup: int, seconds: float, seed: int
    ) -> None:
        """Plan ``warmup`` rounds that do not count, then up to ``repeats`` within ``seconds``."""
        self.names = list(names)
        self.repeats, self.warmup, self.seconds = repeats, warmup, seconds
        self._random = random.Random(seed)

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """Yield the name of the next way, and whether its turn counts.

        A round that has begun is finished. The clock starts with the first turn, and the first
        round that counts is always made.
        """
        end = perf_counter() + self.seconds
        for _ in range(self.warmup):
            yield from ((name, False) for name in self.names)
        order: list[str] = []
        for number in range(self.repeats):
            if number and perf_counter() >= end:
                return
            if number % 2:
                order.reverse()
            else:
                order = self._random.sample(self.names, len(self.names))
            yield from ((name, True) for name in order)
