"""The users: a few admins, hosts who own the properties, and guests who book, or never did."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from prodev.stays.columns import days, days_of, ids_of, numbered, text
from prodev.stays.draw import Ints, pick, shuffled
from prodev.stays.season import AS_OF, FIRST_LISTING
from prodev.stays.words import COUNTRIES, FIRST_NAMES, LAST_NAMES

ADMINS = 3
ROLES = ("admin", "host", "guest")


class Roles(NamedTuple):
    """Who is what: the ids of the admins, the hosts and the guests, each in ascending order."""

    admins: Ints
    hosts: Ints
    guests: Ints


def share_roles(rng: np.random.Generator, *, hosts: int, guests: int) -> Roles:
    """Return the roles of ``ADMINS + hosts + guests`` users, mixed over the ids."""
    ids = shuffled(rng, ADMINS + hosts + guests) + 1
    groups = np.split(ids, [ADMINS, ADMINS + hosts])
    return Roles(*(np.sort(group) for group in groups))


def make_users(
    rng: np.random.Generator, roles: Roles, properties: pd.DataFrame, bookings: pd.DataFrame
) -> pd.DataFrame:
    """Return the users; each joined before their first listing or booking."""
    size = sum(len(group) for group in roles)
    role = np.zeros(size, dtype=np.int64)
    for number, group in enumerate(roles):
        role[group - 1] = number

    first = rng.integers(0, len(FIRST_NAMES), size)
    last = rng.integers(0, len(LAST_NAMES), size)
    names = [f"{one} {other}" for one in FIRST_NAMES for other in LAST_NAMES]
    mailboxes = [name.lower().replace(" ", ".") for name in names]
    who = (first * len(LAST_NAMES) + last).astype(np.int64)
    emails = [
        f"{mailboxes[name]}.{number}@example.com" for number, name in enumerate(who.tolist(), 1)
    ]

    active = rng.integers(FIRST_LISTING, AS_OF, size)  # of those who never did anything
    active[roles.admins - 1] = FIRST_LISTING
    _set_first(active, ids_of(bookings["guest_id"]), days_of(bookings["created_at"]))
    _set_first(active, ids_of(properties["host_id"]), days_of(properties["listed_on"]))
    joined = active - rng.integers(0, 60, size)

    return pd.DataFrame(
        {
            "id": numbered(size),
            "name": text(names, who),
            "email": pd.Series(emails, dtype="str"),
            "role": text(ROLES, role),
            "country": text(list(COUNTRIES), pick(rng, COUNTRIES.values(), size)),
            "joined_on": days(joined),
        }
    )


def _set_first(active: Ints, ids: Ints, when: Ints) -> None:
    """Set each user's day to the first of theirs."""
    # Where an id comes twice the last assignment stays, which is the earliest day.
    latest_first = np.argsort(-when, kind="stable")
    active[ids[latest_first] - 1] = when[latest_first]
