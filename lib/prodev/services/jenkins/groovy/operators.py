"""Groovy's operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prodev.services.jenkins.groovy.values import (
    GroovyError,
    Interpolated,
    UnsupportedError,
    pattern,
    text_of,
)


def number(value: Any) -> Any:
    """Return a number.

    Raises:
        GroovyError: the value is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise GroovyError(f"'{text_of(value)}' is no number")


def combine(sign: str, left: Any, right: Any, line: int) -> Any:
    """Return what an operator makes of two values.

    Raises:
        GroovyError: these values have no such operator.
        UnsupportedError: the operator is not known here.
    """
    if sign in _ANY:
        return _ANY[sign](left, right)
    if sign == "+":
        return _joined(left, right)
    if sign in _COMPARE and isinstance(left, str) and isinstance(right, str):
        return _NUMBERS[sign](left, right)
    if sign in _NUMBERS:
        return _NUMBERS[sign](number(left), number(right))
    if sign == "<<" and isinstance(left, list):
        left.append(right)
        return left
    raise UnsupportedError(f"line {line}: the operator '{sign}' is not known here")


def _joined(left: Any, right: Any) -> Any:
    if isinstance(left, list):
        return left + (right if isinstance(right, list) else [right])
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if isinstance(left, str) or isinstance(right, str):
        text = text_of(left) + text_of(right)
        with_variables = isinstance(left, Interpolated) or isinstance(right, Interpolated)
        return Interpolated(text) if with_variables else text
    return number(left) + number(right)


def _divided(left: Any, right: Any) -> Any:
    if not right:
        raise GroovyError("Division by zero")
    return left // right if left % right == 0 else left / right


def _rest(left: Any, right: Any) -> Any:
    if not right:
        raise GroovyError("Division by zero")
    return left % right


def _range(first: Any, end: Any) -> list[int]:
    return list(range(number(first), min(number(end), number(first) + _LONGEST_RANGE)))


_LONGEST_RANGE = 100_000
_COMPARE = ("<", "<=", ">", ">=", "<=>")
_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "%": _rest,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<=>": lambda a, b: (a > b) - (a < b),
    "..": lambda a, b: _range(a, b + 1),
    "..<": _range,
}
_ANY: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "==~": lambda a, b: bool(pattern(text_of(b)).fullmatch(text_of(a))),
    "=~": lambda a, b: bool(pattern(text_of(b)).search(text_of(a))),
    "in": lambda a, b: isinstance(b, list | dict | str) and a in b,
}
