"""The values that a client sends with a prepared statement."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from pymysql.constants import FIELD_TYPE

from prodev.services.proxy.mysql.packets import Reader
from prodev.services.proxy.statement import Parameters

Types = tuple[tuple[int, bool], ...]
"""Of each parameter: its type, and whether it is unsigned."""

_NUMBERS = {
    FIELD_TYPE.TINY: "<b",
    FIELD_TYPE.SHORT: "<h",
    FIELD_TYPE.YEAR: "<h",
    FIELD_TYPE.LONG: "<i",
    FIELD_TYPE.INT24: "<i",
    FIELD_TYPE.LONGLONG: "<q",
}
_REALS = {FIELD_TYPE.FLOAT: "<f", FIELD_TYPE.DOUBLE: "<d"}
_DATES = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP)
_BYTES = (
    FIELD_TYPE.TINY_BLOB,
    FIELD_TYPE.MEDIUM_BLOB,
    FIELD_TYPE.LONG_BLOB,
    FIELD_TYPE.BLOB,
    FIELD_TYPE.BIT,
    FIELD_TYPE.GEOMETRY,
)


def read_execute(
    body: bytes, number: int, known: Types, apart: Mapping[int, bytes | bytearray]
) -> tuple[Parameters | None, Types]:
    """Return the values of an execute command, and their types for the next one.

    Args:
        body: of the command.
        number: of parameters that the statement has.
        known: the types that were sent before: they are sent once.
        apart: values by their place that were sent in packets of their own.

    Returns:
        None for the values where the command is broken, as the server will say.
    """
    if not number:
        return (), known
    try:
        read = Reader(body, 10)  # command, statement, flags, iterations
        nulls = read.take((number + 7) // 8)
        if read.unpack("<B"):
            kinds = [(read.unpack("<B"), bool(read.unpack("<B") & 0x80)) for _ in range(number)]
            known = tuple(kinds)
        values: list[object] = []
        for place, (kind, unsigned) in enumerate(known):
            if place in apart:
                values.append(_text(kind, bytes(apart[place])))
            elif nulls[place // 8] >> place % 8 & 1 or kind == FIELD_TYPE.NULL:
                values.append(None)
            else:
                values.append(_value(read, kind, unsigned=unsigned))
    except (IndexError, struct.error):
        return None, known
    return tuple(values), known


def _value(read: Reader, kind: int, *, unsigned: bool) -> object:
    if form := _NUMBERS.get(kind):
        return read.unpack(form.upper() if unsigned else form)
    if form := _REALS.get(kind):
        real: float = struct.unpack(form, read.take(struct.calcsize(form)))[0]
        return real
    if kind in _DATES:
        return _date(read.take(read.unpack("<B")))
    if kind == FIELD_TYPE.TIME:
        return _time(read.take(read.unpack("<B")))
    return _text(kind, read.sized())


def _text(kind: int, data: bytes) -> object:
    return data if kind in _BYTES else data.decode("utf-8", "surrogateescape")


def _date(data: bytes) -> str:
    """Return a date as MySQL writes it."""
    year, month, day, hour, minute, second, micro = struct.unpack("<HBBBBBI", data.ljust(11, b"\0"))
    text = f"{year:04}-{month:02}-{day:02}"
    if len(data) > 4:
        text += f" {hour:02}:{minute:02}:{second:02}"
    return text + (f".{micro:06}" if len(data) > 7 else "")


def _time(data: bytes) -> str:
    """Return a duration as MySQL writes it."""
    minus, days, hours, minutes, seconds, micro = struct.unpack("<BIBBBI", data.ljust(12, b"\0"))
    text = f"{'-' if minus else ''}{days * 24 + hours:02}:{minutes:02}:{seconds:02}"
    return text + (f".{micro:06}" if len(data) > 8 else "")
