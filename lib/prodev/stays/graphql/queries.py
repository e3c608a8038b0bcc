"""Queries: what a client may begin with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import strawberry
import strawberry_django
from django.db.models import Model, QuerySet
from strawberry import relay

from prodev.stays import models
from prodev.stays.graphql.ids import row_id
from prodev.stays.graphql.pages import MOST
from prodev.stays.graphql.texts import can_be_kept
from prodev.stays.graphql.types import Bookings, Person, Properties, Reviews

T = TypeVar("T", bound=Model)


@strawberry.type
class Query:
    """Lists are newest first; ``first`` (20 where it is left out) and ``after`` take pages."""

    @strawberry_django.connection(Properties, max_results=MOST)
    def properties(
        self, city: str | None = None, country: str | None = None, guests: int | None = None
    ) -> Iterable[models.Property]:
        """Return properties; all that is given must hold."""
        wanted = {"city": city, "country": country, "max_guests__gte": guests}
        given = {name: value for name, value in wanted.items() if value is not None}
        found = models.Property.objects.filter(**given)
        return _newest(found if can_be_kept(f"{city}{country}") else found.none())

    @strawberry_django.connection(Bookings, max_results=MOST)
    def bookings(self) -> Iterable[models.Booking]:
        """Return the caller's bookings; a host's include those of their properties."""
        return _newest(models.Booking.objects.all())

    @strawberry_django.connection(Reviews, max_results=MOST)
    def reviews(self, property: relay.GlobalID) -> Iterable[models.Review]:
        """Return the reviews of one property."""
        return _newest(models.Review.objects.filter(booking__property=row_id(property, "Property")))

    @strawberry.field
    def me(self, info: strawberry.Info) -> Person | None:
        """Return the caller; null for a stranger."""
        user = info.context.request.user
        return user if user.is_authenticated else None


def _newest(rows: QuerySet[T]) -> QuerySet[T]:
    return rows.order_by("-pk")
