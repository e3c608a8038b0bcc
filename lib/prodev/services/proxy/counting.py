"""The owner's side of the counting proxy."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from prodev.services.address import Address, Engine
from prodev.services.proxy.doors import Doors
from prodev.services.proxy.folder import SocketFolder
from prodev.services.proxy.hub import Hub
from prodev.services.proxy.log import Block
from prodev.services.proxy.mysql.relay import MySQLRelay
from prodev.services.proxy.postgresql.relay import PostgreSQLRelay
from prodev.services.proxy.statement import Connection, Statement
from prodev.services.proxy.thread import LoopThread
from prodev.services.service import ServiceError

_RELAYS: dict[Engine, type[PostgreSQLRelay | MySQLRelay]] = {
    "postgresql": PostgreSQLRelay,
    "mysql": MySQLRelay,
}
_STOPPED = "This proxy does not run; start it first."


class CountingProxy:
    """A door to one database that counts what passes, from ``start()`` to ``stop()``.

    The proxy logs in by itself: its clients need no password of the database and never see one,
    and whatever user they name, they work as the database's own. All of it may be asked from any
    thread; a statement is counted before the server gets it, and its answer is noted before the
    client gets it.
    """

    def __init__(
        self,
        upstream: Address,
        *,
        delay: float = 0.0,
        folder: Path | None = None,
        tcp: bool = False,
    ) -> None:
        """Take the database, without connecting to it.

        Args:
            upstream: the database behind, PostgreSQL or MySQL; it must not ask for TLS.
            delay: see the property.
            folder: where the socket lies; who may enter it may connect. Left out: a new private
                folder, which is removed at the end.
            tcp: listen on a free loopback port, too, for clients that cannot use sockets.
        """
        password = secrets.token_urlsafe(24)
        self._hub = Hub(upstream, delay=_checked(delay), password=password)
        self._first_delay = delay
        self._wanted_folder, self._wants_tcp = folder, tcp
        self._folder: SocketFolder | None = None
        self._thread: LoopThread | None = None
        self._doors = Doors(self._hub, _RELAYS[upstream.engine])

    @property
    def address(self) -> Address:
        """Where clients connect: a socket, no password.

        Raises:
            ServiceError: the proxy does not run.
        """
        if self._doors.address is None:
            raise ServiceError(_STOPPED)
        return self._doors.address

    @property
    def tcp_address(self) -> Address:
        """The same on a loopback port, with a password that holds for this proxy only.

        Raises:
            ServiceError: the proxy does not run, or was not asked for TCP.
        """
        if self._doors.tcp_address is None:
            raise ServiceError("The proxy listens on no port; start it with tcp=True.")
        return self._doors.tcp_address

    @property
    def delay(self) -> float:
        """Seconds that all that clients send waits before the server gets it.

        This is a database that is far away: statements sent together wait together, once.
        Answers do not wait, and neither does logging in.
        """
        return self._hub.delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._hub.delay = _checked(seconds)

    @property
    def count(self) -> int:
        """Statements since the last ``clear()``, failed ones and ``BEGIN`` or ``COMMIT`` too."""
        return self._hub.log.count

    @property
    def statements(self) -> list[Statement]:
        """The statements since the last ``clear()``, in the order in which they were sent.

        Raises:
            ServiceError: they were more than are kept.
        """
        return self._hub.log.statements

    @property
    def queries(self) -> list[Statement]:
        """The statements without those that only begin or end a transaction.

        Raises:
            ServiceError: they were more than are kept.
        """
        return self._hub.log.queries

    @property
    def connections(self) -> list[Connection]:
        """Connections that logged in since the last ``clear()`` or were open then."""
        return self._hub.connections

    def clear(self) -> None:
        """Forget the statements, and the connections that are closed."""
        self._hub.forget()

    @contextlib.contextmanager
    def block(self) -> Iterator[Block]:
        """Collect the statements that are sent within; ``clear()`` does not touch them."""
        block = Block()
        self._call(lambda: self._blocks(add=block))
        try:
            yield block
        finally:
            self._call(lambda: self._blocks(remove=block))

    def cut(self) -> None:
        """Drop all connections at once, as if the database had gone away; new ones may come."""
        if self._thread is None:
            raise ServiceError(_STOPPED)
        self._thread.run(self._hub.cut())

    def pause(self) -> None:
        """Let nothing pass any more, as if the database hung; new connections wait, too."""
        self._call(self._hub.pause)

    def resume(self) -> None:
        """Let everything pass again that waited since ``pause()``."""
        self._call(self._hub.resume)

    def reset(self) -> None:
        """Make it as new: no connections, no statements, not paused, the delay of the start."""
        self.cut()
        self.resume()
        self._hub.delay = self._first_delay
        self.clear()

    def start(self) -> Self:
        """Listen; the database must answer.

        Raises:
            ServiceError: the database does not let us in, or there is no place for the socket.
        """
        if self._thread:
            raise ServiceError("This proxy runs already.")
        self._thread = LoopThread("prodev-proxy", failed=self._failed)
        try:
            self._folder = SocketFolder(self._wanted_folder)
            self._thread.run(_RELAYS[self._hub.upstream.engine].try_login(self._hub))
            self._thread.run(self._doors.open(self._folder, tcp=self._wants_tcp))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Drop all connections, and leave nothing behind. A second call does nothing."""
        thread, self._thread = self._thread, None
        if thread:
            thread.call(self._doors.close)
            thread.run(self._hub.cut())
            thread.run(self._hub.finish())
            thread.stop()
        folder, self._folder = self._folder, None
        if folder:
            folder.remove()

    def check(self) -> None:
        """Do nothing while all is well.

        Raises:
            ServiceError: the proxy itself made a mistake, so its count may be wrong.
        """
        if error := self._hub.trouble:
            raise ServiceError(
                f"The counting proxy made a mistake of its own ({type(error).__name__}: {error}); "
                "its count may be wrong."
            ) from error

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; a mistake of the proxy is raised where nothing else is."""
        self.stop()
        if error is None:
            self.check()

    def _blocks(self, *, add: Block | None = None, remove: Block | None = None) -> None:
        kept = [block for block in self._hub.blocks if block is not remove]
        self._hub.blocks = (*kept, *([add] if add else []))

    def _failed(self, error: BaseException) -> None:
        self._hub.trouble = self._hub.trouble or error

    def _call(self, action: Callable[[], None]) -> None:
        if self._thread is None:
            raise ServiceError(_STOPPED)
        self._thread.call(action)


def _checked(seconds: float) -> float:
    if not 0 <= seconds < float("inf"):
        raise ServiceError(f"The delay is {seconds}; it is a number of seconds, 0 or more.")
    return seconds


@contextlib.contextmanager
def counting_proxy(
    upstream: Address,
    *,
    delay: float = 0.0,
    folder: Path | None = None,
    tcp: bool = False,
) -> Iterator[CountingProxy]:
    """Put a counting proxy in front of a database for the time of a block.

    Args:
        upstream: the database behind, PostgreSQL or MySQL; it must not ask for TLS.
        delay: seconds that all that clients send waits before the server gets it.
        folder: where the socket lies; who may enter it may connect. Left out: a new private
            folder, which is removed at the end.
        tcp: listen on a free loopback port, too.

    Raises:
        ServiceError: the database does not let us in, there is no place for the socket, or the
            proxy made a mistake of its own.
    """
    with CountingProxy(upstream, delay=delay, folder=folder, tcp=tcp) as proxy:
        yield proxy
