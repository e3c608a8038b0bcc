"""The six tables of the booking service, made from a seed a part at a time."""

from __future__ import annotations

from collections.abc import Iterator

from prodev.errors import ParameterError
from prodev.stays.bookings import Bookings
from prodev.stays.columns import Part
from prodev.stays.draw import stream
from prodev.stays.messages import Messages
from prodev.stays.payments import Payments
from prodev.stays.people import first_seen, share_roles, user_parts
from prodev.stays.places import draw_places, listing_days, property_parts
from prodev.stays.reviews import Reviews

#: How many bookings each scale has.
ROWS = {"small": 2_000, "medium": 200_000, "large": 2_000_000}


def make_tables(
    seed: int, scale: str, *, on_disk: bool = False, caller: str = "make_tables"
) -> Iterator[tuple[str, Part]]:
    """Make the data of one seed and scale; the same pair gives the same rows on every machine.

    Args:
        seed: a whole number, 0 or more.
        scale: a name in ROWS: ``small``, ``medium`` or ``large``.
        on_disk: whether rows wait for their turn in temporary files, so that memory hardly grows
            with the scale.
        caller: whose parameters an error names.

    Returns:
        The parts of the tables, by their table's name: first all users, then properties, bookings,
        payments, reviews and messages, each in the order of ``id``.

    Raises:
        ParameterError: the seed or the scale is not allowed.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ParameterError(
            f"{caller}: 'seed' is {seed!r}; give a whole number, 0 or more, such as seed=1."
        )
    if scale not in tuple(ROWS):  # a tuple: what can't be a key gets the sentence too
        raise ParameterError(f"{caller}: 'scale' is {scale!r}; it may be small, medium or large.")
    return _parts(seed, ROWS[scale], on_disk)


def _parts(seed: int, size: int, on_disk: bool) -> Iterator[tuple[str, Part]]:
    # One stream a table: a change in how one is drawn leaves the draws of the others alone.
    roles = share_roles(stream(seed, 1), hosts=size // 40, guests=size // 4)
    places = draw_places(stream(seed, 2), roles.hosts, size // 10)
    bookings = Bookings(stream(seed, 3), places, roles.guests, size, on_disk=on_disk)
    listed = listing_days(stream(seed, 4), bookings.first_made)
    first = first_seen(roles, bookings.first_booked, places.host_id, listed)
    for part in user_parts(stream(seed, 5), roles, first):
        yield "users", part
    for part in property_parts(places, listed):
        yield "properties", part

    payments = Payments(stream(seed, 6), size, on_disk=on_disk)
    reviews = Reviews(stream(seed, 7), size, len(listed), on_disk=on_disk)
    messages = Messages(stream(seed, 8), size, places.host_id, on_disk=on_disk)
    for booked in bookings.parts():
        for table in (payments, reviews, messages):
            table.add(booked)
        yield "bookings", booked.part()
    for name, rest in (("payments", payments), ("reviews", reviews), ("messages", messages)):
        for part in rest.parts():
            yield name, part
