from rest_framework import permissions, serializers, viewsets

from prodev.stays.access import bookings_of, is_admin
from prodev.stays.models import Booking


class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
        fields = ["id", "property", "guest", "check_in", "check_out", "guests", "status"]
        read_only_fields = [name for name in fields if name != "guests"]


class Bookings(viewsets.ModelViewSet):
    serializer_class = BookingSerializer
    http_method_names = ["get", "patch", "put", "delete", "head", "options"]

    def get_queryset(self):
        found = bookings_of(self.request.user)
        status = self.request.GET.get("status")
        return found.filter(status=status) if status is not None else found

    def check_object_permissions(self, request, obj):
        super().check_object_permissions(request, obj)
        if request.method in permissions.SAFE_METHODS:
            return
        if not (is_admin(request.user) or obj.guest_id == request.user.id):
            self.permission_denied(request, "A host reads and does not change.")
