"""The booking service's background work in a Python process of its own, over SQLite."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

DJANGO = """
import django
django.setup()
"""
START = (
    DJANGO
    + """
from datetime import UTC, date, datetime, timedelta
from django.core import mail as outbox
from django.db import connection, transaction
from django.utils import timezone
from prodev.stays.models import (
    Booking, HourlyFigure, Message, OutgoingMail, Payment, PeriodRun, Property, User, WebhookEvent,
)
from prodev.stays.celery import app

NOW = timezone.now()

def user(name, **more):
    return User.objects.create(username=name, email=f"{name}@x.example", name=name, **more)

host = user("host", role="host")
guest = user("guest")
home = Property.objects.create(
    host=host, name="Blue house", city="Accra", country="GH", kind="house", price_cents=10_000
)

def book(**more):
    return Booking.objects.create(**dict(
        property=home, guest=guest, check_in=date(2031, 5, 1), check_out=date(2031, 5, 3), nights=2,
        total_cents=20_000, **more,
    ))

def published(queue="mail"):
    with app.connection_for_read() as broker:
        return broker.default_channel.queue_declare(queue, passive=True).message_count

def raises(kind, work):
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} expected")

with app.connection_for_write() as broker:
    for queue in app.amqp.queues.values():
        queue(broker.default_channel).declare()
"""
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process whose database lies in this folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PRODEV_", "STAYS_", "CELERY_"))
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "prodev.stays.settings",
        "STAYS_DATABASE_URL": f"sqlite:///{folder}/stays.sqlite3",
        "STAYS_MAIL_URL": "locmem:",
        **more,
    }


@cache
def empty_database() -> bytes:
    """A database file with all tables and no rows; the migrations run once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        )
        _python(Path(folder), DJANGO + code)
        return (Path(folder) / "stays.sqlite3").read_bytes()


def prepare(folder: Path) -> None:
    """Put an empty database into this folder, unless one is there."""
    database = folder / "stays.sqlite3"
    if not database.exists():
        database.write_bytes(empty_database())


def run(folder: Path, code: str, *, start: str = START, **more: str) -> str:
    """Run code in a fresh Python where every warning is an error; return what it printed."""
    prepare(folder)
    return _python(folder, start + code, **more)


def _python(folder: Path, code: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env=environment(folder, **more),
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
