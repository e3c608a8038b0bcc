"""Work that must happen once in a period, however often its schedule fires."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from prodev.stays.background import PeriodRun, insert_once

log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def period_of(moment: datetime, every: timedelta) -> datetime:
    """Return where the period begins that a moment lies in; periods are counted from 1970, UTC."""
    # Arithmetic within another time zone would ignore its summer time.
    utc = moment.astimezone(UTC)
    return utc - (utc - _EPOCH) % every


def once_per_period(job: str, every: timedelta, work: Callable[[datetime], object]) -> bool:
    """Do ``work(now)`` unless this job ran in this period; return whether it was done now.

    The row that says so and the work are one transaction. So a second process waits at the row, and
    does nothing; and if the work fails, the row is gone too and the work may be done again.
    """
    now = timezone.now()
    period = period_of(now, every)
    with transaction.atomic():
        if not insert_once(PeriodRun(job=job, period=period)):
            log.info("%s: done already in the period of %s", job, period)
            return False
        result = work(now)
    log.info("%s: %s", job, result)
    return True
