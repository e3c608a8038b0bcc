"""What a worker took from RabbitMQ and gave back, read off its connection.

RabbitMQ itself tells how many messages are with a worker only every few seconds.
Source of the frames: https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, sections 2.3 and 1.8.
"""

from __future__ import annotations

import struct

_HEADER = struct.Struct(">BHI")
_METHOD = 1
_GREETING = 8
_DELIVER, _GET_OK = (60, 60), (60, 71)
_ACK, _REJECT, _NACK = (60, 80), (60, 90), (60, 120)


class Tally:
    """Counts over all connections of one answer.

    Attributes:
        fresh: messages that were delivered for the first time.
        redelivered: messages that came again.
        returned: messages that went back to their queue: by the worker, or as it died.
        held: messages that are with a worker now.
        acknowledged: messages that a worker acknowledged.
    """

    def __init__(self) -> None:
        """Start at nothing."""
        self.fresh = self.redelivered = self.returned = self.held = self.acknowledged = 0


class Reader:
    """Reads one connection."""

    def __init__(self, tally: Tally) -> None:
        """Count in a tally."""
        self._tally = tally
        self._from_broker, self._from_worker = bytearray(), bytearray()
        self._greeted = 0
        self._held: dict[int, set[int]] = {}

    def from_broker(self, data: bytes) -> None:
        """Read what the broker sent."""
        self._from_broker += data
        for channel, method, body in _methods(self._from_broker):
            if method in (_DELIVER, _GET_OK):
                rest = body[1 + body[0] :] if method == _DELIVER else body
                (tag, again) = struct.unpack_from(">QB", rest)
                self._held.setdefault(channel, set()).add(tag)
                self._tally.held += 1
                if again & 1:
                    self._tally.redelivered += 1
                else:
                    self._tally.fresh += 1

    def from_worker(self, data: bytes) -> None:
        """Read what the worker sent."""
        skipped = data[: _GREETING - self._greeted] if self._greeted < _GREETING else b""
        self._greeted += len(skipped)
        self._from_worker += data[len(skipped) :]
        for channel, method, body in _methods(self._from_worker):
            if method in (_ACK, _REJECT, _NACK):
                (tag, bits) = struct.unpack_from(">QB", body)
                back = bits & (1 if method == _REJECT else 2) if method != _ACK else 0
                self._settle(channel, tag, bool(method != _REJECT and bits & 1), bool(back))
                self._tally.acknowledged += method == _ACK

    def close(self) -> None:
        """The connection has ended: what it held goes back."""
        for tags in self._held.values():
            self._tally.held -= len(tags)
            self._tally.returned += len(tags)
        self._held.clear()

    def _settle(self, channel: int, tag: int, multiple: bool, back: bool) -> None:
        held = self._held.get(channel, set())
        settled = {other for other in held if other <= tag} if multiple else held & {tag}
        held -= settled
        self._tally.held -= len(settled)
        self._tally.returned += len(settled) if back else 0


def _methods(buffer: bytearray) -> list[tuple[int, tuple[int, int], bytes]]:
    """Take the whole frames out of a buffer; return channel, method and arguments of methods."""
    found = []
    while len(buffer) >= _HEADER.size:
        kind, channel, size = _HEADER.unpack_from(buffer)
        end = _HEADER.size + size + 1
        if len(buffer) < end:
            break
        body = bytes(buffer[_HEADER.size : end - 1])
        del buffer[:end]
        if kind == _METHOD and len(body) >= 4:
            found.append((channel, struct.unpack_from(">HH", body), body[4:]))
    return found
