"""Messages that the proxy itself reads and writes."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_CODES = {
    "protocol": "08P01",
    "too long": "54000",
    "too many": "53300",
    "other database": "3D000",
    "password": "28P01",
    "unreachable": "08001",
    "gone": "08006",
    "not supported": "0A000",
}
_FATAL = ("FATAL", "PANIC")


def message(kind: bytes, body: bytes) -> bytes:
    """Return a message with its kind and length."""
    return kind + struct.pack("!I", len(body) + 4) + body


def error_response(code: str, sentence: str) -> bytes:
    """Return a fatal error; ``code`` is one of ours, or a SQLSTATE."""
    fields = {
        b"S": "FATAL",
        b"V": "FATAL",
        b"C": _CODES.get(code, code),
        b"M": sentence,
    }
    body = b"".join(key + _text(value) for key, value in fields.items())
    return message(b"E", body + b"\0")


def read_error(body: bytes, encoding: str) -> tuple[str, str, bool]:
    """Return the SQLSTATE, the words, and whether the server closes the connection."""
    fields = {
        part[:1]: part[1:].decode(encoding, "surrogateescape") for part in body.split(b"\0") if part
    }
    severity = fields.get(b"V") or fields.get(b"S", "")
    return fields.get(b"C", ""), fields.get(b"M", ""), severity in _FATAL


def greeting(settings: Mapping[str, bytes], pid: int, secret: int) -> bytes:
    """Return what a client gets that has logged in."""
    told = b"".join(message(b"S", _text(name) + value + b"\0") for name, value in settings.items())
    key = message(b"K", struct.pack("!II", pid, secret))
    return AUTHENTICATED + told + key + message(b"Z", b"I")


def older_protocol(options: list[str]) -> bytes:
    """Return that we speak 3.0 only, and none of these protocol options."""
    body = struct.pack("!II", 196608, len(options)) + b"".join(_text(name) for name in options)
    return message(b"v", body)


AUTHENTICATED = message(b"R", struct.pack("!I", 0))
ASK_PASSWORD = message(b"R", struct.pack("!I", 3))


def _text(value: str) -> bytes:
    return value.replace("\0", "").encode("utf-8", "surrogateescape") + b"\0"
