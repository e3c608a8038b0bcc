"""The nightly clean-up: bookings that nobody paid, and guests who never came back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from prodev.stays.models import Booking, Payment, User

UNPAID_FOR = timedelta(days=3)
WITHOUT_BOOKING_FOR = timedelta(days=2 * 365)


class Cleaned(NamedTuple):
    """How many rows a clean-up changed."""

    cancelled: int
    deactivated: int


def clean_up(now: datetime) -> Cleaned:
    """Cancel pending bookings that are too old, deactivate guests who left; delete nothing.

    A second run at the same moment changes nothing: what it would change no longer matches.
    """
    return Cleaned(cancel_unpaid(now), deactivate_guests(now))


def cancel_unpaid(now: datetime) -> int:
    """Cancel pending bookings that were made over three days ago and have no paid payment.

    One statement: a booking that is paid meanwhile is no longer pending, and stays as it is.
    """
    paid = Payment.objects.filter(booking=OuterRef("pk"), status=Payment.Status.PAID)
    pending = Booking.objects.filter(
        ~Exists(paid), status=Booking.Status.PENDING, created_at__lt=now - UNPAID_FOR
    )
    return int(pending.update(status=Booking.Status.CANCELLED))


def deactivate_guests(now: datetime) -> int:
    """Deactivate guests who joined two years ago or more, and made no booking since.

    To ask "is there an old booking?" would find the most faithful guests. The question is whether
    there is no newer one; and nobody who has a stay ahead is sent away.
    """
    since = now - WITHOUT_BOOKING_FOR
    recent = Booking.objects.filter(
        Q(created_at__gte=since) | Q(check_out__gte=now.date()), guest=OuterRef("pk")
    )
    gone = User.objects.filter(
        ~Exists(recent), role=User.Role.GUEST, is_active=True, joined_on__lt=since.date()
    )
    return int(gone.update(is_active=False))
