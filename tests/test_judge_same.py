"""``same``, with which checks compare: as ``==`` does, but True is not 1, and 1 is not 1.0."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from prodev.judge import same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (False, 0),
        (1, 1.0),
        (0, 0.0),
        ([1], (1,)),
        ([True], [1]),
        ({"a": 1}, {"a": True}),
        ({1: "a"}, {True: "a"}),
        ({1: "a"}, {1.0: "a"}),
        ({(1, 2): 0}, {(True, 2): 0}),
        ({math.nan: 1}, {math.nan: 1.0}),
        ({1}, {True}),
        ({1}, {1.0}),
        ({(1,)}, {(True,)}),
        ({1}, frozenset({1})),
        ([{"a": (1, 2)}], [{"a": (1, 2.0)}]),
        ([1, 2], [1, 2, 3]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ("1", 1),
        ("a", b"a"),
        (Decimal(1), 1),
        (None, False),
        (None, ()),
        (datetime(2026, 1, 1), date(2026, 1, 1)),
        (math.nan, 0.0),
        ({"a": 1}, {"b": 1}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_same_tells_apart_what_equals_would_not(one, other):
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (math.nan, float("nan")),
        ([math.nan], [float("nan")]),
        ({"a": math.nan}, {"a": float("nan")}),
        (Decimal("NaN"), Decimal("NaN")),
        ({math.nan, (math.nan, 1)}, {float("nan"), (float("nan"), 1)}),
        ({frozenset({1}): 2}, {frozenset({1}): 2}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2}, {2, 1}),
        (Decimal("1.0"), Decimal("1.00")),
        (0.0, -0.0),
        (
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_same_sees_what_is_the_same(one, other):
    assert same(one, other)
    assert same(other, one)
