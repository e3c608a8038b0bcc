"""Intervals hold what they promise: checked where the truth is known."""

from __future__ import annotations

from math import comb, log

import numpy as np
import pytest

from measure_samples import latencies, made
from prodev.errors import CourseError
from prodev.measure import ratio
from prodev.measure.ranks import enclosing_ranks, samples_for_interval, samples_for_value
from prodev.measure.ratio import ratio_of_quantiles

TRIALS = 1_000


def promised(n: int, q: float, low: int, high: int) -> float:
    """P(low <= B < high) for B of Binomial(n, q), from the definition."""
    return sum(comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(low, high))


@pytest.mark.parametrize(("n", "q"), [(6, 0.5), (15, 0.5), (40, 0.5), (59, 0.95), (400, 0.95)])
def test_the_ranks_are_the_nearest_pair_that_reaches_the_level(n: int, q: float) -> None:
    ranks = enclosing_ranks(n, q)
    assert ranks is not None
    low, high = ranks
    assert promised(n, q, low, high) >= 0.95
    width = high - low
    assert all(promised(n, q, a, a + width - 1) < 0.95 for a in range(1, n - width + 2))


def test_textbook_numbers_of_samples_are_needed() -> None:
    assert [samples_for_interval(q) for q in (0.5, 0.95, 0.99)] == [6, 59, 299]
    assert [samples_for_value(q) for q in (0.5, 0.95, 0.99)] == [2, 20, 100]
    assert enclosing_ranks(5, 0.5) is None
    assert enclosing_ranks(6, 0.5) == (1, 6)
    assert enclosing_ranks(58, 0.95) is None


@pytest.mark.parametrize(("n", "q"), [(10, 0.5), (31, 0.5), (80, 0.95)])
def test_the_interval_of_a_percentile_encloses_the_truth_about_as_often_as_it_says(
    n: int, q: float
) -> None:
    random = np.random.default_rng(11)
    truth = -log(1 - q)  # the quantile of the exponential distribution
    found = [made("x", random.exponential(1, n)).percentile(q) for _ in range(TRIALS)]
    inside = sum(p.low <= truth <= p.high for p in found) / TRIALS
    low, high = enclosing_ranks(n, q)
    assert inside == pytest.approx(promised(n, q, low, high), abs=0.02)


@pytest.mark.parametrize("n", [6, 10, 30])
def test_the_interval_of_the_ratio_encloses_the_truth_about_as_often_as_it_says(
    n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratio, "RESAMPLES", 1_000)
    random = np.random.default_rng(12)
    above = below = 0
    for _ in range(TRIALS):
        before = np.exp(random.normal(0, 0.2, n))
        after = 0.8 * np.exp(random.normal(0, 0.2, n))
        found = ratio_of_quantiles(before, after, level=0.95)
        above += found.low > 0.8
        below += found.high < 0.8
    assert 0.93 <= 1 - (above + below) / TRIALS <= 0.99
    assert min(above, below) >= 9, "it is not wider than it need be on either side"


def test_the_interval_of_a_p95_ratio_encloses_the_truth() -> None:
    random = np.random.default_rng(13)
    inside = 0
    for _ in range(200):
        before, after = latencies(random, 80), latencies(random, 80)
        found = ratio_of_quantiles(before, after, q=0.95, level=0.95)
        inside += found.low <= 1 <= found.high
    assert inside >= 186


def test_the_same_samples_give_the_same_interval() -> None:
    random = np.random.default_rng(14)
    before, after = latencies(random, 20), latencies(random, 20)
    first = ratio_of_quantiles(before, after, level=0.95)
    assert first == ratio_of_quantiles(before, after, level=0.95)


def test_p95_of_19_samples_is_refused_and_of_20_it_has_no_interval_yet() -> None:
    with pytest.raises(CourseError, match=r"p95 of 19 samples .* needs at least 20"):
        made("page", range(1, 20)).percentile(0.95)
    found = made("page", range(1, 21)).percentile(0.95)
    assert found.value == pytest.approx(19.05)
    assert (found.low, found.high, found.needed) == (None, None, 59)


def test_the_ends_of_an_interval_are_samples() -> None:
    found = made("page", [5, 3, 9, 1, 7, 8, 2]).percentile(0.5)
    assert (found.value, found.low, found.high) == (5, 1, 9)


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [float("inf")]])
def test_samples_are_finite_numbers(values: list[float]) -> None:
    with pytest.raises(CourseError, match="not a finite number"):
        made("page", values)
