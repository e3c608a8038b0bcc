"""Messages between the guest and the host of a booking."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import mixins, serializers, viewsets

from prodev.stays.access import messages_of
from prodev.stays.api.people import PersonSerializer
from prodev.stays.models import Booking, Message


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message; who sends it is the caller, whatever the body says."""

    sender = PersonSerializer(read_only=True)
    body = serializers.CharField(max_length=5000)

    class Meta:
        model = Message
        fields: ClassVar = ["id", "booking", "sender", "body", "sent_at"]
        read_only_fields: ClassVar = ["id", "sent_at"]

    def validate_booking(self, booking: Booking) -> Booking:
        """Let the two of a booking write; for others it is as if it did not exist."""
        user = self.context["request"].user
        if user.pk not in (booking.guest_id, booking.property.host_id):
            raise serializers.ValidationError("You have no booking with this id.", "no_booking")
        return booking


class Messages(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet[Message]):
    """Messages of the caller's bookings; ``?booking=`` has those of one."""

    serializer_class = MessageSerializer
    queryset = Message.objects.none()  # for the OpenAPI document; each request asks below

    def get_queryset(self) -> QuerySet[Message]:
        """Return the messages with their senders: one statement."""
        found = messages_of(self.request.user).select_related("sender")
        booking = self.request.query_params.get("booking", "")
        if not booking:
            return found
        return found.filter(booking_id=booking) if booking.isdecimal() else found.none()

    def perform_create(self, serializer: Any) -> None:
        """Send it in the caller's name."""
        serializer.save(sender=self.request.user)
