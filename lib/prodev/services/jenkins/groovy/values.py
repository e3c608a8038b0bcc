"""Values of Groovy: how they read as text, what counts as true, and the methods they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any

_INT = re.compile(r"\s*[-+]?\d+\s*")


class Interpolated(str):
    """A text that variables were put into, as Groovy's GString.

    Jenkins warns where such a text goes to a shell and holds a secret.
    """

    __slots__ = ()


class GroovyError(Exception):
    """An exception in a pipeline; its ``try`` can catch it."""


class UnsupportedError(Exception):
    """Something that a real Jenkins does and that is not done here; no ``try`` catches it."""


def text_of(value: Any) -> str:
    """Return a value as Groovy writes it into a text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    if isinstance(value, dict):
        inner = ", ".join(f"{text_of(key)}:{text_of(each)}" for key, each in value.items())
        return f"[{inner or ':'}]"
    return str(value)


def is_true(value: Any) -> bool:
    """Whether a value counts as true: not null, not empty, not zero."""
    return bool(value)


def pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression.

    Raises:
        GroovyError: it is none.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise GroovyError(f"'{text}' is no regular expression: {error}") from None


def _to_int(text: str) -> int:
    if not _INT.fullmatch(text):
        raise GroovyError(f'NumberFormatException: For input string: "{text}"')
    return int(text)


def _tokenize(text: str, signs: str = " \t\n\r\f") -> list[str]:
    return [part for part in re.split(f"[{re.escape(signs)}]", text) if part]


def _split(text: str, by: str = r"\s+") -> list[str]:
    parts = pattern(by).split(text)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _replace_all(text: str, by: str, new: Any) -> str:
    return pattern(by).sub(re.sub(r"\$(\d)", r"\\\1", text_of(new)), text)


_TEXT: dict[str, Callable[..., Any]] = {
    "capitalize": lambda text: text[:1].upper() + text[1:],
    "contains": lambda text, part: text_of(part) in text,
    "endsWith": lambda text, part: text.endswith(part),
    "equals": lambda text, other: bool(text == other),
    "equalsIgnoreCase": lambda text, other: text.lower() == text_of(other).lower(),
    "indexOf": lambda text, part: text.find(part),
    "isEmpty": lambda text: not text,
    "isInteger": lambda text: bool(_INT.fullmatch(text)),
    "length": len,
    "matches": lambda text, by: bool(pattern(by).fullmatch(text)),
    "readLines": str.splitlines,
    "replace": str.replace,
    "replaceAll": _replace_all,
    "size": len,
    "split": _split,
    "startsWith": lambda text, part: text.startswith(part),
    "stripIndent": dedent,
    "substring": lambda text, first, end=None: text[slice(first, end)],
    "toBoolean": lambda text: text.strip().lower() in ("true", "y", "1"),
    "toInteger": _to_int,
    "tokenize": _tokenize,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}
_LIST: dict[str, Callable[..., Any]] = {
    "add": lambda items, item: items.append(item) or True,
    "addAll": lambda items, more: items.extend(more) or True,
    "any": lambda items, block: any(is_true(block(item)) for item in items),
    "collect": lambda items, block: [block(item) for item in items],
    "contains": lambda items, item: item in items,
    "each": lambda items, block: [block(item) for item in items] and items,
    "every": lambda items, block: all(is_true(block(item)) for item in items),
    "find": lambda items, block: next((item for item in items if is_true(block(item))), None),
    "findAll": lambda items, block: [item for item in items if is_true(block(item))],
    "first": lambda items: items[0],
    "isEmpty": lambda items: not items,
    "join": lambda items, by="": by.join(map(text_of, items)),
    "last": lambda items: items[-1],
    "reverse": lambda items: items[::-1],
    "size": len,
    "sort": sorted,
    "sum": sum,
    "unique": lambda items: list(dict.fromkeys(items)),
}
_MAP: dict[str, Callable[..., Any]] = {
    "collect": lambda pairs, block: [block(key, each) for key, each in pairs.items()],
    "containsKey": lambda pairs, key: key in pairs,
    "each": lambda pairs, block: [block(key, each) for key, each in pairs.items()] and pairs,
    "get": lambda pairs, key, other=None: pairs.get(key, other),
    "isEmpty": lambda pairs: not pairs,
    "keySet": list,
    "put": lambda pairs, key, each: pairs.update({key: each}),
    "size": len,
    "values": lambda pairs: list(pairs.values()),
}


def method(value: Any, name: str) -> Callable[..., Any] | None:
    """Return a method of a value; it takes the value first. None where there is none here."""
    if name == "toString":
        return text_of
    if isinstance(value, str):
        return _TEXT.get(name)
    if isinstance(value, list):
        return _LIST.get(name)
    if isinstance(value, dict):
        return _MAP.get(name)
    return None
