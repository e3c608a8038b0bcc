"""One of the two sockets of a relay."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

_MOST_READS = 64  # of a socket that is lost: its buffer in the system is not larger


class End(asyncio.BufferedProtocol):
    """A socket whose reading stops while somebody has a reason against it."""

    def __init__(
        self,
        buffer: bytearray,
        made: Callable[[], None],
        received: Callable[[bytes], None],
        ended: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        """Take what to do with bytes, with the end of them, and when the socket is closed.

        Args:
            buffer: shared by all ends of a thread: it is emptied before the next read.
            made: the socket is there.
            received: gets a copy of what arrived.
            ended: the other side will send no more.
            lost: the socket is closed; called once, also when it never opened.
        """
        self.made, self.received, self.ended, self.lost = made, received, ended, lost
        self.transport: asyncio.Transport | None = None
        self.other: End | None = None
        self._buffer, self._view = buffer, memoryview(buffer)
        self._reasons: set[str] = set()
        self._at_end = self._closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to read, unless there was a reason against it from the start."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._reasons:
            transport.pause_reading()
        self.made()

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's
        """Return where the next bytes go."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Pass the bytes on."""
        self.received(bytes(self._view[:nbytes]))

    def eof_received(self) -> bool:
        """Keep our own half open: an answer may still be on its way."""
        self._at_end = True
        self.ended()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the socket is closed; before that, pass on what had arrived.

        A failed write is often the first that we see of a server that has ended the session, and
        asyncio then reads no more. The server's reason may be there all the same.
        """
        if isinstance(exc, ConnectionError) and self.transport:
            self._read_the_rest(self.transport.get_extra_info("socket").fileno())
        self.transport = None
        self.lost()

    def _read_the_rest(self, descriptor: int) -> None:
        with suppress(BlockingIOError):
            for _ in range(_MOST_READS):
                try:
                    data = os.read(descriptor, len(self._buffer))
                except ConnectionError:  # told once; what arrived before it comes after it
                    continue
                if not data:
                    return
                self.received(data)

    def pause_writing(self) -> None:
        """Take no more from the other side: this one does not keep up."""
        if self.other:
            self.other.stop("full")

    def resume_writing(self) -> None:
        """Go on."""
        if self.other:
            self.other.go("full")

    def stop(self, reason: str) -> None:
        """Stop reading."""
        if self.transport and not self._reasons:
            self.transport.pause_reading()
        self._reasons.add(reason)

    def go(self, reason: str) -> None:
        """Go on reading, unless there is another reason against it."""
        if reason not in self._reasons:
            return
        self._reasons.discard(reason)
        if self.transport and not self._reasons and not self._at_end:
            self.transport.resume_reading()

    def write(self, data: bytes) -> None:
        """Send, unless the socket is closed or closing."""
        if self.transport and not self._closing:
            self.transport.write(data)

    def write_eof(self) -> None:
        """Tell the other side that nothing more will come; it may still answer."""
        if self.transport and not self._closing:
            self.transport.write_eof()

    def close(self) -> None:
        """Close the socket when all is sent."""
        self._closing = True
        if self.transport:
            self.transport.close()

    def abort(self) -> None:
        """Close the socket at once."""
        self._closing = True
        if self.transport:
            self.transport.abort()
