"""What a proof asks of an exercise: each answer, and what the judge must say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prodev.catalog.exercise import Exercise
from prodev.judge.kinds import kind_of
from prodev.judge.verdict import Verdict

SEEDS = ((1, 0), (2, 1), (3, 2), (7, 3), (42, 4))
"""The five pairs: the seed of the hidden cases, and Python's hash seed of the answer's process."""

_ANY_FAILURE = "failed, error or timeout"


@dataclass(frozen=True)
class Case:
    """One answer and what is expected of it.

    Attributes:
        kind: ``solution``, ``starter``, ``right``, ``wrong`` or ``degenerate``.
        name: the answer's file below the exercise's folder, or what it does.
        source: its text.
        status: the expected status; empty where any failure will do.
        code: the expected code, of a wrong answer.
    """

    kind: str
    name: str
    source: str
    status: str
    code: str = ""

    def problem(self, verdict: Verdict) -> str:
        """Say what is wrong with a verdict on this answer; empty where nothing is."""
        if verdict.status in ("unavailable", self.status) and verdict.code == self.code:
            return ""
        if not self.status and verdict.status in ("failed", "error", "timeout"):
            return ""
        expected = f"{self.status or _ANY_FAILURE}{f' ({self.code})' if self.code else ''}"
        came = f"{verdict.status}{f' ({verdict.code})' if verdict.code else ''}"
        why = str(verdict.evidence.get("traceback") or verdict.evidence or verdict.message)
        last = why.strip().splitlines()[-1] if why.strip() else ""
        return f"{self.name}: the judge says {came} where {expected} is expected; {last}"


def cases(exercise: Exercise) -> Iterator[Case]:
    """Yield the answers of an exercise and its degenerate ones."""
    kind = kind_of(exercise.kind)
    suffix = exercise.suffix
    yield Case("solution", f"solution{suffix}", exercise.solution, "passed")
    yield Case("starter", f"starter{suffix}", exercise.starter, "not_attempted")
    for stem, source in exercise.answers("right").items():
        yield Case("right", f"right/{stem}{suffix}", source, "passed")
    for stem, source in exercise.answers("wrong").items():
        yield Case("wrong", f"wrong/{stem}{suffix}", source, "failed", stem)
    for name, source in kind.degenerate(exercise.solution).items():
        yield Case("degenerate", f"the degenerate answer '{name}'", source, "")
