"""What a judge observed, as short texts that are the same in every process."""

from __future__ import annotations

import ast
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 300
PRINTED = 2_000


@dataclass(frozen=True)
class Observed:
    """What a learner sees of a verdict's evidence.

    Attributes:
        rows: a label and a value, each pair a row.
        lines: the answer's own lines of a traceback, as sentences.
        printed: what the answer wrote.
        traceback: of a check that crashed; for the author only.
    """

    rows: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    printed: str
    traceback: str


def observed(evidence: Mapping[str, Any]) -> Observed:
    """Turn a verdict's evidence into texts, in its own order."""
    plain = {k: v for k, v in evidence.items() if k not in ("lines", "printed", "traceback")}
    return Observed(
        rows=tuple((key.replace("_", " "), value_text(value)) for key, value in plain.items()),
        lines=tuple(_line(**line) for line in evidence.get("lines", ())),
        printed=_cut(str(evidence.get("printed", "")).rstrip(), PRINTED),
        traceback=str(evidence.get("traceback", "")).rstrip(),
    )


def value_text(value: object) -> str:
    """Return a value as short text.

    A text stands for itself, such as a call; one that reads like another value (``5``, ``None``),
    or that would not be seen, keeps its quotes, so that it is told from that value.
    """
    if isinstance(value, str) and not _needs_quotes(value):
        return _cut(value, LONGEST)
    return _cut(_SHORT.repr(value), LONGEST)


def _needs_quotes(text: str) -> bool:
    if text != text.strip() or not text:
        return True
    try:
        literal = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    # The judge sends lists and the like as their text; "18,204" is how people write a number.
    return not isinstance(literal, list | tuple | dict | set)


class _Short(reprlib.Repr):
    """Short, and in one order: a set's own order changes from process to process."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 5
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = 20
        self.maxstring = self.maxother = 120
        self.maxlong = 60

    def repr_set(self, x: set[Any], level: int) -> str:
        inside = self._inside(x, level)
        return f"{{{inside}}}" if x else "set()"

    def repr_frozenset(self, x: frozenset[Any], level: int) -> str:
        return f"frozenset({{{self._inside(x, level)}}})" if x else "frozenset()"

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        if level <= 0 and x:
            return "{...}"
        shown = list(x.items())[: self.maxdict]
        pairs = [f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for k, v in shown]
        return f"{{{', '.join(pairs + ['...'] * (len(x) > len(shown)))}}}"

    def _inside(self, values: set[Any] | frozenset[Any], level: int) -> str:
        try:
            ordered = sorted(values)
        except TypeError:
            ordered = sorted(values, key=lambda value: (type(value).__name__, self.repr(value)))
        return self.repr1(ordered, level)[1:-1]


_SHORT = _Short()


def _line(line: int, function: str = "", text: str = "") -> str:
    where = f", in {function}" if function and function != "<module>" else ""
    return f"line {line}{where}: {text.strip()}"


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest].rstrip()} … ({len(text):,} characters)"
