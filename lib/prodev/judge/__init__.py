"""The judge: an exercise and an answer in, a verdict out, from beyond the answer's reach.

``kernel → judge process → warm forker → one child per answer``. The first four names are all that a
check needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.judge.client import Judge as Judge
    from prodev.judge.finding import STOP as STOP
    from prodev.judge.finding import Finding as Finding
    from prodev.judge.finding import Raise as Raise
    from prodev.judge.verdict import Verdict as Verdict
    from prodev.judge.wire import same as same

__all__ = ["STOP", "Finding", "Judge", "Raise", "Verdict", "same"]

# Lazy, because the forker is exec'd from this package and must not load what the judge knows.
_HOMES = {
    "STOP": "finding",
    "Finding": "finding",
    "Raise": "finding",
    "same": "wire",
    "Judge": "client",
    "Verdict": "verdict",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prodev.judge' has no attribute {name!r}")
    return getattr(import_module(f"prodev.judge.{_HOMES[name]}"), name)
