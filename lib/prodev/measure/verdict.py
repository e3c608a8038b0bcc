"""What two sets of samples allow to say, and the reason in one sentence."""

from __future__ import annotations

from typing import Literal

from prodev.measure.ranks import samples_for_interval
from prodev.measure.ratio import Ratio
from prodev.measure.sample import Samples
from prodev.measure.words import amount, part

Word = Literal["faster", "slower", "less", "more", "no difference shown"]

NO_DIFFERENCE: Word = "no difference shown"
NEGLIGIBLE = 0.01
"""A smaller part is never claimed: where code lies in memory can alone make so much."""
SHORTEST = 10e-6
"""Seconds; in a shorter sample the clock itself takes a part that counts."""
SECONDS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "ns": 1e-9}
"""Units of time, in seconds."""


def verdict(before: Samples, after: Samples, ratio: Ratio | None, *, q: float) -> tuple[Word, str]:
    """Return the verdict and one sentence that says why."""
    why = _refusal(before, after, ratio, q)
    if why or ratio is None:
        return NO_DIFFERENCE, why
    less = ratio.value < 1
    words: tuple[Word, Word] = ("faster", "slower") if before.unit in SECONDS else ("less", "more")
    return words[0] if less else words[1], _reason(before, after, ratio, q)


def _refusal(before: Samples, after: Samples, ratio: Ratio | None, q: float) -> str:
    """Return why no difference may be claimed; empty where one may."""
    apart = before.conditions.differences(after.conditions)
    if apart:
        return (
            f"before and after were measured under different conditions ({', '.join(apart)}); "
            "measure both under the same."
        )
    needed, fewest = samples_for_interval(q), min(before.n, after.n)
    if fewest < needed:
        return f"{fewest} samples a side are too few; {_name(q)} needs at least {needed}."
    if before.least <= 0 or after.least < 0:
        return "a sample before is not above 0, so there is no ratio; show the difference instead."
    if ratio is None:
        return "there is no ratio."
    return _too_short(before, after) or _too_near(ratio, fewest)


def _too_short(before: Samples, after: Samples) -> str:
    second = SECONDS.get(before.unit)
    for side in (before, after):
        if second and side.calls == 1 and side.median * second < SHORTEST:
            return (
                f"one call of '{side.name}' takes less than 10 µs, so the clock itself counts; "
                "time many calls for each sample, such as calls=1000."
            )
    return ""


def _too_near(ratio: Ratio, fewest: int) -> str:
    if ratio.low <= 1 <= ratio.high:
        unseen = max(1 - ratio.low, ratio.high - 1)
        return (
            f"the {ratio.level:.0%} interval of after / before, {part(ratio.low)} to "
            f"{part(ratio.high)}, includes 1; with {fewest} samples a side, a difference below "
            f"about {_percent(unseen)} stays hidden here."
        )
    if abs(ratio.value - 1) < NEGLIGIBLE:
        return (
            f"the difference is {_percent(abs(ratio.value - 1))}; less than {NEGLIGIBLE:.0%} is "
            "never claimed, because such a change can come from anywhere."
        )
    return ""


def _reason(before: Samples, after: Samples, ratio: Ratio, q: float) -> str:
    old, new = before.at(q), after.at(q)
    value, low, high = (part(end) for end in (ratio.value, ratio.low, ratio.high))
    return (
        f"{_name(q)} {amount(old)} → {amount(new)} {before.unit}; after / before is {value}, and "
        f"the {ratio.level:.0%} interval, {low} to {high}, does not include 1."
    )


def _percent(of_one: float) -> str:
    return f"{amount(100 * of_one)}%" if of_one < 0.01 else f"{of_one:.0%}"


def _name(q: float) -> str:
    return "the median" if q == 0.5 else f"p{round(100 * q, 4):g}"
