"""What the judge hears of the runs of a task: what each called, and how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from prodev.judge.endings import Forged
from prodev.judge.wire import NotPlain, decode


@dataclass(frozen=True)
class End:
    """How one run of a task ended.

    Attributes:
        state: Celery's: ``SUCCESS``, ``FAILURE``, ``RETRY``, ``REJECTED``, ``IGNORED``.
        value: what the task returned; text in ``<…>`` where that was no plain data.
        error: the type of the exception that it ended with, else empty.
        text: the exception's text.
    """

    state: str
    value: Any = None
    error: str = ""
    text: str = ""


@dataclass(eq=False)
class Run:
    """One delivery of a job to a worker: what the task did in it.

    Attributes:
        job: the job's id.
        calls: names and arguments of the given functions that it called, in order.
        slept: the seconds of every ``time.sleep``.
        end: how it ended; None while it runs, and where its process was killed.
        begun: when it began, in seconds of the clock.
    """

    job: str
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    end: End | None = None
    begun: float = field(default_factory=time.time)


def end_of(message: dict[str, Any]) -> End:
    """Read the report on the end of a task.

    Raises:
        Forged: no worker of ours has written it.
    """
    state, error = str(message.get("state"))[:40], message.get("error")
    if type(error) is dict:
        return End(state, error=str(error.get("name"))[:80], text=str(error.get("message"))[:500])
    if "odd" in message:
        return End(state, value=f"<{str(message['odd'])[:200]}>")
    try:
        return End(state, value=decode(message.get("value")))
    except NotPlain:
        raise Forged from None
