"""An answer in Python as a check sees it: call it, give it things, look at the clock."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from prodev.judge.endings import Forged, Impure, Missing, Raised
from prodev.judge.finding import STOP, Raise
from prodev.judge.given import (
    Call,
    Given,
    GivenCoroutine,
    GivenFunction,
    GivenIterator,
    GivenObject,
)
from prodev.judge.session import Session
from prodev.judge.timeline import LONGEST_S, Timeline
from prodev.judge.wire import UNKNOWN, NotPlain, decode, encode

G = TypeVar("G", bound=Given)

# The answer numbers its questions by itself, so a number alone does not tell a result.
_QUESTIONS = {"ask", "sleep", "idle", "drop"}


@dataclass(frozen=True)
class Handle:
    """An object that stays in the answer's process; ``label`` says for a person how it came."""

    number: int
    label: str

    def __repr__(self) -> str:
        return self.label


@dataclass(frozen=True)
class ExceptionType:
    """An exception type, by its name."""

    name: str

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Outcome:
    """What came of a call: a value, or an exception of the answer's."""

    value: Any = None
    error: Raised | None = None


class PythonAnswer:
    """One answer, loaded in its own process.

    Every operation raises one of ``prodev.judge.endings`` where the answer gives no value; a check
    lets them pass, and the verdict says what happened.

    Attributes:
        random: draws the hidden cases; the same for the same seed.
        slept: the seconds of every sleep on virtual time, in order.
    """

    def __init__(self, session: Session, random: Random) -> None:
        """Drive the answer of a session."""
        self.random = random
        self._session = session
        self._time = Timeline()
        self._numbers = itertools.count(1)
        self._given: dict[int, Given] = {}

    # Calling the answer

    def load(self, source: str) -> None:
        """Run the answer's source as a module."""
        self._operate("load", "", source=source)

    def prepare(self, source: str) -> None:
        """Run a source of the check's own beside the answer, for what is too big to send.

        The answer can read this source and change what it does.
        """
        self._operate("prepare", "", source=source)

    def parse(self, text: str, suffix: str) -> Any:
        """Parse a JSON, TOML or YAML text in the answer's process."""
        return self._operate("parse", "", source=text, suffix=suffix)

    def call(self, of: str | Handle, *arguments: Any, keep: bool = False, **named: Any) -> Any:
        """Call a name of the answer, or a handle; a coroutine is run to its end.

        Args:
            of: the name, or a handle.
            *arguments: plain data, handles, and what this answer was given.
            keep: leave the result in the answer's process, and return a handle of it.
            **named: further arguments.
        """
        label = describe(of, arguments, named)
        return self._operate(
            "call",
            label,
            keep=keep,
            of=self._target(of),
            arguments=self._encode(list(arguments)),
            named=self._encode(named),
        )

    def attempt(
        self, of: str | Handle, *arguments: Any, keep: bool = False, **named: Any
    ) -> Outcome:
        """Call as ``call`` does; an exception of the answer's is a value."""
        try:
            return Outcome(value=self.call(of, *arguments, keep=keep, **named))
        except Raised as error:
            if error.name in ("SystemExit", "MemoryError"):
                raise
            return Outcome(error=error)

    def attribute(self, of: str | Handle, name: str, *, keep: bool = False) -> Any:
        """Return an attribute of a name or a handle."""
        label = f"{_label(of)}.{name}"
        return self._operate("attribute", label, keep=keep, of=self._target(of), name=name)

    def callable(self, of: str | Handle) -> bool:
        """Say whether a name or a handle can be called."""
        return bool(self._operate("callable", _label(of), of=self._target(of)))

    def iterate(self, of: str | Handle) -> Handle:
        """Return a handle of an iterator, also of an asynchronous one."""
        label = f"iter({_label(of)})"
        made: Handle = self._operate("iterate", label, keep=True, of=self._target(of))
        return made

    def next(self, of: Handle) -> Any:
        """Return the next value of an iterator, or ``STOP``."""
        return self._operate("next", f"next({_label(of)})", of=self._target(of))

    def close(self, of: Handle) -> None:
        """Close an iterator before its end, as leaving a loop does."""
        self._operate("close", f"{_label(of)}.close()", of=self._target(of))

    # Giving things to the answer

    def function(self, name: str, function: Callable[..., Any]) -> GivenFunction:
        """Give a function; it may return a ``Raise``."""
        return self._keep(GivenFunction(next(self._numbers), name, function))

    def coroutine(
        self,
        name: str,
        function: Callable[..., Any],
        seconds: float | Callable[..., float] = 0.0,
    ) -> GivenCoroutine:
        """Give a coroutine function whose calls take virtual time.

        Args:
            name: what the answer sees as its name.
            function: returns the value of a call, or a ``Raise``.
            seconds: how long each call takes, or a function of the same arguments.
        """
        return self._keep(GivenCoroutine(next(self._numbers), name, function, seconds))

    def iterator(self, name: str, values: Iterable[Any]) -> GivenIterator:
        """Give an iterator; ``pulled`` counts what the answer took."""
        return self._keep(GivenIterator(next(self._numbers), name, values))

    def object(self, name: str, attributes: Mapping[str, Any]) -> GivenObject:
        """Give an object: functions become its methods, other values its attributes."""
        return self._keep(GivenObject(next(self._numbers), name, attributes))

    def exception(self, name: str) -> ExceptionType:
        """Give an exception type: a builtin one, or one that the answer defines."""
        return ExceptionType(name)

    def _keep(self, given: G) -> G:
        self._given[given.number] = given
        return given

    # Time and memory

    @property
    def now(self) -> float:
        """The virtual seconds since the answer's start."""
        return self._time.now

    @property
    def slept(self) -> list[float]:
        """The seconds of every ``time.sleep``, in order."""
        return self._time.slept

    def advance(self, seconds: float) -> None:
        """Let virtual time pass between two calls."""
        self._time.now += seconds
        self._operate("advance", "")

    def peak_memory(self) -> float:
        """Return the most memory in MB that the answer's process has held, as the system says."""
        return self._session.peak_memory_mb()

    # The wire

    def _operate(self, operation: str, label: str, *, keep: bool = False, **details: Any) -> Any:
        number = next(self._numbers)
        with _said_of(label):
            self._send({"op": operation, "id": number, "keep": keep, **details})
            while True:
                message = self._session.receive()
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
            raise _raised(message["raise"])
        try:
            value = decode(message.get("ok"), _resolve)
        except NotPlain as error:
            raise Impure(str(error)) from None
        return Handle(value.number, label) if isinstance(value, Handle) else value

    def _serve(self, message: dict[str, Any]) -> None:
        """Answer a question of the answer's."""
        if "drop" in message:
            self._time.drop(_number(message["drop"]))
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
        call = Call(tuple(arguments), named, self.now, _text(message.get("method", "")))
        given.calls.append(call)
        refused = _unfit(given, call)
        if isinstance(given, GivenCoroutine):
            seconds = refused or _said(given.seconds, call)
            if isinstance(seconds, Raise):
                refused, seconds = seconds, 0.0
            self._time.hold(number, seconds, given, lambda: refused or _said(given.answer, call))
        else:
            self._reply(number, refused or _said(given.answer, call))

    def _sleep(self, number: int, seconds: Any) -> None:
        self._time.slept.append(_duration(seconds))
        self._time.now += seconds
        self._reply(number, None)

    def _idle(self, number: int, timeout: Any) -> None:
        due, moved = self._time.move(None if timeout is None else _duration(timeout))
        for held in due:
            self._reply(held.number, held.value())
        self._send({"re": number, "moved": moved})

    def _reply(self, number: Any, value: Any) -> None:
        if value is STOP:
            self._send({"re": number, "stop": True})
        elif isinstance(value, Raise):
            self._send({"re": number, "raise": [value.name, self._encode(list(value.args))]})
        else:
            self._send({"re": number, "ok": self._encode(value)})

    def _send(self, message: dict[str, Any]) -> None:
        self._session.send({**message, "now": self._time.now})

    def _encode(self, value: Any) -> Any:
        return encode(value, self._refer)

    def _refer(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return {"h": value.number}
        if isinstance(value, Given):
            return {"p": value.tag(self._encode)}
        if isinstance(value, ExceptionType):
            return {"E": value.name}
        return UNKNOWN

    @staticmethod
    def _target(of: str | Handle) -> Any:
        return {"h": of.number} if isinstance(of, Handle) else of


def describe(of: Any, arguments: Iterable[Any], named: Mapping[str, Any]) -> str:
    """Return a call as a person would write it, shortened."""
    parts = [_short(value) for value in arguments]
    parts += [f"{name}={_short(value)}" for name, value in named.items()]
    text = f"{_label(of)}({', '.join(parts)})"
    return text if len(text) <= 160 else text[:157] + "…)"


def _label(of: Any) -> str:
    return of.label if isinstance(of, Handle) else str(of)


def _short(value: Any) -> str:
    text = value.name if isinstance(value, Given) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


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


def _raised(said: Any) -> Raised:
    try:
        lines = tuple((int(line), _text(function)) for line, function in said["lines"][:20])
        bases = tuple(map(_text, said["bases"][:20]))
        return Raised(_text(said["name"]), _text(said["message"], 500), bases, lines)
    except (LookupError, TypeError, ValueError, ArithmeticError):
        raise Forged from None


@contextmanager
def _said_of(label: str) -> Iterator[None]:
    """Note on an ending which call it came of; the innermost one counts."""
    from prodev.judge.endings import Ending

    try:
        yield
    except Ending as ending:
        ending.call = ending.call or label
        raise
