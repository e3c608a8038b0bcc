"""A small world of the booking service: who there is, what they let, and what they booked."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from prodev.stays.models import Booking, Message, Payment, Property, Review, User

PASSWORD = "a-long-walk-on-the-beach"


@cache
def password() -> str:
    """The hash of PASSWORD: made once, because hashing is slow on purpose."""
    return make_password(PASSWORD)


def user(name: str, role: str = User.Role.GUEST) -> User:
    return User.objects.create(
        username=name,
        email=f"{name}@example.com",
        password=password(),
        name=name.title(),
        role=role,
    )


def day(number: int) -> date:
    """A day from today."""
    return timezone.localdate() + timedelta(days=number)


def booking(place: Property, guest: User, start: int, nights: int = 2, **more: Any) -> Booking:
    values: dict[str, Any] = {"status": Booking.Status.CONFIRMED, **more}
    return Booking.objects.create(
        property=place,
        guest=guest,
        check_in=day(start),
        check_out=day(start + nights),
        nights=nights,
        total_cents=nights * place.price_cents,
        **values,
    )


def make_world() -> SimpleNamespace:
    """Two hosts with a property each, two guests with a booking each, and an admin."""
    ada, bo = user("ada", User.Role.HOST), user("bo", User.Role.HOST)
    gil, hana = user("gil"), user("hana")
    admin = user("root", User.Role.ADMIN)
    loft = Property.objects.create(
        host=ada, name="Loft", city="Accra", country="GH", kind="apartment", price_cents=8000,
        max_guests=3,
    )  # fmt: skip
    hut = Property.objects.create(
        host=bo, name="Hut", city="Nairobi", country="KE", kind="cottage", price_cents=5000
    )
    past, soon = booking(loft, gil, -10), booking(loft, gil, 10)
    hers = booking(hut, hana, 5)
    for one in (past, soon, hers):
        Payment.objects.create(
            booking=one, amount_cents=one.total_cents, method="card", status="paid",
            paid_at=timezone.now(),
        )  # fmt: skip
        Message.objects.create(booking=one, sender=one.guest, body="When may we come?")
    return SimpleNamespace(
        ada=ada, bo=bo, gil=gil, hana=hana, admin=admin, nobody=None,
        loft=loft, hut=hut, past=past, soon=soon, hers=hers,
        review=Review.objects.create(booking=booking(hut, hana, -30), rating=4),
    )  # fmt: skip
