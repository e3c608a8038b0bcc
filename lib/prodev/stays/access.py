"""Access: which rows a user may see. REST and GraphQL ask here, so that both say the same."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from prodev.stays.models import Booking, Message, Payment, User


def bookings_of(user: Any, rows: QuerySet[Booking] | None = None) -> QuerySet[Booking]:
    """Return the bookings that a user may see: as guest, as host, or all as admin.

    Args:
        user: the caller, or an anonymous one, who sees none.
        rows: those to choose from; all of them if left out.
    """
    return _seen(Booking.objects.all() if rows is None else rows, user, "")


def payments_of(user: Any, rows: QuerySet[Payment] | None = None) -> QuerySet[Payment]:
    """Return the payments of the bookings that a user may see."""
    return _seen(Payment.objects.all() if rows is None else rows, user, "booking__")


def messages_of(user: Any, rows: QuerySet[Message] | None = None) -> QuerySet[Message]:
    """Return the messages that a user may read: guest and host of the booking, and nobody else.

    An admin is no party to a conversation.
    """
    found = Message.objects.all() if rows is None else rows
    return found.filter(_party(user, "booking__")) if user.is_authenticated else found.none()


def is_admin(user: Any) -> bool:
    """Return whether a user is one of the service's admins."""
    return bool(user.is_authenticated and user.role == User.Role.ADMIN)


def _seen(rows: QuerySet[Any], user: Any, path: str) -> QuerySet[Any]:
    if not user.is_authenticated:
        return rows.none()
    return rows if is_admin(user) else rows.filter(_party(user, path))


def _party(user: Any, path: str) -> Q:
    return Q(**{f"{path}guest": user}) | Q(**{f"{path}property__host": user})
