"""Tables of the background work: what was received, what must be sent, what ran in which period.

Each has a unique constraint that carries a promise: the database, not the code, decides who was
first.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone


class WebhookEvent(models.Model):
    """An event of the payment provider that took effect; a repeat of it finds its id here."""

    event_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=40)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "webhook_events"

    def __str__(self) -> str:
        return f"event {self.event_id}: {self.kind}"


class OutgoingMail(models.Model):
    """A mail that a booking needs: one of each kind at most.

    It is written in the same transaction as its cause, so neither a broker that is down nor a
    process that dies can lose it: what is neither sent nor failed at ``publish_again_at`` is given
    to the workers once more. ``sent_at`` is the mark that it left. The worker that is sending it is
    its holder until ``held_until``.
    """

    class Kind(models.TextChoices):
        """What a mail tells its guest."""

        CONFIRMATION = "confirmation"
        REFUND = "refund"

    booking = models.ForeignKey("stays.Booking", models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20, choices=Kind)
    wanted_at = models.DateTimeField(default=timezone.now)
    publish_again_at = models.DateTimeField(db_index=True)
    holder = models.CharField(max_length=36, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "outgoing_mails"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "kind"], name="one_mail_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of booking {self.booking_id}"


class PeriodRun(models.Model):
    """A periodic job that ran, once, in the period that begins at ``period``."""

    job = models.CharField(max_length=60)
    period = models.DateTimeField()
    ran_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "period_runs"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "period"], name="one_run_of_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.job}, {self.period:%Y-%m-%d %H:%M}"


class HourlyFigure(models.Model):
    """What happened in one whole hour (UTC), which begins at ``hour``."""

    hour = models.DateTimeField(unique=True)
    bookings = models.PositiveIntegerField()
    paid_cents = models.PositiveBigIntegerField()
    messages = models.PositiveIntegerField()

    class Meta:
        db_table = "hourly_figures"

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:%M}: {self.bookings} bookings"


def insert_once(row: models.Model) -> bool:
    """Insert a row; return False, and change nothing, where its unique key is already there.

    To look first and insert then would let two processes both find nothing. Where another
    transaction has inserted the key and not yet committed, this waits for its end. The caller's
    transaction stays usable.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True
