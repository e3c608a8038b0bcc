"""The users: a few admins, hosts who own the properties, and guests who book, or never did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from prodev.stays.columns import Days, Joined, Part, Whole, Words, numbered
from prodev.stays.draw import Draws, Picks, parts_of, shuffled
from prodev.stays.season import AS_OF, FIRST_LISTING, NEVER
from prodev.stays.words import COUNTRIES, FIRST_NAMES, LAST_NAMES

ADMINS = 3
ROLES = ("admin", "host", "guest")
NAMES = tuple(f"{one} {other}" for one in FIRST_NAMES for other in LAST_NAMES)
MAILBOXES = tuple(name.lower().replace(" ", ".") for name in NAMES)


class Roles(NamedTuple):
    """Who is what: the ids of the admins, the hosts and the guests, each in ascending order."""

    admins: Whole
    hosts: Whole
    guests: Whole


def share_roles(rng: np.random.Generator, *, hosts: int, guests: int) -> Roles:
    """Return the roles of ``ADMINS + hosts + guests`` users, mixed over the ids."""
    ids = shuffled(rng, ADMINS + hosts + guests).astype(np.int32) + np.int32(1)
    groups = np.split(ids, [ADMINS, ADMINS + hosts])
    return Roles(*(np.sort(group) for group in groups))


def first_seen(roles: Roles, first_booked: Whole, host_id: Whole, listed: Whole) -> Whole:
    """Return the day of each user's first booking or listing, or NEVER.

    Args:
        roles: who is what.
        first_booked: for each guest, the day of the first booking, or NEVER.
        host_id: for each property, its host.
        listed: for each property, the day it was listed.
    """
    first = np.full(sum(len(group) for group in roles), NEVER, dtype=np.int32)
    first[roles.admins - 1] = FIRST_LISTING
    first[roles.guests - 1] = first_booked
    np.minimum.at(first, host_id - 1, listed.astype(np.int32, copy=False))
    return first


def user_parts(rng: np.random.Generator, roles: Roles, first: Whole) -> Iterator[Part]:
    """Return the table ``users``, a part at a time; each joined before they were first seen."""
    size = len(first)
    role = np.zeros(size, dtype=np.int8)
    for number, group in enumerate(roles):
        role[group - 1] = number

    given = Draws(rng, len(FIRST_NAMES), size)
    family = Draws(rng, len(LAST_NAMES), size)
    idle = Draws(rng, AS_OF, size, low=FIRST_LISTING)  # of those who never did anything
    before = Draws(rng, 60, size)
    country = Picks(rng, COUNTRIES.values(), size)
    for part in parts_of(size):
        count = part.stop - part.start
        ids = numbered(part.start, count)
        who = given.take(count) * len(LAST_NAMES) + family.take(count)
        seen, other = first[part], idle.take(count)
        yield {
            "id": ids,
            "name": Words(NAMES, who),
            "email": Joined((Words(MAILBOXES, who), ".", ids, "@example.com")),
            "role": Words(ROLES, role[part]),
            "country": Words(tuple(COUNTRIES), country.take(count)),
            "joined_on": Days(np.where(seen < NEVER, seen, other) - before.take(count)),
        }
