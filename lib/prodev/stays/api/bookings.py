"""Bookings: a guest's own, and a host's of their properties."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from prodev.stays.access import bookings_of
from prodev.stays.api.people import PersonSerializer
from prodev.stays.models import Booking, Property
from prodev.stays.reservations import book, cancel


class BookedPropertySerializer(serializers.ModelSerializer[Property]):
    """A property as a booking shows it."""

    class Meta:
        model = Property
        fields: ClassVar = ["id", "name", "city", "country"]


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """A booking, its property and its guest; it is read only: rules change it, not fields."""

    property = BookedPropertySerializer(read_only=True)
    guest = PersonSerializer(read_only=True)

    class Meta:
        model = Booking
        fields: ClassVar = [
            *("id", "property", "guest", "check_in", "check_out", "nights", "guests"),
            *("total_cents", "status", "created_at"),
        ]
        read_only_fields = fields


class NewBookingSerializer(serializers.Serializer[Any]):
    """What a guest asks for; who asks, and the price, are not theirs to say."""

    property = serializers.IntegerField(min_value=1)
    check_in = serializers.DateField()
    check_out = serializers.DateField()
    guests = serializers.IntegerField(min_value=1, max_value=50, default=1)


class Bookings(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Booking]):
    """Bookings that concern the caller."""

    serializer_class = BookingSerializer
    queryset = Booking.objects.none()  # for the OpenAPI document; each request asks below

    def get_queryset(self) -> QuerySet[Booking]:
        """Return the caller's bookings with what is shown of them: one statement.

        Another one's booking is not found, rather than forbidden: its id stays untold.
        """
        return bookings_of(self.request.user).select_related("property", "guest")

    @extend_schema(request=NewBookingSerializer, responses={201: BookingSerializer})
    def create(self, request: Request) -> Response:
        """Book some nights; 409 where another booking holds one of them."""
        asked = NewBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        booking = book(
            request.user,
            wanted["property"],
            wanted["check_in"],
            wanted["check_out"],
            wanted["guests"],
        )
        return Response(self.get_serializer(booking).data, status=201)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:  # noqa: ARG002
        """Cancel a booking of one's own; a second call changes nothing."""
        booking = self.get_object()
        user: Any = request.user
        if booking.guest_id != user.pk:
            raise PermissionDenied("Only the booking's guest may cancel it.", "not_the_guest")
        cancel(booking.pk)
        booking.refresh_from_db(fields=["status"])
        return Response(self.get_serializer(booking).data)
