"""A message of Celery's, as the judge reads it off the broker and puts it back."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

ORIGIN = "judge"
"""In the header ``origin`` of what the judge hands to the worker; Celery writes its own there."""

_SLACK_S = 0.1


@dataclass
class Message:
    """One message.

    Attributes:
        headers: Celery's, such as ``id``, ``task``, ``retries`` and ``eta``
            (https://docs.celeryq.dev/en/stable/internals/protocol.html).
        body: as it travels.
        properties: content type and encoding, correlation id and the like.
        seen: when the judge read it, in seconds of the clock.
        begun: when the task that published it had begun.
    """

    headers: dict[str, Any]
    body: bytes
    properties: dict[str, Any]
    seen: float = field(default_factory=time.time)
    begun: float = 0.0

    @property
    def id(self) -> str:
        """The job's id: the same one for all attempts."""
        return str(self.headers.get("id", ""))

    @property
    def task(self) -> str:
        """The name of the task."""
        return str(self.headers.get("task", ""))

    @property
    def wait(self) -> float:
        """How long it shall wait, in seconds: what was asked for, or about what is left."""
        asked = self.headers.get("judge_countdown")
        if isinstance(asked, int | float):
            return float(asked)
        due = self._due()
        return max(0.0, round(due - self.seen, 1)) if due else 0.0

    def waits_for(self, seconds: float) -> bool:
        """Say whether it waits so long; a moment that the answer wrote itself may be a bit off."""
        asked, due = self.headers.get("judge_countdown"), self._due()
        if isinstance(asked, int | float) or not due:
            return self.wait == seconds
        return due - self.seen - _SLACK_S <= seconds <= due - self.begun + _SLACK_S

    def due_now(self) -> Message:
        """Return the same message for the worker, due now."""
        return Message({**self.headers, "eta": None, "origin": ORIGIN}, self.body, self.properties)

    def _due(self) -> float:
        try:
            due = datetime.fromisoformat(str(self.headers.get("eta")))
        except ValueError:
            return 0.0
        return (due if due.tzinfo else due.replace(tzinfo=UTC)).timestamp()


def new_message(task: str, arguments: tuple[Any, ...]) -> Message:
    """Return the message that asks for a task, as Celery would write it."""
    job = str(uuid4())
    headers = {
        "lang": "py",
        "task": task,
        "id": job,
        "root_id": job,
        "parent_id": None,
        "group": None,
        "retries": 0,
        "eta": None,
        "expires": None,
        "timelimit": [None, None],
        "argsrepr": repr(arguments),
        "kwargsrepr": "{}",
        "origin": ORIGIN,
        "ignore_result": False,
    }
    rest = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    body = json.dumps([list(arguments), {}, rest]).encode()
    properties = {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "correlation_id": job,
    }
    return Message(headers, body, properties)
