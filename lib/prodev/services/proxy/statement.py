"""What the proxy writes down of one statement and of one connection."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["query", "execute", "fetch", "prepare", "function"]
Status = Literal["sent", "done", "failed", "skipped", "lost"]
Parameters = tuple[object, ...]

# Atomic groups keep this linear for any text.
_BLANK = r"(?>\s+|--[^\n]*+|/\*.*?\*/)*+"
_TRANSACTION = re.compile(
    _BLANK + r"(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|"
    r"prepare\s+transaction|set\s+(?:session\s+|local\s+|@@)?(?:characteristics\s+as\s+)?"
    r"transaction|set\s+(?:session\s+|@@)?autocommit)\b[^;]*+;?\s*+\Z",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True, eq=False)
class Statement:
    """One statement, as a client sent it; the answer's part is filled in when the answer came.

    Its kind is ``query`` (text sent as it is; it may hold several statements), ``execute`` (a
    prepared statement was run), ``fetch`` (more rows of one that was run before), ``prepare`` (it
    failed while it was prepared, so it was never run) or ``function`` (PostgreSQL's function call).
    """

    number: int
    """Its place among all statements since the proxy started, from 1."""
    connection: int
    kind: Kind
    sql: str
    """Exactly as sent; bytes that the connection's encoding does not know are surrogates."""
    parameters: Parameters | None = None
    """Values of an ``execute``, as far as their types are visible; else text or bytes."""
    moment: float = field(default_factory=time.time)
    """When the proxy had it complete, in seconds since 1970."""
    seconds: float | None = None
    """From then until the server's answer was complete, the proxy's delay included."""
    status: Status = "sent"
    """``skipped``: one before it in the same pipeline failed. ``lost``: the connection ended."""
    rows: int | None = None
    """Rows returned or changed, where the server tells."""
    tags: tuple[str, ...] = ()
    """PostgreSQL's command tags, such as ``INSERT 0 1``; several for several statements."""
    error: str = ""
    """PostgreSQL's SQLSTATE, such as ``23505``, or MySQL's error number, such as ``1062``."""
    message: str = ""
    """The server's words for the error."""
    _started: float = field(default_factory=time.perf_counter, repr=False)

    @property
    def transaction(self) -> bool:
        """Whether it does nothing but begin, end or mark a transaction."""
        return _TRANSACTION.match(self.sql) is not None

    def finish(self, status: Status) -> None:
        """Note that the answer is complete; a failure stays one."""
        self.seconds = time.perf_counter() - self._started
        if self.status != "failed":
            self.status = status

    def fail(self, error: str, message: str) -> None:
        """Note the server's error; the first one of a statement counts."""
        if self.status != "failed":
            self.status, self.error, self.message = "failed", error, message

    def add_rows(self, rows: int) -> None:
        """Add to the number of rows."""
        self.rows = rows if self.rows is None else self.rows + rows


@dataclass(slots=True, eq=False)
class Connection:
    """One connection that a client opened, from its login on."""

    number: int
    """From 1, as in ``Statement.connection``."""
    name: str
    """What the client calls itself: ``application_name`` or ``program_name``; often empty."""
    opened: float = field(default_factory=time.time)
    """In seconds since 1970."""
    closed: float | None = None
    statements: int = 0

    @property
    def open(self) -> bool:
        """Whether it is still there."""
        return self.closed is None
