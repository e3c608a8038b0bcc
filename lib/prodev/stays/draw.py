"""Random draws that give the same numbers on every machine.

Weights are whole numbers and no draw uses a logarithm, a power or an exponential: their last digit
depends on the processor, and one digit is enough to move a row.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def stream(seed: int, number: int) -> np.random.Generator:
    """Return the random stream ``number`` (from 1) of a seed, independent of its other streams.

    The generator is named, not left to ``default_rng``, which may choose another one some day.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))


def pick(rng: np.random.Generator, weights: Iterable[int] | Ints, size: int) -> Ints:
    """Return ``size`` positions in ``weights``, each as likely as its whole-number weight."""
    ends = np.cumsum(np.fromiter(weights, dtype=np.int64))
    spots = rng.integers(0, ends[-1], size)
    return np.searchsorted(ends, spots, side="right").astype(np.int64)


def chance(rng: np.random.Generator, percent: int, size: int) -> Flags:
    """Return ``size`` flags of which about ``percent`` in a hundred are true."""
    return rng.integers(0, 100, size) < percent


def shuffled(rng: np.random.Generator, size: int) -> Ints:
    """Return the numbers from 0 to ``size - 1`` in a random order."""
    return np.argsort(rng.random(size), kind="stable").astype(np.int64)


def popularity(rng: np.random.Generator, size: int, *, flat: int) -> Ints:
    """Return weights like Zipf's law, in a random order: 1 / (rank + flat), made whole.

    A larger ``flat`` makes the hottest less hot (the Zipf-Mandelbrot law).
    """
    weights = 10**12 // (np.arange(1, size + 1, dtype=np.int64) + flat)
    return weights[shuffled(rng, size)]
