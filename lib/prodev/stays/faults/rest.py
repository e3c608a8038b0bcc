"""Faults of the REST API and of the rules behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from prodev.stays.faults.fault import Fault, Swap


def _n_plus_one() -> Sequence[Swap]:
    from prodev.stays.access import bookings_of
    from prodev.stays.api.bookings import Bookings
    from prodev.stays.api.properties import Properties, SearchSerializer
    from prodev.stays.models import Property

    def properties(view: Any) -> Any:
        found = Property.objects.all()
        if view.action != "list":
            return found
        return found.filter(**SearchSerializer(data=view.request.query_params).filters())

    def bookings(view: Any) -> Any:
        return bookings_of(view.request.user)

    return [
        Swap(Properties, "get_queryset", properties),
        Swap(Bookings, "get_queryset", bookings),
    ]


def _last_night() -> Sequence[Swap]:
    from prodev.stays import reservations
    from prodev.stays.models import Property

    def read(place: int) -> Property:
        return Property.objects.get(pk=place)

    # Without the transaction, since SQLite lets only one of them write at a time.
    alone = SimpleNamespace(atomic=contextlib.nullcontext)
    return [Swap(reservations, "_lock", read), Swap(reservations, "transaction", alone)]


def _every_booking() -> Sequence[Swap]:
    from prodev.stays import access

    def seen(rows: Any, _user: Any, _path: str) -> Any:
        return rows

    return [Swap(access, "_seen", seen)]


def _writable_role() -> Sequence[Swap]:
    from prodev.stays.api.accounts import AccountSerializer, RegistrationSerializer

    return [
        Swap(AccountSerializer.Meta, "read_only_fields", ["id", "username", "joined_on"]),
        Swap(RegistrationSerializer.Meta, "read_only_fields", ["id", "joined_on"]),
    ]


def _endless_pages() -> Sequence[Swap]:
    from prodev.stays.api.pages import Pages

    return [Swap(Pages, "max_page_size", None)]


def _readiness_equals_liveness() -> Sequence[Swap]:
    from prodev.stays.api import health

    return [Swap(health, "_works", lambda _ask: True)]


FAULTS = (
    Fault("n-plus-one", "lists ask once more for every row", _n_plus_one, "M6"),
    Fault(
        "last-night",
        "two who book the same night at once both get it; PostgreSQL's constraint "
        "booking_nights_once still refuses the second, unless it is dropped",
        _last_night,
        "M7",
    ),
    Fault("every-booking", "everybody sees every booking and payment", _every_booking, "M10"),
    Fault("writable-role", "who registers chooses a role", _writable_role, "M9"),
    Fault("endless-pages", "a page may hold the whole table", _endless_pages),
    Fault(
        "readiness-equals-liveness",
        "the service calls itself ready without its database",
        _readiness_equals_liveness,
        "M33",
    ),
)
