"""Finds the packets in what passes in either direction."""

from __future__ import annotations

from prodev.services.proxy.mysql.books import Books, Stage
from prodev.services.proxy.mysql.packets import FULL
from prodev.services.proxy.refused import RefusedError

LONGEST = 64_000_000
"""Bytes of one command; files that a client sends may be longer."""


class ClientPackets:
    """What the client sends: commands one by one, and files as they come."""

    def __init__(self, books: Books) -> None:
        """Take where commands are noted."""
        self._books = books
        self._inbox = bytearray()
        self._passing = 0  # bytes of a packet of a file that are still to come
        self._continued = False  # the next packet of a file belongs to the one before
        self._done_to = 0  # packets of the first command up to here are known to be whole

    @property
    def held(self) -> int:
        """Bytes that wait for the answer to the command before."""
        return len(self._inbox)

    def feed(self, data: bytes) -> bytes:
        """Note commands, and return what the server gets now.

        Raises:
            RefusedError: a command is too long, or not passed on.
        """
        self._inbox += data
        out = b""
        while self._inbox:
            part = self._file() if self._books.file else self._command()
            if not part:
                break
            out += part
        return out

    def _command(self) -> bytes:
        if self._books.busy:
            return b""
        inbox, place = self._inbox, self._done_to
        while True:
            if len(inbox) < place + 4:
                return b""
            length = int.from_bytes(inbox[place : place + 3], "little")
            if place + length > LONGEST:
                raise RefusedError(
                    "too long",
                    f"A command is longer than the {LONGEST:,} bytes that this proxy passes on.",
                )
            if len(inbox) < place + 4 + length:
                return b""
            place += 4 + length
            if length < FULL:
                break
            self._done_to = place
        whole = bytes(inbox[:place])
        del inbox[:place]
        self._done_to = 0
        self._books.command(_joined(whole))
        return whole

    def _file(self) -> bytes:
        inbox, place = self._inbox, 0
        while self._books.file:
            if self._passing:
                now = min(self._passing, len(inbox) - place)
                self._passing -= now
                place += now
            if self._passing or len(inbox) < place + 4:
                break
            length = int.from_bytes(inbox[place : place + 3], "little")
            if not length and not self._continued:
                self._books.file = False
            self._continued = length == FULL
            self._passing = length
            place += 4
        out = bytes(inbox[:place])
        del inbox[:place]
        return out


class ServerPackets:
    """What the server sends: all of it passes as it comes; what ends an answer is noted."""

    def __init__(self, books: Books) -> None:
        """Take where packets are noted."""
        self._books = books
        self._begun = b""
        self._ignored = 0  # bytes of a row that are still to come
        self._continued = False  # the next packet belongs to the row before

    @property
    def inside(self) -> bool:
        """Whether a packet has begun and is not complete."""
        return bool(self._ignored or self._begun or self._continued)

    def feed(self, data: bytes) -> None:
        """Note the packets."""
        if self._begun:
            data, self._begun = self._begun + data, b""
        books, end, rows = self._books, len(data), 0
        place = min(self._ignored, end)
        self._ignored -= place
        in_rows = books.stage is Stage.ROWS
        while place + 4 <= end:
            length = data[place] | data[place + 1] << 8 | data[place + 2] << 16
            after = place + 4 + length
            continues = self._continued
            if not continues:
                if place + 5 > end:
                    break
                first = data[place + 4]
                if in_rows and first != 0xFF and not (first == 0xFE and length < 9):
                    rows += 1
                else:
                    if after > end:
                        break
                    books.add_rows(rows)
                    rows = 0
                    books.answer(data[place + 4 : after])
                    in_rows = books.stage is Stage.ROWS
                    place = after
                    continue
            self._continued = length == FULL
            if after > end:
                self._ignored, place = after - end, end
                break
            place = after
        books.add_rows(rows)
        self._begun = data[place:]


def _joined(packets: bytes) -> bytes:
    """Return the body of a command without its headers."""
    if len(packets) < FULL + 4:
        return packets[4:]
    return b"".join(
        packets[start + 4 : start + 4 + FULL] for start in range(0, len(packets), FULL + 4)
    )
