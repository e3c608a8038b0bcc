"""Before and after, side by side, and what the samples allow to say."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Literal, Self

from pydantic import ConfigDict, model_validator

from prodev.catalog.records import Record
from prodev.errors import CourseError
from prodev.measure.ranks import LEVEL, samples_for_interval
from prodev.measure.ratio import Ratio, ratio_of_quantiles
from prodev.measure.sample import Samples
from prodev.measure.verdict import NO_DIFFERENCE, Word, verdict
from prodev.measure.words import amount, part

if TYPE_CHECKING:
    import pandas as pd


class Comparison(Record):
    """Two ways, measured alike.

    Attributes:
        before: samples of the way as it was.
        after: samples of the changed way.
        q: what is compared: 0.5 for the medians, 0.95 for p95.
        better: whether less of the unit is better, or more.
        ratio: after divided by before; None where there can be none.
        verdict: what the samples allow to say; ``no difference shown`` where they allow nothing.
        why: one sentence with the reason.
        method: how the samples were taken.
    """

    model_config = ConfigDict(strict=True)

    kind: Literal["comparison"] = "comparison"
    before: Samples
    after: Samples
    q: float = 0.5
    better: Literal["less", "more"] = "less"
    ratio: Ratio | None
    verdict: Word
    why: str
    method: str = ""

    @model_validator(mode="after")
    def _follows_from_its_samples(self) -> Self:
        word, _ = verdict(self.before, self.after, self.ratio, q=self.q)
        if word != self.verdict:
            raise ValueError(f"the samples do not support '{self.verdict}', but '{word}'")
        true = _ratio(self.before, self.after, self.q, self.ratio.level if self.ratio else LEVEL)
        if (true is None) != (self.ratio is None):
            raise ValueError("there is a ratio where there can be none, or none where there is one")
        if self.ratio and true and not _same(self.ratio, true):
            raise ValueError("the ratio or its interval is not that of the samples")
        return self

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    __str__ = __repr__

    @property
    def shown(self) -> bool:
        """Whether the samples show a difference."""
        return self.verdict != NO_DIFFERENCE

    @property
    def improved(self) -> bool:
        """Whether the samples show that after is the better one."""
        if not self.shown or self.ratio is None:
            return False
        return (self.ratio.value < 1) == (self.better == "less")

    @property
    def unit(self) -> str:
        """The unit of both."""
        return self.before.unit

    def lines(self) -> list[str]:
        """Return all of it as text: each way, the ratio, and the verdict with its reason."""
        told = [_way(side, self.unit) for side in (self.before, self.after)]
        if self.ratio:
            r = self.ratio
            told.append(
                f"after / before: {part(r.value)} "
                f"({r.level:.0%} interval {part(r.low)} to {part(r.high)})"
            )
        return [*told, f"{self.verdict}: {self.why}"]

    def table(self) -> pd.DataFrame:
        """Return one row for each way; columns: samples, then median, low, high, … with units."""
        import pandas as pd

        u = self.unit
        rows = {}
        for side in (self.before, self.after):
            row: dict[str, float | None] = {"samples": side.n, f"smallest ({u})": side.least}
            for p in side.percentiles:
                row[f"{p.name} ({u})"] = p.value
                row[f"{p.name} from ({u})"], row[f"{p.name} to ({u})"] = p.low, p.high
            row[f"middle half ({u})"] = side.spread
            rows[side.name] = row
        return pd.DataFrame.from_dict(rows, orient="index")


def compare_samples(  # noqa: PLR0913 - all but the two sides are named by the caller
    before: Samples,
    after: Samples,
    *,
    q: float = 0.5,
    better: Literal["less", "more"] = "less",
    level: float = LEVEL,
    method: str = "",
) -> Comparison:
    """Compare what was measured, and claim a difference only where the samples show one.

    Args:
        before: samples of the way as it was.
        after: samples of the changed way; they may be more or fewer.
        q: what to compare: 0.5 for the medians, 0.95 for p95.
        better: whether less of the unit is better, or more.
        level: how sure the interval of the ratio shall be.
        method: how the samples were taken, in a few words.

    Raises:
        CourseError: the units differ.
    """
    if before.unit != after.unit:
        raise CourseError(
            f"'{before.name}' is in {before.unit} and '{after.name}' in {after.unit}; "
            "measure both in one unit."
        )
    ratio = _ratio(before, after, q, level)
    word, why = verdict(before, after, ratio, q=q)
    return Comparison(
        before=before,
        after=after,
        q=q,
        better=better,
        ratio=ratio,
        verdict=word,
        why=why,
        method=method,
    )


def _ratio(before: Samples, after: Samples, q: float, level: float) -> Ratio | None:
    enough = min(before.n, after.n) >= samples_for_interval(q, level)
    if not enough or before.least <= 0 or after.least < 0:
        return None
    return ratio_of_quantiles(before.values, after.values, q=q, level=level)


def _same(told: Ratio, true: Ratio) -> bool:
    """Whether a ratio is the true one; another version of numpy may draw other resamples."""
    ends = ((told.low, true.low), (told.high, true.high))
    return isclose(told.value, true.value, rel_tol=1e-9, abs_tol=1e-12) and all(
        isclose(a, b, rel_tol=0.05, abs_tol=1e-9) for a, b in ends
    )


def _way(side: Samples, unit: str) -> str:
    told = [f"{side.name}: {side.n} samples"]
    for p in side.percentiles:
        interval = (
            f" ({amount(p.low)} to {amount(p.high)})"
            if p.low is not None and p.high is not None
            else ""
        )
        told.append(f"{p.name} {amount(p.value)} {unit}{interval}")
    told.append(f"smallest {amount(side.least)} {unit}")
    return ", ".join(told)
