"""How often the cache had the answer."""

from __future__ import annotations

from typing import NamedTuple

import redis


class Hits(NamedTuple):
    """How many reads found something since the server began, and how many did not."""

    hits: int
    misses: int

    @property
    def rate(self) -> float | None:
        """The share of reads that found something, from 0 to 1; None where nothing was read."""
        reads = self.hits + self.misses
        return self.hits / reads if reads else None


def read_hits(url: str) -> Hits:
    """Return a Redis or Valkey server's own counts: ``INFO stats`` (https://redis.io/docs/latest/commands/info/).

    They count for all who use the server.

    Args:
        url: as ``STAYS_CACHE_URL``.

    Raises:
        redis.RedisError: the server does not answer.
    """
    with redis.Redis.from_url(url) as client:
        stats = client.info("stats")
    return Hits(stats["keyspace_hits"], stats["keyspace_misses"])
