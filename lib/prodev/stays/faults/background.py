"""Faults of the work in the background, and of the events that start it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from prodev.stays.faults.fault import Fault, Swap


def _publishes_early() -> Sequence[Swap]:
    from prodev.stays.tasks import mail

    return [Swap(mail, "_publish_after_commit", lambda row: mail.send_mail.delay(row.pk))]


def _failure_as_success() -> Sequence[Swap]:
    from prodev.stays.mail import deliver
    from prodev.stays.tasks import mail

    def quiet(mail_id: int) -> str | bool:
        try:
            return deliver(mail_id)
        except Exception as error:
            return f"failed: {error}"

    return [Swap(mail, "deliver", quiet)]


def _repeated_events() -> Sequence[Swap]:
    from prodev.stays import webhook
    from prodev.stays.background import insert_once

    def always(row: Any) -> bool:
        insert_once(row)
        return True

    return [Swap(webhook, "insert_once", always)]


def _unsigned_events() -> Sequence[Swap]:
    from prodev.stays import webhook

    return [Swap(webhook, "signed_well", lambda *_: True)]


def _cleans_up_customers() -> Sequence[Swap]:
    from prodev.stays import cleanup
    from prodev.stays.models import Booking, User

    def deactivate(now: datetime) -> int:
        # "Has an old booking" is not "has no new one".
        old = Booking.objects.filter(created_at__lt=now - cleanup.WITHOUT_BOOKING_FOR)
        found = User.objects.filter(
            pk__in=old.values("guest"), role=User.Role.GUEST, is_active=True
        )
        return int(found.update(is_active=False))

    return [Swap(cleanup, "deactivate_guests", deactivate)]


def _twice_a_period() -> Sequence[Swap]:
    from django.utils import timezone

    from prodev.stays.tasks import periodic

    def always(_job: str, _every: timedelta, work: Callable[[datetime], object]) -> bool:
        work(timezone.now())
        return True

    return [Swap(periodic, "once_per_period", always)]


FAULTS = (
    Fault("publishes-early", "a task is published before its row is", _publishes_early, "M17"),
    Fault("failure-as-success", "a task that failed is a success", _failure_as_success, "M15"),
    Fault("repeated-events", "a repeated event is applied again", _repeated_events, "M18"),
    Fault("unsigned-events", "anybody may send a payment's event", _unsigned_events),
    Fault(
        "cleans-up-customers", "the clean-up locks out active guests", _cleans_up_customers, "M20"
    ),
    Fault("twice-a-period", "periodic work runs whenever it fires", _twice_a_period),
)
