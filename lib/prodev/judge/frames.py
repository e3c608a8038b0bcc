"""Frames over a stream socket, with file descriptors where they are sent along."""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from prodev.judge.wire import HEADER, MAX_FRAME, pack

_FDS = 4


class Closed(Exception):  # noqa: N818 - it says what happened
    """The other side has closed the socket, or is gone."""


def send(sock: socket.socket, message: Any, descriptors: tuple[int, ...] = ()) -> None:
    """Send a message, and file descriptors with it.

    Raises:
        Closed: the other side is gone.
    """
    frame = pack(message)
    try:
        if descriptors:
            # A stream may merge messages, but the descriptors come with the first byte sent.
            socket.send_fds(sock, [frame[: HEADER.size]], list(descriptors))
            frame = frame[HEADER.size :]
        sock.sendall(frame)
    except OSError as error:
        raise Closed from error


def receive(sock: socket.socket) -> tuple[Any, list[int]]:
    """Wait for a message and the descriptors that come with it.

    Raises:
        Closed: the other side is gone.
        TimeoutError: the socket's own timeout has passed.
    """
    header, descriptors = b"", list[int]()
    try:
        while len(header) < HEADER.size:
            got, fds, _, _ = socket.recv_fds(sock, HEADER.size - len(header), _FDS)
            descriptors += fds
            if not got:
                raise Closed  # noqa: TRY301
            header += got
        (length,) = HEADER.unpack(header)
        if length > MAX_FRAME:
            raise Closed  # noqa: TRY301
        return json.loads(_exactly(sock, length)), descriptors
    except TimeoutError:
        raise
    except OSError as error:
        raise Closed from error
    except Closed:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def _exactly(sock: socket.socket, length: int) -> bytes:
    body = bytearray()
    while len(body) < length:
        got = sock.recv(min(1 << 20, length - len(body)))
        if not got:
            raise Closed
        body += got
    return bytes(body)
