"""One connection of a PostgreSQL client."""

from __future__ import annotations

import hmac
import secrets
import struct
from collections.abc import Callable

from prodev.services.proxy.hub import Hub
from prodev.services.proxy.postgresql.books import Books
from prodev.services.proxy.postgresql.framing import ClientMessages, ServerMessages
from prodev.services.proxy.postgresql.login import Login, log_in
from prodev.services.proxy.postgresql.messages import (
    ASK_PASSWORD,
    error_response,
    greeting,
    older_protocol,
)
from prodev.services.proxy.postgresql.startup import (
    CANCEL,
    GSS,
    LONGEST_STARTUP,
    TLS,
    Startup,
    login_options,
    read_startup,
)
from prodev.services.proxy.refused import RefusedError
from prodev.services.proxy.relay import Relay
from prodev.services.service import ServiceError


class PostgreSQLRelay(Relay):
    """From the startup message to the goodbye."""

    def __init__(self, hub: Hub, *, guarded: bool) -> None:
        """Take what all connections share, and whether the client has to know a password."""
        super().__init__(hub, guarded=guarded)
        self.secret = secrets.randbits(32)
        self.login: Login | None = None
        self._books: Books | None = None
        self._startup: Startup | None = None
        self._sent: ClientMessages | None = None
        self._answers: ServerMessages | None = None
        self._inbox = bytearray()
        self._phase: Callable[[bytes], None] = self._read_startup

    @staticmethod
    async def try_login(hub: Hub) -> None:
        """Log in once.

        Raises:
            ServiceError: the server does not let us in.
        """
        try:
            (await log_in(hub.upstream, {})).close()
        except RefusedError as error:
            raise ServiceError(error.sentence) from None

    def greet(self) -> None:
        """Wait: in this protocol the client speaks first."""

    def error_message(self, code: str, sentence: str) -> bytes:
        """Return an ErrorResponse."""
        return error_response(code, sentence)

    def server_gone(self) -> bytes:
        """Say it, unless the server has said why, or the client is leaving."""
        if not (self._books and self._sent and self._answers):
            return b""
        self._books.lost()
        if self._books.fatal or self._sent.leaving or self._answers.inside:
            return b""
        return error_response("gone", "The database went away; connect again.")

    def upstream_closed(self) -> None:
        """Let libpq's connection go."""
        if self.login:
            self.login.close()

    def from_client(self, data: bytes) -> None:
        """Take bytes in the way that fits what the connection is at."""
        self._phase(data)

    def _read_startup(self, data: bytes) -> None:
        self._inbox += data
        while len(self._inbox) >= 8:
            length, code = struct.unpack_from("!II", self._inbox)
            if not 8 <= length <= LONGEST_STARTUP:
                self.refuse("protocol", "This is no login of PostgreSQL's protocol, version 3.")
                return
            if len(self._inbox) < length:
                return
            body = bytes(self._inbox[8:length])
            del self._inbox[:length]
            if code in (TLS, GSS):
                self.client.write(b"N")
                continue
            if code == CANCEL:
                self.over = True
                self.hub.start(self._cancel(body), self)
                return
            self._started(code, body)
            return

    def _started(self, code: int, body: bytes) -> None:
        try:
            startup = read_startup(code, body)
            login_options(startup, self.hub.upstream.database)
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
            return
        self._startup = startup
        if startup.minor or startup.protocol_options:
            self.client.write(older_protocol(startup.protocol_options))
        if self.guarded:
            self._phase = self._read_password
            self.client.write(ASK_PASSWORD)
            self._phase(b"")
        else:
            self._log_in()

    def _read_password(self, data: bytes) -> None:
        self._inbox += data
        if len(self._inbox) < 5:
            return
        kind, length = struct.unpack_from("!BI", self._inbox)
        if kind != ord("p") or not 5 <= length <= LONGEST_STARTUP:
            self.refuse("protocol", "A password was expected.")
        elif len(self._inbox) > length:
            told = bytes(self._inbox[5:length])
            del self._inbox[: length + 1]
            if hmac.compare_digest(told, self.hub.password.encode()):
                self._log_in()
            else:
                self.refuse("password", "The password is wrong; this proxy has one of its own.")

    def _log_in(self) -> None:
        self.client.stop("login")
        self._phase = self._keep
        self.hub.start(self._join(), self)

    def _keep(self, data: bytes) -> None:
        self._inbox += data  # one read may still be on its way when reading stops

    async def _join(self) -> None:
        assert self._startup
        upstream = self.hub.upstream
        try:
            login = await log_in(upstream, login_options(self._startup, upstream.database))
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
            return
        if self.over:
            login.close()
            return
        self.login = login
        await self.join(login.socket(), self._startup.name)
        if self.over or self.connection is None:
            return
        self._books = Books(self.hub, self.connection, login.settings["client_encoding"])
        self._sent, self._answers = ClientMessages(self._books), ServerMessages(self._books)
        self.client.write(greeting(login.settings, login.pid, self.secret))
        self._phase = self._pass_on
        self._phase(bytes(self._inbox))
        self.client.go("login")

    async def _cancel(self, body: bytes) -> None:
        for relay in self.hub.relays:
            if isinstance(relay, PostgreSQLRelay) and (login := relay.login) and relay.server:
                key = struct.pack("!II", login.pid, relay.secret)
                if hmac.compare_digest(key, body):
                    await login.cancel()
                    break
        self.client.close()

    def _pass_on(self, data: bytes) -> None:
        assert self._sent
        try:
            self.to_server(self._sent.feed(data))
        except RefusedError as error:
            self.refuse(error.code, error.sentence)

    def from_server(self, data: bytes) -> None:
        """Note the answers."""
        if self._answers:
            self._answers.feed(data)
