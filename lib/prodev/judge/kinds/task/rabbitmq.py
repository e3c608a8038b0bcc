"""RabbitMQ: one private node for this judge, and a virtual host for each answer."""

from __future__ import annotations

import json
import secrets
import socket
from base64 import b64encode
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from kombu import Connection, Producer

from prodev.judge.kinds.task.message import ORIGIN, Message
from prodev.judge.kinds.task.room import Room
from prodev.services.rabbitmq import RunningRabbitMQ

_ELSEWHERE = "elsewhere"
_SECONDS = 20


class RabbitMQRoom(Room):
    """A virtual host with a user of its own."""

    takes_back = True

    def __init__(self, node: RunningRabbitMQ) -> None:
        """Make it on a node that is ours."""
        super().__init__()
        self._node, self.broker = node, node.found.provider
        self._name, self._password = f"answer-{secrets.token_hex(6)}", secrets.token_urlsafe(16)
        name, details = quote(self._name), node.details
        owner = quote(details["user"])
        self._ask("PUT", f"vhosts/{name}")
        self._ask("PUT", f"users/{name}", password=self._password, tags="")
        for user in (name, owner):
            rights = dict.fromkeys(("configure", "write", "read"), ".*")
            self._ask("PUT", f"permissions/{name}/{user}", **rights)
        self._connect()
        self._declare()

    def _connect(self) -> None:
        details = self._node.details
        owner, password = quote(details["user"]), quote(details["password"], safe="")
        self._connection = Connection(
            f"amqp://{owner}:{password}@127.0.0.1:{details['port']}/{quote(self._name)}",
            transport_options={"confirm_publish": True},
            connect_timeout=_SECONDS,
        )
        self._channel: Any = self._connection.channel()

    def _declare(self) -> None:
        channel = self._channel
        channel.exchange_declare(_ELSEWHERE, "fanout", durable=True, auto_delete=False)
        channel.exchange_declare(
            "jobs",
            "headers",
            durable=True,
            auto_delete=False,
            arguments={"alternate-exchange": _ELSEWHERE},
        )
        for queue in ("work", "seen"):
            channel.queue_declare(queue, durable=True, auto_delete=False)
        mine = {"x-match": "all", "origin": ORIGIN}
        channel.queue_bind("work", "jobs", arguments=mine)
        channel.queue_bind("seen", _ELSEWHERE)

    @property
    def url(self) -> str:
        """The broker's address for the worker."""
        return f"amqp://{self._name}:{self._password}@broker/{self._name}"

    def dial(self) -> socket.socket:
        """Return a new connection to the node."""
        return socket.create_connection(("127.0.0.1", self._node.details["port"]), _SECONDS)

    def publish(self, message: Message) -> None:
        """Publish as the judge; returns when the node has it."""
        self.published += 1
        Producer(self._channel).publish(
            message.body,
            exchange="jobs",
            routing_key="jobs",
            headers=message.headers,
            delivery_mode=2,
            **message.properties,
        )

    def take(self) -> Message | None:
        """Return the next message that somebody else published."""
        got = self._channel.basic_get("seen", no_ack=True)
        if got is None:
            return None
        read = self._channel.message_to_python(got)
        kept = ("correlation_id", "reply_to")
        properties = {key: read.properties[key] for key in kept if key in read.properties}
        properties |= {
            "content_type": read.content_type,
            "content_encoding": read.content_encoding,
        }
        body = read.body if isinstance(read.body, bytes) else str(read.body).encode()
        return Message(dict(read.headers), body, properties)

    def idle(self, begun: int) -> bool:
        """Compare what came and went on the worker's connections."""
        tally = self.tally
        came = tally.fresh + tally.redelivered
        all_came = came == self.published + tally.returned
        # What is acknowledged early begins a moment later.
        return all_came and not tally.held and begun >= tally.acknowledged

    def worker_died(self) -> None:
        """Do nothing: RabbitMQ takes back what was held when a connection ends."""

    def restart(self) -> None:
        """Stop the node and start it again; what its queues hold is on the disk."""
        with suppress(OSError):
            self._connection.release()
        self._node.halt()
        self._node.resume()
        self._connect()

    def close(self) -> None:
        """Remove the virtual host and its user."""
        with suppress(OSError):
            self._connection.release()
        for what in ("vhosts", "users"):
            with suppress(OSError):
                self._ask("DELETE", f"{what}/{quote(self._name)}")

    def _ask(self, method: str, path: str, **body: Any) -> None:
        address = urlsplit(self._node.management_url)
        who = f"{self._node.details['user']}:{self._node.details['password']}".encode()
        request = Request(
            f"http://127.0.0.1:{address.port}/api/{path}",
            method=method,
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Basic {b64encode(who).decode()}",
            },
        )
        with urlopen(request, timeout=_SECONDS) as reply:
            reply.read()
