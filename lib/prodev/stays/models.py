"""The booking service's tables as Django models, with the names and columns of the dataset."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class User(AbstractUser):
    """A guest, a host or an admin.

    The dataset's users have no usable password: hashing one is slow on purpose, and half a million
    would take days. Lessons sign in with DRF's ``force_authenticate``, or set one.
    """

    class Role(models.TextChoices):
        """What a user may do."""

        GUEST = "guest"
        HOST = "host"
        ADMIN = "admin"

    first_name = None  # one column for the name: not every name has two parts
    last_name = None
    date_joined = None  # joined_on stands for it
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=5, choices=Role, default=Role.GUEST)
    country = models.CharField(max_length=2, blank=True)
    joined_on = models.DateField(default=timezone.localdate)

    class Meta:
        db_table = "users"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=["guest", "host", "admin"]), name="user_role_known"
            )
        ]

    def get_full_name(self) -> str:
        return str(self.name)

    def get_short_name(self) -> str:
        return str(self.name).partition(" ")[0]


class Property(models.Model):
    """A place that a host lets."""

    host = models.ForeignKey(User, models.PROTECT, related_name="properties")
    name = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=20)
    price_cents = models.PositiveIntegerField()
    max_guests = models.PositiveSmallIntegerField(default=2)
    listed_on = models.DateField(default=timezone.localdate)

    class Meta:
        db_table = "properties"
        verbose_name_plural = "properties"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(max_guests__gte=1), name="property_has_room")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Booking(models.Model):
    """A stay from ``check_in`` to ``check_out``, the first night that is free again."""

    class Status(models.TextChoices):
        """How far a booking has come."""

        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"
        PENDING = "pending"

    property = models.ForeignKey(Property, models.PROTECT, related_name="bookings")
    guest = models.ForeignKey(User, models.PROTECT, related_name="bookings")
    check_in = models.DateField()
    check_out = models.DateField()
    nights = models.PositiveSmallIntegerField()
    guests = models.PositiveSmallIntegerField(default=1)
    total_cents = models.PositiveIntegerField()  # the field itself adds CHECK (total_cents >= 0)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "bookings"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(check_out__gt=F("check_in")), name="booking_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(nights__gte=1), name="booking_has_a_night"),
            models.CheckConstraint(condition=Q(guests__gte=1), name="booking_has_a_guest"),
            models.CheckConstraint(
                condition=Q(status__in=["confirmed", "cancelled", "pending"]),
                name="booking_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}: {self.check_in} to {self.check_out}"


class Payment(models.Model):
    """One try to pay for a booking, or a part of it."""

    class Status(models.TextChoices):
        """What became of a payment."""

        PAID = "paid"
        REFUNDED = "refunded"
        FAILED = "failed"

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="payments")
    amount_cents = models.PositiveIntegerField()
    method = models.CharField(max_length=20)
    status = models.CharField(max_length=8, choices=Status)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "payments"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="failed", paid_at__isnull=True)
                | Q(status__in=["paid", "refunded"], paid_at__isnull=False),
                name="payment_paid_or_failed",
            )
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}: {self.amount_cents} cents, {self.status}"


class Review(models.Model):
    """What a guest says after a stay; a booking has one at most."""

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="review")
    rating = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    # NULL, as in the dataset: the guest wrote nothing.
    comment = models.TextField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "reviews"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="review_rating_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"review {self.pk}: {self.rating} of 5"


class Message(models.Model):
    """What guest and host write to each other about a booking."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="messages")
    sender = models.ForeignKey(User, models.CASCADE, related_name="messages")
    body = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "messages"

    def __str__(self) -> str:
        return f"message {self.pk}: {self.body[:40]}"


# Django looks for models in this module alone.
from prodev.stays.background import (  # noqa: E402, F401
    HourlyFigure,
    OutgoingMail,
    PeriodRun,
    WebhookEvent,
)
from prodev.stays.tokens import AccessToken  # noqa: E402, F401
