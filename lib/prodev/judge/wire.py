"""What passes between the judge and an answer's process: plain data of exact types, in frames.

Both sides use this file; the judge trusts only what its own ``decode`` returns. A frame is a
length (four bytes, big-endian) and that much JSON. JSON has fewer types than Python, so the others
travel as an object with a single key, the type's tag.
"""

from __future__ import annotations

import base64
import json
import math
import struct
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

MAX_FRAME = 8 << 20
MAX_VALUES = 200_000
MAX_DEPTH = 40
MAX_TEXT = 4 << 20
MAX_INT_BITS = 4096
# Keys that collide on purpose cost O(n²) comparisons in the judge; those of text are salted.
MAX_HASHED = 2_000
_MAX_COMPARED = 8_000_000

HEADER = struct.Struct("!I")
_SAFE_INT = 1 << 53
_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

Refer = Callable[[Any], Any]
Resolve = Callable[[str, Any], Any]
UNKNOWN = object()
"""What ``refer`` and ``resolve`` return for what they don't know."""


class NotPlain(Exception):  # noqa: N818 - it says what the value is
    """A value is outside of the domain; the text completes 'The answer returned …'."""


def encode(value: Any, refer: Refer | None = None) -> Any:
    """Turn plain data into what JSON can hold.

    Args:
        value: the data.
        refer: turns an object that is not plain, such as a function, into a tag, or returns
            ``UNKNOWN``.

    Raises:
        NotPlain: the value holds something else, is too big, too deep, or holds itself.
    """
    return _Encoder(refer).encode(value, 0)


class _Encoder:
    def __init__(self, refer: Refer | None) -> None:
        self.refer, self.count, self.path = refer, 0, set[int]()

    # The type is compared with `is`: an object could lie in __class__, a metaclass in __eq__.
    def encode(self, value: Any, depth: int) -> Any:  # noqa: PLR0911, PLR0912 - one for each type
        self.count += 1
        if self.count > MAX_VALUES:
            raise NotPlain(f"more than {MAX_VALUES:,} values")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            if value.bit_length() > MAX_INT_BITS:
                raise NotPlain(f"an int of {value.bit_length():,} bits")
            return value if -_SAFE_INT < value < _SAFE_INT else {"i": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"f": repr(value)}
        if kind is str:
            return self._text(value)
        if kind is bytes:
            if len(value) > MAX_TEXT:
                raise NotPlain(f"{len(value):,} bytes")
            return {"b": base64.b64encode(value).decode()}
        if kind is list or kind is tuple or kind is dict or kind is set or kind is frozenset:
            return self._container(kind, value, depth)
        if kind is Decimal:
            if value.is_snan():
                raise NotPlain("a signalling nan")  # it raises at each comparison
            return {"D": str(value)}
        if kind is datetime:
            if value.tzinfo is not None and value.utcoffset() is None:
                raise NotPlain("a datetime of a time zone of its own")
            return {"dt": value.isoformat()}
        if kind is date:
            return {"da": value.isoformat()}
        if kind is timedelta:
            return {"td": [value.days, value.seconds, value.microseconds]}
        if kind is UUID:
            return {"u": value.hex}
        if self.refer is not None and (tag := self.refer(value)) is not UNKNOWN:
            return tag
        raise NotPlain(f"an object of type {type_name(kind)}")

    @staticmethod
    def _text(value: str) -> str:
        if len(value) > MAX_TEXT:
            raise NotPlain(f"a str of {len(value):,} characters")
        _check_unicode(value)
        return value

    def _container(self, kind: type, value: Any, depth: int) -> Any:
        if depth >= MAX_DEPTH:
            raise NotPlain(f"data nested deeper than {MAX_DEPTH}")
        if id(value) in self.path:
            raise NotPlain("a structure that contains itself")
        self.path.add(id(value))
        try:
            if kind is dict:
                pairs = [
                    [self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()
                ]
                return {"d": pairs}
            items = [self.encode(item, depth + 1) for item in value]
            if kind is list:
                return items
            return {"t" if kind is tuple else "s" if kind is set else "z": items}
        finally:
            self.path.discard(id(value))


def decode(value: Any, resolve: Resolve | None = None) -> Any:
    """Turn what JSON held into plain data again; the inverse of ``encode``.

    Raises:
        NotPlain: a tag is unknown, a limit is passed, or a value does not fit its tag.
    """
    try:
        return _Decoder(resolve).decode(value, 0)
    except (
        TypeError,
        ValueError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
    ) as error:
        raise NotPlain("a value that does not fit its type") from error


class _Decoder:
    def __init__(self, resolve: Resolve | None) -> None:
        self.resolve, self.count, self.compared = resolve, 0, 0

    def decode(self, value: Any, depth: int) -> Any:
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            raise NotPlain("too many values, or nested too deep")
        kind = type(value)
        if kind is list:
            return [self.decode(item, depth + 1) for item in value]
        if kind is str:
            _check_unicode(value)
        if kind is not dict:
            return value
        if len(value) != 1:
            raise NotPlain("an unknown tag")
        ((tag, held),) = value.items()
        return self._tagged(tag, held, depth)

    def _tagged(self, tag: str, held: Any, depth: int) -> Any:  # noqa: PLR0911, PLR0912
        match tag:
            case "d":
                keys = self._keys([key for key, _ in held], depth)
                return dict(zip(keys, [self.decode(v, depth + 1) for _, v in held], strict=True))
            case "t":
                return tuple(self.decode(item, depth + 1) for item in held)
            case "s" | "z":
                keys = self._keys(held, depth)
                return set(keys) if tag == "s" else frozenset(keys)
            case "i":
                if len(held) > MAX_INT_BITS // 4 + 4:
                    raise NotPlain("an int that is too long")
                return int(held, 16)
            case "f":
                return _FLOATS[held]
            case "b":
                return base64.b64decode(held, validate=True)
            case "D":
                if len(held) > MAX_INT_BITS // 4:
                    raise NotPlain("a Decimal that is too long")
                number = Decimal(held)
                if number.is_snan():
                    raise NotPlain("a signalling nan")
                return number
            case "dt":
                return datetime.fromisoformat(held)
            case "da":
                return date.fromisoformat(held)
            case "td":
                return timedelta(*held)
            case "u":
                return UUID(held)
        known = UNKNOWN if self.resolve is None else self.resolve(tag, held)
        if known is UNKNOWN:
            raise NotPlain("an unknown tag")
        return known

    def _keys(self, keys: list[Any], depth: int) -> list[Any]:
        before = self.count
        decoded = [self.decode(key, depth + 1) for key in keys]
        if any(type(key) is not str for key in decoded):
            if len(keys) > MAX_HASHED:
                raise NotPlain(f"more than {MAX_HASHED:,} keys that are not text")
            self.compared += len(keys) * (self.count - before)
            if self.compared > _MAX_COMPARED:
                raise NotPlain("too many keys that are not text")
        return decoded


def _check_unicode(text: str) -> None:
    # No file, database or notebook takes half of a surrogate pair.
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotPlain("a str that is no Unicode text") from None


def same(one: Any, other: Any) -> bool:
    """Compare decoded data as ``==`` does, but tell True from 1, 1 from 1.0, a list from a tuple.

    A ``nan`` is the same as another one. The order of a dict's keys does not count.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        mine, others = ({_exact(key): held[key] for key in held} for held in (one, other))
        return mine.keys() == others.keys() and all(same(mine[k], others[k]) for k in mine)
    if isinstance(one, set | frozenset):
        return {_exact(item) for item in one} == {_exact(item) for item in other}
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124 - nan only


def _exact(key: Any) -> Any:
    """A key that holds its type, and those of its items."""
    if isinstance(key, tuple | frozenset):
        return type(key), type(key)(map(_exact, key))
    return type(key), key if key == key else "nan"  # noqa: PLR0124 - nan only


def pack(message: Any) -> bytes:
    """Return a frame.

    Raises:
        NotPlain: the frame would be longer than ``MAX_FRAME``.
    """
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise NotPlain(f"a value of {len(body):,} bytes")
    return HEADER.pack(len(body)) + body


def type_name(kind: type) -> str:
    """Return a type's name without asking a metaclass."""
    return str(type.__dict__["__name__"].__get__(kind))[:80]
