"""The cache's settings: Redis or Valkey by its URL, or none."""

from __future__ import annotations

from typing import Any

from prodev.errors import CourseError

SECONDS = 5.0  # the longest that a request waits for a cache that does not answer


def cache_settings(url: str) -> dict[str, Any]:
    """Return Django's ``CACHES["default"]`` for an address.

    Args:
        url: ``redis://…``, ``rediss://…`` or ``unix://…``; empty means no cache. (One in
            each process's memory would go on telling what another process has changed.)

    Raises:
        CourseError: it is no such address.
    """
    if not url:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise CourseError(
            "STAYS_CACHE_URL holds no address of a cache; write redis://:password@host:port/0 or "
            "unix://:password@/folder/socket?db=0."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS},
    }
