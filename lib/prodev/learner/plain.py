"""What JSON and a UTF-8 file can hold of any value: nothing that was observed may stop a write."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_DEEPEST = 50
# Longer ones can't be read back: Python refuses to turn so many digits into an int.
_MOST_BITS = 4096


def plain_text(text: str) -> str:
    """Return the text with escapes for lone surrogates, which UTF-8 can't hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def plain(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911 - one for each type
    """Return the value as JSON can hold it: what JSON has no type for becomes its ``repr``.

    Tuples become lists, keys become text; what is nested deeper than fifty levels becomes ``…``.
    """
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return plain_text(value)
    if kind is int:
        return value if value.bit_length() <= _MOST_BITS else hex(value)
    if kind is float:
        return value if math.isfinite(value) else repr(value)
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {_key(key): plain(held, depth + 1) for key, held in value.items()}
    if kind is list or kind is tuple:
        return [plain(item, depth + 1) for item in value]
    return plain_text(repr(value))


def _key(key: Any) -> str:
    return plain_text(key if type(key) is str else repr(key))
