"""The bookings: who stays where and when, and whether it came to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from prodev.stays.columns import DAY, Days, Moments, Part, Whole, Words, numbered
from prodev.stays.draw import Chances, Draws, Flags, Ints, Picks, chance, parts_of, popularity
from prodev.stays.places import Places
from prodev.stays.season import (
    AS_OF,
    FIRST_ARRIVAL,
    FIRST_MADE,
    LAST_ARRIVAL,
    NEVER,
    NIGHTS,
    arrival_weights,
    leads,
)
from prodev.stays.spool import Sorter, Spool

CONFIRMED, CANCELLED, PENDING = range(3)
STATUSES = ("confirmed", "cancelled", "pending")
UNDECIDED_DAYS = 21  # a host answers within three weeks
ARRIVALS = LAST_ARRIVAL - FIRST_ARRIVAL + 1  # how many days somebody may arrive on


@dataclass(frozen=True, eq=False)
class Booked:
    """Some bookings that follow each other, a number of each column for each."""

    id: Ints
    place: Ints
    """The property's id less 1."""
    guest_id: Ints
    arrival: Ints
    nights: Ints
    guests: Ints
    total_cents: Ints
    status: Ints
    """A position in STATUSES."""
    created: Ints

    def part(self) -> Part:
        """Return them as rows of the table ``bookings``."""
        return {
            "id": self.id,
            "property_id": self.place + 1,
            "guest_id": self.guest_id,
            "check_in": Days(self.arrival),
            "check_out": Days(self.arrival + self.nights),
            "nights": self.nights,
            "guests": self.guests,
            "total_cents": self.total_cents,
            "status": Words(STATUSES, self.status),
            "created_at": Moments(self.created),
        }


class Bookings:
    """``size`` bookings at these places, drawn at once and taken in the order they were made.

    Those that are not cancelled never overlap at one property; ``check_out`` is the first night
    that is free again. About one guest in twenty never books.
    """

    first_made: Whole
    """For each place, the day its first booking was made, or NEVER."""
    first_booked: Whole
    """For each guest, the day of the first booking, or NEVER."""

    def __init__(
        self,
        rng: np.random.Generator,
        places: Places,
        guests: Whole,
        size: int,
        *,
        on_disk: bool = False,
    ) -> None:
        self.size = size
        self._places, self._guests = places, guests
        self._rows = Sorter(
            [("place", "i4"), ("guest", "i4"), ("arrival", "i2"), ("nights", "i1"),
             ("guests", "i1"), ("status", "i1")],
            range(FIRST_MADE * DAY, AS_OF * DAY), rows=size, on_disk=on_disk,
        )  # fmt: skip
        self.first_made = np.full(len(places.host_id), NEVER, dtype=np.int32)
        self.first_booked = np.full(len(guests), NEVER, dtype=np.int32)
        self._on_disk = on_disk
        self._draw(rng)

    def parts(self) -> Iterator[Booked]:
        """Return the bookings in the order they were made, a part at a time; only once."""
        done = 0
        for rows in self._rows.parts():
            place, nights = rows["place"].astype(np.int64), rows["nights"].astype(np.int64)
            yield Booked(
                id=numbered(done, len(rows)).astype(np.int64),
                place=place,
                guest_id=self._guests[rows["guest"]].astype(np.int64),
                arrival=rows["arrival"].astype(np.int64) + FIRST_ARRIVAL,
                nights=nights,
                guests=rows["guests"].astype(np.int64),
                total_cents=nights * self._places.price_cents[place],
                status=rows["status"].astype(np.int64),
                created=rows["key"].astype(np.int64),
            )
            done += len(rows)

    def _draw(self, rng: np.random.Generator) -> None:
        size, guests = self.size, len(self._guests)
        drawn = Spool([("place", "i4"), ("nights", "i1")], on_disk=self._on_disk)
        arrivals, cancelled = self._draw_arrivals(rng, drawn)
        ahead = np.empty(size, dtype=np.uint8)
        for part in parts_of(size):
            ahead[part] = leads(rng, arrivals[part] + np.int64(FIRST_ARRIVAL))
        clock = Draws(rng, 24 * 3600, size, low=6 * 3600)
        slow = Chances(rng, 80, size)
        willing = popularity(rng, guests, flat=guests // 4 + 1)
        willing[chance(rng, 5, guests)] = 0
        willing[0] = 0  # however few the guests, one never books
        guest = Picks(rng, willing, size)
        del willing
        for part, block in zip(parts_of(size), drawn.blocks(), strict=True):
            place, who = block["place"], guest.take(len(block))
            arrival = arrivals[part] + np.int64(FIRST_ARRIVAL)
            made = arrival - ahead[part]
            fresh = (arrival >= AS_OF) & (made >= AS_OF - UNDECIDED_DAYS) & slow.take(len(block))
            day = made.astype(np.int32)
            np.minimum.at(self.first_made, place, day)
            np.minimum.at(self.first_booked, who, day)
            self._rows.add(
                made * DAY + clock.take(len(block)),
                place=place,
                guest=who,
                arrival=arrivals[part],
                nights=block["nights"],
                guests=1 + rng.integers(0, self._places.max_guests[place].astype(np.int64)),
                status=np.where(cancelled[part], CANCELLED, np.where(fresh, PENDING, CONFIRMED)),
            )

    def _draw_arrivals(self, rng: np.random.Generator, drawn: Spool) -> tuple[Whole, Flags]:
        """Return for each booking the day from FIRST_ARRIVAL on, and whether it is cancelled.

        Places and nights go to ``drawn``, in the order of the draws.
        """
        size, places = self.size, len(self.first_made)
        weights = popularity(rng, places, flat=max(2, places // 100))
        place = Picks(rng, weights, size)
        nights = Picks(rng, NIGHTS, size)
        wished = Picks(rng, arrival_weights(), size)
        unwanted = Chances(rng, 15, size)
        wishes = Sorter(
            [("row", "i4"), ("nights", "i1"), ("cancelled", "?")],
            range(0, places * ARRIVALS, ARRIVALS), rows=size, on_disk=self._on_disk,
        )  # fmt: skip
        for part in parts_of(size):
            rows = np.arange(part.start, part.stop)
            where, long = place.take(len(rows)), 1 + nights.take(len(rows))
            drawn.add(place=where, nights=long)
            wishes.add(
                where * ARRIVALS + wished.take(len(rows)),
                row=rows,
                nights=long,
                cancelled=unwanted.take(len(rows)),
            )
        arrivals, cancelled = np.empty(size, dtype=np.int16), np.empty(size, dtype=np.bool_)
        for wish in wishes.parts():
            where, day = np.divmod(wish["key"].astype(np.int64), ARRIVALS)
            settled, gone = settle(
                where, day + FIRST_ARRIVAL, wish["nights"].astype(np.int64), wish["cancelled"]
            )
            arrivals[wish["row"]] = settled - FIRST_ARRIVAL
            cancelled[wish["row"]] = gone
        return arrivals, cancelled


def settle(place: Ints, wished: Ints, nights: Ints, cancelled: Flags) -> tuple[Ints, Flags]:
    """Move arrivals that overlap to the next free day; return the arrivals and who is cancelled.

    In the order of the wished days, each booking of a property begins on its day, or when the one
    before it has left: a[i] = max(wished[i], a[i-1] + nights[i-1]). Written with running sums and a
    running maximum it needs no loop. What would begin after LAST_ARRIVAL is cancelled instead.
    """
    taken = np.flatnonzero(~cancelled)
    wishes = place[taken] * (int(LAST_ARRIVAL) + 1) + wished[taken]
    order = taken[np.argsort(wishes, kind="stable")]
    # So far apart that one property's bookings never reach those of the next.
    apart = place[order] * (int(LAST_ARRIVAL) + int(nights.sum()))
    before = np.cumsum(nights[order]) - nights[order]
    settled = np.maximum.accumulate(apart + wished[order] - before) + before - apart

    arrival, gone = wished.copy(), cancelled.copy()
    full = settled > LAST_ARRIVAL
    arrival[order[~full]] = settled[~full]
    gone[order[full]] = True
    return arrival, gone
