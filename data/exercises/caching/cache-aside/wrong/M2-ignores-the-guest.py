from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.decorators import api_view
from rest_framework.response import Response

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


@api_view(["GET"])
def my_bookings(request):
    """Return the caller's bookings, at most 60 seconds old."""
    guest, status, page = question_of(request)
    key = f"my-bookings:status={status}:page={page}"
    try:
        rows = cache.get(key)
    except RedisError:
        rows = None
    if rows is None:
        rows = load_bookings(guest, status, page)
        try:
            cache.set(key, rows, timeout=60)
        except RedisError:
            pass
    return Response(rows)
