"""Before and after: samples, percentiles with an interval, a verdict, and an evidence record.

Nothing heavy is imported here: the processes that are measured, or that send requests, begin with
this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodev.measure.child import ChildRun as ChildRun
    from prodev.measure.child import run_in_child as run_in_child
    from prodev.measure.comparison import Comparison as Comparison
    from prodev.measure.comparison import compare_samples as compare_samples
    from prodev.measure.condition import Conditions as Conditions
    from prodev.measure.condition import conditions as conditions
    from prodev.measure.count import CountComparison as CountComparison
    from prodev.measure.count import Counted as Counted
    from prodev.measure.count import compare_counts as compare_counts
    from prodev.measure.count import counted as counted
    from prodev.measure.count import statements as statements
    from prodev.measure.pair import compare as compare
    from prodev.measure.pair import compare_async as compare_async
    from prodev.measure.record import Check as Check
    from prodev.measure.record import Evidence as Evidence
    from prodev.measure.record import check as check
    from prodev.measure.record import evidence as evidence
    from prodev.measure.request import Request as Request
    from prodev.measure.runs import Run as Run
    from prodev.measure.runs import interleave as interleave
    from prodev.measure.runs import interleave_async as interleave_async
    from prodev.measure.sample import Percentile as Percentile
    from prodev.measure.sample import Samples as Samples
    from prodev.measure.sample import samples as samples
    from prodev.measure.users import Load as Load
    from prodev.measure.users import load as load
    from prodev.measure.users import load_async as load_async

_NAMES = {
    "child": ("ChildRun", "run_in_child"),
    "comparison": ("Comparison", "compare_samples"),
    "condition": ("Conditions", "conditions"),
    "count": ("CountComparison", "Counted", "compare_counts", "counted", "statements"),
    "pair": ("compare", "compare_async"),
    "record": ("Check", "Evidence", "check", "evidence"),
    "request": ("Request",),
    "runs": ("Run", "interleave", "interleave_async"),
    "sample": ("Percentile", "Samples", "samples"),
    "users": ("Load", "load", "load_async"),
}
_HOMES = {name: f"{__name__}.{home}" for home, names in _NAMES.items() for name in names}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - a list of names all the same


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
