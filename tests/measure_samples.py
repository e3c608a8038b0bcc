"""Synthetic samples, whose truth is known, under conditions that are always the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from prodev.measure import Conditions, Samples, samples

HERE = Conditions(
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    machine="0a1b2c3d",
    system="Linux 6.1 x86_64",
    cpus=2,
    load=0.5,
    python="CPython 3.11.7",
    course="0.1.0",
    services={"PostgreSQL": "PostgreSQL 18.6 (embedded)"},
    scale="small",
    seed=1,
    settings={"cache": "warm"},
)


def under(**changed: Any) -> Conditions:
    """The same conditions but for what is named."""
    return HERE.model_copy(update=changed)


def made(
    name: str,
    values: Iterable[float],
    unit: str = "ms",
    calls: int = 1,
    conditions: Conditions = HERE,
) -> Samples:
    return samples(name, values, unit=unit, calls=calls, conditions=conditions)


def latencies(random: np.random.Generator, n: int, median: float = 1.0) -> np.ndarray:
    """Draw times as machines have them: skewed, and now and then one that is far too long."""
    usual = median * np.exp(random.normal(0, 0.1, n))
    return usual + (random.random(n) < 0.1) * random.exponential(2 * median, n)
