"""The commands in what a client sends to Redis.

Source of the format: https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

from __future__ import annotations

_LONGEST_WORD = 200
_MOST_WAITING = 8 << 20


class Reader:
    """Reads what one connection sends; keeps nothing but what is not complete yet."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting = bytearray()
        self._lost = False

    def read(self, data: bytes) -> list[tuple[str, ...]]:
        """Return the commands that are complete now; long words are cut."""
        if self._lost:
            return []
        self._waiting += data
        found = []
        try:
            while (read := _command(self._waiting)) is not None:
                words, size = read
                del self._waiting[:size]
                if words:
                    found.append((words[0].upper(), *words[1:]))
        except ValueError:
            self._lost = True  # no client of Redis speaks so
        if len(self._waiting) > _MOST_WAITING:
            self._lost = True
        if self._lost:
            self._waiting.clear()
        return found


def _command(held: bytearray) -> tuple[list[str], int] | None:
    end = held.find(b"\r\n")
    if end < 0:
        return None
    if held[:1] != b"*":
        return bytes(held[:end]).decode("utf-8", "replace").split(), end + 2
    count, place = int(held[1:end]), end + 2
    words = []
    for _ in range(count):
        end = held.find(b"\r\n", place)
        if end < 0:
            return None
        size = int(held[place + 1 : end])
        place = end + 2 + size + 2
        if len(held) < place:
            return None
        word = bytes(held[end + 2 : place - 2][:_LONGEST_WORD])
        words.append(word.decode("utf-8", "replace"))
    return words, place
