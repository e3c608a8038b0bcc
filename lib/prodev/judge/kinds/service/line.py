"""The judge's end of the door: joins an answer's connections to Redis, reads and delays them."""

from __future__ import annotations

import os
import selectors
import socket
import stat
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from prodev.judge.kinds.service.commands import Reader

_MOST_CONNECTIONS, _MOST_COMMANDS, _PIECE = 64, 20_000, 1 << 16


@dataclass(eq=False)
class _Half:
    """One end of a connection; what comes from it waits for its time, then goes to the other."""

    way: socket.socket
    reader: Reader | None
    other: _Half | None = None
    held: deque[tuple[float, bytes]] = field(default_factory=deque)


class Line:
    """All connections of one answer to Redis, served by a thread of its own.

    Attributes:
        commands: what was sent, in order; at most 20,000 are kept.
        delay: seconds that everything that is sent waits.
        down: whether nobody answers: connections are cut, and new ones at once.
        silent: whether nothing moves: connections stay, and nobody answers.
    """

    def __init__(self, door: socket.socket, redis: str) -> None:
        """Take the judge's end of the door, and the path of the server's socket."""
        self.commands: list[tuple[str, ...]] = []
        self.delay = 0.0
        self.down = self.silent = False
        self._door, self._redis = door, redis
        self._selector = selectors.DefaultSelector()
        self._halves: set[_Half] = set()
        self._woken, self._waker = socket.socketpair()
        self._ends = False
        self._done = threading.Event()
        for one in (door, self._woken):
            one.setblocking(False)
            self._selector.register(one, selectors.EVENT_READ, one)
        self._thread = threading.Thread(target=self._run, name="prodev-line", daemon=True)
        self._thread.start()

    def apply(self) -> None:
        """Let a change of ``down`` or ``silent`` take effect, and return when it has."""
        self._done.clear()
        self._waker.send(b"a")
        self._done.wait(5.0)

    def close(self) -> None:
        """Cut every connection, and end the thread."""
        self._ends = True
        self._waker.send(b"e")
        self._thread.join()
        for half in self._halves:
            half.way.close()
        for one in (self._door, self._woken, self._waker):
            one.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._ends:
            for key, _ in self._selector.select(self._patience()):
                if key.data is self._door:
                    self._let_in()
                elif key.data is self._woken:
                    self._obey()
                elif key.data in self._halves:
                    self._take(key.data)
            self._pass_on()

    def _patience(self) -> float | None:
        if self.silent:
            return None
        due = [half.held[0][0] for half in self._halves if half.held]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _obey(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(_PIECE)
        if self.down:
            for half in list(self._halves):
                self._part(half)
        self._done.set()

    def _let_in(self) -> None:
        try:
            what, descriptors, _, _ = socket.recv_fds(self._door, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            what, descriptors = b"", []
        if not what:
            self._selector.unregister(self._door)
        for descriptor in descriptors:
            # It is the answer's word that this is a connection.
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                continue
            way = socket.socket(fileno=descriptor)
            if self.down or len(self._halves) >= 2 * _MOST_CONNECTIONS:
                way.close()
            else:
                self._join(way)

    def _join(self, way: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._redis)
        except OSError:
            server.close()
            way.close()
            return
        ours, theirs = _Half(way, Reader()), _Half(server, None)
        ours.other, theirs.other = theirs, ours
        for half in (ours, theirs):
            half.way.setblocking(False)
            self._halves.add(half)
            self._selector.register(half.way, selectors.EVENT_READ, half)

    def _take(self, half: _Half) -> None:
        try:
            data = half.way.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._part(half)
            return
        wait = 0.0
        if half.reader is not None:
            wait = self.delay
            found = half.reader.read(data)
            self.commands += found[: max(0, _MOST_COMMANDS - len(self.commands))]
        half.held.append((time.monotonic() + wait, data))

    def _pass_on(self) -> None:
        if self.silent:
            return
        for half in list(self._halves):
            while half.held and half.held[0][0] <= time.monotonic() and half.other is not None:
                data = half.held.popleft()[1]
                try:
                    # Whoever does not read for a second is cut, and keeps nobody else waiting.
                    half.other.way.settimeout(1.0)
                    half.other.way.sendall(data)
                    half.other.way.setblocking(False)
                except OSError:
                    self._part(half)

    def _part(self, half: _Half) -> None:
        for one in (half, half.other):
            if one is not None and one in self._halves:
                self._halves.discard(one)
                one.other = None
                one.held.clear()
                self._selector.unregister(one.way)
                one.way.close()
