"""What a check gives to an answer: functions, coroutines, iterators and objects, all counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call that the answer made.

    Attributes:
        args: the arguments by place, decoded.
        kwargs: those by name.
        at: virtual seconds since the answer's start.
        method: the method, of an object.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    at: float
    method: str = ""


class Given:
    """Something that the judge answers; ``calls`` has every call, in order."""

    kind = "function"

    def __init__(self, number: int, name: str) -> None:
        """Take the number that names it on the wire."""
        self.number, self.name = number, name
        self.calls: list[Call] = []

    def tag(self, encode: Callable[[Any], Any]) -> list[Any]:  # noqa: ARG002
        """Return what names it on the wire."""
        return [self.number, self.name, self.kind, {}]

    def answer(self, call: Call) -> Any:
        """Return the value of a call, ``STOP``, or a ``Raise``."""
        raise LookupError(call.method)


class GivenFunction(Given):
    """A function."""

    def __init__(self, number: int, name: str, function: Callable[..., Any]) -> None:
        super().__init__(number, name)
        self.function = function

    def answer(self, call: Call) -> Any:
        """Call the check's function."""
        return self.function(*call.args, **call.kwargs)


class GivenCoroutine(GivenFunction):
    """A coroutine function; each call takes virtual time.

    Attributes:
        most_open: the most calls that were waiting at the same time.
    """

    kind = "coroutine"

    def __init__(
        self,
        number: int,
        name: str,
        function: Callable[..., Any],
        seconds: float | Callable[..., float],
    ) -> None:
        super().__init__(number, name, function)
        self.takes = seconds
        self.open = self.most_open = 0

    def seconds(self, call: Call) -> float:
        """Return how much virtual time a call takes."""
        return self.takes(*call.args, **call.kwargs) if callable(self.takes) else self.takes


class GivenIterator(Given):
    """An iterator; ``pulled`` counts the values that the answer took."""

    kind = "iterator"

    def __init__(self, number: int, name: str, values: Iterable[Any]) -> None:
        super().__init__(number, name)
        self.values: Iterator[Any] = iter(values)
        self.pulled = 0

    def answer(self, _: Call) -> Any:
        """Give the next value."""
        from prodev.judge.finding import STOP

        value = next(self.values, STOP)
        self.pulled += value is not STOP
        return value


class GivenObject(Given):
    """An object with methods and plain attributes; with ``__enter__`` it is a context manager."""

    kind = "object"

    def __init__(self, number: int, name: str, attributes: Mapping[str, Any]) -> None:
        super().__init__(number, name)
        self.methods = {
            key: value
            for key, value in attributes.items()
            if callable(value) and not isinstance(value, Given)
        }
        self.values = {key: v for key, v in attributes.items() if key not in self.methods}

    def tag(self, encode: Callable[[Any], Any]) -> list[Any]:
        """Return what names it on the wire, with its attributes."""
        values = [[key, encode(value)] for key, value in self.values.items()]
        attributes = {"methods": list(self.methods), "values": values}
        return [self.number, self.name, self.kind, attributes]

    def answer(self, call: Call) -> Any:
        """Call the check's function for the method."""
        return self.methods[call.method](*call.args, **call.kwargs)

    def named(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]
