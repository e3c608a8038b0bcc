"""An answer in Python as a check sees it: call it, give it things, look at the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any

from prodev.judge.conversation import Conversation
from prodev.judge.endings import Raised
from prodev.judge.given import GivenCoroutine, GivenFunction, GivenIterator, GivenObject
from prodev.judge.handles import ExceptionType, Handle, Outcome, describe, label_of
from prodev.judge.session import Session


class PythonAnswer:
    """One answer, loaded in its own process.

    Every operation raises one of ``prodev.judge.endings`` where the answer gives no value; a check
    lets them pass, and the verdict says what happened.

    Attributes:
        random: draws the hidden cases; the same for the same seed.
        slept: the seconds of every ``time.sleep``, in order.
    """

    def __init__(self, session: Session, random: Random) -> None:
        """Drive the answer of a session."""
        self.random = random
        self._talk = Conversation(session)

    # Calling the answer

    def load(self, source: str) -> None:
        """Run the answer's source as a module."""
        self._talk.operate("load", "", source=source)

    def prepare(self, source: str) -> None:
        """Run a source of the check's own beside the answer, for what is too big to send.

        The answer can read this source and change what it does.
        """
        self._talk.operate("prepare", "", source=source)

    def parse(self, text: str, suffix: str) -> Any:
        """Parse a JSON, TOML or YAML text in the answer's process."""
        return self._talk.operate("parse", "", source=text, suffix=suffix)

    def call(self, of: str | Handle, *arguments: Any, keep: bool = False, **named: Any) -> Any:
        """Call a name of the answer, or a handle; a coroutine is run to its end.

        Args:
            of: the name, or a handle.
            *arguments: plain data, handles, and what this answer was given.
            keep: leave the result in the answer's process, and return a handle of it.
            **named: further arguments.
        """
        label = describe(of, arguments, named)
        return self._talk.operate(
            "call",
            label,
            keep=keep,
            of=_target(of),
            arguments=self._talk.encode(list(arguments)),
            named=self._talk.encode(named),
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
        label = f"{label_of(of)}.{name}"
        return self._talk.operate("attribute", label, keep=keep, of=_target(of), name=name)

    def callable(self, of: str | Handle) -> bool:
        """Say whether a name or a handle can be called."""
        return bool(self._talk.operate("callable", label_of(of), of=_target(of)))

    def iterate(self, of: str | Handle) -> Handle:
        """Return a handle of an iterator, also of an asynchronous one."""
        label = f"iter({label_of(of)})"
        made: Handle = self._talk.operate("iterate", label, keep=True, of=_target(of))
        return made

    def next(self, of: Handle) -> Any:
        """Return the next value of an iterator, or ``STOP``."""
        return self._talk.operate("next", f"next({label_of(of)})", of=_target(of))

    def close(self, of: Handle) -> None:
        """Close an iterator before its end, as leaving a loop does."""
        self._talk.operate("close", f"{label_of(of)}.close()", of=_target(of))

    # Giving things to the answer

    def function(self, name: str, function: Callable[..., Any]) -> GivenFunction:
        """Give a function; it may return a ``Raise``."""
        return self._talk.give(GivenFunction(self._talk.number(), name, function))

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
        return self._talk.give(GivenCoroutine(self._talk.number(), name, function, seconds))

    def iterator(self, name: str, values: Iterable[Any]) -> GivenIterator:
        """Give an iterator; ``pulled`` counts what the answer took."""
        return self._talk.give(GivenIterator(self._talk.number(), name, values))

    def object(self, name: str, attributes: Mapping[str, Any]) -> GivenObject:
        """Give an object: functions become its methods, other values its attributes."""
        return self._talk.give(GivenObject(self._talk.number(), name, attributes))

    def exception(self, name: str) -> ExceptionType:
        """Give an exception type: a builtin one, or one that the answer defines."""
        return ExceptionType(name)

    # Time and memory

    @property
    def now(self) -> float:
        """The virtual seconds since the answer's start."""
        return self._talk.time.now

    @property
    def slept(self) -> list[float]:
        """The seconds of every ``time.sleep``, in order."""
        return self._talk.time.slept

    def advance(self, seconds: float) -> None:
        """Let virtual time pass between two calls."""
        self._talk.time.now += seconds
        self._talk.operate("advance", "")

    def peak_memory(self) -> float:
        """Return the most memory in MB that the answer's process has held, as the system says."""
        return self._talk.session.peak_memory_mb()


def _target(of: str | Handle) -> Any:
    return {"h": of.number} if isinstance(of, Handle) else of
