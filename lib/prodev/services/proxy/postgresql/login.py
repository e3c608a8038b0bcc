"""Logging in at the server with libpq, whose socket is then ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import time
from collections.abc import Callable, Mapping

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from prodev.services.address import Address
from prodev.services.proxy.refused import RefusedError

_SECONDS = 10.0
# All that the server reports by itself: https://www.postgresql.org/docs/18/protocol-flow.html
_REPORTED = (
    "server_version", "server_encoding", "client_encoding", "application_name",
    "default_transaction_read_only", "in_hot_standby", "is_superuser", "session_authorization",
    "DateStyle", "IntervalStyle", "TimeZone", "integer_datetimes", "standard_conforming_strings",
    "scram_iterations", "search_path",
)  # fmt: skip
_TOO_MANY = ("too many clients", "too many connections", "connection slots are reserved")


class Login:
    """A session at the server that libpq has begun; from then on libpq does not touch it.

    libpq has nothing left in its buffer: the server sends nothing between the end of the login and
    the first statement.
    """

    def __init__(self, connection: pq.abc.PGconn) -> None:
        """Take libpq's connection, which is logged in."""
        self._connection = connection
        self.pid = connection.backend_pid
        found = {name: connection.parameter_status(name.encode()) for name in _REPORTED}
        self.settings = {name: value for name, value in found.items() if value is not None}

    def socket(self) -> socket.socket:
        """Return a socket of our own for the session."""
        return socket.socket(fileno=os.dup(self._connection.socket))

    async def cancel(self) -> None:
        """Ask the server to cancel the statement that runs."""
        request = self._connection.cancel_conn()
        # As with a cancel of the client's own, nobody is told when it fails.
        with contextlib.suppress(RefusedError, psycopg.Error):
            request.start()
            await _poll(request, request.poll, time.monotonic() + _SECONDS)
        request.finish()

    def close(self) -> None:
        """Let libpq go; the session ends."""
        # libpq says goodbye on the socket, and would wait for a server that does not read.
        with contextlib.suppress(OSError), self.socket() as own:
            own.shutdown(socket.SHUT_RDWR)
        self._connection.finish()


async def log_in(upstream: Address, options: Mapping[str, str]) -> Login:
    """Log in.

    Args:
        upstream: the server, the user and the password.
        options: libpq's keywords for what the client wants.

    Raises:
        RefusedError: the server does not answer, or refuses.
    """
    info = make_conninfo(**upstream.arguments(), **options, sslmode="disable", gssencmode="disable")
    connection = pq.PGconn.connect_start(info.encode())
    try:
        await _poll(connection, connection.connect_poll, time.monotonic() + _SECONDS)
        return Login(connection)
    except BaseException:
        connection.finish()
        raise


async def _poll(
    connection: pq.abc.PGconn | pq.abc.PGcancelConn, step: Callable[[], int], deadline: float
) -> None:
    status = pq.PollingStatus.WRITING
    while connection.status != pq.ConnStatus.BAD and status != pq.PollingStatus.FAILED:
        if status == pq.PollingStatus.OK:
            return
        await _ready(connection.socket, deadline, write=status == pq.PollingStatus.WRITING)
        status = pq.PollingStatus(step())
    raise _why(connection.get_error_message())


async def _ready(number: int, deadline: float, *, write: bool) -> None:
    loop = asyncio.get_running_loop()
    there: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not there.done():
            there.set_result(None)

    (loop.add_writer if write else loop.add_reader)(number, tell)
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            await there
    except TimeoutError:
        raise RefusedError(
            "unreachable", f"The database did not answer within {_SECONDS:.0f} seconds."
        ) from None
    finally:
        (loop.remove_writer if write else loop.remove_reader)(number)


def _why(words: str) -> RefusedError:
    """Return the server's reason without libpq's words about where the server is."""
    if reason := re.search(r"(?:FATAL|ERROR):\s+(.+)", words):
        sentence = reason[1].strip()
        code = "too many" if any(sign in sentence for sign in _TOO_MANY) else "unreachable"
        return RefusedError(code, f"The database refused: {sentence}.")
    return RefusedError("unreachable", "The database cannot be reached; is its server running?")
