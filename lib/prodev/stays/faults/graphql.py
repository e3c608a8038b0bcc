"""Faults of the GraphQL API."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar

from prodev.stays.faults.fault import Fault, Swap

NO_LIMIT = 2**63


def _nested_queries() -> Sequence[Swap]:
    from strawberry_django.optimizer import DjangoOptimizerExtension

    off: ContextVar[bool] = ContextVar("optimizer_off", default=False)
    return [Swap(DjangoOptimizerExtension, "enabled", off)]


def _no_depth_limit() -> Sequence[Swap]:
    from prodev.stays.graphql import limits

    return [Swap(limits, "DEPTH", NO_LIMIT), Swap(limits, "COST", NO_LIMIT)]


def _open_errors() -> Sequence[Swap]:
    from prodev.stays.graphql import errors

    return [Swap(errors, "_told", lambda error: error)]


FAULTS = (
    Fault(
        "nested-queries", "GraphQL asks once more for every row of a list", _nested_queries, "M6"
    ),
    Fault("no-depth-limit", "GraphQL runs queries of any depth and cost", _no_depth_limit, "M23"),
    Fault("open-errors", "GraphQL tells strangers what broke inside", _open_errors),
)
