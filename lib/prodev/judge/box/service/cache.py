"""Django's cache, on the Redis behind the door; without one nothing is cached."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from prodev.stays.cache_settings import SECONDS

_URL = [""]


def use_redis(url: str) -> None:
    """Cache in a Redis at this address, for the time of the process; empty: nowhere."""
    _URL[0] = url
    # Where an answer makes a client of its own, it looks for the address there.
    settings.CACHES["default"]["LOCATION"] = url


class Cache:
    """Becomes one or the other when it is first asked for."""

    def __new__(cls, location: str, params: dict[str, Any]) -> Any:  # noqa: ARG004
        """Return the cache that this process has."""
        if not _URL[0]:
            return DummyCache("", params)
        options = {
            "socket_timeout": SECONDS,
            "socket_connect_timeout": SECONDS,
            # The client's own retries would wait for seconds before they tell of a server down.
            "retry": Retry(NoBackoff(), 0),
        }
        return RedisCache(_URL[0], {**params, "OPTIONS": options})
