"""Counts are exact, made twice, and compared only where they are the same both times."""

from __future__ import annotations

from itertools import count

import pytest

from measure_samples import HERE, under
from prodev.errors import CourseError
from prodev.measure import compare_counts, counted, statements


class Proxy:
    """Counts what goes through it, as the real one does."""

    def __init__(self) -> None:
        self.count = 3  # what somebody sent before

    def clear(self) -> None:
        self.count = 0

    def send(self, times: int) -> None:
        self.count += times


def numbered(name: str, value: int, **changed: object):
    return counted(name, lambda: value, unit="rows", conditions=under(**changed))


def test_statements_are_counted_from_zero_each_time():
    proxy = Proxy()
    found = statements(proxy, lambda: proxy.send(41), name="lazy", conditions=HERE)
    assert (found.value, found.again, found.unit) == (41, 41, "statements")
    assert str(found) == "lazy: 41 statements, counted twice"


def test_fewer_is_less_and_equal_is_the_same():
    many, few = numbered("all", 200_000), numbered("index", 37)
    assert compare_counts(many, few).verdict == "less"
    assert compare_counts(few, many).verdict == "more"
    assert compare_counts(few, few).verdict == "the same"
    assert compare_counts(many, few).why == "200,000 → 37 rows, the same at each repeat."


def test_a_count_that_changes_is_not_compared():
    numbers = count(5)
    shaky = counted("shaky", lambda: next(numbers), unit="rows", conditions=HERE)
    found = compare_counts(shaky, numbered("few", 2))
    assert not shaky.reproducible
    assert found.verdict == "not reproducible"
    assert "'shaky' counted 5 rows and then 6" in found.why


def test_counts_under_other_conditions_are_not_compared():
    found = compare_counts(numbered("a", 9), numbered("b", 2, scale="large"))
    assert found.verdict == "not comparable"
    assert "scale small and large" in found.why


def test_a_count_is_a_whole_number_of_one_unit():
    with pytest.raises(CourseError, match=r"'x' returned 2\.0; a count is a whole number"):
        counted("x", lambda: 2.0, unit="rows")
    with pytest.raises(CourseError, match="count the same on both sides"):
        compare_counts(numbered("a", 9), counted("b", lambda: 1, unit="bytes"))
