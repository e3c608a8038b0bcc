"""The conversation with one answer: operations go out, results and questions come back."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from prodev.judge.endings import Ending, Forged, Impure, Missing, Raised
from prodev.judge.finding import STOP, Raise
from prodev.judge.given import (
    Call,
    Given,
    GivenCoroutine,
    GivenFunction,
    GivenIterator,
    GivenObject,
)
from prodev.judge.handles import ExceptionType, Handle
from prodev.judge.session import Session
from prodev.judge.timeline import LONGEST_S, Timeline
from prodev.judge.wire import UNKNOWN, NotPlain, decode, encode

G = TypeVar("G", bound=Given)

# The answer numbers its questions by itself, so a number alone does not tell a result.
_QUESTIONS = {"ask", "sleep", "idle", "drop"}


class Conversation:
    """One operation at a time; while it runs, the answer may ask, sleep or wait.

    Attributes:
        session: the answer's process.
        time: its virtual time.
    """

    def __init__(self, session: Session) -> None:
        """Talk over a session."""
        self.session = session
        self.time = Timeline()
        self._numbers = itertools.count(1)
        self._given: dict[int, Given] = {}

    def number(self) -> int:
        """Return a number that nothing in this conversation has."""
        return next(self._numbers)

    def give(self, given: G) -> G:
        """Let the answer ask for something that the check gives."""
        self._given[given.number] = given
        return given

    def operate(self, operation: str, label: str, *, keep: bool = False, **details: Any) -> Any:
        """Do one operation in the answer's process; return its value.

        Args:
            operation: one of ``prodev.judge.box.operations``.
            label: the operation as a person would write it.
            keep: leave the value there, and return a handle.
            **details: what the operation needs, encoded.

        Raises:
            Ending: the answer gave no value.
        """
        number = next(self._numbers)
        with _said_of(label):
            self._send({"op": operation, "id": number, "keep": keep, **details})
            while True:
                message = self.session.receive()
                if message.get("id") == number and not _QUESTIONS & message.keys():
                    break
                self._serve(message)
            if "stop" in message and operation == "next":
                return STOP
            value = self._value(message, label)
            if keep and not isinstance(value, Handle):
                raise Forged
            return value

    def _value(self, message: dict[str, Any], label: str) -> Any:
        if "missing" in message:
            raise Missing(_text(message["missing"]))
        if "notplain" in message:
            raise Impure(_text(message["notplain"], 200))
        if "raise" in message:
            raise raised(message["raise"])
        try:
            value = decode(message.get("ok"), _resolve)
        except NotPlain as error:
            raise Impure(str(error)) from None
        return Handle(value.number, label) if isinstance(value, Handle) else value

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer a question of the answer's."""
        if "drop" in message:
            self.time.drop(_number(message["drop"]))
            return
        number = _number(message.get("id"))
        if "sleep" in message:
            self._sleep(number, message["sleep"])
        elif "idle" in message:
            self._idle(number, message["idle"])
        else:
            self._answer(number, message)

    def _answer(self, number: int, message: dict[str, Any]) -> None:
        given = self._given.get(_number(message.get("ask")))
        try:
            arguments = decode(message.get("arguments"), _resolve)
            named = decode(message.get("named"), _resolve)
        except NotPlain:
            raise Forged from None
        if given is None or type(arguments) is not list or type(named) is not dict:
            raise Forged
        # Only a coroutine takes time, and none comes to its end without.
        later = message.get("later") is True
        if later is not isinstance(given, GivenCoroutine) or set(map(type, named)) - {str}:
            raise Forged
        call = Call(tuple(arguments), named, self.time.now, _text(message.get("method", "")))
        given.calls.append(call)
        refused = _unfit(given, call)
        if isinstance(given, GivenCoroutine):
            seconds = refused or _said(given.seconds, call)
            if isinstance(seconds, Raise):
                refused, seconds = seconds, 0.0
            self.time.hold(number, seconds, given, lambda: refused or _said(given.answer, call))
        else:
            self._reply(number, refused or _said(given.answer, call))

    def _sleep(self, number: int, seconds: Any) -> None:
        self.time.slept.append(_duration(seconds))
        self.time.now += seconds
        self._reply(number, None)

    def _idle(self, number: int, timeout: Any) -> None:
        due, moved = self.time.move(None if timeout is None else _duration(timeout))
        for held in due:
            self._reply(held.number, held.value())
        self._send({"re": number, "moved": moved})

    def _reply(self, number: Any, value: Any) -> None:
        if value is STOP:
            self._send({"re": number, "stop": True})
        elif isinstance(value, Raise):
            self._send({"re": number, "raise": [value.name, self.encode(list(value.args))]})
        else:
            self._send({"re": number, "ok": self.encode(value)})

    def _send(self, message: dict[str, Any]) -> None:
        self.session.send({**message, "now": self.time.now})

    def encode(self, value: Any) -> Any:
        """Encode plain data, handles, and what the answer was given."""
        return encode(value, self._refer)

    def _refer(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return {"h": value.number}
        if isinstance(value, Given):
            return {"p": value.tag(self.encode)}
        if isinstance(value, ExceptionType):
            return {"E": value.name}
        return UNKNOWN


def _resolve(tag: str, held: Any) -> Any:
    if tag == "h" and type(held) is int:
        return Handle(held, "an object")
    if tag == "x":
        return Raised(_text(held[0]), _text(held[1], 500))
    if tag == "X":
        return ExceptionType(_text(held))
    return UNKNOWN


def _unfit(given: Given, call: Call) -> Raise | None:
    """The TypeError of a call that does not fit the function's signature; Python's own words."""
    if isinstance(given, GivenIterator):
        return None
    function: Any = None
    if isinstance(given, GivenObject):
        if call.method not in given.methods:
            raise Forged
        function = given.methods[call.method]
    elif isinstance(given, GivenFunction):
        function = given.function
    try:
        inspect.signature(function).bind(*call.args, **call.kwargs)
    except TypeError as error:
        name = f"{given.name}.{call.method}" if call.method else given.name
        return Raise("TypeError", f"{name}(): {error}")
    except ValueError:
        return None  # a builtin without a signature
    return None


def _said(function: Callable[[Call], Any], call: Call) -> Any:
    """What the check's function says; an argument that it cannot take is the answer's mistake."""
    try:
        return function(call)
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        return Raise(type(error).__name__, *map(str, error.args))


def _text(held: Any, most: int = 80) -> str:
    return str(held)[:most].encode("utf-8", "backslashreplace").decode()


def _number(held: Any) -> int:
    if type(held) is not int:
        raise Forged
    return held


def _duration(held: Any) -> float:
    if type(held) not in (int, float) or not 0 <= held <= LONGEST_S:
        raise Forged
    return held  # type: ignore[no-any-return]


def raised(said: Any) -> Raised:
    """Return the exception that the answer's process describes.

    Raises:
        Forged: it describes none.
    """
    try:
        lines = tuple((int(line), _text(function)) for line, function in said["lines"][:20])
        bases = tuple(map(_text, said["bases"][:20]))
        return Raised(_text(said["name"]), _text(said["message"], 500), bases, lines)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        raise Forged from None


@contextmanager
def _said_of(label: str) -> Iterator[None]:
    """Note on an ending which call it came of; the innermost one counts."""
    try:
        yield
    except Ending as ending:
        ending.call = ending.call or label
        raise
