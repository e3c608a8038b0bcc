from django.db.models import Q
from rest_framework import mixins, permissions, serializers, viewsets

from prodev.stays.models import Booking, User


class BookingSerializer(serializers.ModelSerializer):
    """What a client sees of a booking; only the number of guests may be changed."""

    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = ["property", "guest", "check_in", "check_out", "status"]


class GuestChanges(permissions.BasePermission):
    """Who finds a booking may read it; its guest and an admin may change it."""

    def has_object_permission(self, request, view, booking):
        if request.method in permissions.SAFE_METHODS:
            return True
        return booking.guest_id == request.user.pk


class Bookings(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """The bookings that concern the caller."""

    serializer_class = BookingSerializer
    permission_classes = [permissions.IsAuthenticated, GuestChanges]

    def get_queryset(self):
        user, status = self.request.user, self.request.query_params.get("status")
        found = Booking.objects.all()
        if user.role != User.Role.ADMIN:
            found = found.filter(Q(guest=user) | Q(property__host=user))
        return found.filter(status=status) if status else found
