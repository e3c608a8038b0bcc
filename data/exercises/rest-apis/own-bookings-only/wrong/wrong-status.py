from django.db.models import Q
from rest_framework import mixins, permissions, serializers, viewsets

from prodev.stays.models import Booking, User


class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = ["property", "guest", "check_in", "check_out", "status"]


class Bookings(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    serializer_class = BookingSerializer
    permission_classes = [permissions.IsAuthenticated]

    def get_queryset(self):
        user, status = self.request.user, self.request.query_params.get("status")
        found = Booking.objects.all()
        if user.role != User.Role.ADMIN:
            seen = Q(guest=user)
            if self.request.method in permissions.SAFE_METHODS:
                seen |= Q(property__host=user)
            found = found.filter(seen)
        return found.filter(status=status) if status else found
