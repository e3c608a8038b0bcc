"""Redis: a private server with a password and no port."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from shutil import which

import pytest
import redis

from prodev.services.redis import Redis
from prodev.services.service import MissingError, ServiceError
from service_processes import alive, eventually, owner

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["wheel", "installed"])
def test_every_provider_serves_clients_with_the_password_only(kind: str):
    program = which("redis-server") or which("valkey-server")
    if kind == "installed" and not program:
        pytest.skip("Redis (installed) is not here: sudo apt-get install redis-server")
    address = str(Path(program).parent) if kind == "installed" and program else ""
    with Redis().start(address=address) as server:
        assert server.found.state == ("real" if kind == "installed" else "embedded")
        server.client.set("city", "Lomé")
        assert server.client.get("city") == "Lomé"
        stranger = redis.Redis(unix_socket_path=server.details["socket"])
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert server.client.config_get("port") == {"port": "0"}


def test_two_servers_are_two():
    with Redis().start() as one, Redis().start() as other:
        one.client.set("k", 1)
        assert other.client.get("k") is None


def test_settings_reach_the_server_and_a_wrong_one_is_one_sentence():
    with Redis().start(configuration={"maxmemory": "3mb"}) as server:
        assert server.client.config_get("maxmemory") == {"maxmemory": "3145728"}
    with pytest.raises(ServiceError, match="Redis does not start"):
        Redis().start(configuration={"no-such-setting": "1"})


def test_what_is_on_disk_survives_a_halt():
    with Redis().start(configuration={"appendonly": "yes"}) as server:
        server.client.set("kept", "yes")
        server.halt()
        with pytest.raises(redis.ConnectionError):
            server.client.ping()
        server.resume()
        assert server.client.get("kept") == "yes"


OWNER = """
import sys
from prodev.services.redis import Redis
server = Redis().start()
print(server.details["pid"], server.details["socket"], flush=True)
sys.stdin.read()
"""


def test_nothing_is_left_of_a_killed_owner():
    with owner(OWNER) as process:
        assert process.stdout
        pid, socket = process.stdout.readline().split()
        process.kill()
    assert eventually(lambda: not alive(int(pid)))
    assert eventually(lambda: not Path(socket).parent.exists())


def test_a_killed_server_is_one_sentence():
    with Redis().start() as server:
        os.kill(server.details["pid"], signal.SIGKILL)
        assert eventually(lambda: bool(server._kept and server._kept.ended()))
        with pytest.raises(ServiceError, match=r"Redis stopped by itself: .*Run the cell"):
            server.check()


def test_a_server_of_the_users_own_is_used_and_not_stopped():
    with Redis().start() as own:
        with Redis().start(address=own.url) as server:
            assert server.found.state == "real"
            assert server.found.provider.startswith("Valkey ")
            server.client.set("k", "v")
            with pytest.raises(ServiceError, match="is yours; this lab stops only its own"):
                server.halt()
        assert own.client.get("k") == "v"


def test_an_address_that_does_not_answer_is_one_sentence_without_its_password():
    with pytest.raises(MissingError) as caught:
        Redis().find(address="redis://:hunter2@127.0.0.1:9/0")
    assert "hunter2" not in str(caught.value)
    assert "does not answer" in str(caught.value)
