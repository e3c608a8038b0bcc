"""The clock of a service: real time, and what the judge lets pass besides.

A service has threads and a real Redis, so its time is real; but nobody waits a minute for an entry
to become old. What reads the clock as ``datetime.now()`` sees real time only.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

_PASSED = [0.0]
_READ = {
    name: getattr(time, name)
    for name in ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns")
}


def install() -> None:
    """Put this clock in the place of Python's and Django's."""
    from django.utils import timezone

    for name, read in _READ.items():
        setattr(time, name, _nanoseconds(read) if name.endswith("_ns") else _seconds(read))
    now = timezone.now
    timezone.now = lambda: now() + timedelta(seconds=_PASSED[0])


def advance(seconds: float) -> None:
    """Let time pass."""
    _PASSED[0] += seconds


def _seconds(read: Any) -> Any:
    return lambda: read() + _PASSED[0]


def _nanoseconds(read: Any) -> Any:
    return lambda: read() + int(_PASSED[0] * 1e9)
