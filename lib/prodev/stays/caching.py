"""A cache beside the database, for what everybody sees: properties and searches for them.

Cache-aside: read the cache; where it has nothing, ask the database and keep the answer.

- **Staleness.** Whoever writes a property through the models makes a new generation right after the
  commit, and what older ones cached is never read again: once the writer has an answer, everybody
  reads the change. A write that goes around the models (``update``, plain SQL), or while the cache
  is down, or whose process dies between the commit and the cache, is seen ``SECONDS`` later at the
  latest.
- **Keys** hold everything that the answer depends on: the generation and all parameters. Nothing
  that depends on the caller is ever cached here.
- **Expiry.** Every entry has one; a tenth of it is random, so that what was cached together does
  not expire together.
- **Stampede.** While one request computes an entry, others wait for it a little; then they compute
  it too rather than wait for ever. Where it fails, as for what does not exist, nobody waits on.
- **A cache that is down** costs readers its timeout once in ``PAUSE`` seconds, then they go on
  without it. A write tries each time: to be late for a moment is better than to leave it stale.
- **One cache for all processes**: what one of them invalidates must be gone for the others. So
  without ``STAYS_CACHE_URL`` nothing is cached.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache
from django.db import transaction

log = logging.getLogger(__name__)

SECONDS = 60.0
JITTER = 0.1
GENERATION = "properties:generation"
LOCK_SECONDS = 5.0  # after it, a request that died while computing holds nobody up
WAIT_SECONDS = 2.0
POLL_SECONDS = 0.02
PAUSE = 10.0  # without the cache, after it did not answer

_down_until = 0.0


def cached(name: str, parameters: Mapping[str, Any], compute: Callable[[], Any]) -> Any:
    """Return an answer from the cache, or compute and keep it.

    Args:
        name: what is computed, such as ``property-list``.
        parameters: all that the answer depends on; their order does not matter.
        compute: asks the database; returns plain data, not None.
    """
    if time.monotonic() < _down_until:
        return compute()
    try:
        key = key_of(name, parameters)
        found = cache.get(key)
        if found is not None:
            return found
        mine = _first(key)
        # Whoever computed it may have ended between our look and our turn.
        found = cache.get(key) if mine else None
    except Exception as error:
        _rest(error)
        return compute()
    if not mine:
        found = _wait(key)
    if found is not None:
        if mine:
            _let_others(key)
        return found
    try:
        answer = compute()
        _keep(key, answer)
    finally:
        if mine:
            _let_others(key)
    return answer


def key_of(name: str, parameters: Mapping[str, Any]) -> str:
    """Return the key of an answer in this generation; the parameters are hashed, in order."""
    told = json.dumps(sorted(parameters.items()), default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()[:32]
    return f"{name}:{generation()}:{digest}"


def generation() -> int:
    """Return the number that the keys of today carry."""
    found = cache.get(GENERATION)
    if found is None:
        # From the clock: a number that was lost must not come again, nor what was cached under it.
        cache.add(GENERATION, time.time_ns(), None)
        found = cache.get(GENERATION)
    return int(found or 0)


def invalidate_after_commit() -> None:
    """Let all that is cached be out of date once the running transaction is committed.

    Before the commit, another request could read the old row and cache it under the new number.
    """
    transaction.on_commit(_next_generation, robust=True)


def _next_generation() -> None:
    try:
        cache.set(GENERATION, time.time_ns(), None)
    except Exception as error:
        _rest(error)


def _first(key: str) -> bool:
    """Return whether nobody computes this entry yet; then this request does."""
    return bool(cache.add(f"{key}:lock", 1, LOCK_SECONDS))


def _expiry() -> float | None:
    return SECONDS * random.uniform(1 - JITTER, 1)


def _wait(key: str) -> Any:
    """Return what another request computes meanwhile; None if that takes too long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        try:
            # The lock first: its owner writes the answer, then takes the lock away.
            over = cache.get(f"{key}:lock") is None
            found = cache.get(key)
            if over or found is not None:
                return found
        except Exception as error:
            _rest(error)
            return None
    return None


def _keep(key: str, answer: Any) -> None:
    try:
        cache.set(key, answer, _expiry())
    except Exception as error:
        _rest(error)


def _let_others(key: str) -> None:
    """Take the lock away; unless the cache just failed, then its expiry does."""
    if time.monotonic() < _down_until:
        return
    try:
        cache.delete(f"{key}:lock")
    except Exception as error:
        _rest(error)


def _rest(error: Exception) -> None:
    """Go on without the cache for a while: each try would cost its whole timeout."""
    global _down_until  # noqa: PLW0603 - one cache, one state for the process
    log.warning("the cache does not answer; %s seconds without it: %s", PAUSE, error)
    _down_until = time.monotonic() + PAUSE
