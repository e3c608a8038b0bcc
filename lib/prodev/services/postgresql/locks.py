"""Advisory locks by name: who holds one is alive, because a lock ends with its session."""

from __future__ import annotations

import hashlib


def lock_number(name: str) -> int:
    """Return the number that stands for a name in ``pg_advisory_lock``: 64 bits with a sign."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
