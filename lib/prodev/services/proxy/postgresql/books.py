"""Who waits for which answer: matches what the server says with what the client sent.

The server answers in order. Each message of a client that gets an answer stands in a queue until
then; after an error the server skips all up to the next Sync.
"""

from __future__ import annotations

import codecs
from collections import deque
from typing import Any, NamedTuple

from prodev.services.proxy.hub import Hub
from prodev.services.proxy.postgresql.messages import read_error
from prodev.services.proxy.postgresql.parameters import Bind, read_bind, read_types, read_values
from prodev.services.proxy.refused import RefusedError
from prodev.services.proxy.statement import Connection, Kind, Statement

_MOST_PREPARED = 64_000_000  # bytes of text and values of one connection


class Waiting(NamedTuple):
    """A message that waits for its answer; its kind is the message's letter."""

    kind: str
    statement: Statement | None = None
    sql: str = ""


class Prepared(NamedTuple):
    """A statement that a client has prepared."""

    sql: str
    types: tuple[int, ...]
    size: int


class Portal:
    """A prepared statement with its values; it can be run in several steps."""

    def __init__(self, prepared: Prepared, bind: Bind) -> None:
        """Take both."""
        self.prepared, self.bind, self.run = prepared, bind, False
        self.size = prepared.size + sum(len(value) for value in bind.values if value)


_UNKNOWN = Prepared("", (), 0)
_BOUND = Bind(b"", b"", (), ())


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
        self._prepared: dict[bytes, Prepared] = {}
        self._portals: dict[bytes, Portal] = {}
        self._last: Statement | None = None  # the last one that was run before a Sync
        self._remembered = 0  # bytes of what is prepared
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
        self._remember(prepared.size - self._prepared.get(name, _UNKNOWN).size)
        self._prepared[name] = prepared
        self._waiting.append(Waiting("P", sql=prepared.sql))

    def bind(self, body: bytes) -> None:
        """Give a prepared statement its values."""
        bind = read_bind(body) or _BOUND
        prepared = self._prepared.get(bind.statement, _UNKNOWN)
        old, portal = self._portals.get(bind.portal), Portal(prepared, bind)
        self._remember(portal.size - (old.size if old else 0))
        self._portals[bind.portal] = portal
        self._waiting.append(Waiting("B", sql=prepared.sql))

    def describe(self, _: bytes) -> None:
        """Ask for types and columns."""
        self._waiting.append(Waiting("D"))

    def execute(self, body: bytes) -> None:
        """Run it, or go on with it."""
        portal = self._portals.get(body.partition(b"\0")[0])
        if portal is None:  # of a cursor that was declared in SQL, or an error to come
            portal = Portal(_UNKNOWN, _BOUND)
        kind: Kind = "fetch" if portal.run else "execute"
        portal.run = True
        values = read_values(portal.bind, portal.prepared.types, self.encoding)
        statement = self._sent(kind, portal.prepared.sql, portal.size, values)
        self._waiting.append(Waiting("E", statement, portal.prepared.sql))

    def close(self, body: bytes) -> None:
        """Forget a prepared statement or a portal."""
        name = body[1:].partition(b"\0")[0]
        known: dict[bytes, Any]
        known = self._prepared if body[:1] == b"S" else self._portals
        if gone := known.pop(name, None):
            self._remembered -= gone.size
        self._waiting.append(Waiting("C"))

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
        while self._waiting and self._waiting[0].kind != "S":
            skipped = self._waiting.popleft().statement
            if skipped and skipped is not failed:
                skipped.finish("skipped")

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
            self._remembered -= sum(portal.size for portal in self._portals.values())
            self._portals.clear()  # they end with their transaction

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

    def _remember(self, size: int) -> None:
        self._remembered += size
        if self._remembered > _MOST_PREPARED:
            raise RefusedError("too long", "This connection prepared more than the proxy keeps.")

    def _sent(
        self, kind: Kind, sql: str, size: int, values: tuple[object, ...] | None = None
    ) -> Statement:
        return self._hub.sent(self._connection, kind, sql, values, size=size)

    def _text(self, data: bytes) -> str:
        return data.decode(self.encoding, "surrogateescape")
