"""What stands for things of the answer's: handles, exception types, outcomes; and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prodev.judge.endings import Raised
from prodev.judge.given import Given


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


def describe(of: Any, arguments: Iterable[Any], named: Mapping[str, Any]) -> str:
    """Return a call as a person would write it, shortened."""
    parts = [_short(value) for value in arguments]
    parts += [f"{name}={_short(value)}" for name, value in named.items()]
    text = f"{label_of(of)}({', '.join(parts)})"
    return text if len(text) <= 160 else text[:157] + "…)"


def label_of(of: Any) -> str:
    """Return how a name or a handle is called in a sentence."""
    return of.label if isinstance(of, Handle) else str(of)


def _short(value: Any) -> str:
    text = value.name if isinstance(value, Given) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
