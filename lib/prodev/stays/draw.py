"""Random draws that give the same numbers on every machine.

Weights are whole numbers and no draw uses a logarithm, a power or an exponential: their last digit
depends on the processor, and one digit is enough to move a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: How many rows are in memory at a time.
PART = 65_536


def stream(seed: int, number: int) -> np.random.Generator:
    """Return the random stream ``number`` (from 1) of a seed, independent of its other streams.

    The generator is named, not left to ``default_rng``, which may choose another one some day.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))


def parts_of(size: int) -> Iterator[slice]:
    """Return slices of at most PART rows that cover ``size`` rows in order."""
    for start in range(0, size, PART):
        yield slice(start, min(start + PART, size))


class Draws:
    """Whole numbers from ``low`` to ``high - 1``, ``size`` of them, taken a part at a time.

    The stream moves behind all of them at once. So several columns can be taken side by side, and
    none is ever whole in memory: PCG64 gives the same numbers in parts as in one go.
    """

    def __init__(self, rng: np.random.Generator, high: int, size: int, *, low: int = 0) -> None:
        self._low, self._high = low, high
        self._held: Ints | None = None
        if size <= PART:
            self._held = rng.integers(low, high, size)
            return
        self._rng = deepcopy(rng)
        for part in parts_of(size):
            rng.integers(low, high, part.stop - part.start)

    def take(self, count: int) -> Ints:
        """Return the next ``count`` numbers."""
        if self._held is None:
            return self._rng.integers(self._low, self._high, count)
        taken, self._held = self._held[:count], self._held[count:]
        return taken


class Picks:
    """Positions in ``weights``, each as likely as its whole-number weight; taken like Draws."""

    def __init__(self, rng: np.random.Generator, weights: Iterable[int] | Ints, size: int) -> None:
        each = np.fromiter(weights, dtype=np.int64)
        self._ends = np.cumsum(each)
        total = int(self._ends[-1])
        # Looking a spot up is faster than searching for it, where they are few.
        self._at = np.repeat(np.arange(len(each)), each) if total <= 1_000 else None
        self._spots = Draws(rng, total, size)

    def take(self, count: int) -> Ints:
        """Return the next ``count`` positions."""
        spots = self._spots.take(count)
        if self._at is not None:
            return self._at.take(spots)
        return np.searchsorted(self._ends, spots, side="right").astype(np.int64, copy=False)


class Chances:
    """Flags of which about ``percent`` in a hundred are true; taken like Draws."""

    def __init__(self, rng: np.random.Generator, percent: int, size: int) -> None:
        self._percent = percent
        self._spots = Draws(rng, 100, size)

    def take(self, count: int) -> Flags:
        """Return the next ``count`` flags."""
        return self._spots.take(count) < self._percent


def pick(rng: np.random.Generator, weights: Iterable[int] | Ints, size: int) -> Ints:
    """Return ``size`` positions in ``weights``, each as likely as its whole-number weight."""
    return Picks(rng, weights, size).take(size)


def chance(rng: np.random.Generator, percent: int, size: int) -> Flags:
    """Return ``size`` flags of which about ``percent`` in a hundred are true."""
    return Chances(rng, percent, size).take(size)


def shuffled(rng: np.random.Generator, size: int) -> Ints:
    """Return the numbers from 0 to ``size - 1`` in a random order."""
    return np.argsort(rng.random(size), kind="stable").astype(np.int64, copy=False)


def popularity(rng: np.random.Generator, size: int, *, flat: int) -> Ints:
    """Return weights like Zipf's law, in a random order: 1 / (rank + flat), made whole.

    A larger ``flat`` makes the hottest less hot (the Zipf-Mandelbrot law).
    """
    weights = shuffled(rng, size)
    weights += 1 + flat
    return np.floor_divide(10**12, weights, out=weights)
