"""Create the six tables, each with its constraints: added later, each would copy its table."""

from __future__ import annotations

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import CASCADE, PROTECT


def _id() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    """The first and so far only one."""

    initial = True
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                _id(),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without "
                        "explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and "
                        "@/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. "
                        "Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("email", models.EmailField(max_length=254, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("guest", "Guest"), ("host", "Host"), ("admin", "Admin")],
                        default="guest",
                        max_length=5,
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("joined_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all "
                        "permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "db_table": "users",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(role__in=["guest", "host", "admin"]), name="user_role_known"
                    )
                ],
            },
            managers=[("objects", django.contrib.auth.models.UserManager())],
        ),
        migrations.CreateModel(
            name="Property",
            fields=[
                _id(),
                (
                    "host",
                    models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="properties"),
                ),
                ("name", models.CharField(max_length=200)),
                ("city", models.CharField(max_length=100)),
                ("country", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=20)),
                ("price_cents", models.PositiveIntegerField()),
                ("max_guests", models.PositiveSmallIntegerField(default=2)),
                ("listed_on", models.DateField(default=django.utils.timezone.localdate)),
            ],
            options={
                "db_table": "properties",
                "verbose_name_plural": "properties",
                "constraints": [
                    models.CheckConstraint(condition=Q(max_guests__gte=1), name="property_has_room")
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                _id(),
                ("property", models.ForeignKey("stays.property", PROTECT, related_name="bookings")),
                (
                    "guest",
                    models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="bookings"),
                ),
                ("check_in", models.DateField()),
                ("check_out", models.DateField()),
                ("nights", models.PositiveSmallIntegerField()),
                ("guests", models.PositiveSmallIntegerField(default=1)),
                ("total_cents", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("cancelled", "Cancelled"),
                            ("pending", "Pending"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "bookings",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(check_out__gt=F("check_in")),
                        name="booking_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=Q(nights__gte=1), name="booking_has_a_night"),
                    models.CheckConstraint(condition=Q(guests__gte=1), name="booking_has_a_guest"),
                    models.CheckConstraint(
                        condition=Q(status__in=["confirmed", "cancelled", "pending"]),
                        name="booking_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                _id(),
                ("booking", models.ForeignKey("stays.booking", CASCADE, related_name="payments")),
                ("amount_cents", models.PositiveIntegerField()),
                ("method", models.CharField(max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("paid", "Paid"),
                            ("refunded", "Refunded"),
                            ("failed", "Failed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "payments",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(status="failed", paid_at__isnull=True)
                        | Q(status__in=["paid", "refunded"], paid_at__isnull=False),
                        name="payment_paid_or_failed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                _id(),
                ("booking", models.OneToOneField("stays.booking", CASCADE, related_name="review")),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                ("comment", models.TextField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "reviews",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(rating__gte=1, rating__lte=5), name="review_rating_1_to_5"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                _id(),
                ("booking", models.ForeignKey("stays.booking", CASCADE, related_name="messages")),
                (
                    "sender",
                    models.ForeignKey(settings.AUTH_USER_MODEL, CASCADE, related_name="messages"),
                ),
                ("body", models.TextField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"db_table": "messages"},
        ),
    ]
