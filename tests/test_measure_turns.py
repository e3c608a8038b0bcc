"""Two ways take turns fairly, and every sample is kept."""

from __future__ import annotations

import asyncio
import gc
from itertools import count

import pytest

from measure_samples import HERE
from prodev.errors import CourseError
from prodev.measure import compare, compare_async, interleave, interleave_async, pair, runs, turns


class Clock:
    """A clock that moves only when somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (runs, turns):
        monkeypatch.setattr(module, "perf_counter", clock)
    return clock


def work(clock: Clock, name: str, seconds: float, log: list[str]):
    def way() -> str:
        clock.now += seconds
        log.append(name)
        return name

    return way


def test_each_round_has_each_way_once_and_comes_back_in_the_other_order(clock):
    log: list[str] = []
    ways = {name: work(clock, name, 1, log) for name in "abc"}
    interleave(ways, repeats=20, warmup=0, seconds=1e9)
    rounds = ["".join(log[i : i + 3]) for i in range(0, len(log), 3)]
    assert all(sorted(one) == ["a", "b", "c"] for one in rounds)
    assert all(there == back[::-1] for there, back in zip(rounds[::2], rounds[1::2], strict=True))
    assert len(set(rounds[::2])) > 1, "the order is shuffled"


def test_the_same_seed_gives_the_same_order(clock):
    logs: list[list[str]] = [[], [], []]
    for log, seed in zip(logs, (1, 1, 2), strict=True):
        interleave({n: work(clock, n, 1, log) for n in "ab"}, repeats=20, seconds=1e9, seed=seed)
    assert logs[0] == logs[1] != logs[2]


def test_a_machine_that_slows_down_favours_no_way(clock):
    pace = count(1)

    def way() -> None:
        clock.now += next(pace) / 1000

    found = interleave({"a": way, "b": way}, repeats=20, warmup=0, seconds=1e9)
    sums = [sum(run.seconds for run in found[name]) for name in "ab"]
    assert sums[0] == pytest.approx(sums[1])


def test_warm_up_is_not_a_sample(clock):
    slow_at_first = iter([50.0, 50.0, *[1.0] * 20])

    def way() -> None:
        clock.now += next(slow_at_first)

    found = interleave({"a": way, "b": way}, repeats=3, warmup=1, seconds=1e9)
    assert [run.seconds for run in found["a"] + found["b"]] == [1.0] * 6


def test_the_budget_ends_the_measurement_after_a_whole_round(clock):
    ways = {name: work(clock, name, 1, []) for name in "ab"}
    found = interleave(ways, repeats=100, warmup=1, seconds=9)
    assert [len(found[name]) for name in "ab"] == [4, 4]


def test_one_round_is_made_whatever_the_budget_is(clock):
    found = interleave({n: work(clock, n, 60, []) for n in "ab"}, warmup=2, seconds=1)
    assert [len(found[name]) for name in "ab"] == [1, 1]


def test_a_sample_of_many_calls_is_their_mean(clock):
    found = compare(
        work(clock, "a", 0.002, []),
        work(clock, "b", 0.004, []),
        calls=10,
        repeats=8,
        seconds=1e9,
        conditions=HERE,
    )
    assert found.before.values == pytest.approx([2.0] * 8)
    assert (found.after.calls, found.verdict, found.ratio.value) == (10, "slower", 2.0)
    assert "10 calls a sample" in found.method


def test_a_coroutine_is_measured_until_it_ends(clock):
    async def way(seconds: float) -> None:
        await asyncio.sleep(0)
        clock.now += seconds

    found = asyncio.run(
        compare_async(lambda: way(3), lambda: way(1), unit="s", repeats=7, seconds=1e9)
    )
    assert (found.before.values, found.after.values) == ((3.0,) * 7, (1.0,) * 7)
    assert found.verdict == "faster"


def test_a_coroutine_that_nobody_awaits_is_no_measurement():
    async def way() -> None: ...

    with pytest.raises(CourseError, match=r"'before' returned a coroutine .* compare_async"):
        compare(way, way)


def test_what_a_run_returns_can_be_compared_in_place_of_its_time():
    found = compare(lambda: 200, lambda: 37, unit="rows", value=float, repeats=6, conditions=HERE)
    assert (found.before.values[0], found.after.values[0], found.verdict) == (200, 37, "less")


def test_results_of_coroutines_are_kept():
    async def way() -> str:
        return "answer"

    found = asyncio.run(interleave_async({"a": way, "b": way}, repeats=2))
    assert [run.result for run in found["a"]] == ["answer", "answer"]


def test_garbage_of_one_run_is_collected_before_the_next_and_the_collector_stays_on():
    seen: list[bool] = []

    class Node:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            dead.append(1)

    dead: list[int] = []

    def way() -> None:
        seen.append(gc.isenabled() and len(dead) == len(seen))
        Node()

    interleave({"a": way, "b": way}, repeats=3)
    assert seen == [True] * 8
    assert gc.get_freeze_count() == 0, "nothing stays set aside"


def test_an_error_of_a_way_reaches_the_caller_and_leaves_the_collector_as_it_was():
    with pytest.raises(ZeroDivisionError):
        compare(lambda: 1 / 0, lambda: 1)
    assert gc.get_freeze_count() == 0, "nothing stays set aside"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"repeats": 0}, "repeats and calls of 1 or more"),
        ({"seconds": 0}, "seconds above 0"),
        ({"seconds": float("nan")}, "seconds above 0"),
        ({"names": ("same", "same")}, "two different names"),
        ({"unit": "rows"}, "no unit of time"),
    ],
)
def test_arguments_that_cannot_be_are_sentences(wrong, told):
    with pytest.raises(CourseError, match=told):
        compare(int, int, **wrong)


def test_both_sides_share_the_conditions_of_now():
    found = compare(int, int, repeats=1, calls=100)
    assert found.before.conditions == found.after.conditions
    assert (found.before.name, found.after.name) == pair.NAMES
