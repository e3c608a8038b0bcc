"""What follows from a write, whoever makes it."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from prodev.stays.caching import invalidate_after_commit
from prodev.stays.models import Property, User


@receiver(post_save, sender=Property)
@receiver(post_delete, sender=Property)
def property_changed(**_: Any) -> None:
    """Let the cached lists and properties be out of date."""
    invalidate_after_commit()


@receiver(post_save, sender=User)
def user_changed(*, created: bool, **_: Any) -> None:
    """Do so too where a host's name may have changed; a new user has no property yet."""
    if not created:
        invalidate_after_commit()
