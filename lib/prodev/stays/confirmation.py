"""Confirm a booking: one change, and the mail that it causes."""

from __future__ import annotations

from django.db import transaction

from prodev.stays.background import OutgoingMail
from prodev.stays.models import Booking
from prodev.stays.tasks.mail import request_mail


def confirm(booking_id: int) -> bool:
    """Confirm a pending booking and have its guest told; return whether anything changed.

    The status is part of the condition, so that of two callers at once only one changes it.
    """
    with transaction.atomic():
        pending = Booking.objects.filter(pk=booking_id, status=Booking.Status.PENDING)
        if not pending.update(status=Booking.Status.CONFIRMED):
            return False
        request_mail(booking_id, OutgoingMail.Kind.CONFIRMATION)
        return True
