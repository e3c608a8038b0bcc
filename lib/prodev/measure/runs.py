"""Run two or more ways in turn, and keep what each run took and returned."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, TypeVar

from prodev.errors import CourseError
from prodev.measure.turns import Turns

T = TypeVar("T")

REPEATS, WARMUP, BUDGET, SEED = 30, 1, 10.0, 1


@dataclass(frozen=True)
class Run(Generic[T]):
    """One run: wall time of one call in seconds, and what the (last) call returned."""

    seconds: float
    result: T


def interleave(  # noqa: PLR0913 - all but the ways are named by the caller
    ways: Mapping[str, Callable[[], T]],
    *,
    repeats: int = REPEATS,
    warmup: int = WARMUP,
    seconds: float = BUDGET,
    calls: int = 1,
    seed: int = SEED,
) -> dict[str, list[Run[T]]]:
    """Let functions take turns; return the runs of each, in the order of measuring.

    Before each run the garbage of the one before is collected; during a run the collector works
    as it always does. Neither collecting nor keeping the result is part of the time.

    Args:
        ways: functions without arguments, by name.
        repeats: rounds that count, at most.
        warmup: rounds before, whose runs are thrown away.
        seconds: no further round begins after so long, warm-up included.
        calls: calls in a row for each run, where one is too short for the clock.
        seed: of the order.

    Raises:
        CourseError: a number can't be, or a function returned a coroutine.
    """
    _check(ways, repeats, warmup, seconds, calls)
    turns = Turns(list(ways), repeats=repeats, warmup=warmup, seconds=seconds, seed=seed)
    runs: dict[str, list[Run[T]]] = {name: [] for name in ways}
    with _little_garbage():
        for name, counts in turns:
            call = ways[name]
            gc.collect()
            start = perf_counter()
            for _ in range(calls):
                result = call()
            took = perf_counter() - start
            _refuse_coroutine(name, result)
            if counts:
                runs[name].append(Run(took / calls, result))
            del result
    return runs


async def interleave_async(  # noqa: PLR0913 - all but the ways are named by the caller
    ways: Mapping[str, Callable[[], Awaitable[T]]],
    *,
    repeats: int = REPEATS,
    warmup: int = WARMUP,
    seconds: float = BUDGET,
    calls: int = 1,
    seed: int = SEED,
) -> dict[str, list[Run[T]]]:
    """Let coroutine functions take turns, as ``interleave`` does with functions."""
    _check(ways, repeats, warmup, seconds, calls)
    turns = Turns(list(ways), repeats=repeats, warmup=warmup, seconds=seconds, seed=seed)
    runs: dict[str, list[Run[T]]] = {name: [] for name in ways}
    with _little_garbage():
        for name, counts in turns:
            call = ways[name]
            gc.collect()
            start = perf_counter()
            for _ in range(calls):
                result = await call()
            took = perf_counter() - start
            if counts:
                runs[name].append(Run(took / calls, result))
            del result
    return runs


def told(*, warmup: int, calls: int, seed: int) -> str:
    """Return in a few words how the runs were made."""
    many = f", {calls:,} calls a sample" if calls > 1 else ""
    return (
        f"interleaved (ABBA, order shuffled by seed {seed}) after {warmup} warm-up "
        f"round{'s' if warmup != 1 else ''}{many}; garbage collected before each run"
    )


def _check(ways: Mapping[str, Any], repeats: int, warmup: int, seconds: float, calls: int) -> None:
    if repeats < 1 or calls < 1 or warmup < 0 or not seconds > 0:
        raise CourseError(
            "A measurement needs repeats and calls of 1 or more, warmup of 0 or more and "
            f"seconds above 0; it got {repeats}, {calls}, {warmup} and {seconds}."
        )
    if len(ways) < 2:
        raise CourseError("A measurement compares two ways or more; give each its own name.")


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Set aside all objects that live now, so that collecting before each run is quick."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _refuse_coroutine(name: str, result: object) -> None:
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise CourseError(
            f"'{name}' returned a coroutine that nobody awaits; measure it with "
            "await compare_async(…)."
        )
