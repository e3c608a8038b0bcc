"""The reviews that guests write after their stay."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from prodev.stays.bookings import CONFIRMED, Booked
from prodev.stays.columns import DAY, Moments, Part, Words, numbered
from prodev.stays.draw import Chances, Draws, Picks, pick
from prodev.stays.season import AS_OF, FIRST_ARRIVAL
from prodev.stays.spool import Sorter
from prodev.stays.words import COMMENTS

# How often 1 to 5 stars are given to a poor, a usual and a very good property.
RATINGS = ((12, 18, 30, 28, 12), (3, 5, 13, 37, 42), (1, 1, 4, 20, 74))
QUALITIES = (12, 63, 25)
#: The comments of one star, of two, and so on; the last stands for none.
LINES = (*(comment for rated in COMMENTS for comment in rated), None)


class Reviews:
    """The reviews of ``size`` bookings, taken in the order they were written.

    There is at most one for a stay that ended. Almost half of the stays have one, and one review in
    four has no comment. Some of the ``places`` (how many there are) are better than others.
    """

    def __init__(
        self, rng: np.random.Generator, size: int, places: int, *, on_disk: bool = False
    ) -> None:
        self._wait = Draws(rng, 14 * DAY, size)
        self._willing = Chances(rng, 47, size)
        self._quality = pick(rng, QUALITIES, places).astype(np.int8)
        self._rng = rng  # what is left of it draws the words, once it is known how many there are
        self._count = 0
        self._rows = Sorter(
            [("booking", "i4"), ("quality", "i1")],
            range(FIRST_ARRIVAL * DAY, AS_OF * DAY), rows=size // 2, on_disk=on_disk,
        )  # fmt: skip

    def add(self, bookings: Booked) -> None:
        """Choose those of the next bookings that have a review."""
        size = len(bookings.id)
        left = (bookings.arrival + bookings.nights) * DAY
        written = left + 11 * 3600 + self._wait.take(size)
        chosen = (bookings.status == CONFIRMED) & (written < AS_OF * DAY) & self._willing.take(size)
        rows = np.flatnonzero(chosen)
        self._count += len(rows)
        quality = self._quality[bookings.place[rows]]
        self._rows.add(written[rows], booking=bookings.id[rows], quality=quality)

    def parts(self) -> Iterator[Part]:
        """Return the table ``reviews``, a part at a time; only once."""
        each = [Picks(self._rng, weights, self._count) for weights in RATINGS]
        line = Draws(self._rng, len(COMMENTS[0]), self._count)
        silent = Chances(self._rng, 25, self._count)
        done = 0
        for rows in self._rows.parts():
            size = len(rows)
            stars = np.choose(rows["quality"], [picks.take(size) for picks in each])
            spoken = stars * len(COMMENTS[0]) + line.take(size)
            yield {
                "id": numbered(done, size),
                "booking_id": rows["booking"],
                "rating": stars + 1,
                "comment": Words(LINES, np.where(silent.take(size), len(LINES) - 1, spoken)),
                "created_at": Moments(rows["key"]),
            }
            done += size
