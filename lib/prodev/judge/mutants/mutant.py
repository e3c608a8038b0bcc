"""One changed solution, and the sieve that leaves one mutant of those that are the same."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Mutant:
    """A solution with one small change.

    Attributes:
        id: 8 hex digits of what the text means; comments and layout do not change it, so an author
            can record an equivalent mutant by it.
        operator: the name of the operator that made the change.
        line: where in the original, from 1.
        before: the changed lines as they were, without their indentation; may be empty.
        after: the same lines as they are now; may be empty.
        source: the whole changed text.
    """

    id: str
    operator: str
    line: int
    before: str
    after: str
    source: str


class Rewrite(NamedTuple):
    """A changed text as an operator made it; without a line, the first changed line counts."""

    operator: str
    source: str
    line: int = 0


def distinct(
    original: str, rewrites: Iterable[Rewrite], meaning: Callable[[str], Any]
) -> tuple[Mutant, ...]:
    """Return one mutant for each meaning that is not the original's, by line and operator.

    Args:
        original: the text that the rewrites differ from.
        rewrites: in an order that is always the same: the first of those that mean the same stays.
        meaning: makes plain data of a text; None means that the text cannot be used.
    """
    seen = {_digest(meaning(original))}
    found = []
    for rewrite in rewrites:
        held = meaning(rewrite.source)
        key = _digest(held)
        if held is None or key in seen:
            continue
        seen.add(key)
        line, before, after = _changed(original, rewrite.source)
        found.append(
            Mutant(key, rewrite.operator, rewrite.line or line, before, after, rewrite.source)
        )
    return tuple(sorted(found, key=lambda mutant: (mutant.line, mutant.operator)))


def _digest(meaning: Any) -> str:
    text = json.dumps(
        meaning, sort_keys=True, default=lambda value: [type(value).__name__, str(value)]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _changed(old: str, new: str) -> tuple[int, str, str]:
    before, after = old.split("\n"), new.split("\n")
    head = _alike(zip(before, after, strict=False))
    tail = _alike(zip(reversed(before[head:]), reversed(after[head:]), strict=False))
    shown = [
        textwrap.dedent("\n".join(lines[head : len(lines) - tail])) for lines in (before, after)
    ]
    return head + 1, shown[0].strip(), shown[1].strip()


def _alike(pairs: Iterator[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
