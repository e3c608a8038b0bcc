"""Redis when things go wrong: a full disk, damaged files, a server that is killed.

It listens on a socket only, so no port can be taken; and each server begins in an empty folder of
its own, so it never meets the files of another version.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis

from prodev.services.redis import Redis, RunningRedis
from prodev.services.service import ServiceError
from service_processes import alive, eventually
from small_disk import small_disk

pytestmark = pytest.mark.slow
KEPT = {"appendonly": "yes"}
MEGABYTE = "x" * 1_000_000


def works(server: RunningRedis) -> bool:
    server.client.set("city", "Lomé")
    return server.client.get("city") == "Lomé"


def is_well(server: RunningRedis) -> bool:
    try:
        server.check()
    except ServiceError:
        return False
    return True


def write_much(server: RunningRedis) -> None:
    for number in range(20):
        server.client.set(f"k{number}", MEGABYTE)


@pytest.mark.parametrize("size", ["4k", "8k"])
def test_a_full_disk_at_the_start_is_one_sentence_and_space_helps(size: str):
    with small_disk(size) as disk:
        with pytest.raises(ServiceError, match=r"the disk that holds .* is full; free some space"):
            Redis().start()
        assert eventually(disk.is_empty)
        disk.grow("100m")
        with Redis().start() as server:
            assert works(server)
            assert any(disk.folder.rglob("redis.conf")), "it keeps its files elsewhere"
        assert eventually(disk.is_empty)


def test_a_disk_that_fills_in_a_lab_is_one_sentence_and_space_helps():
    with small_disk("8m") as disk:
        with Redis().start(configuration=KEPT) as server:
            with pytest.raises(redis.ResponseError, match=r"(?i)no space left"):
                write_much(server)
            with pytest.raises(ServiceError, match=r"disk .* is full.*; free some space, then try"):
                server.check()
            disk.grow("100m")
            assert eventually(lambda: is_well(server))
            assert works(server)
        assert eventually(disk.is_empty)


def test_a_server_that_a_full_disk_ends_is_one_sentence_and_space_helps():
    at_once = {**KEPT, "appendfsync": "always"}  # then it rather ends than promise too much
    with small_disk("8m") as disk:
        with Redis().start(configuration=at_once) as server:
            with pytest.raises(redis.ConnectionError):
                write_much(server)
            assert eventually(lambda: not alive(server.details["pid"]))
            assert eventually(lambda: not is_well(server))
            with pytest.raises(ServiceError, match=r"stopped by itself: .* is full; free some spa"):
                server.check()
        disk.grow("100m")
        with Redis().start(configuration=at_once) as server:
            assert works(server)
        assert eventually(disk.is_empty)


def damage(server: RunningRedis) -> None:
    """Write garbage over what a halted server has kept."""
    place = Path(server.details["socket"]).parent
    kept = [path for path in place.rglob("*.aof") if path.stat().st_size]
    assert kept
    for path in kept:
        path.write_bytes(b"garbage" * 100)


def test_damaged_files_of_a_halted_server_are_one_sentence_and_the_advised_step_helps():
    with Redis().start(configuration=KEPT) as server:
        assert works(server)
        server.halt()
        damage(server)
        with pytest.raises(ServiceError, match=r"^Redis does not start again from its .* starts e"):
            server.resume()
        with pytest.raises(ServiceError, match=r"does not start again from its files"):
            server.check()
    with Redis().start(configuration=KEPT) as server:
        assert works(server)


def test_after_a_server_was_killed_in_a_lab_the_cell_that_started_it_starts_anew():
    with Redis().start() as server:
        os.kill(server.details["pid"], signal.SIGKILL)
        assert eventually(lambda: not is_well(server))
        with pytest.raises(ServiceError, match=r"^Redis stopped by itself: .*Run the cell"):
            server.resume()
    with Redis().start() as server:
        assert works(server)


def test_a_halted_server_that_was_killed_goes_on_with_its_files():
    with Redis().start(configuration={**KEPT, "appendfsync": "always"}) as server:
        assert works(server)
        server.halt(kill=True)
        server.check()
        server.resume()
        assert server.client.get("city") == "Lomé"
