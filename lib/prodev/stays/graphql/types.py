"""What can be asked for: the service's rows, each with the rule who sees it.

The optimizer of strawberry-django turns a query's nesting into joins and prefetches, so that the
number of statements depends on the query's shape and not on the number of rows. It asks each type's
``get_queryset`` on the way, so that nesting never leads around a rule.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import QuerySet
from strawberry import relay

from prodev.stays import models
from prodev.stays.access import bookings_of, messages_of, payments_of
from prodev.stays.graphql.pages import Page


@strawberry_django.type(models.User)
class Person(relay.Node):
    """A person, as others see them: no address, no role."""

    name: str


@strawberry_django.type(models.Property)
class Property(relay.Node):
    """A place that a host lets; money is in whole cents."""

    name: str
    city: str
    country: str
    kind: str
    price_cents: int
    max_guests: int
    host: Person


@strawberry_django.type(models.Payment)
class Payment(relay.Node):
    """One try to pay for a booking."""

    amount_cents: int
    method: str
    status: str
    paid_at: datetime | None

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: strawberry.Info) -> QuerySet[Any]:
        """Leave the payments that the caller may see."""
        return payments_of(info.context.request.user, queryset)


@strawberry_django.type(models.Message)
class Message(relay.Node):
    """What guest and host write to each other."""

    body: str
    sent_at: datetime
    sender: Person

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: strawberry.Info) -> QuerySet[Any]:
        """Leave the messages that the caller may read."""
        return messages_of(info.context.request.user, queryset)


@strawberry_django.type(models.Booking)
class Booking(relay.Node):
    """A stay, for its guest, its host and the admins."""

    property: Property
    guest: Person
    check_in: date
    check_out: date
    nights: int
    guests: int
    total_cents: int
    status: str
    created_at: datetime
    payments: list[Payment]
    messages: list[Message]

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: strawberry.Info) -> QuerySet[Any]:
        """Leave the bookings that the caller may see."""
        return bookings_of(info.context.request.user, queryset)


@strawberry_django.type(models.Review)
class Review(relay.Node):
    """What a guest says after a stay."""

    rating: int
    comment: str | None
    created_at: datetime

    @strawberry_django.field(select_related=["booking__guest"], only=["booking__guest__name"])
    def guest(self, root: strawberry.Parent[models.Review]) -> Person:
        """Who wrote it."""
        return root.booking.guest


Properties = Page[Property]
Bookings = Page[Booking]
Reviews = Page[Review]
