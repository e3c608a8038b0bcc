"""Reviews: everybody reads them; who stayed writes one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from prodev.stays.api.people import PersonSerializer
from prodev.stays.models import Booking, Review


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """A review of a stay."""

    guest = PersonSerializer(source="booking.guest", read_only=True)
    property = serializers.IntegerField(source="booking.property_id", read_only=True)

    class Meta:
        model = Review
        fields: ClassVar = [
            "id", "booking", "property", "guest", "rating", "comment", "created_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "created_at"]

    def validate_booking(self, booking: Booking) -> Booking:
        """Let a guest review a stay of their own that is over; others learn nothing of it."""
        ended = booking.check_out <= timezone.localdate()
        stayed = booking.status == Booking.Status.CONFIRMED and ended
        if booking.guest_id != self.context["request"].user.pk or not stayed:
            raise serializers.ValidationError("You have no ended stay with this id.", "no_stay")
        return booking

    def create(self, validated_data: dict[str, Any]) -> Review:
        """Keep the review; of two at once the database refuses one."""
        try:
            with transaction.atomic():
                return super().create(validated_data)
        except IntegrityError as error:
            told = {"booking": ["This stay has a review already."]}
            raise serializers.ValidationError(told, "unique") from error


class Reviews(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Review],
):
    """Reviews; ``?property=`` has those of one property."""

    serializer_class = ReviewSerializer
    permission_classes = (IsAuthenticatedOrReadOnly,)

    def get_queryset(self) -> QuerySet[Review]:
        """Return the reviews with their guests: one statement."""
        found = Review.objects.select_related("booking__guest")
        place = self.request.query_params.get("property", "")
        if not place:
            return found
        return found.filter(booking__property_id=place) if place.isdecimal() else found.none()
