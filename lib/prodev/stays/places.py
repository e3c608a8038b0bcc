"""The properties that hosts let."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prodev.stays.columns import days, days_of, ids_of, numbered, text
from prodev.stays.draw import Ints, pick, popularity
from prodev.stays.season import AS_OF, FIRST_LISTING
from prodev.stays.words import ADJECTIVES, CITIES, KINDS, NEARBY


def make_properties(rng: np.random.Generator, hosts: Ints, size: int) -> pd.DataFrame:
    """Return ``size`` properties of these hosts, some of whom own many; without ``listed_on``."""
    host = hosts[pick(rng, popularity(rng, len(hosts), flat=len(hosts) // 4 + 1), size)]
    city = pick(rng, popularity(rng, len(CITIES), flat=2), size)
    kind = pick(rng, [often for _, often, _, _ in KINDS], size)
    level = np.array([percent for _, _, percent in CITIES], dtype=np.int64)[city]
    base = np.array([cents for _, _, cents, _ in KINDS], dtype=np.int64)[kind]
    # From 70 to 149 percent of what such a place costs in that city, in whole units of 500 cents.
    price = base * level * rng.integers(70, 150, size) // 5_000_000 * 500
    most = np.array([guests for *_, guests in KINDS], dtype=np.int64)[kind]

    names = [f"{a} {k} {n}" for a in ADJECTIVES for k, *_ in KINDS for n in NEARBY]
    adjective = rng.integers(0, len(ADJECTIVES), size)
    nearby = rng.integers(0, len(NEARBY), size)
    return pd.DataFrame(
        {
            "id": numbered(size),
            "host_id": host,
            "name": text(names, (adjective * len(KINDS) + kind) * len(NEARBY) + nearby),
            "city": text([name for name, _, _ in CITIES], city),
            "country": text([country for _, country, _ in CITIES], city),
            "kind": text([name for name, *_ in KINDS], kind),
            "price_cents": price,
            "max_guests": np.maximum(most - rng.integers(0, 3, size), 1),
        }
    )


def with_listing_days(
    rng: np.random.Generator, properties: pd.DataFrame, bookings: pd.DataFrame
) -> pd.DataFrame:
    """Return the properties with ``listed_on``, up to 90 days before the first booking was made."""
    size = len(properties)
    listed = rng.integers(FIRST_LISTING, AS_OF, size)
    # Bookings are in the order they were made; backwards, the first one is assigned last and stays.
    index = ids_of(bookings["property_id"])[::-1] - 1
    listed[index] = days_of(bookings["created_at"])[::-1]
    booked = np.zeros(size, dtype=np.bool_)
    booked[index] = True
    listed -= np.where(booked, rng.integers(1, 91, size), 0)
    return properties.assign(listed_on=days(listed))
