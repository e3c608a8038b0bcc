"""Add the tables of the background work."""

from __future__ import annotations

import django.utils.timezone
from django.db import migrations, models
from django.db.models.deletion import CASCADE


def _id() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    """Four tables, empty at first; nothing of the others changes."""

    dependencies = [("stays", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                _id(),
                ("event_id", models.CharField(max_length=100, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"db_table": "webhook_events"},
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                _id(),
                (
                    "kind",
                    models.CharField(
                        choices=[("confirmation", "Confirmation"), ("refund", "Refund")],
                        max_length=20,
                    ),
                ),
                ("wanted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("publish_again_at", models.DateTimeField(db_index=True)),
                ("holder", models.CharField(blank=True, max_length=36)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("booking", models.ForeignKey("stays.booking", CASCADE, related_name="mails")),
            ],
            options={
                "db_table": "outgoing_mails",
                "constraints": [
                    models.UniqueConstraint(fields=("booking", "kind"), name="one_mail_of_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodRun",
            fields=[
                _id(),
                ("job", models.CharField(max_length=60)),
                ("period", models.DateTimeField()),
                ("ran_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "db_table": "period_runs",
                "constraints": [
                    models.UniqueConstraint(fields=("job", "period"), name="one_run_of_a_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="HourlyFigure",
            fields=[
                _id(),
                ("hour", models.DateTimeField(unique=True)),
                ("bookings", models.PositiveIntegerField()),
                ("paid_cents", models.PositiveBigIntegerField()),
                ("messages", models.PositiveIntegerField()),
            ],
            options={"db_table": "hourly_figures"},
        ),
    ]
