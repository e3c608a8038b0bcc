"""What a fault is: some names of the service that stand for something else while it is on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Swap(NamedTuple):
    """One name, and what it stands for while the fault is on."""

    owner: Any
    name: str
    value: Any


@dataclass(frozen=True)
class Fault:
    """A mistake that learners make, put into the running service.

    Attributes:
        name: as ``STAYS_FAULTS`` has it.
        what: how the service misbehaves, in one sentence.
        swaps: returns what the fault changes; the service's modules can be imported by then.
        code: the mistake's number in the course, such as ``M6``; empty where it has none.
    """

    name: str
    what: str
    swaps: Callable[[], Sequence[Swap]]
    code: str = ""
