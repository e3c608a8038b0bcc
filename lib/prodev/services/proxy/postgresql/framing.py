"""Finds the messages in what passes in either direction, without holding it up."""

from __future__ import annotations

import struct
from collections.abc import Callable

from prodev.services.proxy.postgresql.books import Books
from prodev.services.proxy.refused import RefusedError

LONGEST = 64_000_000
"""Bytes of one message of a client that are read as a whole; rows of a COPY are not."""

_HEAD = struct.Struct("!BI")
_COPY_DATA = ord("d")
_GOODBYE = ord("X")
_FLUSH = ord("H")
_COLUMNS = ord("T")


class ClientMessages:
    """What the client sends: whole messages pass, but for rows, which pass as they come."""

    def __init__(self, books: Books) -> None:
        """Take where the messages are noted."""
        self.leaving = False
        self._inbox = bytearray()
        self._needed = 0  # bytes of the message that the inbox begins with
        self._passing = 0  # bytes of rows that are still to come
        self._notes: dict[int, Callable[[bytes], None]] = {
            ord("Q"): books.query,
            ord("P"): books.parse,
            ord("B"): books.bind,
            ord("D"): books.describe,
            ord("E"): books.execute,
            ord("C"): books.close,
            ord("S"): books.sync,
            ord("F"): books.function,
            ord("c"): books.copy_end,
            ord("f"): books.copy_end,
            _FLUSH: self._ignore,
            _GOODBYE: self._leave,
        }

    def feed(self, data: bytes) -> bytes:
        """Note the messages, and return what the server gets now.

        Raises:
            RefusedError: this is no message, or it is too long.
        """
        if self._inbox:
            self._inbox += data
            if len(self._inbox) < self._needed:
                return b""
            data = bytes(self._inbox)
            self._inbox.clear()
        end = len(data)
        place = min(self._passing, end)
        self._passing -= place
        self._needed = 5
        while place + 5 <= end:
            kind, length = _HEAD.unpack_from(data, place)
            after = place + length + 1
            if kind == _COPY_DATA and length >= 4:
                self._passing = max(0, after - end)
                place = min(after, end)
                continue
            note = self._notes.get(kind)
            if note is None or length < 4:
                raise RefusedError("protocol", "This is no message of PostgreSQL's protocol.")
            if length > LONGEST:
                raise RefusedError(
                    "too long",
                    f"A message of {length:,} bytes is longer than the {LONGEST:,} bytes that "
                    "this proxy passes on.",
                )
            if after > end:
                self._needed = length + 1
                break
            note(data[place + 5 : after])
            place = after
        if place < end:
            self._inbox += data[place:]
        return data[:place]

    def _ignore(self, _: bytes) -> None:
        pass

    def _leave(self, _: bytes) -> None:
        self.leaving = True


class ServerMessages:
    """What the server sends: all of it passes as it comes; what ends a statement is noted."""

    def __init__(self, books: Books) -> None:
        """Take where the messages are noted."""
        self._books = books
        self._begun = b""  # a message that is noted, so far
        self._ignored = 0  # bytes of one that is not, still to come
        prepared, nothing = books.prepared, lambda _: books.completed(b"")
        self._notes: dict[int, Callable[[bytes], None]] = {
            ord("1"): prepared,
            ord("2"): prepared,
            ord("3"): prepared,
            ord("n"): books.described,
            ord("C"): lambda body: books.completed(body[:-1]),
            ord("I"): nothing,
            ord("s"): nothing,
            ord("G"): books.copy_in,
            ord("E"): books.failed,
            ord("Z"): books.ready,
            ord("S"): self._setting,
        }

    @property
    def inside(self) -> bool:
        """Whether a message has begun and is not complete."""
        return bool(self._ignored or self._begun)

    def feed(self, data: bytes) -> None:
        """Note the messages."""
        if self._begun:
            data, self._begun = self._begun + data, b""
        end = len(data)
        place = min(self._ignored, end)
        self._ignored -= place
        notes, unpack = self._notes, _HEAD.unpack_from
        while place + 5 <= end:
            kind, length = unpack(data, place)
            after = place + length + 1
            if kind in notes:
                if after > end:
                    break
                notes[kind](data[place + 5 : after])
            else:
                if kind == _COLUMNS:
                    self._books.described(b"")
                if after > end:
                    self._ignored, place = after - end, end
                    break
            place = after
        self._begun = data[place:]

    def _setting(self, body: bytes) -> None:
        name, _, value = body.partition(b"\0")
        if name == b"client_encoding":
            self._books.use_encoding(value[:-1])
