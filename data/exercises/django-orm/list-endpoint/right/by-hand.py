from collections import defaultdict

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from rest_framework.decorators import api_view
from rest_framework.response import Response

from prodev.stays.models import Booking, Property


@api_view(["GET"])
def homes(request):
    """Return one page: a statement for the homes, one for the stays, and one for the total."""
    asked = request.query_params
    size = int(asked.get("size", 20))
    first = (int(asked.get("page", 1)) - 1) * size
    found = Property.objects.filter(city=asked["city"]) if asked.get("city") else Property.objects
    each = Booking.objects.filter(property=OuterRef("pk")).order_by().values("property")
    number = Subquery(each.annotate(number=Count("pk")).values("number"))
    rows = list(
        found.values("id", "name", "price_cents", host_name=F("host__name"))
        .annotate(number=Coalesce(number, 0))
        .order_by("price_cents", "id")[first : first + size]
    )
    stays = defaultdict(list)
    confirmed = Booking.objects.filter(property__in=[row["id"] for row in rows], status="confirmed")
    for stay in confirmed.order_by("check_in").values("property", "check_in", "guest__name"):
        stays[stay["property"]].append(
            {"check_in": stay["check_in"].isoformat(), "guest": stay["guest__name"]}
        )
    for row in rows:
        row["host"] = row.pop("host_name")
        row["bookings"] = row.pop("number")
        row["stays"] = stays[row["id"]]
    return Response({"count": found.count(), "results": rows})
