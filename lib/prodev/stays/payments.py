"""The payments: what was tried, paid and given back for each booking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from prodev.stays.bookings import CANCELLED, CONFIRMED, Booked
from prodev.stays.columns import DAY, MISSING, Moments, Part, Words, numbered
from prodev.stays.draw import Chances, Draws, Picks
from prodev.stays.season import AS_OF, FIRST_MADE
from prodev.stays.spool import Sorter
from prodev.stays.words import PAYMENT_METHODS

STATUSES = ("failed", "paid", "refunded", "paid")
FAILED, WHOLE, REFUNDED, REST = range(4)  # the second part of a payment is paid like the first
DEPOSIT_PERCENT = 30
CHECK_IN_TIME = 15 * 3600
OPENED = FIRST_MADE * DAY


class Payments:
    """The payments of ``size`` bookings, taken in the order they were tried.

    A confirmed booking that began before AS_OF is paid in full, one in ten of them in two parts; a
    later one is paid in full too. Six in ten cancelled ones were paid and refunded. First tries
    sometimes fail, and a failed payment has no ``paid_at``.
    """

    def __init__(self, rng: np.random.Generator, size: int, *, on_disk: bool = False) -> None:
        self._in_parts = Chances(rng, 10, size)
        self._refunded = Chances(rng, 60, size)
        self._failed = Chances(rng, 6, size)
        self._left = Chances(rng, 25, size)
        self._method = Picks(rng, PAYMENT_METHODS.values(), size)
        self._try = Draws(rng, 300, size, low=30)
        self._settle = Draws(rng, 7200, size, low=300)
        self._rng = rng  # what is left of it draws when the rest is paid
        self._rows = Sorter(
            [("booking", "i4"), ("amount", "i4"), ("method", "i1")],
            range((AS_OF * DAY - OPENED) * 4), rows=size, on_disk=on_disk,
        )  # fmt: skip

    def add(self, bookings: Booked) -> None:
        """Draw the payments of the next bookings."""
        size, created, total = len(bookings.id), bookings.created, bookings.total_cents
        confirmed, cancelled = bookings.status == CONFIRMED, bookings.status == CANCELLED
        arrival = bookings.arrival * DAY + CHECK_IN_TIME

        in_parts = self._in_parts.take(size) & confirmed & (arrival < AS_OF * DAY)
        first = np.where(in_parts, total * DEPOSIT_PERCENT // 100, total)
        refunded = self._refunded.take(size) & cancelled
        left = self._left.take(size) & ~confirmed & ~refunded
        failed = self._failed.take(size) | left
        method = self._method.take(size)
        last = AS_OF * DAY - 1
        tried = np.minimum(created + self._try.take(size), last)
        settled = np.minimum(created + self._settle.take(size), last)
        rest_at = created + 7200 + self._rng.integers(0, arrival - created - 7200)
        for chosen, kind, amount, when in (
            (failed, FAILED, first, tried),
            (confirmed, WHOLE, first, settled),
            (refunded, REFUNDED, first, settled),
            (in_parts, REST, total - first, rest_at),
        ):
            rows = np.flatnonzero(chosen)
            # At the same moment those of one kind come before those of the next.
            self._rows.add(
                (when[rows] - OPENED) * 4 + kind,
                booking=bookings.id[rows],
                amount=amount[rows],
                method=method[rows],
            )

    def parts(self) -> Iterator[Part]:
        """Return the table ``payments``, a part at a time; only once."""
        done = 0
        for rows in self._rows.parts():
            when, kind = np.divmod(rows["key"], 4)
            yield {
                "id": numbered(done, len(rows)),
                "booking_id": rows["booking"],
                "amount_cents": rows["amount"],
                "method": Words(tuple(PAYMENT_METHODS), rows["method"]),
                "status": Words(STATUSES, kind),
                "paid_at": Moments(np.where(kind == FAILED, MISSING, when + OPENED)),
            }
            done += len(rows)
