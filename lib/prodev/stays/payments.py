"""The payments: what was tried, paid and given back for each booking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prodev.stays.columns import DAY, ids_of, moments, numbered, seconds_of, text
from prodev.stays.draw import Ints, chance, pick
from prodev.stays.season import AS_OF
from prodev.stays.words import PAYMENT_METHODS

PAID, REFUNDED, FAILED = range(3)
STATUSES = ("paid", "refunded", "failed")
DEPOSIT_PERCENT = 30
CHECK_IN_TIME = 15 * 3600


def make_payments(rng: np.random.Generator, bookings: pd.DataFrame) -> pd.DataFrame:
    """Return the payments in the order they were tried.

    A confirmed booking that began before AS_OF is paid in full, one in ten of them in two parts; a
    later one is paid in full too. Six in ten cancelled ones were paid and refunded. First tries
    sometimes fail, and a failed payment has no ``paid_at``.
    """
    size = len(bookings)
    state = bookings["status"].to_numpy()
    confirmed, cancelled = state == "confirmed", state == "cancelled"
    created = seconds_of(bookings["created_at"])
    arrival = seconds_of(bookings["check_in"]) + CHECK_IN_TIME
    total = ids_of(bookings["total_cents"])

    in_parts = confirmed & (arrival < AS_OF * DAY) & chance(rng, 10, size)
    first = np.where(in_parts, total * DEPOSIT_PERCENT // 100, total)
    refunded = cancelled & chance(rng, 60, size)
    failed = chance(rng, 6, size) | (~confirmed & ~refunded & chance(rng, 25, size))
    method = pick(rng, PAYMENT_METHODS.values(), size)
    tried = created + rng.integers(30, 300, size)
    settled = np.minimum(created + rng.integers(300, 7200, size), AS_OF * DAY - 1)
    rest_at = created + 7200 + rng.integers(0, arrival - created - 7200)

    parts = [
        (np.flatnonzero(failed), FAILED, first, np.minimum(tried, AS_OF * DAY - 1)),
        (np.flatnonzero(confirmed), PAID, first, settled),
        (np.flatnonzero(refunded), REFUNDED, first, settled),
        (np.flatnonzero(in_parts), PAID, total - first, rest_at),
    ]
    rows: Ints = np.concatenate([index for index, *_ in parts])
    when = np.concatenate([at[index] for index, _, _, at in parts])
    amount = np.concatenate([cents[index] for index, _, cents, _ in parts])
    status = np.concatenate([np.full(len(index), code) for index, code, *_ in parts])

    order = np.argsort(when, kind="stable")
    paid_at = moments(when[order])
    paid_at[status[order] == FAILED] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "id": numbered(len(rows)),
            "booking_id": ids_of(bookings["id"])[rows[order]],
            "amount_cents": amount[order],
            "method": text(list(PAYMENT_METHODS), method[rows[order]]),
            "status": text(STATUSES, status[order]),
            "paid_at": paid_at,
        }
    )
