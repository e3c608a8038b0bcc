"""A difference is claimed where the samples show one, and never else."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from measure_samples import HERE, latencies, made, under
from prodev.errors import CourseError
from prodev.measure import Comparison, compare_samples, ratio

NONE = "no difference shown"


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand resamples are enough to count over many trials."""
    monkeypatch.setattr(ratio, "RESAMPLES", 1_000)


@pytest.mark.parametrize("n", [6, 10, 30])
def test_equal_ways_differ_in_at_most_one_of_twenty_trials(n: int, few_draws: None) -> None:
    random = np.random.default_rng(21)
    claimed = 0
    for _ in range(1_000):
        pair = made("before", latencies(random, n)), made("after", latencies(random, n))
        claimed += compare_samples(*pair).shown
    assert claimed <= 50


def test_a_fifth_less_is_found_with_enough_samples(few_draws: None) -> None:
    random = np.random.default_rng(22)
    found = [
        compare_samples(
            made("before", latencies(random, 30)), made("after", latencies(random, 30, 0.8))
        )
        for _ in range(200)
    ]
    assert sum(one.verdict == "faster" for one in found) >= 190
    assert not any(one.verdict == "slower" for one in found)


def test_slower_is_said_as_plainly_as_faster() -> None:
    old, new = made("before", range(100, 110)), made("after", range(200, 210))
    assert compare_samples(old, new).verdict == "slower"
    assert not compare_samples(old, new).improved
    back = compare_samples(new, old)
    assert (back.verdict, back.improved) == ("faster", True)
    assert back.why.startswith("the median 204 → 104 ms"), back.why


def test_what_is_no_time_is_less_or_more_and_more_can_be_better() -> None:
    old, new = made("a", range(10, 20), "hits"), made("b", range(50, 60), "hits")
    found = compare_samples(old, new, better="more")
    assert (found.verdict, found.improved) == ("more", True)
    assert compare_samples(new, old).verdict == "less"


def test_too_few_samples_say_how_many_are_needed() -> None:
    found = compare_samples(made("before", [9.0] * 5), made("after", [1.0] * 9))
    assert found.verdict == NONE
    assert found.ratio is None
    assert found.why == "5 samples a side are too few; the median needs at least 6."


def test_p95_needs_more_samples_than_the_median() -> None:
    old, new = made("before", range(100, 130)), made("after", range(10, 40))
    assert compare_samples(old, new).shown
    found = compare_samples(old, new, q=0.95)
    assert found.verdict == NONE
    assert found.why == "30 samples a side are too few; p95 needs at least 59."


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"scale": "large"}, "scale small and large"),
        ({"seed": 2}, "seed 1 and 2"),
        ({"settings": {"cache": "cold"}}, "cache warm and cold"),
        ({"settings": {}}, "cache warm and unknown"),
        ({"services": {"PostgreSQL": "PostgreSQL 15.9 (real)"}}, "PostgreSQL PostgreSQL 18.6"),
        ({"python": "CPython 3.13.0"}, "Python CPython 3.11.7 and CPython 3.13.0"),
        ({"machine": "ffffffff"}, "machine 0a1b2c3d and ffffffff"),
        ({"cpus": 8}, "CPUs 2 and 8"),
    ],
)
def test_samples_under_other_conditions_are_not_compared(
    changed: dict[str, object], told: str
) -> None:
    old = made("before", range(100, 110))
    found = compare_samples(old, made("after", range(10, 20), conditions=under(**changed)))
    assert found.verdict == NONE
    assert told in found.why
    assert found.why.startswith("before and after were measured under different conditions")


def test_another_time_and_load_of_the_machine_are_no_other_conditions() -> None:
    later = under(at=HERE.at.replace(year=2027), load=1.5)
    old, new = made("before", range(100, 110)), made("after", range(10, 20), conditions=later)
    assert compare_samples(old, new).shown


def test_a_sample_too_short_for_the_clock_is_refused_unless_it_is_a_mean_of_many_calls() -> None:
    short = [0.002 + i / 1e5 for i in range(10)]
    long = [0.005 + i / 1e5 for i in range(10)]
    found = compare_samples(made("before", short), made("after", long))
    assert found.verdict == NONE
    assert "less than 10 µs" in found.why
    many = compare_samples(made("before", short, calls=1000), made("after", long, calls=1000))
    assert many.verdict == "slower"


def test_a_difference_of_half_a_percent_is_not_claimed() -> None:
    old = made("before", [100 + i / 1000 for i in range(30)])
    new = made("after", [99.5 + i / 1000 for i in range(30)])
    found = compare_samples(old, new)
    assert found.ratio is not None
    assert found.ratio.high < 1
    assert found.verdict == NONE
    assert "less than 1% is never claimed" in found.why


def test_an_interval_with_1_says_what_it_could_have_hidden() -> None:
    random = np.random.default_rng(23)
    found = compare_samples(made("a", latencies(random, 30)), made("b", latencies(random, 30)))
    assert found.verdict == NONE
    assert "includes 1; with 30 samples a side, a difference below about" in found.why


def test_nothing_before_has_no_ratio() -> None:
    found = compare_samples(made("a", [0.0] * 9, "MB"), made("b", [5.0] * 9, "MB"))
    assert (found.ratio, found.verdict) == (None, NONE)
    assert "not above 0" in found.why


def test_nothing_after_is_less() -> None:
    found = compare_samples(made("a", [161.0] * 9, "MB"), made("b", [0.0] * 9, "MB"))
    assert found.verdict == "less"
    assert found.ratio is not None
    assert found.ratio.value == 0


def test_two_units_are_not_compared() -> None:
    with pytest.raises(CourseError, match="in ms and 'b' in s"):
        compare_samples(made("a", [1]), made("b", [1], "s"))


def test_a_verdict_that_its_samples_do_not_support_cannot_be_made() -> None:
    fair = compare_samples(made("a", [5.0] * 9), made("b", [5.0] * 9))
    forged = fair.model_dump() | {"verdict": "faster"}
    with pytest.raises(ValidationError, match="do not support 'faster'"):
        Comparison.model_validate(forged)
    true = compare_samples(made("a", [5.0] * 9), made("b", [4.0] * 9)).model_dump()
    true["ratio"]["value"] = 0.1
    with pytest.raises(ValidationError, match="not that of the samples"):
        Comparison.model_validate(true)


def test_the_text_says_all_that_the_picture_does() -> None:
    found = compare_samples(made("old", range(100, 130)), made("new", range(10, 40)))
    assert str(found).splitlines() == [
        "old: 30 samples, median 114 ms (109 to 120), p95 128 ms, smallest 100 ms",
        "new: 30 samples, median 24.5 ms (19 to 30), p95 37.5 ms, smallest 10 ms",
        f"after / before: 0.214 (95% interval {found.ratio.low:.3g} to {found.ratio.high:.3g})",
        f"faster: {found.why}",
    ]


def test_the_table_has_units_in_its_columns() -> None:
    table = compare_samples(made("old", range(100, 130)), made("new", range(10, 40))).table()
    assert list(table.index) == ["old", "new"]
    assert table.loc["new", "median (ms)"] == 24.5
    assert table.loc["new", "median to (ms)"] == 30
    assert all("(ms)" in column for column in table.columns[1:])
