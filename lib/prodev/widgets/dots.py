"""Dots along an axis: each value has one, and those that would cover each other are stacked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MOST = 300


def stacked(places: Sequence[float], size: float) -> list[tuple[float, int]]:
    """Return x and floor of each dot: the lowest floor where it touches no dot to its left.

    The places are taken in rising order, so equal input gives an equal picture.

    Args:
        places: the pixel of each value.
        size: how far the middles of two dots on one floor must be apart.
    """
    ends: list[float] = []
    dots = []
    for x in sorted(places):
        floor = next((i for i, end in enumerate(ends) if x - end >= size), len(ends))
        ends[floor : floor + 1] = [x]
        dots.append((x, floor))
    return dots


def shown(values: Sequence[float]) -> list[float]:
    """Return the values to draw: all of them, or as many quantiles where there are too many."""
    if len(values) <= MOST:
        return sorted(values)
    levels = (np.arange(MOST) + 0.5) / MOST
    return [float(value) for value in np.quantile(values, levels, method="nearest")]
