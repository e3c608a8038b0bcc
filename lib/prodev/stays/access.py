"""Access: which rows a user may see. REST and GraphQL ask here, so that both say the same."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from prodev.stays.models import Booking, Message, Payment, User


def bookings_of(user: Any) -> QuerySet[Booking]:
    """Return the bookings that a user may see: as guest, as host, or all as admin."""
    return _seen(Booking.objects.all(), user, "")


def payments_of(user: Any) -> QuerySet[Payment]:
    """Return the payments of the bookings that a user may see."""
    return _seen(Payment.objects.all(), user, "booking__")


def messages_of(user: Any) -> QuerySet[Message]:
    """Return the messages that a user may read: guest and host of the booking, and nobody else.

    An admin is no party to a conversation.
    """
    if not user.is_authenticated:
        return Message.objects.none()
    return Message.objects.filter(_party(user, "booking__"))


def is_admin(user: Any) -> bool:
    """Return whether a user is one of the service's admins."""
    return bool(user.is_authenticated and user.role == User.Role.ADMIN)


def _seen(rows: QuerySet[Any], user: Any, path: str) -> QuerySet[Any]:
    if not user.is_authenticated:
        return rows.none()
    return rows if is_admin(user) else rows.filter(_party(user, path))


def _party(user: Any, path: str) -> Q:
    return Q(**{f"{path}guest": user}) | Q(**{f"{path}property__host": user})
