"""Redis: Valkey from its wheel, an installed redis-server or valkey-server, or an address."""

from __future__ import annotations

from prodev.services.redis.service import Redis, RunningRedis

__all__ = ["Redis", "RunningRedis"]
