from django.db.models import Count, Prefetch
from rest_framework import generics, pagination, serializers
from rest_framework.response import Response

from prodev.stays.models import Booking, Property


class StaySerializer(serializers.ModelSerializer):
    guest = serializers.CharField(source="guest.name")

    class Meta:
        model = Booking
        fields = ["check_in", "guest"]


class HomeSerializer(serializers.ModelSerializer):
    host = serializers.CharField(source="host.name")
    bookings = serializers.IntegerField(source="number")
    stays = StaySerializer(many=True)

    class Meta:
        model = Property
        fields = ["id", "name", "city", "price_cents", "host", "bookings", "stays"]


class Pages(pagination.LimitOffsetPagination):
    def get_limit(self, request):
        return int(request.query_params.get("size", 20))

    def get_offset(self, request):
        return (int(request.query_params.get("page", 1)) - 1) * self.get_limit(request)

    def get_paginated_response(self, data):
        return Response({"count": self.count, "results": data})


class Homes(generics.ListAPIView):
    serializer_class = HomeSerializer
    pagination_class = Pages

    def get_queryset(self):
        stays = Booking.objects.filter(status=Booking.Status.CONFIRMED).order_by("check_in")
        found = Property.objects.annotate(number=Count("bookings")).select_related("host")
        found = found.prefetch_related(
            Prefetch("bookings", queryset=stays.select_related("guest"), to_attr="stays")
        )
        city = self.request.query_params.get("city")
        return (found.filter(city=city) if city else found).order_by("price_cents", "pk")


homes = Homes.as_view()
