"""What all connections of one proxy share; it lives in the proxy's thread."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from prodev.services.address import Address
from prodev.services.proxy.log import Block
from prodev.services.proxy.statement import Connection, Kind, Parameters, Statement

if TYPE_CHECKING:
    from prodev.services.proxy.relay import Relay

MOST_CONNECTIONS = 250
"""At once; each takes two file descriptors of our process."""
_MOST_CLOSED = 10_000  # connections that are remembered


class Hub:
    """The database behind, what is counted, and how the connections are treated."""

    def __init__(self, upstream: Address, *, delay: float, password: str) -> None:
        """Take the real database.

        Args:
            upstream: its address, with the password that no client gets to see.
            delay: seconds, see ``CountingProxy.delay``.
            password: what a client that comes over TCP has to know.
        """
        self.upstream = upstream
        self.delay = delay
        self.password = password
        self.paused = False
        self.log = Block()
        self.blocks: tuple[Block, ...] = ()
        self.relays: set[Relay] = set()
        self.workers = ThreadPoolExecutor(8, thread_name_prefix="prodev-proxy-login")
        self.buffer = bytearray(256 * 1024)
        self.tasks: set[asyncio.Task[None]] = set()
        self.trouble: BaseException | None = None
        self._open: dict[int, Connection] = {}
        self._closed: deque[Connection] = deque(maxlen=_MOST_CLOSED)
        self._statements = 0
        self._connections = 0

    @property
    def connections(self) -> list[Connection]:
        """Those that were opened since the last ``forget``, and those that were open then."""
        there = self._open.copy()  # first: whoever leaves meanwhile is then among the closed
        both = there | {closed.number: closed for closed in self._closed.copy()}
        return [both[number] for number in sorted(both)]

    def opened(self, name: str) -> Connection:
        """Note a connection that has logged in."""
        self._connections += 1
        connection = Connection(self._connections, name)
        self._open[connection.number] = connection
        return connection

    def closed(self, connection: Connection, moment: float) -> None:
        """Note that a connection ended."""
        connection.closed = moment
        self._closed.append(connection)
        self._open.pop(connection.number, None)

    def forget(self) -> None:
        """Forget the statements, and the connections that are closed."""
        self.log.clear()
        self._closed.clear()

    def sent(
        self,
        connection: Connection,
        kind: Kind,
        sql: str,
        parameters: Parameters | None = None,
        *,
        size: int,
    ) -> Statement:
        """Write a statement down, before the server gets it."""
        self._statements += 1
        connection.statements += 1
        statement = Statement(self._statements, connection.number, kind, sql, parameters)
        self.log.add(statement, size)
        for block in self.blocks:
            block.add(statement, size)
        return statement

    def pause(self) -> None:
        """Let nothing pass."""
        self.paused = True
        for relay in list(self.relays):
            relay.pause()

    def resume(self) -> None:
        """Let it pass again."""
        self.paused = False
        for relay in list(self.relays):
            relay.resume()

    async def cut(self) -> None:
        """Drop the connections of this moment, and wait until they are closed."""
        gone = list(self.relays)
        for relay in gone:
            relay.abort()
        while not self.relays.isdisjoint(gone):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Wait for what is still going on: logins, which have a limit of time."""
        while self.tasks:
            await asyncio.wait(self.tasks)
        self.workers.shutdown()

    def start(self, work: Coroutine[Any, Any, None], relay: Relay) -> None:
        """Do something beside; a mistake of ours is told, and ends the connection."""

        def done(task: asyncio.Task[None]) -> None:
            self.tasks.discard(task)
            if not task.cancelled() and (error := task.exception()):
                self.trouble = self.trouble or error
                relay.abort()

        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(done)

    def later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Do something later, in the proxy's thread."""
        return asyncio.get_running_loop().call_later(seconds, action)
