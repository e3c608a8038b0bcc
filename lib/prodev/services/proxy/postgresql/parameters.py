"""The values that a client binds to a statement."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from prodev.services.proxy.statement import Parameters

# Types that every server knows by these numbers (pg_type.dat), in their binary form.
_BINARY: dict[int, Callable[[bytes], object]] = {
    16: lambda data: data != b"\0",
    20: lambda data: struct.unpack("!q", data)[0],
    21: lambda data: struct.unpack("!h", data)[0],
    23: lambda data: struct.unpack("!i", data)[0],
    26: lambda data: struct.unpack("!I", data)[0],
    700: lambda data: struct.unpack("!f", data)[0],
    701: lambda data: struct.unpack("!d", data)[0],
    25: lambda data: data.decode("utf-8", "surrogateescape"),
    1043: lambda data: data.decode("utf-8", "surrogateescape"),
}


class Bind(NamedTuple):
    """A statement with its values, ready to be run."""

    portal: bytes
    statement: bytes
    formats: tuple[int, ...]
    values: tuple[bytes | None, ...]


def read_bind(body: bytes) -> Bind | None:
    """Return what a Bind message holds; None where it is broken, as the server will say."""
    try:
        portal_end = body.index(b"\0")
        statement_end = body.index(b"\0", portal_end + 1)
        place = statement_end + 1
        (number,) = struct.unpack_from("!H", body, place)
        formats = struct.unpack_from(f"!{number}h", body, place + 2)
        place += 2 + 2 * number
        (number,) = struct.unpack_from("!H", body, place)
        place += 2
        values: list[bytes | None] = []
        for _ in range(number):
            (length,) = struct.unpack_from("!i", body, place)
            place += 4
            values.append(None if length < 0 else body[place : place + length])
            place += max(0, length)
    except (ValueError, struct.error):
        return None
    name = body[portal_end + 1 : statement_end]
    return Bind(body[:portal_end], name, formats, tuple(values))


def read_types(body: bytes) -> tuple[int, ...]:
    """Return the types that a Parse message gives its parameters; 0 where the server decides."""
    try:
        (number,) = struct.unpack_from("!H", body)
        return struct.unpack_from(f"!{number}I", body, 2)
    except struct.error:
        return ()


def read_values(bind: Bind, types: tuple[int, ...], encoding: str) -> Parameters:
    """Return the values: text as text, what is binary as far as its type is told, else bytes."""
    found: list[object] = []
    for place, value in enumerate(bind.values):
        kind = types[place] if place < len(types) else 0
        formats = bind.formats or (0,)
        binary = formats[place if len(formats) > 1 and place < len(formats) else 0] == 1
        if value is None:
            found.append(None)
        elif not binary:
            found.append(value.decode(encoding, "surrogateescape"))
        else:
            found.append(_binary(kind, value))
    return tuple(found)


def _binary(kind: int, value: bytes) -> object:
    try:
        return _BINARY[kind](value)
    except (KeyError, struct.error):
        return value
