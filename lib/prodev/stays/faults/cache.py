"""Faults of the cache."""

from __future__ import annotations

from collections.abc import Sequence

from prodev.stays.faults.fault import Fault, Swap


def _stale_after_a_write() -> Sequence[Swap]:
    from prodev.stays import signals

    return [Swap(signals, "invalidate_after_commit", lambda: None)]


def _one_key_for_all() -> Sequence[Swap]:
    from prodev.stays import caching

    return [Swap(caching, "key_of", lambda name, _parameters: f"{name}:{caching.generation()}")]


def _never_expires() -> Sequence[Swap]:
    from prodev.stays import caching

    return [Swap(caching, "_expiry", lambda: None)]


def _stampede() -> Sequence[Swap]:
    from prodev.stays import caching

    return [Swap(caching, "_first", lambda _key: True)]


FAULTS = (
    Fault("stale-after-a-write", "a write leaves the cache as it is", _stale_after_a_write, "M11"),
    Fault("one-key-for-all", "a search gets the answer of another one", _one_key_for_all, "M2"),
    Fault("never-expires", "what is cached stays for ever", _never_expires, "M2"),
    Fault("stampede", "all who miss the cache at once compute the same", _stampede),
)
