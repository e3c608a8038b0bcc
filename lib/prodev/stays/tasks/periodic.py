"""The periodic tasks. Beat may fire twice, or two beats may run: the work is done once a period."""

from __future__ import annotations

from datetime import timedelta

from prodev.stays import cleanup, figures
from prodev.stays.celery import app
from prodev.stays.periods import once_per_period


@app.task(name="stays.clean_up")
def clean_up() -> None:
    """Clean up, once a day."""
    once_per_period("clean-up", timedelta(days=1), cleanup.clean_up)


@app.task(name="stays.count_hours")
def count_hours() -> None:
    """Count the hours that passed, once an hour."""
    once_per_period("count-hours", timedelta(hours=1), figures.count_hours)
