"""Which sorted samples enclose a quantile, whatever the distribution is."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, lgamma, log

import numpy as np

LEVEL = 0.95


@lru_cache(maxsize=256)
def enclosing_ranks(n: int, q: float, level: float = LEVEL) -> tuple[int, int] | None:
    """Return the ranks (from 1) of two sorted samples with the quantile between them.

    The number of samples below the quantile follows Binomial(n, q), so the samples of rank l and
    u enclose it with probability P(l <= B < u), for every continuous distribution (H. A. David,
    H. N. Nagaraja, *Order Statistics*, 3rd edition, 7.1; G. J. Hahn, W. Q. Meeker, *Statistical
    Intervals*, chapter 5). Of the pairs that reach ``level`` this is the nearest one; of equally
    near ones the most certain.

    Returns:
        None where even the smallest and the largest of ``n`` samples do not enclose it so often.
    """
    below = _cumulative(n, q)
    if n < 2 or below[n - 1] - below[0] < level:
        return None
    lowest = np.arange(1, n)
    # P(l <= B < u) is below[u - 1] - below[l - 1].
    highest = np.searchsorted(below, below[lowest - 1] + level - 1e-12) + 1
    possible = highest <= n
    lowest, highest = lowest[possible], highest[possible]
    near = (highest - lowest) == (highest - lowest).min()
    lowest, highest = lowest[near], highest[near]
    best = int(np.argmax(below[highest - 1] - below[lowest - 1]))
    return int(lowest[best]), int(highest[best])


@lru_cache(maxsize=64)
def samples_for_interval(q: float, level: float = LEVEL) -> int:
    """Return how many samples enclose a quantile at all: 6 for the median, 59 for p95, 299 for p99.

    It is the smallest n with 1 - q**n - (1 - q)**n >= level.
    """
    n = 2
    while 1 - q**n - (1 - q) ** n < level - 1e-12:
        n += 1
    return n


def samples_for_value(q: float) -> int:
    """Return how many samples a quantile needs at least: 2 for the median, 20 for p95, 100 for p99.

    With fewer, not even one sample is expected to lie beyond it.
    """
    return ceil(1 / min(q, 1 - q) - 1e-9)


def _cumulative(n: int, q: float) -> np.ndarray:
    """Return P(B <= k) for k = 0 … n, where B follows Binomial(n, q)."""
    whole = lgamma(n + 1)
    logs = [
        whole - lgamma(k + 1) - lgamma(n - k + 1) + k * log(q) + (n - k) * log(1 - q)
        for k in range(n + 1)
    ]
    return np.cumsum(np.exp(logs))
