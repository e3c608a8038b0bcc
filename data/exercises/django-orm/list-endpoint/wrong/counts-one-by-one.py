from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from prodev.stays.models import Booking, Property


def question_of(request):
    """Return what the caller asks for: the city ("" for all), the page from 1, and its size."""
    asked = request.query_params
    return asked.get("city", ""), int(asked.get("page", 1)), int(asked.get("size", 20))


class StaySerializer(serializers.ModelSerializer):
    guest = serializers.CharField(source="guest.name")

    class Meta:
        model = Booking
        fields = ["check_in", "guest"]


class HomeSerializer(serializers.ModelSerializer):
    host = serializers.CharField(source="host.name")
    bookings = serializers.SerializerMethodField()
    stays = StaySerializer(many=True)

    class Meta:
        model = Property
        fields = ["id", "name", "price_cents", "host", "bookings", "stays"]

    def get_bookings(self, home):
        return home.bookings.count()


@api_view(["GET"])
def homes(request):
    """Return one page of homes, the cheapest first, with their stays."""
    city, page, size = question_of(request)
    found = Property.objects.order_by("price_cents", "id")
    if city:
        found = found.filter(city=city)
    stays = Booking.objects.filter(status="confirmed").select_related("guest")
    loaded = found.select_related("host").prefetch_related(
        Prefetch("bookings", stays.order_by("check_in"), to_attr="stays")
    )
    page = loaded[(page - 1) * size : page * size]
    return Response({"count": found.count(), "results": HomeSerializer(page, many=True).data})
