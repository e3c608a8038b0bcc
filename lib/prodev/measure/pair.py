"""Measure a change: run before and after in turn, and compare."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeVar

from prodev.errors import CourseError
from prodev.measure.comparison import Comparison, compare_samples
from prodev.measure.condition import Conditions
from prodev.measure.condition import conditions as conditions_now
from prodev.measure.runs import (
    BUDGET,
    REPEATS,
    SEED,
    WARMUP,
    Run,
    interleave,
    interleave_async,
    told,
)
from prodev.measure.sample import samples
from prodev.measure.verdict import SECONDS

T = TypeVar("T")

NAMES = ("before", "after")


def compare(  # noqa: PLR0913 - all but the two ways are named by the caller
    before: Callable[[], T],
    after: Callable[[], T],
    *,
    names: tuple[str, str] = NAMES,
    unit: str = "ms",
    value: Callable[[T], float] | None = None,
    better: Literal["less", "more"] = "less",
    q: float = 0.5,
    repeats: int = REPEATS,
    warmup: int = WARMUP,
    seconds: float = BUDGET,
    calls: int = 1,
    seed: int = SEED,
    conditions: Conditions | None = None,
) -> Comparison:
    """Measure two functions in turn, and say whether the samples show a difference.

    Args:
        before: the way as it was, a function without arguments.
        after: the changed way.
        names: what to call them.
        unit: of the samples; a unit of time (s, ms, µs, ns) unless ``value`` is given.
        value: takes what a run returned and gives the amount to compare, in place of its time.
        better: whether less of the unit is better, or more.
        q: what to compare: 0.5 for the medians, 0.95 for p95.
        repeats: samples of each, at most.
        warmup: rounds before, whose runs are thrown away.
        seconds: no further round begins after so long.
        calls: calls in a row for each sample, where one is too short for the clock.
        seed: of the order in which they take turns.
        conditions: those of now where they are left out.

    Raises:
        CourseError: an argument can't be, or a function returned a coroutine.
    """
    _check(names, unit, value)
    found = conditions or conditions_now()
    ways = dict(zip(names, (before, after), strict=True))
    runs = interleave(ways, repeats=repeats, warmup=warmup, seconds=seconds, calls=calls, seed=seed)
    how = told(warmup=warmup, calls=calls, seed=seed)
    return _compared(runs, unit, value, calls, found, better=better, q=q, method=how)


async def compare_async(  # noqa: PLR0913 - all but the two ways are named by the caller
    before: Callable[[], Awaitable[T]],
    after: Callable[[], Awaitable[T]],
    *,
    names: tuple[str, str] = NAMES,
    unit: str = "ms",
    value: Callable[[T], float] | None = None,
    better: Literal["less", "more"] = "less",
    q: float = 0.5,
    repeats: int = REPEATS,
    warmup: int = WARMUP,
    seconds: float = BUDGET,
    calls: int = 1,
    seed: int = SEED,
    conditions: Conditions | None = None,
) -> Comparison:
    """Measure two coroutine functions in turn, as ``compare`` does with functions."""
    _check(names, unit, value)
    found = conditions or conditions_now()
    ways = dict(zip(names, (before, after), strict=True))
    runs = await interleave_async(
        ways, repeats=repeats, warmup=warmup, seconds=seconds, calls=calls, seed=seed
    )
    how = told(warmup=warmup, calls=calls, seed=seed)
    return _compared(runs, unit, value, calls, found, better=better, q=q, method=how)


def _check(names: tuple[str, str], unit: str, value: object) -> None:
    if len(set(names)) != 2:
        raise CourseError(f"Give before and after two different names; both are '{names[0]}'.")
    if value is None and unit not in SECONDS:
        raise CourseError(
            f"'{unit}' is no unit of time (s, ms, µs, ns); pass value= to say what to compare."
        )


def _compared(
    runs: Mapping[str, list[Run[T]]],
    unit: str,
    value: Callable[[T], float] | None,
    calls: int,
    conditions: Conditions,
    **more: Any,
) -> Comparison:
    def amounts(name: str) -> list[float]:
        if value is None:
            return [run.seconds / SECONDS[unit] for run in runs[name]]
        return [value(run.result) for run in runs[name]]

    before, after = (
        samples(name, amounts(name), unit=unit, calls=calls, conditions=conditions) for name in runs
    )
    return compare_samples(before, after, **more)
