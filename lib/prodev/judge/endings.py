"""How an answer can end before its check does."""

from __future__ import annotations

from dataclasses import dataclass, field


class Ending(Exception):  # noqa: N818 - not an error of the judge
    """The answer's process gave no value; ``call`` is what the check asked of it, for a person."""

    call: str = ""


class TimedOut(Ending):
    """No result within the time limit."""


class Gone(Ending):
    """The answer's process ended."""


class Abandoned(Ending):
    """Nobody waits for the verdict any more."""


class Noisy(Ending):
    """The answer printed more than is allowed."""


class Forged(Ending):
    """The answer wrote into the judge's channel, or broke it."""


class Impure(Ending):
    """The answer returned something that is not plain data; the text says what."""


class Missing(Ending):
    """The answer does not define a name that the exercise asks for; the text is the name."""


class Unavailable(Ending):
    """What would judge the rest of the answer is missing here; the text says how to get it."""


class Unreadable(Ending):
    """The answer is a file, and its format's parser cannot read it; the text says why."""


@dataclass
class Raised(Ending):
    """The answer raised an exception.

    Attributes:
        name: the exception's type, such as ``TypeError``.
        message: its text.
        bases: the names of its type and of all base types.
        lines: line number and function of the answer's own lines, outermost first.
    """

    name: str
    message: str
    bases: tuple[str, ...] = ()
    lines: tuple[tuple[int, str], ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.name}: {self.message}" if self.message else self.name
