"""Packets that the proxy itself reads and writes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from pymysql.constants import CLIENT

from prodev.services.proxy.mysql.proof import NATIVE
from prodev.services.proxy.refused import RefusedError

FULL = 0xFFFFFF
"""Bytes of a packet that goes on in the next one."""

# Error numbers and SQLSTATEs: https://mariadb.com/kb/en/mariadb-error-code-reference/
_CODES = {
    "protocol": (1043, b"08S01"),
    "too long": (1153, b"08S01"),
    "too many": (1040, b"08004"),
    "other database": (1044, b"42000"),
    "password": (1045, b"28000"),
    "unreachable": (2003, b"HY000"),
    "gone": (2013, b"HY000"),
    "not supported": (1047, b"08S01"),
}

# What a client may ask for: nothing that changes how packets or answers are built.
OFFERED = (
    CLIENT.CAPABILITIES
    | CLIENT.CONNECT_WITH_DB
    | CLIENT.FOUND_ROWS
    | CLIENT.IGNORE_SPACE
    | CLIENT.INTERACTIVE
    | CLIENT.LOCAL_FILES
    | CLIENT.MULTI_STATEMENTS
    | CLIENT.NO_SCHEMA
    | CLIENT.PS_MULTI_RESULTS
)


def packet(sequence: int, body: bytes) -> bytes:
    """Return a packet with its header; the body is shorter than 16 MB."""
    return struct.pack("<I", len(body))[:3] + bytes([sequence % 256]) + body


def error_packet(sequence: int, code: str, sentence: str) -> bytes:
    """Return an error; ``code`` is one of ours, or the server's number."""
    number, state = _CODES.get(code) or (int(code), b"HY000")
    words = sentence.encode("utf-8", "replace")
    return packet(sequence, b"\xff" + struct.pack("<H", number) + b"#" + state + words)


def ok_packet(sequence: int, status: int) -> bytes:
    """Return that all is well."""
    return packet(sequence, b"\0\0\0" + struct.pack("<HH", status, 0))


@dataclass(frozen=True)
class Greeting:
    """What the server says of itself, and what a client proves its password with."""

    version: str
    thread: int
    salt: bytes
    """20 bytes, none of them 0."""
    capabilities: int
    collation: int
    status: int

    def packet(self) -> bytes:
        """Return the first packet of a connection."""
        low, high = self.capabilities & 0xFFFF, self.capabilities >> 16
        parts = (
            b"\x0a",
            self.version.encode("latin1") + b"\0",
            struct.pack("<I", self.thread),
            self.salt[:8] + b"\0",
            struct.pack("<HBHHB", low, self.collation, self.status, high, len(self.salt) + 1),
            bytes(10),
            self.salt[8:] + b"\0",
            NATIVE + b"\0",
        )
        return packet(0, b"".join(parts))


def ask_proof(sequence: int, way: bytes, salt: bytes) -> bytes:
    """Return that the password is to be proved in this way."""
    return packet(sequence, b"\xfe" + way + b"\0" + salt + b"\0")


@dataclass(frozen=True)
class Response:
    """A client's answer to the greeting."""

    capabilities: int
    collation: int
    proof: bytes
    plugin: bytes
    attributes: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads a packet's body from the left.

    Its methods raise IndexError or struct.error where the body is too short.
    """

    def __init__(self, body: bytes, place: int = 0) -> None:
        """Begin at a place."""
        self.body, self.place = body, place

    @property
    def more(self) -> bool:
        """Whether something is left."""
        return self.place < len(self.body)

    def take(self, number: int) -> bytes:
        """Return the next bytes."""
        if number > len(self.body) - self.place:
            raise IndexError
        self.place += number
        return self.body[self.place - number : self.place]

    def unpack(self, form: str) -> int:
        """Return a number of a fixed size, as ``struct`` has it."""
        number = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return int(number)

    def number(self) -> int:
        """Return a number whose first byte tells its size."""
        first = self.take(1)[0]
        if first < 0xFB:
            return first
        size = {0xFC: 2, 0xFD: 3, 0xFE: 8}[first] if first in (0xFC, 0xFD, 0xFE) else 0
        if not size:
            raise IndexError
        return int.from_bytes(self.take(size), "little")

    def sized(self) -> bytes:
        """Return bytes whose number comes first."""
        return self.take(self.number())

    def ended(self) -> bytes:
        """Return bytes up to a zero, or all of them."""
        end = self.body.find(b"\0", self.place)
        found = self.body[self.place : end if end >= 0 else None]
        self.place = end + 1 if end >= 0 else len(self.body)
        return found


def read_response(body: bytes, database: str) -> Response:
    """Return a client's answer to the greeting.

    Args:
        body: of the packet.
        database: the only one that the client may name.

    Raises:
        RefusedError: it is broken, or of an older protocol, or asks for TLS or another database.
    """
    try:
        read = Reader(body)
        flags = read.unpack("<I")
        read.unpack("<I")
        collation = read.unpack("<B")
        read.take(23)
        if flags & CLIENT.SSL or not flags & CLIENT.PROTOCOL_41 or not read.more:
            raise RefusedError("not supported", "This proxy speaks protocol 4.1 without TLS.")
        read.ended()  # the user: whoever comes works as the database's own
        lenenc = flags & CLIENT.PLUGIN_AUTH_LENENC_CLIENT_DATA
        secure = flags & CLIENT.SECURE_CONNECTION
        proof = read.sized() if lenenc else read.take(read.unpack("<B")) if secure else read.ended()
        wanted = read.ended() if flags & CLIENT.CONNECT_WITH_DB else b""
        plugin = read.ended() if flags & CLIENT.PLUGIN_AUTH else b""
        found = {}
        if flags & CLIENT.CONNECT_ATTRS and read.more:
            pairs = Reader(read.sized())
            while pairs.more:
                name = pairs.sized().decode("utf-8", "replace")
                found[name] = pairs.sized().decode("utf-8", "replace")
    except (IndexError, struct.error):
        raise RefusedError("protocol", "This is no login of MySQL's protocol.") from None
    if wanted not in (b"", database.encode()):
        raise RefusedError("other database", f"This proxy leads to the database {database} only.")
    return Response(flags & OFFERED, collation, proof, plugin, found)
