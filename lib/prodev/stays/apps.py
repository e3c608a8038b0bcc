"""The Django application ``stays``."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class StaysConfig(AppConfig):
    """Bookings of stays; its tables are named as in the dataset."""

    name = "prodev.stays"
    label = "stays"
    verbose_name = "Stays"

    def ready(self) -> None:
        """Connect the signals, and switch on the faults that were asked for."""
        # Models can be imported from here on.
        from prodev.stays import signals  # noqa: F401
        from prodev.stays.faults import switch_on

        switch_on(settings.STAYS_FAULTS)
