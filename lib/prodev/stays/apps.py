"""The Django application ``stays``."""

from __future__ import annotations

from django.apps import AppConfig


class StaysConfig(AppConfig):
    """Bookings of stays; its tables are named as in the dataset."""

    name = "prodev.stays"
    label = "stays"
    verbose_name = "Stays"

    def ready(self) -> None:
        """Connect the signals; models can be imported from here on."""
        from prodev.stays import signals  # noqa: F401
