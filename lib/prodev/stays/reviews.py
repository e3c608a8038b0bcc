"""The reviews that guests write after their stay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prodev.stays.columns import DAY, ids_of, moments, numbered, seconds_of, text
from prodev.stays.draw import chance, pick
from prodev.stays.season import AS_OF
from prodev.stays.words import COMMENTS

# How often 1 to 5 stars are given to a poor, a usual and a very good property.
RATINGS = ((12, 18, 30, 28, 12), (3, 5, 13, 37, 42), (1, 1, 4, 20, 74))
QUALITIES = (12, 63, 25)


def make_reviews(rng: np.random.Generator, bookings: pd.DataFrame, properties: int) -> pd.DataFrame:
    """Return the reviews in the order they were written, at most one for a stay that ended.

    Almost half of the stays have one, and one review in four has no comment. Some of the
    ``properties`` (how many there are) are better than others.
    """
    left = seconds_of(bookings["check_out"])
    written = left + 11 * 3600 + rng.integers(0, 14 * DAY, len(bookings))
    confirmed = bookings["status"].to_numpy() == "confirmed"
    chosen = confirmed & (written < AS_OF * DAY) & chance(rng, 47, len(bookings))
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(written[rows], kind="stable")]

    quality = pick(rng, QUALITIES, properties)[ids_of(bookings["property_id"])[rows] - 1]
    each = np.array([pick(rng, weights, len(rows)) for weights in RATINGS])
    stars = each[quality, np.arange(len(rows))]
    line = rng.integers(0, len(COMMENTS[0]), len(rows))
    comments: list[str | None] = [comment for rated in COMMENTS for comment in rated]
    silent = chance(rng, 25, len(rows))
    spoken = np.where(silent, len(comments), stars * len(COMMENTS[0]) + line)
    return pd.DataFrame(
        {
            "id": numbered(len(rows)),
            "booking_id": ids_of(bookings["id"])[rows],
            "rating": stars + 1,
            "comment": text([*comments, None], spoken),
            "created_at": moments(written[rows]),
        }
    )
