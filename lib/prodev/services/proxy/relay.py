"""One client's connection and its connection to the server, with all that passes between them."""

from __future__ import annotations

import asyncio
import socket
import time
from abc import ABC, abstractmethod
from collections import deque

from prodev.services.proxy.end import End
from prodev.services.proxy.hub import MOST_CONNECTIONS, Hub
from prodev.services.proxy.statement import Connection

_MOST_HELD = 1_000_000  # bytes that wait for their delay
_LOGIN_SECONDS = 30.0


class Relay(ABC):
    """The part that both protocols have: login, delay, back-pressure, and the end.

    A relay goes through: the client is greeted (``greet``, ``from_client``), we log in at the
    server, ``joined`` puts the server's socket in, and then all bytes pass ``from_client`` and
    ``from_server``.
    """

    def __init__(self, hub: Hub, *, guarded: bool) -> None:
        """Take what all connections share.

        Args:
            hub: of the proxy.
            guarded: the client has to know the proxy's password.
        """
        self.hub, self.guarded = hub, guarded
        self.client = End(
            hub.buffer, self._begin, self._from_client, self._client_ended, self._client_lost
        )
        self.server: End | None = None
        self.connection: Connection | None = None
        self.over = False
        self._held: deque[tuple[float, bytes]] = deque()
        self._held_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._no_more = False  # nothing comes from the client after what is held

    @abstractmethod
    def greet(self) -> None:
        """Begin: a client is there."""

    @abstractmethod
    def from_client(self, data: bytes) -> None:
        """Take bytes of the client."""

    @abstractmethod
    def from_server(self, data: bytes) -> None:
        """Take bytes of the server."""

    @abstractmethod
    def error_message(self, code: str, sentence: str) -> bytes:
        """Return an error in the server's own form; ``code`` is a key of the protocol's table."""

    @abstractmethod
    def server_gone(self) -> bytes:
        """Close the books on statements without an answer; return what the client is told."""

    def accepted(self) -> End:
        """Return the client's end, for its socket."""
        self.hub.relays.add(self)
        if self.hub.paused:
            self.client.stop("paused")
        self._deadline = self.hub.later(_LOGIN_SECONDS, self._too_slow)
        return self.client

    async def join(self, upstream: socket.socket, name: str) -> None:
        """Put the server's socket in: the client has logged in."""
        self.server = End(
            self.hub.buffer,
            self._joined,
            self._from_server,
            self._server_ended,
            self._server_lost,
        )
        self.server.other, self.client.other = self.client, self.server
        if self.hub.paused:
            self.server.stop("paused")
        self._deadline.cancel()
        self.connection = self.hub.opened(name)
        server = self.server
        await asyncio.get_running_loop().create_connection(lambda: server, sock=upstream)

    def to_server(self, data: bytes) -> None:
        """Send to the server, after the delay; the order stays."""
        if not data:
            return
        if not self.hub.delay and not self._held:
            if self.server:
                self.server.write(data)
            return
        self._held.append((time.monotonic() + self.hub.delay, data))
        self._held_bytes += len(data)
        if self._held_bytes > _MOST_HELD:
            self.client.stop("held")
        self._wait_for_held()

    def refuse(self, code: str, sentence: str) -> None:
        """Tell the client why it cannot go on, and close the connection."""
        if self.over:
            return
        self.over = True
        self.client.write(self.error_message(code, sentence))
        self.client.close()
        if self.server:
            self.server.close()

    def abort(self) -> None:
        """Drop both connections at once."""
        self.over = True
        self._stop_timer()
        self._held.clear()
        self.client.abort()
        if self.server:
            self.server.abort()

    def pause(self) -> None:
        """Let nothing pass."""
        self._stop_timer()
        for end in (self.client, self.server):
            if end:
                end.stop("paused")

    def resume(self) -> None:
        """Let it pass again."""
        for end in (self.client, self.server):
            if end:
                end.go("paused")
        self._wait_for_held()

    def upstream_closed(self) -> None:  # noqa: B027 - MySQL has nothing to let go of
        """Let go of what belongs to the login; the server's socket is closed."""

    def _begin(self) -> None:
        if self.over:  # cut before it was there
            self.client.abort()
        elif len(self.hub.relays) > MOST_CONNECTIONS:
            self.refuse("too many", f"The proxy holds {MOST_CONNECTIONS} connections and no more.")
        elif self.hub.paused:
            self.hub.later(0.05, self._begin)
        else:
            self.greet()

    def _joined(self) -> None:
        if self.over:  # cut while it logged in
            self.abort()

    def _too_slow(self) -> None:
        if self.hub.paused:
            self._deadline = self.hub.later(_LOGIN_SECONDS, self._too_slow)
        else:
            self.refuse("protocol", f"There was no login within {_LOGIN_SECONDS:.0f} seconds.")

    def _from_client(self, data: bytes) -> None:
        if not self.over:
            self.from_client(data)

    def _from_server(self, data: bytes) -> None:
        # The books come first: who has the answer finds it counted.
        self.from_server(data)
        self.client.write(data)

    def _client_ended(self) -> None:
        """Let what is held reach the server, then tell it that no more will come."""
        self._no_more = True
        if self.server is None:
            self.client.close()
        elif not self._held:
            self.server.write_eof()

    def _client_lost(self) -> None:
        self._deadline.cancel()
        self.over = self._no_more = True
        if self.server and not self._held:
            self.server.close()
        self._tidy()

    def _server_ended(self) -> None:
        if self.server:
            self.server.close()

    def _server_lost(self) -> None:
        told = self.server_gone()
        if told and not self.over and not self._no_more:
            self.client.write(told)
        self.over = True
        self._stop_timer()
        self._held.clear()
        self.client.close()
        self.upstream_closed()
        self._tidy()

    def _tidy(self) -> None:
        if self.connection and self.connection.open:
            self.hub.closed(self.connection, time.time())
        if self.client.transport is None and (self.server is None or not self.server.transport):
            self.hub.relays.discard(self)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wait_for_held(self) -> None:
        if self._held and self._timer is None and not self.hub.paused:
            wait = self._held[0][0] - time.monotonic()
            self._timer = self.hub.later(max(0.0, wait), self._release)

    def _release(self) -> None:
        self._timer = None
        now = time.monotonic()
        while self._held and self._held[0][0] <= now:
            _, data = self._held.popleft()
            self._held_bytes -= len(data)
            if self.server:
                self.server.write(data)
        if self._held_bytes <= _MOST_HELD:
            self.client.go("held")
        if self._no_more and not self._held and self.server:
            if self.client.transport:
                self.server.write_eof()
            else:
                self.server.close()
        self._wait_for_held()
