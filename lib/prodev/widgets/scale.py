"""From values to places on an axis, linear or logarithmic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from prodev.errors import CourseError

LOG_FROM = 100


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` at pixel ``start`` to ``high`` at pixel ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Return the pixel of a value."""
        if self.log:
            value, low, high = log10(value), log10(self.low), log10(self.high)
        else:
            low, high = self.low, self.high
        return self.start + (value - low) / (high - low) * (self.end - self.start)


def scale(
    values: Iterable[float], start: float, end: float, *, zero: bool, may_log: bool = True
) -> Scale:
    """Choose an axis for values.

    It is logarithmic where the largest positive value is at least 100 times the smallest.

    Args:
        values: what is to be placed.
        start: the pixel of the lowest value.
        end: the pixel of the highest value.
        zero: a linear axis begins at 0.
        may_log: whether a logarithmic axis may be chosen.

    Raises:
        CourseError: there is no value, or one is negative, infinite or not a number.
    """
    known = [float(value) for value in values]
    if not known:
        raise CourseError("A chart needs at least one value; this one has none.")
    for value in known:
        if not isfinite(value) or value < 0:
            raise CourseError(f"A chart can show amounts from 0 up only, and {value} is not one.")
    positive = [value for value in known if value > 0]
    if may_log and positive and max(positive) / min(positive) >= LOG_FROM:
        return _decades(min(positive), max(positive), start, end)
    return _linear(0 if zero else min(known), max(known), start, end, whole=_whole(known))


def _decades(low: float, high: float, start: float, end: float) -> Scale:
    first, last = floor(log10(low) + 1e-9), floor(log10(high) + 1e-9)
    ticks = tuple(float(f"1e{power}") for power in range(first, last + 1))
    return Scale(ticks[0], max(ticks[-1], high * 1.1), start, end, log=True, ticks=ticks)


def _linear(low: float, high: float, start: float, end: float, *, whole: bool) -> Scale:
    if high == low:
        high = low + 1
    rough = (high - low) / 5
    size = 10.0 ** floor(log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * 0.999)
    if whole:
        step = max(1.0, step)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(i * step, 10) for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, log=False, ticks=ticks)


def _whole(values: Iterable[float]) -> bool:
    return all(value == int(value) for value in values)
