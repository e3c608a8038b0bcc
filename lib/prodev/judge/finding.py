"""What a check says and gives: a finding, an exception to raise in the answer, the end of rows."""

from __future__ import annotations

from typing import Any


class Finding:
    """A mistake that a check found.

    Args:
        code: one of the codes in the exercise's ``exercise.toml``.
        **observed: what was seen, in the order in which a person should read it; shown as a table,
            and filled into the mistake's message.
    """

    __slots__ = ("code", "observed")

    def __init__(self, code: str, **observed: Any) -> None:
        self.code, self.observed = code, observed

    def __repr__(self) -> str:
        return f"Finding({self.code!r}, {self.observed!r})"


class Raise:
    """What a function that the judge answers returns to raise an exception in the answer.

    Args:
        name: a builtin exception, or one that the answer defines.
        *args: its arguments, plain data.
    """

    __slots__ = ("args", "name")

    def __init__(self, name: str, *args: Any) -> None:
        self.name, self.args = name, args


class _End:
    def __repr__(self) -> str:
        return "STOP"


STOP = _End()
"""What ``answer.next`` returns when an iterator has ended."""
