"""Figures of each hour: bookings made, money paid, messages written."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Sum

from prodev.stays.background import HourlyFigure
from prodev.stays.models import Booking, Message, Payment
from prodev.stays.periods import period_of

HOUR = timedelta(hours=1)
HOURS_BACK = 24


def count_hours(now: datetime) -> int:
    """Count the whole hours of the last day that have no figures yet; return how many.

    Hours that a stopped beat or worker missed are made up for. What is counted is kept.
    """
    this_hour = period_of(now, HOUR)
    hours = [this_hour - HOUR * back for back in range(HOURS_BACK, 0, -1)]
    known = set(HourlyFigure.objects.filter(hour__gte=hours[0]).values_list("hour", flat=True))
    missing = [count_hour(hour) for hour in hours if hour not in known]
    HourlyFigure.objects.bulk_create(missing)
    return len(missing)


def count_hour(hour: datetime) -> HourlyFigure:
    """Return the figures of the hour that begins at ``hour``, not saved."""
    end = hour + HOUR
    paid = Payment.objects.filter(
        status=Payment.Status.PAID, paid_at__gte=hour, paid_at__lt=end
    ).aggregate(cents=Sum("amount_cents"))
    return HourlyFigure(
        hour=hour,
        bookings=Booking.objects.filter(created_at__gte=hour, created_at__lt=end).count(),
        paid_cents=paid["cents"] or 0,
        messages=Message.objects.filter(sent_at__gte=hour, sent_at__lt=end).count(),
    )
