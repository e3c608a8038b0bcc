from django.db.models import Prefetch
from rest_framework.decorators import api_view
from rest_framework.response import Response

from prodev.stays.models import Booking, Property


def question_of(request):
    """Return what the caller asks for: the city ("" for all), the page from 1, and its size."""
    asked = request.query_params
    return asked.get("city", ""), int(asked.get("page", 1)), int(asked.get("size", 20))


def row_of(home):
    """Return one home as the page shows it."""
    bookings = sorted(home.bookings.all(), key=lambda booking: booking.check_in)
    stays = [booking for booking in bookings if booking.status == "confirmed"]
    return {
        "id": home.pk,
        "name": home.name,
        "price_cents": home.price_cents,
        "host": home.host.name,
        "bookings": len(bookings),
        "stays": [{"check_in": stay.check_in, "guest": stay.guest.name} for stay in stays],
    }


@api_view(["GET"])
def homes(request):
    """Return one page of homes, the cheapest first, with their stays."""
    city, page, size = question_of(request)
    found = Property.objects.order_by("price_cents", "id")
    if city:
        found = found.filter(city=city)
    every = Prefetch("bookings", Booking.objects.select_related("guest"))
    loaded = found.select_related("host").prefetch_related(every)
    rows = [row_of(home) for home in loaded[(page - 1) * size : page * size]]
    return Response({"count": found.count(), "results": rows})
