"""The dataset's calendar: which days people arrive, how long they stay, how early they book.

All dates are fixed, so that the data does not change with the day it is made on.
"""

from __future__ import annotations

import numpy as np

from prodev.stays.draw import Ints

LONGEST_LEAD = 180  # days between booking and arrival


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


FIRST_ARRIVAL = _day("2023-01-01")
#: The dataset's today: nothing was written on or after this day; later arrivals lie ahead.
AS_OF = _day("2025-09-01")
LAST_ARRIVAL = AS_OF + LONGEST_LEAD - 1
FIRST_LISTING = _day("2022-01-01")
FIRST_MADE = FIRST_ARRIVAL - LONGEST_LEAD  # before it no booking was made
NEVER = LAST_ARRIVAL + 1  # stands for the day of what did not happen

#: How often people stay 1, 2, 3 … nights.
NIGHTS = (12, 24, 22, 14, 8, 5, 8, 2, 1, 1, 1, 1, 1, 2)

_MONTHS = np.array((7, 7, 8, 10, 11, 14, 19, 20, 12, 9, 7, 15), dtype=np.int64)  # January first
_WEEKDAYS = np.array((8, 7, 8, 10, 16, 14, 7), dtype=np.int64)  # Monday first
_YEARS = np.array((8, 10, 12, 12), dtype=np.int64)  # from 2023: the service grows

_DAYS_AHEAD = np.arange(1, LONGEST_LEAD + 1, dtype=np.int64)
_OFTEN = 100_000 // (_DAYS_AHEAD + 8)  # late bookings are the most common
_LEADS = np.concatenate(([0], np.cumsum(_OFTEN)))
_LEAD_AT = np.repeat(_DAYS_AHEAD, _OFTEN).astype(np.uint8)  # by the spot drawn


def arrival_weights() -> Ints:
    """Return a weight for each day from FIRST_ARRIVAL to LAST_ARRIVAL.

    Summer and December are high, so are Fridays and Saturdays. A day that lies ahead of AS_OF
    counts only for those who would have booked it by then.
    """
    arrivals = np.arange(FIRST_ARRIVAL, LAST_ARRIVAL + 1, dtype=np.int64)
    months: Ints = arrivals.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    weekdays = (arrivals + 3) % 7  # day 0, 1970-01-01, was a Thursday
    weights = _MONTHS[months % 12] * _WEEKDAYS[weekdays] * _YEARS[months // 12 - 53]
    result: Ints = weights * (_LEADS[-1] - _LEADS[_days_ahead(arrivals)])
    return result


def leads(rng: np.random.Generator, arrivals: Ints) -> Ints:
    """Return for each arrival how many days before it the booking was made, before AS_OF."""
    known = _LEADS[_days_ahead(arrivals)]
    spots = known + rng.integers(0, _LEADS[-1] - known)
    result: Ints = _LEAD_AT.take(spots).astype(np.int64)
    return result


def _days_ahead(arrivals: Ints) -> Ints:
    return np.maximum(arrivals - AS_OF, 0)
