"""What was measured of one way: every sample, and what can be said of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from pydantic import ConfigDict, Field, FiniteFloat

from prodev.catalog.records import Record
from prodev.errors import CourseError
from prodev.measure.condition import Conditions
from prodev.measure.condition import conditions as conditions_now
from prodev.measure.ranks import (
    LEVEL,
    enclosing_ranks,
    samples_for_interval,
    samples_for_value,
)

DIGITS = 6


class Percentile(Record):
    """A percentile and the interval that encloses it.

    Attributes:
        q: 0.5 for the median, 0.95 for p95.
        value: in the unit of the samples; linear between the two nearest ones, as numpy has it.
        low: the interval's lower end, one of the samples; None where there are too few.
        high: its upper end.
        level: how often such an interval encloses the true value.
        needed: how many samples an interval needs.
    """

    q: float
    value: float
    low: float | None
    high: float | None
    level: float
    needed: int

    @property
    def name(self) -> str:
        """Return ``median``, ``p95``, ``p99.9``."""
        return "median" if self.q == 0.5 else f"p{round(100 * self.q, 4):g}"


class Samples(Record):
    """Every sample of one way, in the order of measuring.

    Attributes:
        name: of the way, such as ``without index``.
        unit: of the values, such as ``ms``.
        values: with six significant digits.
        calls: how many calls one value is the mean of.
        conditions: under which they were measured.
    """

    model_config = ConfigDict(strict=True)

    name: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    values: tuple[FiniteFloat, ...] = Field(min_length=1)
    calls: int = Field(default=1, ge=1)
    conditions: Conditions

    @property
    def n(self) -> int:
        """How many samples there are."""
        return len(self.values)

    @property
    def median(self) -> float:
        """The value in the middle."""
        return self.at(0.5)

    def at(self, q: float) -> float:
        """Return the value at a quantile: linear between the two nearest samples, as in numpy."""
        return float(np.quantile(self.values, q))

    @property
    def least(self) -> float:
        """The smallest sample."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The largest sample."""
        return max(self.values)

    @property
    def spread(self) -> float:
        """The width of the middle half: from the first quartile to the third."""
        first, third = np.quantile(self.values, [0.25, 0.75])
        return float(third - first)

    def percentile(self, q: float, *, level: float = LEVEL) -> Percentile:
        """Return a percentile with its distribution-free interval.

        Args:
            q: 0.5 for the median, 0.95 for p95.
            level: how often the interval shall enclose the true value.

        Raises:
            CourseError: ``q`` is not between 0 and 1, or the samples are too few to speak of it.
        """
        if not 0 < q < 1:
            raise CourseError(f"A percentile lies between 0 and 1, such as 0.95; {q} does not.")
        if self.n < samples_for_value(q):
            raise CourseError(
                f"p{100 * q:g} of {self.n} samples says nothing: it needs at least "
                f"{samples_for_value(q)}; measure '{self.name}' more often."
            )
        ranks = enclosing_ranks(self.n, q, level)
        ordered = sorted(self.values)
        return Percentile(
            q=q,
            value=self.at(q),
            low=ordered[ranks[0] - 1] if ranks else None,
            high=ordered[ranks[1] - 1] if ranks else None,
            level=level,
            needed=samples_for_interval(q, level),
        )

    @property
    def percentiles(self) -> tuple[Percentile, ...]:
        """Median, p95 and p99, as far as the samples are enough for them."""
        asked = (0.5, 0.95, 0.99)
        return tuple(self.percentile(q) for q in asked if self.n >= samples_for_value(q))


def samples(
    name: str,
    values: Iterable[float],
    *,
    unit: str,
    calls: int = 1,
    conditions: Conditions | None = None,
) -> Samples:
    """Put measured values together.

    Args:
        name: of the way that was measured.
        values: in the order of measuring.
        unit: of the values.
        calls: how many calls one value is the mean of.
        conditions: those of now where they are left out.

    Raises:
        CourseError: there is no value, or one is infinite or not a number.
    """
    kept = tuple(float(f"{value:.{DIGITS}g}") for value in values)
    if not kept or not np.isfinite(kept).all():
        raise CourseError(f"'{name}' has no samples, or one of them is not a finite number.")
    return Samples(
        name=name, unit=unit, values=kept, calls=calls, conditions=conditions or conditions_now()
    )
