"""The tree of a Groovy text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class GroovySyntaxError(Exception):
    """The text is no Groovy, or Groovy that is not read here."""

    def __init__(self, line: int, message: str) -> None:
        """Take the line (1 for the first), and what is wrong, without a full stop."""
        self.line, self.message = line, message
        super().__init__(f"line {line}: {message}")


@dataclass(frozen=True)
class Node:
    """A part of the text, and the line where it begins."""

    line: int


@dataclass(frozen=True)
class Literal(Node):
    """A number, a text without variables, ``true``, ``false`` or ``null``."""

    value: Any


@dataclass(frozen=True)
class GString(Node):
    """A text in double quotes with variables in it: texts and nodes in turn."""

    parts: tuple[str | Node, ...]


@dataclass(frozen=True)
class ListNode(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class MapNode(Node):
    """``[a: b]``."""

    items: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True)
class Property(Node):
    """``of.name``, or ``of?.name``."""

    of: Node
    name: str
    safe: bool = False


@dataclass(frozen=True)
class Index(Node):
    """``of[key]``."""

    of: Node
    key: Node


@dataclass(frozen=True)
class Closure(Node):
    """``{ a, b -> ... }``; ``parameters`` is None where none are written."""

    parameters: tuple[str, ...] | None
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Call(Node):
    """``name(...)`` or ``of.name(...)``, with or without brackets.

    A closure behind the brackets is the last of ``arguments``.
    """

    of: Node | None
    name: str
    arguments: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()
    safe: bool = False

    @property
    def closure(self) -> Closure | None:
        """The closure at its end, or None."""
        last = self.arguments[-1] if self.arguments else None
        return last if isinstance(last, Closure) else None

    @property
    def plain(self) -> tuple[Node, ...]:
        """The arguments without a name and without the closure at the end."""
        return self.arguments[:-1] if self.closure else self.arguments


@dataclass(frozen=True)
class Unary(Node):
    """``!a`` or ``-a``."""

    sign: str
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """``a + b`` and the like."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Choice(Node):
    """``test ? yes : no``; ``yes`` is None for ``test ?: no``."""

    test: Node
    yes: Node | None
    no: Node


@dataclass(frozen=True)
class Assign(Node):
    """``target = value``; ``sign`` is empty, or the operator of ``+=`` and the like."""

    target: Node
    value: Node
    sign: str = ""


@dataclass(frozen=True)
class Declare(Node):
    """``def name = value``."""

    name: str
    value: Node


@dataclass(frozen=True)
class If(Node):
    """``if (test) {...} else {...}``."""

    test: Node
    yes: tuple[Node, ...]
    no: tuple[Node, ...]


@dataclass(frozen=True)
class For(Node):
    """``for (name in values) {...}``."""

    name: str
    values: Node
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Loop(Node):
    """``for (start; test; step) {...}``."""

    start: Node | None
    test: Node
    step: Node | None
    body: tuple[Node, ...]


@dataclass(frozen=True)
class While(Node):
    """``while (test) {...}``."""

    test: Node
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Try(Node):
    """``try {...} catch (name) {...} finally {...}``; ``name`` is empty without a ``catch``."""

    body: tuple[Node, ...]
    name: str
    handler: tuple[Node, ...]
    final: tuple[Node, ...]


@dataclass(frozen=True)
class Return(Node):
    """``return value``."""

    value: Node


@dataclass(frozen=True)
class Leave(Node):
    """``break`` or ``continue``."""

    word: str


@dataclass(frozen=True)
class Throw(Node):
    """``throw value``."""

    value: Node


@dataclass(frozen=True)
class Function(Node):
    """``def name(a, b) {...}`` outside of the pipeline."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Annotation(Node):
    """``@Library('name') _``, an import and the like: nothing that runs here."""

    name: str
