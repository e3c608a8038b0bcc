from django.db.models import Q
from rest_framework import mixins, permissions, serializers, viewsets

from prodev.stays.models import Booking, User


class BookingSerializer(serializers.ModelSerializer):
    """What a client sees of a booking; only the number of guests may be changed."""

    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = ["property", "guest", "check_in", "check_out", "status"]


class Involved(permissions.BasePermission):
    def has_object_permission(self, request, view, booking):
        user = request.user
        if user.role == "admin" or booking.guest_id == user.pk:
            return True
        return booking.property.host_id == user.pk and request.method in permissions.SAFE_METHODS


class Bookings(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """The bookings that concern the caller."""

    serializer_class = BookingSerializer
    permission_classes = [permissions.IsAuthenticated, Involved]

    def get_queryset(self):
        found = Booking.objects.all()
        status = self.request.query_params.get("status")
        return found.filter(status=status) if status else found
