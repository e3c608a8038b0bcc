"""One answer's process, seen from the judge: frames, a deadline, and facts of the system."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from prodev.judge.endings import Abandoned, Forged, Gone, Noisy, TimedOut
from prodev.judge.forkers import Forker, ForkerGone
from prodev.judge.sandbox import system
from prodev.judge.wire import HEADER, MAX_FRAME, pack

_PRINTED_KEPT = 64 << 10
_PRINTED_MOST = 4 << 20
_PATIENCE_S = 1.0


class Session:
    """The channel to one answer.

    Raises one of ``prodev.judge.endings`` where the answer gives no value.
    """

    def __init__(  # noqa: PLR0913 - all of it named
        self,
        forker: Forker,
        *,
        seconds: float,
        memory_mb: int,
        asker: socket.socket | None,
        programs: Sequence[str] | None = None,
        service: Mapping[str, Any] | None = None,
        door: socket.socket | None = None,
    ) -> None:
        """Fork a process for an answer.

        Args:
            forker: the warm forker.
            seconds: wall time that the answer has in all.
            memory_mb: memory that it has, beyond the warm process.
            asker: who waits for the verdict; if it closes, the answer ends too.
            programs: where it may start programs from, besides the system's and Python's own
                folders; None: it may start none. See ``prodev.judge.sandbox.program``.
            service: where it is a part of the booking service, what that is connected to. See
                ``prodev.judge.box.service``.
            door: the answer's end of a service's door.
        """
        self.forker, self.asker = forker, asker
        self.programs, self.gone = programs is not None, False
        self.exit_code: int | None = None
        self._took: float | None = None
        self.channel, theirs = socket.socketpair()
        output, write_end = os.pipe()
        self.output: int | None = output
        os.set_blocking(output, False)
        self.channel.setblocking(False)
        self.printed = bytearray()
        self.printed_size = 0
        self.received = bytearray()
        self.ready = False
        self.cpus = os.sched_getaffinity(0) if system.LINUX else set[int]()
        # A pipeline has processes of its own to spread.
        cpu = system.current_cpu() if programs is None else None
        wanted: dict[str, Any] = {"seconds": seconds, "memory_mb": memory_mb, "cpu": cpu}
        if programs is not None:
            wanted["programs"] = list(programs)
        descriptors = [theirs.fileno(), write_end]
        if service is not None and door is not None:
            wanted["service"] = dict(service)
            descriptors.append(door.fileno())
        try:
            self.pid = forker.fork(wanted, *descriptors)
        except BaseException:
            self.channel.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(write_end)
        # Judge and answer take turns, so on one processor neither has to wake the other's up.
        if cpu is not None:
            system.stay_on({cpu})
        self.started = time.monotonic()
        self.deadline = self.started + seconds

    # Frames

    def send(self, message: dict[str, Any]) -> None:
        """Send a frame; what the answer prints meanwhile is taken."""
        left = memoryview(pack(message))
        while left:
            try:
                left = left[self.channel.send(left) :]
            except BlockingIOError:
                readable, _ = self._select([self.channel])
                self._take_output(readable)
            except OSError:
                raise self._gone() from None

    def receive(self) -> dict[str, Any]:
        """Wait for a frame.

        Raises:
            ForkerGone: the process ended before it was ready for an answer, which is our fault.
        """
        while not self.ready:
            try:
                self.ready = "ready" in self._receive()
            except Gone:
                raise ForkerGone(self.text().strip().rpartition("\n")[2]) from None
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        while (frame := self._frame()) is None:
            readable, _ = self._select([])
            self._take_output(readable)
            if self.channel in readable:
                try:
                    got = self.channel.recv(1 << 18)
                except BlockingIOError:
                    continue
                except OSError:
                    got = b""
                if not got:
                    raise self._gone()
                self.received += got
        return frame

    def _frame(self) -> dict[str, Any] | None:
        if len(self.received) < HEADER.size:
            return None
        (length,) = HEADER.unpack(self.received[: HEADER.size])
        if length > MAX_FRAME:
            raise Forged
        if len(self.received) < HEADER.size + length:
            return None
        body = bytes(self.received[HEADER.size : HEADER.size + length])
        del self.received[: HEADER.size + length]
        try:
            frame = json.loads(body, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Forged from None
        if type(frame) is not dict:
            raise Forged
        return frame

    def _select(self, writing: list[socket.socket]) -> tuple[list[Any], list[Any]]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimedOut
        reading: list[Any] = [self.channel] if not writing else []
        reading += [source for source in (self.output, self.asker) if source is not None]
        readable, writable, _ = select.select(reading, writing, [], left)
        if self.asker is not None and self.asker in readable:
            raise Abandoned
        return readable, writable

    def _take_output(self, readable: list[Any]) -> None:
        if self.output is not None and self.output in readable:
            self._drain()

    def _drain(self) -> None:
        while self.output is not None:
            try:
                got = os.read(self.output, 1 << 16)
            except BlockingIOError:
                return
            if not got:
                os.close(self.output)
                self.output = None
                return
            self.printed_size += len(got)
            self.printed += got[: max(0, _PRINTED_KEPT - len(self.printed))]
            if self.printed_size > _PRINTED_MOST:
                raise Noisy
            if time.monotonic() > self.deadline:
                raise TimedOut

    def _gone(self) -> Gone:
        self.gone = True
        # What it printed last may still stand in the pipe.
        with suppress(Noisy, TimedOut):
            self._drain()
        return Gone()

    def take_output(self) -> None:
        """Take what the answer has printed, for a judge that waits for something else.

        An answer whose output nobody takes stands still after 64 kB.

        Raises:
            Noisy: it has printed too much.
            TimedOut: its time is over.
        """
        self._drain()

    # Facts

    def peak_memory_mb(self) -> float:
        """Return the most memory that the answer's process has held at a time.

        Read from the operating system (``VmHWM`` of Linux), not from the answer.

        Raises:
            Gone: the process has ended.
            OSError: the system does not tell.
        """
        try:
            lines = (
                Path(f"/proc/{self._answer()}/status").read_text("ascii", "replace").splitlines()
            )
        except FileNotFoundError:
            if Path("/proc/self/status").exists():
                raise self._gone() from None
            raise
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise self._gone()

    def _answer(self) -> int:
        """The last process of the line that stands before the answer."""
        pid = self.pid
        while True:
            try:
                below = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
            except OSError:
                return pid
            if not below:
                return pid
            pid = int(below[0])

    # The end

    def end(self) -> float:
        """Kill what is left and take what was printed; return the seconds that the answer had.

        A second call changes nothing. ``exit_code`` is then what the process ended with.
        """
        if self._took is not None:
            return self._took
        self._took = time.monotonic() - self.started
        system.stay_on(self.cpus)
        with suppress(Noisy, TimedOut):
            self._drain()
        try:
            # Who counts processes ends a little later than what it ends, and says why.
            code = self.forker.wait(_PATIENCE_S) if self.programs and self.gone else None
            self.exit_code = self.forker.kill() if code is None else code
            with suppress(Noisy, TimedOut):
                self._drain()
        finally:
            self.channel.close()
            if self.output is not None:
                os.close(self.output)
                self.output = None
        return self._took

    def text(self) -> str:
        """Return what the answer printed, at most 64 kB of it."""
        return self.printed.decode("utf-8", "replace")


def _refuse(_: str) -> None:
    raise ValueError("not JSON")
