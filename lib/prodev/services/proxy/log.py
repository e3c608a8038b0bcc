"""The statements that were sent, for one proxy or for one block of code."""

from __future__ import annotations

from threading import Lock

from prodev.services.proxy.statement import Statement
from prodev.services.service import ServiceError

MOST_STATEMENTS = 100_000
MOST_TEXT = 64_000_000
"""Bytes of text and parameters: a client that sends without end must not fill our memory."""


class Block:
    """Statements in the order in which they were sent; one thread adds, any thread reads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._count = 0
        self._text = 0
        self._kept: list[Statement] = []

    @property
    def count(self) -> int:
        """How many were sent: exact, however many."""
        return self._count

    @property
    def statements(self) -> list[Statement]:
        """All of them.

        Raises:
            ServiceError: they were more than are kept.
        """
        with self._lock:
            kept, count = list(self._kept), self._count
        if len(kept) < count:
            raise ServiceError(
                f"The proxy counted {count:,} statements and kept the first {len(kept):,} of them; "
                "ask for the count only, or clear it more often."
            )
        return kept

    @property
    def queries(self) -> list[Statement]:
        """The statements without those that only begin or end a transaction.

        Raises:
            ServiceError: they were more than are kept.
        """
        return [one for one in self.statements if not one.transaction]

    def add(self, statement: Statement, size: int) -> None:
        """Count a statement; keep it while there is room.

        Args:
            statement: as it was sent.
            size: bytes of its text and parameters.
        """
        with self._lock:
            self._count += 1
            self._text += size
            # Once one is missing, none after it is kept: what is kept has no holes.
            room = len(self._kept) == self._count - 1 < MOST_STATEMENTS
            if room and self._text <= MOST_TEXT:
                self._kept.append(statement)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._count = self._text = 0
            self._kept = []
