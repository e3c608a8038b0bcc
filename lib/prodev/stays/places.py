"""The properties that hosts let."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from prodev.stays.columns import Days, Part, Whole, Words, numbered
from prodev.stays.draw import Ints, parts_of, pick, popularity
from prodev.stays.season import AS_OF, FIRST_LISTING, NEVER
from prodev.stays.words import ADJECTIVES, CITIES, KINDS, NEARBY

NAMES = tuple(f"{a} {k} {n}" for a in ADJECTIVES for k, *_ in KINDS for n in NEARBY)
CITY_NAMES = tuple(name for name, _, _ in CITIES)
CITY_COUNTRIES = tuple(country for _, country, _ in CITIES)
KIND_NAMES = tuple(name for name, *_ in KINDS)


class Places(NamedTuple):
    """The properties, a number for each; ids are from 1, in this order."""

    host_id: Whole
    name: Whole
    """A position in NAMES."""
    city: Whole
    """A position in CITIES."""
    kind: Whole
    """A position in KINDS."""
    price_cents: Whole
    max_guests: Whole


def draw_places(rng: np.random.Generator, hosts: Whole, size: int) -> Places:
    """Return ``size`` properties of these hosts, some of whom own many."""
    host = hosts[pick(rng, popularity(rng, len(hosts), flat=len(hosts) // 4 + 1), size)]
    city = pick(rng, popularity(rng, len(CITIES), flat=2), size).astype(np.int8)
    kind = pick(rng, [often for _, often, _, _ in KINDS], size).astype(np.int8)
    level = np.array([percent for _, _, percent in CITIES], dtype=np.int64)[city]
    base = np.array([cents for _, _, cents, _ in KINDS], dtype=np.int64)[kind]
    # From 70 to 149 percent of what such a place costs in that city, in whole units of 500 cents.
    price = base * level * rng.integers(70, 150, size) // 5_000_000 * 500
    most = np.array([guests for *_, guests in KINDS], dtype=np.int8)[kind]

    adjective = rng.integers(0, len(ADJECTIVES), size)
    nearby = rng.integers(0, len(NEARBY), size)
    name = (adjective * len(KINDS) + kind) * len(NEARBY) + nearby
    return Places(
        host_id=host,
        name=name.astype(np.int16),
        city=city,
        kind=kind,
        price_cents=price.astype(np.int32),
        max_guests=np.maximum(most - rng.integers(0, 3, size), 1).astype(np.int8),
    )


def listing_days(rng: np.random.Generator, first_made: Whole) -> Whole:
    """Return the day each property was listed, up to 90 days before its first booking was made.

    Args:
        rng: the stream.
        first_made: the day of its first booking, or NEVER.
    """
    listed: Ints = rng.integers(FIRST_LISTING, AS_OF, len(first_made))
    before = rng.integers(1, 91, len(first_made))
    return np.where(first_made < NEVER, first_made - before, listed).astype(np.int32)


def property_parts(places: Places, listed: Whole) -> Iterator[Part]:
    """Return the table ``properties``, a part at a time."""
    for part in parts_of(len(listed)):
        city, kind = places.city[part], places.kind[part]
        yield {
            "id": numbered(part.start, len(city)),
            "host_id": places.host_id[part],
            "name": Words(NAMES, places.name[part]),
            "city": Words(CITY_NAMES, city),
            "country": Words(CITY_COUNTRIES, city),
            "kind": Words(KIND_NAMES, kind),
            "price_cents": places.price_cents[part],
            "max_guests": places.max_guests[part],
            "listed_on": Days(listed[part]),
        }
