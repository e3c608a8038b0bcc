"""What a proof asks of an exercise: each answer, and what the judge must say of it."""

from __future__ import annotations

import re
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
        if verdict.status == "unavailable":
            return ""
        if (verdict.status, verdict.code) == (self.status, self.code):
            return ""
        if not self.status and verdict.status in ("failed", "error", "timeout"):
            return ""
        if verdict.status == "judge_failed":
            return f"{crash(verdict)} on {self.name}"
        expected = f"{self.status or _ANY_FAILURE}{f' ({self.code})' if self.code else ''}"
        came = f"{verdict.status}{f' ({verdict.code})' if verdict.code else ''}"
        why = str(verdict.evidence or verdict.message).rstrip(".")
        return f"{self.name}: the judge says {came} where {expected} is expected; {why}"


def crash(verdict: Verdict) -> str:
    """Say where and why the course's own side failed: the check's line, and its exception."""
    traceback = str(verdict.evidence.get("traceback", ""))
    if not traceback.strip():
        return verdict.message.rstrip(".")
    lines = re.findall(r'check\.py", line (\d+)', traceback)
    place = f"check.py, line {lines[-1]}" if lines else "check.py"
    return f"{place}: crashes ({traceback.strip().splitlines()[-1]})"


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
