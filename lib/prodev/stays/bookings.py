"""The bookings: who stays where and when, and whether it came to be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prodev.stays.columns import DAY, days, ids_of, moments, numbered, text
from prodev.stays.draw import Flags, Ints, chance, pick, popularity
from prodev.stays.season import AS_OF, FIRST_ARRIVAL, LAST_ARRIVAL, NIGHTS, arrival_weights, leads

CONFIRMED, CANCELLED, PENDING = range(3)
STATUSES = ("confirmed", "cancelled", "pending")
UNDECIDED_DAYS = 21  # a host answers within three weeks


def make_bookings(
    rng: np.random.Generator, properties: pd.DataFrame, guests: Ints, size: int
) -> pd.DataFrame:
    """Return ``size`` bookings in the order they were made.

    Bookings that are not cancelled never overlap at one property; ``check_out`` is the first night
    that is free again. About one guest in twenty never books.
    """
    weights = popularity(rng, len(properties), flat=max(2, len(properties) // 100))
    place = pick(rng, weights, size)
    nights = 1 + pick(rng, NIGHTS, size)
    wished = FIRST_ARRIVAL + pick(rng, arrival_weights(), size)
    cancelled = chance(rng, 15, size)
    arrival, cancelled = settle(place, wished, nights, cancelled)

    made = arrival - leads(rng, arrival)
    created = made * DAY + rng.integers(6 * 3600, 24 * 3600, size)
    fresh = (arrival >= AS_OF) & (made >= AS_OF - UNDECIDED_DAYS) & chance(rng, 80, size)
    status = np.where(cancelled, CANCELLED, np.where(fresh, PENDING, CONFIRMED)).astype(np.int64)

    willing = popularity(rng, len(guests), flat=len(guests) // 4 + 1)
    willing[chance(rng, 5, len(guests))] = 0
    willing[0] = 0  # however few the guests, one never books
    guest = guests[pick(rng, willing, size)]
    party = 1 + rng.integers(0, properties["max_guests"].to_numpy()[place])
    total = nights * properties["price_cents"].to_numpy()[place]

    order = np.argsort(created, kind="stable")
    return pd.DataFrame(
        {
            "id": numbered(size),
            "property_id": ids_of(properties["id"])[place[order]],
            "guest_id": guest[order],
            "check_in": days(arrival[order]),
            "check_out": days((arrival + nights)[order]),
            "nights": nights[order],
            "guests": party[order],
            "total_cents": total[order],
            "status": text(STATUSES, status[order]),
            "created_at": moments(created[order]),
        }
    )


def settle(place: Ints, wished: Ints, nights: Ints, cancelled: Flags) -> tuple[Ints, Flags]:
    """Move arrivals that overlap to the next free day; return the arrivals and who is cancelled.

    In the order of the wished days, each booking of a property begins on its day, or when the one
    before it has left: a[i] = max(wished[i], a[i-1] + nights[i-1]). Written with running sums and a
    running maximum it needs no loop. What would begin after LAST_ARRIVAL is cancelled instead.
    """
    taken = np.flatnonzero(~cancelled)
    order = taken[np.lexsort((wished[taken], place[taken]))]
    # So far apart that one property's bookings never reach those of the next.
    apart = place[order] * (int(LAST_ARRIVAL) + int(nights.sum()))
    before = np.cumsum(nights[order]) - nights[order]
    settled = np.maximum.accumulate(apart + wished[order] - before) + before - apart

    arrival, gone = wished.copy(), cancelled.copy()
    full = settled > LAST_ARRIVAL
    arrival[order[~full]] = settled[~full]
    gone[order[full]] = True
    return arrival, gone
