"""Who waits for which answer: matches what the server says with what the client sent.

The server answers in order. Each message of a client that gets an answer stands in a queue until
then; after an error the server skips all up to the next Sync.
"""

from __future__ import annotations

import codecs
from collections import deque
from typing import NamedTuple

from prodev.services.proxy.hub import Hub
from prodev.services.proxy.postgresql.memory import Memory, Prepared, Undo
from prodev.services.proxy.postgresql.messages import read_error
from prodev.services.proxy.postgresql.parameters import read_bind, read_types, read_values
from prodev.services.proxy.statement import Connection, Kind, Statement

_FORGETS = ("DEALLOCATE ALL", "DISCARD ALL")


class Waiting(NamedTuple):
    """A message that waits for its answer; its kind is the message's letter."""

    kind: str
    statement: Statement | None = None
    sql: str = ""
    undo: Undo | None = None
    """Makes the books right again where the server does not do what was asked."""


class Books:
    """The statements of one connection."""

    def __init__(self, hub: Hub, connection: Connection, encoding: bytes) -> None:
        """Take where statements are written down.

        Args:
            hub: counts them.
            connection: theirs.
            encoding: PostgreSQL's name of the client's encoding.
        """
        self._hub, self._connection = hub, connection
        self._waiting: deque[Waiting] = deque()
        self._memory = Memory()
        self._last: Statement | None = None  # the last one that was run before a Sync
        self._copying = False  # the server takes rows and ignores a Sync
        self.fatal = False  # the server has said why it closes
        self.encoding = ""
        self.use_encoding(encoding)

    def use_encoding(self, name: bytes) -> None:
        """Read text in the encoding that PostgreSQL calls by this name."""
        text = name.decode("ascii", "replace").lower()
        text = text.replace("win", "cp", 1) if text.startswith("win") else text
        try:
            self.encoding = codecs.lookup(text).name
        except LookupError:  # such as SQL_ASCII
            self.encoding = "utf-8"

    # What the client sends, by the letter of the message.

    def query(self, body: bytes) -> None:
        """Text that may hold several statements."""
        self._waiting.append(Waiting("Q", self._sent("query", self._text(body[:-1]), len(body))))

    def parse(self, body: bytes) -> None:
        """Prepare a statement."""
        name, _, rest = body.partition(b"\0")
        text, _, types = rest.partition(b"\0")
        prepared = Prepared(self._text(text), read_types(types), len(body))
        undo = self._memory.prepare(name, prepared)
        self._waiting.append(Waiting("P", sql=prepared.sql, undo=undo))

    def bind(self, body: bytes) -> None:
        """Give a prepared statement its values."""
        prepared = self._memory.bind(read_bind(body))
        self._waiting.append(Waiting("B", sql=prepared.sql))

    def describe(self, _: bytes) -> None:
        """Ask for types and columns."""
        self._waiting.append(Waiting("D"))

    def execute(self, body: bytes) -> None:
        """Run it, or go on with it."""
        portal = self._memory.portal(body.partition(b"\0")[0])
        kind: Kind = "fetch" if portal.run else "execute"
        portal.run = True
        values = read_values(portal.bind, portal.prepared.types, self.encoding)
        statement = self._sent(kind, portal.prepared.sql, portal.size, values)
        self._waiting.append(Waiting("E", statement, portal.prepared.sql))

    def close(self, body: bytes) -> None:
        """Forget a prepared statement or a portal."""
        name, undo = body[1:].partition(b"\0")[0], None
        if body[:1] == b"S":
            undo = self._memory.prepare(name, None)
        else:
            self._memory.close(name)
        self._waiting.append(Waiting("C", undo=undo))

    def sync(self, _: bytes) -> None:
        """Mark the end of a group."""
        if not self._copying:
            self._waiting.append(Waiting("S"))

    def function(self, body: bytes) -> None:
        """Call a function by its number; there is no text."""
        self._waiting.append(Waiting("F", self._sent("function", "", len(body))))

    def copy_end(self, _: bytes) -> None:
        """End the rows that the client sends."""
        if self._copying:
            self._copying = False
        else:
            self._waiting.append(Waiting("c"))

    # What the server answers.

    def prepared(self, _: bytes) -> None:
        """Parse, Bind, Describe or Close is done."""
        if self._front() and self._waiting[0].kind in "PBDC":
            self._waiting.popleft()

    def described(self, _: bytes) -> None:
        """The columns come, or there are none: of a Describe, or within a query."""
        if self._front() and self._waiting[0].kind == "D":
            self._waiting.popleft()

    def completed(self, tag: bytes) -> None:
        """A statement is done; an empty tag stands for an empty statement or a part of rows."""
        front = self._front()
        statement = front.statement if front else None
        if front is None or statement is None:
            return
        if tag:
            text = tag.decode("ascii", "replace")
            statement.tags = (*statement.tags, text)
            if text in _FORGETS:
                self._memory.forget()
            number = text.rpartition(" ")[2]
            if number.isdecimal():
                statement.add_rows(int(number))
        if front.kind == "E":
            statement.finish("done")
            self._last = statement
            self._waiting.popleft()

    def copy_in(self, _: bytes) -> None:
        """The server takes rows; until their end it ignores a Sync."""
        if not self._front():
            return
        first = self._waiting.popleft()
        rest = list(self._waiting)
        kinds = [one.kind for one in rest]
        end = kinds.index("c") if "c" in kinds else len(rest)
        self._copying = end == len(rest)
        kept = [one for one in rest[:end] if one.kind != "S"] + rest[end + 1 :]
        self._waiting = deque([first, *kept])

    def failed(self, body: bytes) -> None:
        """Take an error: whoever is in front failed, and the rest of its group is skipped."""
        code, words, fatal = read_error(body, self.encoding)
        self.fatal = self.fatal or fatal
        self._copying = False
        front = self._front()
        if front is None:
            return
        if front.kind in "QF":
            if front.statement:
                front.statement.fail(code, words)
            return
        if front.kind == "S":
            if self._last:  # such as a constraint that is checked at the end
                self._last.fail(code, words)
                self._last.finish("failed")
            return
        failed = self._who_failed(front)
        if failed:
            failed.fail(code, words)
            failed.finish("failed")
        undone: list[Undo] = []
        while self._waiting and self._waiting[0].kind != "S":
            skipped = self._waiting.popleft()
            if skipped.statement and skipped.statement is not failed:
                skipped.statement.finish("skipped")
            if skipped.undo:
                undone.append(skipped.undo)
        for undo in reversed(undone):
            undo()

    def ready(self, status: bytes) -> None:
        """The server waits for the next: a query or a group is complete."""
        while self._waiting:
            done = self._waiting.popleft()
            if done.statement and done.kind != "E":
                done.statement.finish("done")
            if done.kind in "QFS":
                break
        self._last = None
        if status == b"I" and not self._waiting:
            self._memory.close_all()

    def lost(self) -> None:
        """The connection is gone."""
        while self._waiting:
            if statement := self._waiting.popleft().statement:
                statement.finish("lost")

    def _front(self) -> Waiting | None:
        while self._waiting and self._waiting[0].kind == "c":
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    def _who_failed(self, front: Waiting) -> Statement | None:
        """Return the statement that a failed message belongs to.

        A Parse or Bind belongs to the Execute that follows in its group. A Parse without one was a
        statement, too: the client sent it, and it failed.
        """
        if front.statement:
            return front.statement
        for later in self._waiting:
            if later.kind == "S":
                break
            if later.kind == "E" and later.sql == front.sql:
                return later.statement
        if front.kind == "P":
            return self._sent("prepare", front.sql, len(front.sql))
        return None

    def _sent(
        self, kind: Kind, sql: str, size: int, values: tuple[object, ...] | None = None
    ) -> Statement:
        return self._hub.sent(self._connection, kind, sql, values, size=size)

    def _text(self, data: bytes) -> str:
        return data.decode(self.encoding, "surrogateescape")
