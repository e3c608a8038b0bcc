from django.core.cache import caches
from redis.exceptions import RedisError
from rest_framework.response import Response
from rest_framework.views import APIView

from prodev.stays.models import Booking


def load_bookings(guest, status, page):
    """Return one page, ten bookings, of one guest; a status "" means all of them."""
    found = Booking.objects.filter(guest_id=guest).order_by("id")
    if status:
        found = found.filter(status=status)
    return list(found.values("id", "status", "total_cents")[(page - 1) * 10 : page * 10])


def question_of(request):
    """Return what the caller asks for: the guest's id, the status and the page."""
    asked = request.query_params
    return request.user.pk, asked.get("status", ""), int(asked.get("page", 1))


class MyBookings(APIView):
    seconds = 60

    def get(self, request):
        question = question_of(request)
        key = repr(("my-bookings", *question))
        missing = object()
        try:
            rows = caches["default"].get(key, missing)
        except RedisError:
            return Response(load_bookings(*question))
        if rows is missing:
            rows = load_bookings(*question)
            self.keep(key, rows)
        return Response(rows)

    def keep(self, key, rows):
        try:
            caches["default"].add(key, rows, self.seconds)
        except RedisError as error:
            print("not kept:", error)


my_bookings = MyBookings.as_view()
