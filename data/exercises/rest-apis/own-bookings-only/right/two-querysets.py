from rest_framework import mixins, permissions, serializers, viewsets

from prodev.stays.models import Booking


class BookingSerializer(serializers.ModelSerializer):
    """What a client sees of a booking; only the number of guests may be changed."""

    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = ["property", "guest", "check_in", "check_out", "status"]


class MayChange(permissions.IsAuthenticated):
    def has_object_permission(self, request, _view, booking):
        is_admin = request.user.role == "admin"
        return (
            request.method in permissions.SAFE_METHODS or is_admin or booking.guest == request.user
        )


class Bookings(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """The bookings that concern the caller."""

    serializer_class = BookingSerializer
    permission_classes = [MayChange]
    pagination_class = None

    def get_queryset(self):
        user = self.request.user
        if user.role == "admin":
            rows = Booking.objects.order_by("check_in")
        else:
            own = Booking.objects.filter(guest=user)
            rows = own | Booking.objects.filter(property__host=user)
        if "status" in self.request.query_params:
            rows = rows.filter(status__iexact=self.request.query_params["status"])
        return rows.select_related("property", "guest")
