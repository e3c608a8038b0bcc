"""Reservations: who gets the nights, also when two ask at once."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from prodev.stays.models import Booking, Property, User

HOLDING = (Booking.Status.CONFIRMED, Booking.Status.PENDING)
"""A booking in one of these states holds its nights."""

OVERLAP = "booking_nights_once"
"""The exclusion constraint that PostgreSQL has, see the migration 0004."""


class ReservationError(Exception):
    """A booking that cannot be made or changed; ``code`` names the reason for programs."""

    def __init__(self, code: str, detail: str) -> None:
        """Take the reason, and a sentence to the caller."""
        super().__init__(detail)
        self.code, self.detail = code, detail


def book(guest: User, place: int, check_in: date, check_out: date, guests: int) -> Booking:
    """Book a property's nights for a guest; the booking is pending until it is paid.

    Of several callers who want the same night at once, exactly one gets it: the property's row is
    locked while its bookings are looked at. (SQLite has no such lock; there only one transaction
    writes at a time.) PostgreSQL refuses the second one by a constraint as well, whoever writes.

    Args:
        guest: who stays.
        place: the property's id.
        check_in: the first night.
        check_out: the first night that is free again.
        guests: how many persons.

    Raises:
        ReservationError: ``no_such_property``, ``in_the_past``, ``no_nights``, ``too_many_guests``,
            ``own_property`` or ``nights_taken``.
    """
    if check_in < timezone.localdate():
        raise ReservationError("in_the_past", "The stay begins in the past.")
    if check_out <= check_in:
        raise ReservationError("no_nights", "The stay must end after it begins.")
    try:
        with transaction.atomic():
            found = _lock(place)
            _allow(found, guest, guests)
            if taken(found.pk, check_in, check_out):
                raise _nights_taken()
            nights = (check_out - check_in).days
            return Booking.objects.create(
                property=found,
                guest=guest,
                check_in=check_in,
                check_out=check_out,
                nights=nights,
                guests=guests,
                total_cents=nights * found.price_cents,
            )
    except IntegrityError as error:
        if OVERLAP in str(error):
            raise _nights_taken() from error
        raise


def taken(place: int, check_in: date, check_out: date) -> bool:
    """Return whether another booking holds one of these nights."""
    return Booking.objects.filter(
        property_id=place, status__in=HOLDING, check_in__lt=check_out, check_out__gt=check_in
    ).exists()


def cancel(booking_id: int) -> bool:
    """Cancel a booking that has not begun; return False if it was cancelled before.

    The state is part of the condition, so that of two callers at once only one changes it.

    Raises:
        ReservationError: ``stay_began``: the first night is over.
    """
    held = Booking.objects.filter(pk=booking_id, status__in=HOLDING)
    if held.filter(check_in__gt=timezone.localdate()).update(status=Booking.Status.CANCELLED):
        return True
    if held.exists():
        raise ReservationError("stay_began", "The stay has begun; it can't be cancelled any more.")
    return False


def _lock(place: int) -> Property:
    """Return a property, and make others who want to book it wait for this transaction."""
    found = Property.objects.select_for_update().filter(pk=place).first()
    if found is None:
        raise ReservationError("no_such_property", "There is no such property.")
    return found


def _allow(place: Property, guest: User, guests: int) -> None:
    if place.host_id == guest.pk:
        raise ReservationError("own_property", "A host can't book a property of their own.")
    if guests > place.max_guests:
        raise ReservationError(
            "too_many_guests", f"The property has room for {place.max_guests}, not for {guests}."
        )


def _nights_taken() -> ReservationError:
    return ReservationError("nights_taken", "Another booking holds one of these nights.")
