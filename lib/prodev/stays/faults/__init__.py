"""Faults: mistakes that can be put into the booking service, one by one and by name.

The service itself has no code for them: a fault replaces a name from outside, so that what learners
read stays good. ``STAYS_FAULTS=n-plus-one,endless-pages`` switches on two in a new process; in this
one ``switched_on`` does it for the time of a block.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from prodev.errors import CourseError
from prodev.stays.faults import background, cache, graphql, rest
from prodev.stays.faults.fault import Fault, Swap

__all__ = ["FAULTS", "Fault", "switch_on", "switched_on"]

log = logging.getLogger(__name__)

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (*rest.FAULTS, *graphql.FAULTS, *cache.FAULTS, *background.FAULTS)
}


def switch_on(names: Iterable[str]) -> list[Swap]:
    """Switch faults on in this process; return what stood there before.

    Raises:
        CourseError: there is no such fault; none is switched on then.
    """
    chosen = [_fault(name) for name in names]
    before = []
    for fault in chosen:
        log.warning("the fault '%s' is on: %s", fault.name, fault.what)
        for owner, name, value in fault.swaps():
            before.append(Swap(owner, name, getattr(owner, name)))
            setattr(owner, name, value)
    return before


@contextmanager
def switched_on(*names: str) -> Iterator[None]:
    """Switch faults on for the time of a block, in all threads of this process.

    Raises:
        CourseError: there is no such fault.
    """
    before = switch_on(names)
    try:
        yield
    finally:
        for owner, name, value in reversed(before):
            setattr(owner, name, value)


def _fault(name: str) -> Fault:
    if name in FAULTS:
        return FAULTS[name]
    near = get_close_matches(name, FAULTS, n=1)
    advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(FAULTS)}."
    raise CourseError(f"There is no fault '{name}'; {advice}")
