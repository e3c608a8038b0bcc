from django.db.models import Q
from rest_framework import exceptions, mixins, pagination, serializers, viewsets

from prodev.stays.models import Booking, User


class BookingSerializer(serializers.ModelSerializer):
    """What a client sees of a booking; only the number of guests may be changed."""

    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = ["property", "guest", "check_in", "check_out", "status"]


class Pages(pagination.PageNumberPagination):
    page_size = 5


class Bookings(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """The bookings that concern the caller."""

    serializer_class = BookingSerializer
    pagination_class = Pages
    queryset = Booking.objects.order_by("-check_in", "id")

    def get_queryset(self):
        found, user = super().get_queryset(), self.request.user
        if user.role != User.Role.ADMIN:
            found = found.filter(Q(guest_id=user.id) | Q(property__in=user.properties.all()))
        return found

    def filter_queryset(self, queryset):
        status = self.request.query_params.get("status", "")
        return queryset.filter(status=status) if status else queryset

    def _only_the_guest(self, booking):
        if self.request.user not in (booking.guest,) and self.request.user.role != "admin":
            raise exceptions.PermissionDenied("Only the guest may do this.")

    def perform_update(self, serializer):
        self._only_the_guest(serializer.instance)
        serializer.save()

    def perform_destroy(self, instance):
        self._only_the_guest(instance)
        instance.delete()
