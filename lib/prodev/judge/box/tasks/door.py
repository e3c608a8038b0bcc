"""The only way out of a session with workers: a connection that the judge takes or leaves.

A session can make no socket, only pairs of them. Of each pair one end goes through the door, with a
letter that says what for; the judge joins it to the broker, or answers it by itself.
"""

from __future__ import annotations

import os
import socket
import threading
from typing import Any

from prodev.judge.frames import receive, send

BROKER, CALLS, LIFE = b"b", b"c", b"l"
"""What for: the broker; calls and reports to the judge; nothing but to be open while one lives."""


class Door:
    """The session's end of the door, and the way to the judge of each process behind it."""

    def __init__(self, end: socket.socket) -> None:
        """Take the session's end."""
        self._end = end
        self._way: socket.socket | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def connect(self, what: bytes) -> socket.socket:
        """Return a new connection."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._end, [what], [theirs.fileno()])
        return ours

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send the judge a message and wait for what it says.

        Raises:
            Closed: the judge is gone.
        """
        with self._lock:
            # A forked process must not speak where its parent does.
            if self._way is None or self._owner != os.getpid():
                self._way, self._owner = self.connect(CALLS), os.getpid()
            send(self._way, message)
            said: dict[str, Any] = receive(self._way)[0]
            return said
