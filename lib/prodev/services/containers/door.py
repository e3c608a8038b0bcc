"""The way from outside into a room."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from prodev.services.containers.layout import CONTROL
from prodev.services.service import ServiceError

_SECONDS = 15.0


def listening_socket() -> socket.socket:
    """Return a socket that listens on a free loopback port of the machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def ask_room(door: Path, request: dict[str, Any], listener: socket.socket | None = None) -> None:
    """Let the room do something; it may be given a listening socket.

    Raises:
        ServiceError: it cannot, or is gone.
    """
    descriptors = [listener.fileno()] if listener else []
    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(_SECONDS)
            asking.connect(str(door / CONTROL))
            socket.send_fds(asking, [json.dumps(request).encode()], descriptors)
            answer = json.loads(asking.recv(4096) or b'{"error": "it has ended"}')
    except OSError as error:
        raise ServiceError(f"The container engine is gone ({error}); start it again.") from None
    if "error" in answer:
        raise ServiceError(f"The container engine refuses: {answer['error']}.")
