"""What a connection has prepared: without it, nobody knows the text of what is run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from prodev.services.proxy.postgresql.parameters import Bind
from prodev.services.proxy.refused import RefusedError

_MOST = 64_000_000  # bytes of text and values of one connection

Undo = Callable[[], None]


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


class Memory:
    """Prepared statements and portals by their names; the empty name is one like the others."""

    def __init__(self) -> None:
        """Begin with none."""
        self._prepared: dict[bytes, Prepared] = {}
        self._portals: dict[bytes, Portal] = {}
        self._size = 0

    def prepare(self, name: bytes, prepared: Prepared | None) -> Undo:
        """Keep or forget a prepared statement; call what it returns where the server refused.

        Raises:
            RefusedError: this connection prepared too much.
        """
        old = self._prepared.get(name)
        self._put(name, prepared)

        def undo() -> None:
            self._put(name, old)

        if self._size > _MOST:
            raise RefusedError("too long", "This connection prepared more than the proxy keeps.")
        return undo

    def bind(self, bind: Bind | None) -> Prepared:
        """Keep a portal; return its statement. None stands for a message that is broken.

        Raises:
            RefusedError: this connection prepared too much.
        """
        bind = bind or _BOUND
        prepared = self._prepared.get(bind.statement, _UNKNOWN)
        self.close(bind.portal)
        portal = self._portals[bind.portal] = Portal(prepared, bind)
        self._size += portal.size
        if self._size > _MOST:
            raise RefusedError("too long", "This connection bound more than the proxy keeps.")
        return prepared

    def portal(self, name: bytes) -> Portal:
        """Return a portal; an empty one for a cursor that was declared in SQL."""
        return self._portals.get(name) or Portal(_UNKNOWN, _BOUND)

    def close(self, name: bytes) -> None:
        """Forget a portal."""
        if gone := self._portals.pop(name, None):
            self._size -= gone.size

    def close_all(self) -> None:
        """Forget the portals: their transaction has ended."""
        self._size -= sum(portal.size for portal in self._portals.values())
        self._portals.clear()

    def forget(self) -> None:
        """Forget the prepared statements: the client said DEALLOCATE ALL or DISCARD ALL."""
        self._size -= sum(prepared.size for prepared in self._prepared.values())
        self._prepared.clear()

    def _put(self, name: bytes, prepared: Prepared | None) -> None:
        if old := self._prepared.pop(name, None):
            self._size -= old.size
        if prepared:
            self._prepared[name] = prepared
            self._size += prepared.size
