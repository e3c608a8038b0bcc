"""The cache: fresh after a write, one computation for many readers, and no need of it.

With STAYS_TEST_CACHE_URL they run against that server too; else against a process's memory.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from prodev.stays import caching
from prodev.stays.cache_settings import cache_settings
from prodev.stays.caching import cached, key_of
from prodev.stays.hit_rate import Hits, read_hits
from prodev.stays.models import Property
from stays_world import make_world

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
URL = os.environ.get("STAYS_TEST_CACHE_URL", "")
BROKEN = "redis://127.0.0.1:1/0"  # a port that nobody may have without root
pytestmark = pytest.mark.commits


@pytest.fixture(autouse=True, params=["memory", *(["server"] if URL else [])])
def with_cache(
    request: pytest.FixtureRequest, database: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setattr(caching, "_down_until", 0.0)
    used = MEMORY if request.param == "memory" else cache_settings(URL)
    with override_settings(CACHES={"default": used}):
        cache.clear()
        yield
        cache.clear()


def statements(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", ["/api/properties", "/api/properties/{0}"])
def test_a_second_reader_asks_no_database_and_a_write_is_seen_at_once(
    caller: Any, address: str
) -> None:
    world = make_world()
    address = address.format(world.loft.pk)
    client = caller()
    assert [statements(client, address) for _ in range(3)] == [1, 0, 0]
    caller(world.ada).patch(f"/api/properties/{world.loft.pk}", {"name": "Attic"})
    assert "Attic" in client.get(address).content.decode()
    world.ada.name = "Ada the Second"
    world.ada.save()
    assert "Ada the Second" in client.get(address).content.decode()
    Property.objects.create(
        host=world.ada, name="New", city="Accra", country="GH", kind="room", price_cents=1
    )
    assert statements(client, address) == 1


def test_each_search_and_page_has_an_entry_of_its_own(caller: Any) -> None:
    make_world()
    client = caller()
    found = [
        client.get(f"/api/properties?{query}").json()["results"]
        for query in ("", "city=Accra", "city=Nairobi", "page_size=1", "city=Accra")
    ]
    assert [[row["name"] for row in rows] for rows in found] == [
        ["Hut", "Loft"], ["Loft"], ["Hut"], ["Hut"], ["Loft"],
    ]  # fmt: skip
    assert key_of("x", {"a": 1, "b": 2}) == key_of("x", {"b": 2, "a": 1})
    assert key_of("x", {"a": 1}) != key_of("x", {"a": 2}) != key_of("y", {"a": 2})


def test_a_write_that_is_rolled_back_changes_nothing_and_one_is_seen_after_its_commit() -> None:
    world = make_world()
    before = caching.generation()
    with transaction.atomic():
        world.loft.save()
        transaction.set_rollback(True)
    assert caching.generation() == before
    with transaction.atomic():
        world.loft.save()
        assert caching.generation() == before, "others would cache the old row under the new number"
    assert caching.generation() > before


def test_every_entry_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [cached("x", {}, lambda n=n: n) for n in (1, 2)] == [1, 1]
    monkeypatch.setattr(caching, "SECONDS", 1.1)
    monkeypatch.setattr(caching, "JITTER", 0.0)
    assert cached("y", {}, lambda: 1) == 1
    time.sleep(1.3)  # the bound itself is what is tested
    assert cached("y", {}, lambda: 2) == 2
    assert cached("x", {}, lambda: 3) == 1


def test_of_many_readers_at_once_one_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    readers, computed = 20, []
    monkeypatch.setattr(caching, "WAIT_SECONDS", 60.0)
    monkeypatch.setattr(caching, "LOCK_SECONDS", 60.0)
    waiting, all_wait, wait = count(1), Event(), caching._wait

    def note(key: str) -> Any:
        if next(waiting) == readers - 1:
            all_wait.set()
        return wait(key)

    def compute() -> str:
        computed.append(1)
        assert all_wait.wait(60)
        return "answer"

    monkeypatch.setattr(caching, "_wait", note)
    caching.generation()
    with ThreadPoolExecutor(readers) as pool:
        answers = list(pool.map(lambda _: cached("x", {}, compute), range(readers)))
    assert answers == ["answer"] * readers
    assert len(computed) == 1


def test_who_comes_as_another_one_ends_takes_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    first = caching._first

    def late(key: str) -> bool:
        monkeypatch.setattr(caching, "_first", first)
        assert cached("x", {}, lambda: "answer") == "answer"
        return first(key)

    monkeypatch.setattr(caching, "_first", late)
    assert cached("x", {}, lambda: "computed again") == "answer"
    assert cache.get(f"{key_of('x', {})}:lock") is None


@pytest.mark.parametrize("looks", [1, 2])
def test_who_waits_as_another_one_ends_takes_the_answer(
    monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    key = key_of("x", {})
    seen = count(1)

    class Ending:
        """The cache; the other one ends right after so many looks at it."""

        def get(self, name: str) -> Any:
            found = cache.get(name)
            if next(seen) == looks:
                cache.set(key, "answer", 60)
                cache.delete(f"{key}:lock")
            return found

    cache.add(f"{key}:lock", 1, 60)
    monkeypatch.setattr(caching, "cache", Ending())
    assert caching._wait(key) == "answer"


def test_readers_wait_for_one_that_died_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "WAIT_SECONDS", 0.1)
    cache.add(f"{key_of('x', {})}:lock", 1, 60)
    assert cached("x", {}, lambda: "answer") == "answer"


def test_a_generation_that_was_lost_never_comes_again() -> None:
    before = caching.generation()
    cache.delete(caching.GENERATION)
    assert caching.generation() > before


def test_without_its_cache_the_service_answers_and_says_so(
    caller: Any, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world()
    with override_settings(CACHES={"default": cache_settings(BROKEN)}):
        for _ in range(3):
            assert caller().get("/api/properties").status_code == 200
        caller(world.ada).patch(f"/api/properties/{world.loft.pk}", {"name": "Attic"})
        assert caller().get("/readyz").json()["cache"] == "down"
    assert caplog.text.count("the cache does not answer") == 2, "once reading, once invalidating"


@pytest.mark.skipif(not URL, reason="STAYS_TEST_CACHE_URL names no server")
def test_the_hit_rate_is_the_servers_own() -> None:
    with override_settings(CACHES={"default": cache_settings(URL)}):
        cache.clear()
        before = read_hits(URL)
        cached("x", {}, lambda: 1)
        cached("x", {}, lambda: 1)
        after = read_hits(URL)
    assert after.hits > before.hits
    assert after.misses > before.misses


def test_a_rate_of_nothing_is_none() -> None:
    assert Hits(0, 0).rate is None
    assert Hits(3, 1).rate == 0.75
