"""The judge's end of the door: joins a worker's connections to the broker, and hears its calls."""

from __future__ import annotations

import json
import os
import selectors
import socket
import stat
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from prodev.judge.box.tasks.door import BROKER, CALLS, LIFE
from prodev.judge.kinds.task.amqp import Reader
from prodev.judge.kinds.task.room import Room
from prodev.judge.wire import HEADER, pack

_MOST_CONNECTIONS, _MOST_BUFFERED, _MOST_FRAME = 64, 1 << 20, 1 << 20
_PIECE = 1 << 16
_MOST_SENT = 32 << 20
"""What an answer may send to the broker in all: the broker's disk is the machine's."""
_CREDENTIALS = struct.Struct("3i")


@dataclass(eq=False)
class Caller:
    """A process behind the door that calls the judge.

    Attributes:
        way: its connection.
        pid: the process that made the connection, by the kernel's word.
        running: the id of the job that it is running, if any.
    """

    way: socket.socket
    pid: int
    running: str = ""
    received: bytearray = field(default_factory=bytearray)

    def reply(self, message: dict[str, Any]) -> None:
        """Answer its call; nothing happens where it is gone."""
        with suppress(OSError):
            self.way.sendall(pack(message))


@dataclass(eq=False)
class _Half:
    """One end of a connection through the judge; ``other`` gets what comes from it."""

    way: socket.socket
    note: Callable[[bytes], None]
    reader: Reader
    from_answer: bool = False
    waiting: bytearray = field(default_factory=bytearray)
    other: _Half | None = None


class Switchboard:
    """All connections of one answer; nothing moves but in ``turn``.

    Attributes:
        calls: what was called and not yet answered: the caller, and its message.
        lives: the main process of each worker that has come, by its connection.
    """

    def __init__(self, door: socket.socket, room: Room) -> None:
        """Take the judge's end of the door, and the answer's room."""
        self._door, self._room = door, room
        self._selector = selectors.DefaultSelector()
        self._open = self._sent = 0
        door.setblocking(False)
        self._selector.register(door, selectors.EVENT_READ, None)
        self.calls: deque[tuple[Caller, dict[str, Any]]] = deque()
        self.callers: list[Caller] = []
        self.lives: list[int] = []

    def turn(self, seconds: float) -> None:
        """Wait for something to move, at most so long; move it."""
        for key, events in self._selector.select(seconds):
            if key.fileobj is self._door:
                self._let_in()
            elif isinstance(key.data, Caller):
                self._hear(key.data)
            elif isinstance(key.data, _Half):
                self._pass_on(key.data, events)
            else:
                self._drop_life(key.fileobj)

    @property
    def connected(self) -> bool:
        """Whether a worker is connected to the broker."""
        return any(isinstance(key.data, _Half) for key in self._selector.get_map().values())

    def close(self) -> None:
        """Close all of it."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def _let_in(self) -> None:
        try:
            what, descriptors, _, _ = socket.recv_fds(self._door, 1, 1)
        except BlockingIOError:
            return
        if not what:
            self._selector.unregister(self._door)
            return
        for descriptor in descriptors:
            # It is the answer's word that this is a connection.
            if self._open >= _MOST_CONNECTIONS or not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                continue
            self._open += 1
            way = socket.socket(fileno=descriptor)
            if what == BROKER:
                self._join(way)
            elif what == CALLS:
                way.settimeout(1.0)
                caller = Caller(way, _owner(way))
                self.callers.append(caller)
                self._selector.register(way, selectors.EVENT_READ, caller)
            elif what == LIFE:
                self.lives.append(_owner(way))
                self._selector.register(way, selectors.EVENT_READ, what)
            else:
                self._open -= 1
                way.close()

    def _join(self, way: socket.socket) -> None:
        try:
            if self._sent > _MOST_SENT:
                raise ConnectionRefusedError
            broker = self._room.dial()
        except OSError:
            self._open -= 1
            way.close()
            return
        reader = Reader(self._room.tally)
        ours = _Half(way, reader.from_worker, reader, from_answer=True)
        theirs = _Half(broker, reader.from_broker, reader, other=ours)
        ours.other = theirs
        for half in (ours, theirs):
            half.way.setblocking(False)
            self._selector.register(half.way, selectors.EVENT_READ, half)

    def _pass_on(self, half: _Half, events: int) -> None:
        other = half.other
        if other is None:
            return
        if events & selectors.EVENT_READ:
            try:
                data = half.way.recv(_PIECE)
            except BlockingIOError:
                data = None
            except OSError:
                data = b""
            if half.from_answer:
                self._sent += len(data or b"")
            if data == b"" or (half.from_answer and self._sent > _MOST_SENT):
                self._part(half)
                return
            if data:
                half.note(data)
                other.waiting += data
                self._empty(other)
        if events & selectors.EVENT_WRITE:
            self._empty(half)

    def _empty(self, half: _Half) -> None:
        """Send what waits; where it is too much, read no more from the other end meanwhile."""
        try:
            while half.waiting:
                del half.waiting[: half.way.send(half.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            self._part(half)
            return
        for one in (half, half.other):
            if one is not None and one.other is not None:
                full = len(one.other.waiting) > _MOST_BUFFERED
                wanted = (0 if full else selectors.EVENT_READ) | (
                    selectors.EVENT_WRITE if one.waiting else 0
                )
                self._selector.modify(one.way, wanted or selectors.EVENT_WRITE, one)

    def _part(self, half: _Half) -> None:
        other = half.other
        half.reader.close()
        for one in (half, other):
            if one is not None:
                one.other = None
                self._drop(one.way)

    def _hear(self, caller: Caller) -> None:
        try:
            data = caller.way.recv(_PIECE)
        except OSError:
            data = b""
        caller.received += data
        while data and len(caller.received) >= HEADER.size:
            (length,) = HEADER.unpack_from(caller.received)
            if length > _MOST_FRAME:
                data = b""
                break
            end = HEADER.size + length
            if len(caller.received) < end:
                break
            message = _read(bytes(caller.received[HEADER.size : end]))
            del caller.received[:end]
            if message is None:
                data = b""
            else:
                self.calls.append((caller, message))
        if not data:
            self.callers.remove(caller)
            self._drop(caller.way)

    def _drop_life(self, way: Any) -> None:
        with suppress(OSError):
            if way.recv(_PIECE):
                return
        self._drop(way)

    def _drop(self, way: socket.socket) -> None:
        self._open -= 1
        self._selector.unregister(way)
        way.close()


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return message if type(message) is dict else None


def _owner(way: socket.socket) -> int:
    """Return the process that made a pair of sockets; the kernel keeps it."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    told = way.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[0])
