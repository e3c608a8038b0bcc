"""What the tests of the counting proxy share: servers with a log of all statements, raw clients."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from prodev.services.address import Address
from prodev.services.postgresql import RunningPostgreSQL
from prodev.services.proxy import CountingProxy, Statement, counting_proxy
from service_processes import eventually

_ENTRY = re.compile(
    r"\S+ \S+ \S+ \[(\d+)\] (LOG|STATEMENT):  "
    r"(?:statement: |execute (?:fetch from )?[^:]+: )?(.*(?:\n\t.*)*)"
)


@contextmanager
def logged(server: RunningPostgreSQL) -> Iterator[CountingProxy]:
    """Give a proxy to a database whose server writes each statement of its clients down."""
    with server.database() as database:
        user = sql.Identifier(database.address.user)
        server._connection.execute(sql.SQL("ALTER ROLE {} SET log_statement = 'all'").format(user))
        with counting_proxy(database.address) as proxy:
            yield proxy


def log_of(server: RunningPostgreSQL) -> Path:
    """Return where a server of ours writes its log: beside its data, whatever the cache is now."""
    found = server._connection.execute("SHOW data_directory").fetchone()
    assert found
    return Path(found[0]).parent / "server.log"


def server_log(log: Path, pid: int) -> list[str]:
    """Return what PostgreSQL's log says that one session sent, in order.

    A statement that fails before it runs stands there only with its error.
    """
    found: list[str] = []
    for number, kind, text in _ENTRY.findall(log.read_text("utf-8")):
        words = text.replace("\n\t", "\n")
        if int(number) == pid and (kind == "LOG" or found[-1:] != [words]):
            found.append(words)
    return found


def texts(statements: list[Statement]) -> list[str]:
    return [one.sql for one in statements]


def assert_as_logged(proxy: CountingProxy, log: Path, pid: int, number: int) -> None:
    """The proxy and the server agree on the text and the number of statements."""
    counted = texts(proxy.statements)
    assert eventually(lambda: len(server_log(log, pid)) >= len(counted))
    assert counted == server_log(log, pid)
    assert proxy.count == len(counted) == number


def message(kind: bytes, body: bytes = b"") -> bytes:
    """A message of PostgreSQL's protocol."""
    return kind + struct.pack("!I", len(body) + 4) + body


def startup(**settings: str) -> bytes:
    body = struct.pack("!I", 196608)
    for name, value in settings.items():
        body += f"{name}\0{value}\0".encode()
    return struct.pack("!I", len(body) + 5) + body + b"\0"


class RawClient:
    """Speaks PostgreSQL's protocol byte by byte."""

    def __init__(self, address: Address) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(f"{address.socket}/.s.PGSQL.5432")

    def log_in(self) -> None:
        self.socket.sendall(startup(user="me"))
        assert self.until("Z")[0] == ("R", b"\0\0\0\0")

    def send(self, *messages: bytes) -> None:
        self.socket.sendall(b"".join(messages))

    def read(self) -> tuple[str, bytes]:
        """The next message; empty where the connection is closed."""
        head = self._take(5)
        if len(head) < 5:
            return "", b""
        kind, length = struct.unpack("!cI", head)
        return kind.decode(), self._take(length - 4)

    def until(self, *kinds: str) -> list[tuple[str, bytes]]:
        """The messages up to one of these kinds, or up to the end."""
        found = [self.read()]
        while found[-1][0] not in (*kinds, ""):
            found.append(self.read())
        return found

    def error(self) -> tuple[str, str]:
        """SQLSTATE and words of the error that comes next, before the connection is closed."""
        messages = self.until("E")
        assert messages[-1][0] == "E", messages
        fields = {part[:1]: part[1:].decode() for part in messages[-1][1].split(b"\0") if part}
        return fields[b"C"], fields[b"M"]

    def closed(self) -> bool:
        """Whether nothing more comes."""
        return self.until("")[-1][0] == ""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def _take(self, number: int) -> bytes:
        data = b""
        while len(data) < number:
            try:
                part = self.socket.recv(number - len(data))
            except ConnectionResetError:
                part = b""
            if not part:
                break
            data += part
        return data


def connected(proxy: CountingProxy, **options: object) -> psycopg.Connection:
    """A psycopg connection through the proxy, without transactions unless they are asked for."""
    return psycopg.connect(**{**proxy.address.arguments(), "autocommit": True, **options})


def printed(code: str, *arguments: str) -> str:
    """What a client prints that is a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
