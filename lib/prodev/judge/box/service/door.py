"""The way to the judge's Redis: an answer can make no socket, only pairs of them.

Of each pair one end goes through the door, and the judge joins it to the server.
"""

from __future__ import annotations

import socket
from typing import Any

from redis.connection import UnixDomainSocketConnection

DOOR = 4
"""The door's descriptor."""


def use_door() -> None:
    """Have every client of redis-py come through the door."""
    end = socket.socket(fileno=DOOR)

    def connect(self: Any) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(end, [b"r"], [theirs.fileno()])
        ours.settimeout(self.socket_timeout)
        return ours

    UnixDomainSocketConnection._connect = connect  # type: ignore[method-assign]
