"""Logging in at the server with PyMySQL, whose socket is then ours."""

from __future__ import annotations

import os
import socket
import struct
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql.constants import CLIENT

from prodev.services.address import Address
from prodev.services.proxy.mysql.packets import Response
from prodev.services.proxy.refused import RefusedError

_SECONDS = 10.0
# From 2000 to 2999 are errors that PyMySQL itself finds; the rest are the server's.
_OWN = range(2000, 3000)


if TYPE_CHECKING:
    _Connection = pymysql.Connection[Any]
else:  # at run time the class takes no parameter
    _Connection = pymysql.Connection


class Login(_Connection):
    """A session in two steps, because the client is greeted between them.

    PyMySQL's own ``connect`` does both at once, and then sends statements of its own. Each step
    blocks.
    """

    server_version: str
    server_status: int
    server_language: int
    server_capabilities: int

    def __init__(self, upstream: Address) -> None:
        """Take the server; nothing is connected yet."""
        self._response: Response | None = None
        super().__init__(
            **upstream.arguments(),
            ssl_disabled=True,
            defer_connect=True,
            read_timeout=_SECONDS,
            write_timeout=_SECONDS,
        )

    @property
    def thread(self) -> int:
        """The session's number at the server."""
        own: Any = self
        return int(own.server_thread_id[0])

    def reach(self) -> None:
        """Connect, and read the server's greeting.

        Raises:
            RefusedError: the server does not answer, or refuses.
        """
        own: Any = self
        try:
            if own.unix_socket:
                door = socket.socket(socket.AF_UNIX)
                door.settimeout(_SECONDS)
                door.connect(own.unix_socket)
                own._secure = True
            else:
                door = socket.create_connection((own.host, own.port), _SECONDS)
                door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            own._sock, own._rfile = door, door.makefile("rb")
            own._next_seq_id, own._current_timeout = 0, _SECONDS
            own._get_server_information()
        except Exception as error:
            raise _why(error) from None

    def enter(self, response: Response) -> socket.socket:
        """Log in with what the client asks for; return a socket of our own for the session.

        Raises:
            RefusedError: the server does not answer, or refuses.
        """
        own: Any = self
        self._response = response
        own.client_flag = response.capabilities | CLIENT.CAPABILITIES
        if own.db:
            own.client_flag |= CLIENT.CONNECT_WITH_DB
        own._connect_attrs = response.attributes
        try:
            own._request_authentication()
            return socket.socket(fileno=os.dup(own._sock.fileno()))
        except Exception as error:
            raise _why(error) from None

    def write_packet(self, payload: bytes) -> None:
        """Send a packet; the first one gets the client's collation, which PyMySQL cannot name."""
        if self._response is not None:
            collation, self._response = self._response.collation, None
            payload = payload[:8] + bytes([collation]) + payload[9:]
        super().write_packet(payload)

    def leave(self) -> None:
        """Close PyMySQL's own socket; the session goes on where another one is open."""
        own: Any = self
        own._force_close()


def _why(error: Exception) -> RefusedError:
    """Return the server's reason, without where the server is."""
    number, words = (*error.args, "", "")[:2]
    if isinstance(error, pymysql.MySQLError) and isinstance(number, int) and number not in _OWN:
        code = "too many" if number in (1040, 1203, 1226) else str(number)
        return RefusedError(code, f"The database refused: {words}.")
    if isinstance(error, RuntimeError) and "cryptography" in str(error):
        sentence = "The database wants an encrypted password: pip install cryptography."
        return RefusedError("not supported", sentence)
    if isinstance(error, OSError | pymysql.MySQLError | struct.error | IndexError):
        return RefusedError("unreachable", "The database cannot be reached; is its server running?")
    raise error
