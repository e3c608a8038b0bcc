"""One connection of a MySQL or MariaDB client."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from pymysql.constants import CLIENT

from prodev.services.proxy.hub import Hub
from prodev.services.proxy.mysql.books import Books
from prodev.services.proxy.mysql.framing import ClientPackets, ServerPackets
from prodev.services.proxy.mysql.login import Login
from prodev.services.proxy.mysql.packets import (
    OFFERED,
    Greeting,
    Response,
    ask_proof,
    error_packet,
    ok_packet,
    packet,
    read_response,
)
from prodev.services.proxy.mysql.proof import NATIVE, PROVED, SHA2, proves, way_for
from prodev.services.proxy.refused import RefusedError
from prodev.services.proxy.relay import Relay
from prodev.services.service import ServiceError

_LONGEST_LOGIN = 100_000  # bytes
_MOST_HELD = 1_000_000  # bytes


class MySQLRelay(Relay):
    """From the greeting to the goodbye."""

    def __init__(self, hub: Hub, *, guarded: bool) -> None:
        """Take what all connections share, and whether the client has to know a password."""
        super().__init__(hub, guarded=guarded)
        self._salt = bytes(secrets.choice(range(1, 128)) for _ in range(20))
        self._login: Login | None = None
        self._response: Response | None = None
        self._sequence = 0  # of our next packet
        self._books: Books | None = None
        self._sent: ClientPackets | None = None
        self._answers: ServerPackets | None = None
        self._inbox = bytearray()
        self._phase: Callable[[bytes], None] = self._keep

    @staticmethod
    async def try_login(hub: Hub) -> None:
        """Log in once.

        Raises:
            ServiceError: the server does not let us in.
        """

        def work() -> None:
            login = Login(hub.upstream)
            try:
                login.reach()
                login.enter(Response(0, login.server_language, b"", b"")).close()
            finally:
                login.leave()

        try:
            await asyncio.get_running_loop().run_in_executor(hub.workers, work)
        except RefusedError as error:
            raise ServiceError(error.sentence) from None

    def greet(self) -> None:
        """Reach the server: the greeting tells its version and the session's number."""
        self.hub.start(self._reach(), self)

    def error_message(self, code: str, sentence: str) -> bytes:
        """Return an error packet."""
        return error_packet(self._sequence, code, sentence)

    def server_gone(self) -> bytes:
        """Say it to a client that waits for an answer, unless the server has said why."""
        if not (self._books and self._answers):
            return b""
        waits = self._books.untouched and not self._answers.inside
        self._books.lost()
        if not waits or self._books.fatal or self._books.leaving:
            return b""
        return error_packet(1, "gone", "The database went away; connect again.")

    def from_client(self, data: bytes) -> None:
        """Take bytes in the way that fits what the connection is at."""
        self._phase(data)

    def from_server(self, data: bytes) -> None:
        """Note the answers, and go on with what the client sent meanwhile."""
        if self._answers and self._sent:
            self._answers.feed(data)
            if self._sent.held:
                asyncio.get_running_loop().call_soon(self._pass_on, b"")

    async def _reach(self) -> None:
        login = Login(self.hub.upstream)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.hub.workers, login.reach)
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
            login.leave()
            return
        if self.over:
            login.leave()
            return
        self._login = login
        needed = CLIENT.LONG_PASSWORD | CLIENT.PLUGIN_AUTH | CLIENT.SECURE_CONNECTION
        self.client.write(
            Greeting(
                version=login.server_version,
                thread=login.thread,
                salt=self._salt,
                capabilities=login.server_capabilities & OFFERED | needed,
                collation=login.server_language,
                status=login.server_status,
            ).packet()
        )
        self._phase = self._read_login
        self._phase(b"")

    def _read_login(self, data: bytes) -> None:
        if (body := self._packet(data)) is None:
            return
        try:
            self._response = read_response(body, self.hub.upstream.database)
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
            return
        way, proof = self._response.plugin, self._response.proof
        if not self.guarded:
            self._enter(way if proof else NATIVE)
        elif way == NATIVE:
            self._check(way, proof)
        else:
            way = way_for(way)
            self.client.write(ask_proof(self._sequence, way, self._salt))
            self._phase = lambda data: self._read_proof(way, data)
            self._phase(b"")

    def _read_proof(self, way: bytes, data: bytes) -> None:
        if (body := self._packet(data)) is not None:
            self._check(way, body)

    def _check(self, way: bytes, proof: bytes) -> None:
        if proves(way, proof, self.hub.password, self._salt):
            self._enter(way)
        else:
            self.refuse("password", "The password is wrong; this proxy has one of its own.")

    def _packet(self, data: bytes) -> bytes | None:
        """Return the body of the next packet of the login, when it is there."""
        self._inbox += data
        if len(self._inbox) < 4:
            return None
        length = int.from_bytes(self._inbox[:3], "little")
        if length > _LONGEST_LOGIN:
            self.refuse("protocol", "This is no login of MySQL's protocol.")
            return None
        if len(self._inbox) < 4 + length:
            return None
        self._sequence = self._inbox[3] + 1
        body = bytes(self._inbox[4 : 4 + length])
        del self._inbox[: 4 + length]
        return body

    def _enter(self, way: bytes) -> None:
        self.client.stop("login")
        if way == SHA2:
            self.client.write(packet(self._sequence, PROVED))
            self._sequence += 1
        self._phase = self._keep
        self.hub.start(self._join(), self)

    def _keep(self, data: bytes) -> None:
        self._inbox += data
        if len(self._inbox) > _LONGEST_LOGIN:
            self.refuse("protocol", "This is no login of MySQL's protocol.")

    async def _join(self) -> None:
        login, response = self._login, self._response
        assert login
        assert response
        loop = asyncio.get_running_loop()
        try:
            upstream = await loop.run_in_executor(self.hub.workers, login.enter, response)
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
            return
        finally:
            login.leave()
        if self.over:
            upstream.close()
            return
        upstream.setblocking(False)
        await self.join(upstream, response.attributes.get("program_name", ""))
        if self.over or self.connection is None:
            return
        self._books = Books(self.hub, self.connection)
        self._sent, self._answers = ClientPackets(self._books), ServerPackets(self._books)
        self.client.write(ok_packet(self._sequence, login.server_status))
        self._sequence = 1
        self._phase = self._pass_on
        self._phase(bytes(self._inbox))
        self.client.go("login")

    def _pass_on(self, data: bytes) -> None:
        assert self._sent
        if self.over:
            return
        try:
            self.to_server(self._sent.feed(data))
        except RefusedError as error:
            self.refuse(error.code, error.sentence)
        if self._sent.held > _MOST_HELD and self._books and self._books.busy:
            self.client.stop("busy")
        else:
            self.client.go("busy")
