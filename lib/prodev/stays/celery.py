"""The Celery application of the booking service: ``celery -A prodev.stays.celery:app worker``."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prodev.stays.settings")

app = Celery("stays")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["prodev.stays"])
