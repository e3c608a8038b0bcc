"""Mutations: each succeeds as a whole, or returns a ``Problem`` and has changed nothing.

What a person can run into is part of the schema, as a type; an error is for what nobody foresaw.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from django.db import IntegrityError, transaction
from django.utils import timezone
from strawberry import relay

from prodev.stays import models
from prodev.stays.graphql.ids import row_id
from prodev.stays.graphql.texts import can_be_kept
from prodev.stays.graphql.types import Booking, Review
from prodev.stays.reservations import ReservationError, book, cancel


@strawberry.type
class Problem:
    """Why a mutation changed nothing: ``code`` for a program, ``message`` for a person."""

    code: str
    message: str


BookingResult = Annotated[Booking | Problem, strawberry.union("BookingResult")]
ReviewResult = Annotated[Review | Problem, strawberry.union("ReviewResult")]
SIGN_IN = Problem(code="not_signed_in", message="Sign in first: send a token.")
RATINGS = range(1, 6)


@strawberry.type
class Mutation:
    """What a client may change."""

    @strawberry.mutation
    def create_booking(
        self,
        info: strawberry.Info,
        property: relay.GlobalID,
        check_in: date,
        check_out: date,
        guests: int = 1,
    ) -> BookingResult:
        """Book some nights of a property."""
        user = info.context.request.user
        if not user.is_authenticated:
            return SIGN_IN
        if guests < 1:
            return Problem(code="no_guests", message="At least one person must stay.")
        try:
            return book(user, row_id(property, "Property"), check_in, check_out, guests)
        except ReservationError as error:
            return Problem(code=error.code, message=error.detail)

    @strawberry.mutation
    def cancel_booking(self, info: strawberry.Info, booking: relay.GlobalID) -> BookingResult:
        """Cancel a booking of one's own; a second call changes nothing."""
        user = info.context.request.user
        if not user.is_authenticated:
            return SIGN_IN
        own = models.Booking.objects.filter(pk=row_id(booking, "Booking"), guest=user)
        found = own.select_related("property", "guest").first()
        if found is None:
            return Problem(code="no_booking", message="You have no booking with this id.")
        try:
            cancel(found.pk)
        except ReservationError as error:
            return Problem(code=error.code, message=error.detail)
        found.refresh_from_db(fields=["status"])
        return found

    @strawberry.mutation
    def create_review(
        self, info: strawberry.Info, booking: relay.GlobalID, rating: int, comment: str = ""
    ) -> ReviewResult:
        """Review a stay of one's own that is over."""
        user = info.context.request.user
        if not user.is_authenticated:
            return SIGN_IN
        if rating not in RATINGS:
            return Problem(code="bad_rating", message="A rating is 1, 2, 3, 4 or 5.")
        if not can_be_kept(comment):
            return Problem(code="bad_comment", message="The comment has letters nobody can read.")
        stay = models.Booking.objects.filter(
            pk=row_id(booking, "Booking"),
            guest=user,
            status=models.Booking.Status.CONFIRMED,
            check_out__lte=timezone.localdate(),
        ).first()
        if stay is None:
            return Problem(code="no_stay", message="You have no ended stay with this id.")
        try:
            with transaction.atomic():
                return models.Review.objects.create(
                    booking=stay, rating=rating, comment=comment or None
                )
        except IntegrityError:
            return Problem(code="reviewed", message="This stay has a review already.")
