"""The cache where the computation fails, or the cache does."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from test_caching import with_cache  # noqa: F401 - each of these runs on every cache too

from prodev.stays import caching
from prodev.stays.cache_settings import cache_settings
from prodev.stays.caching import cached, key_of

pytestmark = pytest.mark.commits


class BrokenError(Exception):
    """What a computation raises here."""


def fail() -> None:
    raise BrokenError


def locked(name: str) -> bool:
    return cache.get(f"{key_of(name, {})}:lock") is not None


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for another request's answer fails."""

    def wait(key: str) -> None:
        raise AssertionError(f"waits for {key}")

    monkeypatch.setattr(caching, "_wait", wait)


@pytest.mark.usefixtures("no_waiting")
def test_after_a_computation_that_failed_the_next_reader_does_not_wait() -> None:
    for _ in range(2):
        with pytest.raises(BrokenError):
            cached("x", {}, fail)
    assert not locked("x")
    assert cached("x", {}, lambda: "answer") == "answer"


@pytest.mark.usefixtures("no_waiting")
def test_what_does_not_exist_is_told_at_once_each_time(caller: Any) -> None:
    client = caller()
    assert [client.get("/api/properties/999999").status_code for _ in range(3)] == [404] * 3


def test_who_waits_goes_on_when_the_one_who_computes_fails() -> None:
    began, end = Event(), Event()

    def fail_late() -> None:
        began.set()
        end.wait(30)
        raise BrokenError

    caching.generation()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cached, "x", {}, fail_late)
        assert began.wait(30)
        second = pool.submit(cached, "x", {}, lambda: "answer")
        end.set()
        assert second.result(30) == "answer"
        assert isinstance(first.exception(30), BrokenError)


def test_who_waited_too_long_leaves_the_lock_to_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "WAIT_SECONDS", 0.05)
    cache.add(f"{key_of('x', {})}:lock", 1, 60)
    assert cached("x", {}, lambda: "answer") == "answer"
    assert locked("x")


def test_a_cache_that_accepts_and_says_nothing_costs_readers_its_timeout_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = cache_settings(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        short = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
        with override_settings(CACHES={"default": {**settings, "OPTIONS": short}}):
            rest = caching._rest
            monkeypatch.setattr(caching, "_rest", lambda error: (asked.append(1), rest(error)))
            for number in range(50):
                assert cached("x", {}, lambda n=number: n) == number
    assert len(asked) == 1
    assert caplog.text.count("the cache does not answer") == 1


def test_a_cache_that_breaks_while_an_answer_is_computed_costs_one_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    class Gone:
        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            raise OSError("gone")

    def compute() -> str:
        monkeypatch.setattr(caching, "cache", Gone())
        return "answer"

    assert cached("x", {}, compute) == "answer"
    assert asked == ["set"]


def test_a_write_around_the_models_is_seen_when_the_entry_ends(
    monkeypatch: pytest.MonkeyPatch, caller: Any
) -> None:
    from prodev.stays.models import Property
    from stays_world import make_world

    monkeypatch.setattr(caching, "SECONDS", 0.5)
    world = make_world()
    client, address = caller(), f"/api/properties/{world.loft.pk}"
    assert client.get(address).json()["name"] == "Loft"
    Property.objects.filter(pk=world.loft.pk).update(name="Attic")
    time.sleep(0.6)  # the bound itself is what is tested
    assert client.get(address).json()["name"] == "Attic"
