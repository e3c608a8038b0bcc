"""The messages between guest and host."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prodev.stays.columns import days_of, ids_of, moments, numbered, seconds_of, text
from prodev.stays.draw import chance, pick
from prodev.stays.season import AS_OF
from prodev.stays.words import CONVERSATION

LENGTHS = (10, 45, 25, 20)  # how often a conversation has 1, 2, 3 or 4 messages


def make_messages(
    rng: np.random.Generator, bookings: pd.DataFrame, properties: pd.DataFrame
) -> pd.DataFrame:
    """Return the messages in the order they were sent, for some of the stays that ended.

    The guest asks before the stay, the host answers, and so on in turn. An unanswered question is
    a conversation of one message.
    """
    confirmed = bookings["status"].to_numpy() == "confirmed"
    ended = days_of(bookings["check_out"]) <= AS_OF
    talks = np.flatnonzero(confirmed & ended & chance(rng, 40, len(bookings)))
    created = seconds_of(bookings["created_at"])[talks]
    span = seconds_of(bookings["check_in"])[talks] - created
    asked = created + np.maximum(span, 1) * rng.integers(0, 90, len(talks)) // 100
    topic = rng.integers(0, len(CONVERSATION[0]), len(talks))
    length = 1 + pick(rng, LENGTHS, len(talks))

    talk = np.repeat(np.arange(len(talks)), length)
    begins = np.cumsum(length) - length
    turn = np.arange(len(talk)) - begins[talk]
    waits = np.where(turn == 0, 0, rng.integers(120, 4 * 3600, len(talk)))
    waited = np.cumsum(waits)
    # Three answers take at most twelve hours: even a stay of one night ends after the last.
    sent = asked[talk] + waited - waited[begins][talk]

    row = talks[talk]
    guest = ids_of(bookings["guest_id"])[row]
    host = ids_of(properties["host_id"])[ids_of(bookings["property_id"])[row] - 1]
    lines = [line for turns in CONVERSATION for line in turns]
    order = np.argsort(sent, kind="stable")
    return pd.DataFrame(
        {
            "id": numbered(len(row)),
            "booking_id": ids_of(bookings["id"])[row][order],
            "sender_id": np.where(turn % 2 == 0, guest, host)[order],
            "body": text(lines, (turn * len(CONVERSATION[0]) + topic[talk])[order]),
            "sent_at": moments(sent[order]),
        }
    )
