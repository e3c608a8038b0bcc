"""Tokens: what a signed-in user sends with every request instead of a password.

Only a token's SHA-256 is kept, so that who reads the database cannot sign in. A plain hash is
enough, other than for passwords: a token has 256 random bits, and nobody guesses one.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class AccessToken(models.Model):
    """One token of one user, until it ends or is given back."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()

    class Meta:
        app_label = "stays"
        db_table = "access_tokens"
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="access_token_ends")]

    def __str__(self) -> str:
        return f"token {self.pk} of user {self.user_id}, until {self.ends_at}"


def digest_of(token: str) -> str:
    """Return what is kept of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(user_id: int) -> str:
    """Make a token for a user, and return it; it cannot be read again."""
    token = secrets.token_urlsafe(32)
    ends_at = timezone.now() + timedelta(days=settings.TOKEN_DAYS)
    AccessToken.objects.create(user_id=user_id, digest=digest_of(token), ends_at=ends_at)
    return token


def find_token(token: str) -> AccessToken | None:
    """Return a token that still holds, with its user; one statement."""
    found = AccessToken.objects.select_related("user").filter(
        digest=digest_of(token), ends_at__gt=timezone.now(), user__is_active=True
    )
    return found.first()
