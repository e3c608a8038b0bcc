"""Runs of a pipeline, each in a session of its own that may start programs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from prodev.judge.box.ends import TOO_LARGE, TOO_MANY
from prodev.judge.conversation import Conversation
from prodev.judge.endings import Gone, Raised, TimedOut
from prodev.judge.kinds.kind import Job

QUIET = {
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    # pip reads 0 as "do not warn", and then does not look at every package of the course.
    "PIP_NO_WARN_CONFLICTS": "0",
    # A fresh pytest has no plugins either.
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
"""What the steps see besides: there is no network, and only the project itself counts."""

_SPARE_S = 2.0
"""How much longer a session lives than a pipeline in it, to tell how it ended."""


class Pipelines:
    """Asks sessions of one answer, and counts the time that they have in all."""

    def __init__(self, job: Job, programs: Sequence[str] = ()) -> None:
        """Take the job, and more folders to start programs from."""
        self._job, self._programs = job, programs
        self._end = time.monotonic() + job.seconds

    def ask(self, operation: str, label: str, **details: Any) -> Any:
        """Do one operation of ``prodev.judge.box.runners`` in a session of its own.

        Raises:
            Ending: it gave no value. What was started has ended in any case.
        """
        left = self.left()
        if not left:
            raise TimedOut
        session = self._job.session(programs=self._programs, seconds=left + _SPARE_S)
        try:
            return Conversation(session).operate(operation, label, seconds=left, **details)
        except Gone:
            session.end()
            if session.exit_code == TOO_LARGE:
                raise Raised("MemoryError", "its processes held too much memory") from None
            if session.exit_code == TOO_MANY:
                said = "it started more processes than it may have at a time"
                raise Raised("BlockingIOError", said) from None
            raise
        finally:
            session.end()

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(0.0, self._end - time.monotonic())
