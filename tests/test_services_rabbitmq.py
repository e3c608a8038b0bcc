"""RabbitMQ: a private node on loopback ports."""

from __future__ import annotations

import base64
import os
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection

from prodev.services.kept import keep_private
from prodev.services.ports import answers
from prodev.services.rabbitmq import RabbitMQ, RunningRabbitMQ
from prodev.services.service import MissingError, ServiceError
from service_processes import alive, eventually, owner

pytestmark = pytest.mark.slow

CONFIRMED = {"confirm_publish": True}


@pytest.fixture(scope="module")
def node() -> Iterator[RunningRabbitMQ]:
    with RabbitMQ().start() as node:
        yield node


def put(url: str, *messages: int) -> None:
    with Connection(url, transport_options=CONFIRMED) as connection:
        queue = connection.SimpleQueue("jobs")
        for message in messages:
            queue.put(message)
        queue.close()


def take(url: str) -> int:
    with Connection(url) as connection:
        queue = connection.SimpleQueue("jobs")
        message = queue.get(timeout=10)
        message.ack()
        queue.close()
        return int(message.payload)


def test_messages_go_through_with_the_password_only(node: RunningRabbitMQ):
    put(node.url, 1)
    assert take(node.url) == 1
    port = node.details["port"]
    for who in ("guest:guest", "course:guess"):
        with pytest.raises(AccessRefused):
            Connection(f"amqp://{who}@127.0.0.1:{port}//", connect_timeout=3).connect()


def test_the_node_listens_on_loopback_only(node: RunningRabbitMQ):
    heard = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, state = line.split()[1], line.split()[3]
        if state == "0A" and int(address.split(":")[1], 16) == node.details["port"]:
            heard.add(address.split(":")[0])
    assert heard == {"0100007F"}


def test_a_message_that_was_confirmed_survives_a_killed_node(node: RunningRabbitMQ):
    put(node.url, 7, 8)
    node.halt(kill=True)
    assert not answers(node.details["port"])
    node.resume()
    assert [take(node.url), take(node.url)] == [7, 8]


def test_management_answers_where_it_is_asked_for():
    with RabbitMQ().start(management=True) as node:
        details = node.details
        request = urllib.request.Request(
            f"http://127.0.0.1:{details['management_port']}/api/overview"
        )
        secret = base64.b64encode(f"{details['user']}:{details['password']}".encode()).decode()
        request.add_header("Authorization", f"Basic {secret}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert b'"rabbitmq_version"' in answer.read()


@pytest.mark.parametrize("which", ["amqp", "mapper"])
def test_a_taken_port_is_exchanged_for_another(monkeypatch: pytest.MonkeyPatch, which: str):
    RabbitMQ().find()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = RabbitMQ().find().folder
        options = {"program": program, "management": False, "first": port, "which": which}
        kept = keep_private("unlucky_rabbitmq:UnluckyRabbitMQ", options, seconds=120)
        assert kept.details["port"] != port
        assert answers(kept.details["port"])
        kept.close(wait=True)


OWNER = """
import sys
from prodev.services.rabbitmq import RabbitMQ
node = RabbitMQ().start()
print(node.details["pid"], node.details["port"], flush=True)
sys.stdin.read()
"""


def test_nothing_is_left_of_a_killed_owner():
    RabbitMQ().find()
    with owner(OWNER) as process:
        assert process.stdout
        pid, port = map(int, process.stdout.readline().split())
        group = Path(f"/proc/{pid}/environ").read_bytes()
        place = next(v for v in group.split(b"\0") if v.startswith(b"HOME=")).decode()[5:]
        process.kill()
    assert eventually(lambda: not alive(pid))
    assert eventually(lambda: not answers(port))
    assert eventually(lambda: not Path(place).exists())
    assert eventually(lambda: not _mentioned(place))


def _mentioned(place: str) -> bool:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if place.encode() in (folder / "environ").read_bytes():
                return True
        except OSError:
            continue
    return False


def test_a_killed_node_is_one_sentence(node: RunningRabbitMQ):
    with RabbitMQ().start() as another:
        os.kill(another.details["pid"], signal.SIGKILL)
        assert eventually(lambda: bool(another._kept and another._kept.ended()))
        with pytest.raises(ServiceError, match=r"RabbitMQ stopped by itself: .*Run the cell"):
            another.check()
    node.check()


def test_embedded_means_missing_with_the_way_to_get_it():
    row = RabbitMQ().describe("embedded")
    assert row.state == "missing"
    assert "apt-get install rabbitmq-server" in row.how


def test_a_broker_of_the_users_own_is_used_and_not_stopped(node: RunningRabbitMQ):
    with RabbitMQ().start(address=node.url) as mine:
        assert mine.found.provider.startswith("RabbitMQ ")
        put(mine.url, 3)
        with pytest.raises(ServiceError, match="is yours"):
            mine.halt()
    assert take(node.url) == 3


def test_an_address_that_does_not_answer_is_one_sentence():
    with pytest.raises(MissingError, match="does not answer"):
        RabbitMQ().find(address="amqp://me:hunter2@127.0.0.1:9//")
