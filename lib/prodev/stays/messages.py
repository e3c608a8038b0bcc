"""The messages between guest and host."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from prodev.stays.bookings import CONFIRMED, Booked
from prodev.stays.columns import DAY, Moments, Part, Whole, Words, numbered
from prodev.stays.draw import Chances, Draws, Picks
from prodev.stays.season import AS_OF, FIRST_MADE
from prodev.stays.spool import Sorter, Spool
from prodev.stays.words import CONVERSATION

LENGTHS = (10, 45, 25, 20)  # how often a conversation has 1, 2, 3 or 4 messages
LINES = tuple(line for turns in CONVERSATION for line in turns)


class Messages:
    """The messages about ``size`` bookings, taken in the order they were sent.

    The guest of some of the stays that ended asks before the stay, the host answers, and so on in
    turn. An unanswered question is a conversation of one message.

    Args:
        rng: the stream.
        size: how many bookings there are.
        hosts: for each property the id of its host.
        on_disk: whether rows wait in a file.
    """

    def __init__(
        self, rng: np.random.Generator, size: int, hosts: Whole, *, on_disk: bool = False
    ) -> None:
        self._chatty = Chances(rng, 40, size)
        self._rng = rng  # what is left of it draws the words, once it is known how many there are
        self._hosts, self._on_disk = hosts, on_disk
        self._count = 0
        self._talks = Spool(
            [("booking", "i4"), ("guest", "i4"), ("host", "i4"), ("created", "i4"), ("span", "i4")],
            on_disk=on_disk,
        )

    def add(self, bookings: Booked) -> None:
        """Choose those of the next bookings whose guest asks something."""
        ended = bookings.arrival + bookings.nights <= AS_OF
        chosen = self._chatty.take(len(bookings.id)) & ended & (bookings.status == CONFIRMED)
        rows = np.flatnonzero(chosen)
        self._count += len(rows)
        self._talks.add(
            booking=bookings.id[rows],
            guest=bookings.guest_id[rows],
            host=self._hosts[bookings.place[rows]],
            created=bookings.created[rows],
            span=bookings.arrival[rows] * DAY - bookings.created[rows],
        )

    def parts(self) -> Iterator[Part]:
        """Return the table ``messages``, a part at a time; only once."""
        done = 0
        for rows in self._sorted().parts():
            yield {
                "id": numbered(done, len(rows)),
                "booking_id": rows["booking"],
                "sender_id": rows["sender"],
                "body": Words(LINES, rows["line"]),
                "sent_at": Moments(rows["key"]),
            }
            done += len(rows)

    def _sorted(self) -> Sorter:
        moment = Draws(self._rng, 90, self._count)
        topic = Draws(self._rng, len(CONVERSATION[0]), self._count)
        turns = Picks(self._rng, LENGTHS, self._count)
        rows = Sorter(
            [("booking", "i4"), ("sender", "i4"), ("line", "i1")],
            range(FIRST_MADE * DAY, AS_OF * DAY), rows=3 * self._count, on_disk=self._on_disk,
        )  # fmt: skip
        for talks in self._talks.blocks():
            size = len(talks)
            created, span = talks["created"].astype(np.int64), talks["span"].astype(np.int64)
            asked = created + np.maximum(span, 1) * moment.take(size) // 100
            length = 1 + turns.take(size)
            talk = np.repeat(np.arange(size), length)
            begins = np.cumsum(length) - length
            turn = np.arange(len(talk)) - begins[talk]
            waits = np.where(turn == 0, 0, self._rng.integers(120, 4 * 3600, len(talk)))
            waited = np.cumsum(waits)
            rows.add(
                # Three answers take at most twelve hours: a stay of one night ends after the last.
                asked[talk] + waited - waited[begins][talk],
                booking=talks["booking"][talk],
                sender=np.where(turn % 2 == 0, talks["guest"][talk], talks["host"][talk]),
                line=turn * len(CONVERSATION[0]) + topic.take(size)[talk],
            )
        return rows
