"""Valkey, where there is no RabbitMQ: one private server for this judge, emptied for each answer.

Valkey knows no acknowledgements. Celery's client keeps what a worker holds in a table of its own,
and gives it back when the visibility timeout is over, an hour as a rule
(https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout).
The judge does not wait so long: it does then what the client would do.
"""

from __future__ import annotations

import json
import secrets
import socket
from base64 import b64decode, b64encode
from typing import Any, cast
from uuid import uuid4

from prodev.judge.endings import Unavailable
from prodev.judge.kinds.task.message import Message
from prodev.judge.kinds.task.room import Room, rabbitmq_missing
from prodev.services.redis import RunningRedis

_USER = "answer"
_BETWEEN = "\x06\x16"
_HELD, _HELD_SINCE = "unacked", "unacked_index"


class ValkeyRoom(Room):
    """A whole server that was emptied."""

    def __init__(self, server: RunningRedis) -> None:
        """Empty a server that is ours, and let the answer in with a new password."""
        super().__init__()
        self._server, self.broker = server, server.found.provider
        self._password = secrets.token_hex(16)
        self._client = server.client
        self._client.flushall()
        self._client.acl_setuser(
            _USER,
            enabled=True,
            reset=True,
            passwords=[f"+{self._password}"],
            keys=["*"],
            channels=["*"],
            categories=["+@all", "-@admin", "-@dangerous"],
            commands=["+info"],
        )
        # What a worker publishes to the exchange comes to the judge.
        self._client.sadd("_kombu.binding.jobs", _BETWEEN.join(("jobs", "", "seen")))

    @property
    def url(self) -> str:
        """The broker's address for the worker."""
        return f"redis+socket://{_USER}:{self._password}@/broker?virtual_host=0"

    def dial(self) -> socket.socket:
        """Return a new connection to the server."""
        way = socket.socket(socket.AF_UNIX)
        way.connect(self._server.details["socket"])
        return way

    def publish(self, message: Message) -> None:
        """Push it to the worker's queue, in the form that kombu gives it."""
        self.published += 1
        held = {key: message.properties.get(key) for key in ("correlation_id", "reply_to")}
        frame = {
            "body": b64encode(message.body).decode(),
            "content-type": message.properties["content_type"],
            "content-encoding": message.properties["content_encoding"],
            "headers": {k: v for k, v in message.headers.items() if k != "redelivered"},
            "properties": {
                **held,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "jobs", "routing_key": "jobs"},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": str(uuid4()),
            },
        }
        self._client.lpush("work", json.dumps(frame))

    def take(self) -> Message | None:
        """Return the next message that somebody else published; what was given back goes back."""
        while (text := self._client.rpop("seen")) is not None:
            frame = json.loads(cast("str", text))
            if frame["headers"].get("redelivered"):
                self._give_back(frame)
                continue
            body, properties = frame["body"], frame["properties"]
            encoded = properties.get("body_encoding") == "base64"
            kept = {key: properties.get(key) for key in ("correlation_id", "reply_to")}
            return Message(
                frame["headers"],
                b64decode(body) if encoded else str(body).encode(),
                {
                    **{key: value for key, value in kept.items() if value},
                    "content_type": frame["content-type"],
                    "content_encoding": frame["content-encoding"],
                },
            )
        return None

    def idle(self, begun: int) -> bool:
        """Look at the queue and the client's table; a message between them has not begun."""
        waiting = self._client.llen("work")
        held = self._client.hlen(_HELD)
        return not waiting and not held and begun >= self.published

    def worker_died(self) -> None:
        """Let the visibility timeout be over."""
        for text in cast("dict[str, str]", self._client.hgetall(_HELD)).values():
            frame = json.loads(text)[0]
            frame["headers"]["redelivered"] = True
            self._give_back(frame)
        self._client.delete(_HELD, _HELD_SINCE)

    def _give_back(self, frame: dict[str, Any]) -> None:
        self.published += 1
        self.tally.redelivered += 1
        self._client.rpush("work", json.dumps(frame))

    def restart(self) -> None:
        """Refuse: this server writes nothing to a disk, so all would be lost."""
        raise Unavailable(rabbitmq_missing())

    def close(self) -> None:
        """Let the answer in no more."""
        self._client.acl_deluser(_USER)
        self._client.flushall()
