"""The learner's store: attempts, reveals, quiz answers and evidence, in one SQLite file each."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from prodev.judge.verdict import Verdict
from prodev.learner.database import StoreError, present, reading, remove, writing
from prodev.learner.place import store_path
from prodev.learner.plain import plain, plain_text
from prodev.learner.records import (
    Attempt,
    AttemptStatus,
    Evidence,
    ExerciseProgress,
    Kept,
    QuizAnswer,
    QuizRow,
    QuizScore,
    Reveal,
    RevealKind,
    Solver,
)
from prodev.learner.tables import K, put, take
from prodev.learner.transfer import Export, read_export, write_export
from prodev.version import __version__

__all__ = ["ImportSummary", "Store", "StoreError", "honest", "import_store"]

_PROGRESS = """
SELECT exercise, sum(attempt), max(solved), sum(hint), max(solution) FROM (
    SELECT exercise, 1 AS attempt, status = 'passed' AS solved, 0 AS hint, 0 AS solution
    FROM attempts WHERE solver = 'learner'
    UNION ALL
    SELECT exercise, 0, 0, kind = 'hint', kind = 'solution' FROM reveals
) GROUP BY exercise ORDER BY exercise
"""


class ImportSummary(Kept):
    """Whose store took the file, and how many records it did not have or had in an older state."""

    learner: str
    attempts: int
    reveals: int
    quiz: int
    evidence: int


class Store:
    """What is kept about one learner; each write is on the disk when its method returns.

    A file is made by the first write only. Any number of processes and threads may use the same
    store. Every method raises StoreError, one sentence, where the file cannot be read or written.
    """

    def __init__(self, learner: str) -> None:
        """Name the learner: any text; two ways to write the same letters are the same name."""
        self.learner = plain_text(unicodedata.normalize("NFC", learner))
        self.path = store_path(self.learner)

    def __repr__(self) -> str:
        return f"Store({self.learner!r})"

    def add_attempt(
        self, verdict: Verdict, source: str, *, solver: Solver = "learner", seed: int
    ) -> Attempt:
        """Keep an answer with its verdict.

        What the verdict observed is kept as JSON can hold it; ``plain`` says how.

        Raises:
            ValueError: the verdict is ``not_attempted``, ``unavailable`` or ``judge_failed``.
        """
        if not verdict.attempted:
            raise ValueError(f"'{verdict.status}' does not count as an attempt.")
        attempt = Attempt(
            id=uuid4().hex,
            exercise=verdict.exercise,
            source=plain_text(source),
            status=cast(AttemptStatus, verdict.status),
            code=plain_text(verdict.code),
            message=plain_text(verdict.message),
            evidence=plain(verdict.evidence),
            solver=solver,
            seed=seed,
            judged_at=datetime.now(UTC),
            seconds=verdict.seconds,
            version=__version__,
        )
        self._put(attempt)
        return attempt

    def attempts(
        self, exercise: str | None = None, solver: Solver | None = "learner"
    ) -> tuple[Attempt, ...]:
        """Return the attempts, oldest first; of every exercise or solver where it is None."""
        return self._take(Attempt, exercise=exercise, solver=solver)

    def honest_attempts(self, exercise: str) -> int:
        """Count the learner's different answers that did not pass.

        Spaces at the ends of lines and empty lines make no difference.
        """
        return honest(self.attempts(exercise))

    def solved(self, exercise: str) -> bool:
        """Whether an answer of the learner's own passed."""
        return any(attempt.status == "passed" for attempt in self.attempts(exercise))

    def add_reveal(self, exercise: str, kind: RevealKind, number: int = 0) -> None:
        """Keep that the learner looked at a hint or the solution; the first time counts."""
        self._put(
            Reveal(
                id=uuid4().hex, exercise=exercise, kind=kind, number=number, at=datetime.now(UTC)
            )
        )

    def reveals(self, exercise: str) -> tuple[Reveal, ...]:
        """Return what the learner looked at, oldest first."""
        return self._take(Reveal, exercise=exercise)

    def save_quiz(self, module: str, answers: dict[str, dict[str, Any]]) -> None:
        """Keep answers to a quiz, by the question's slug, each with ``first, tries, right``.

        A question that is right stays right, with the tries it took. The first choice stays, and
        tries never become fewer.

        Raises:
            ValueError: an answer is not of that shape.
        """
        now = datetime.now(UTC)
        self._put(*(QuizRow(module=module, slug=slug, at=now, **a) for slug, a in answers.items()))

    def quiz(self, module: str) -> dict[str, dict[str, Any]]:
        """Return the answers to a quiz as ``save_quiz`` takes them, in the order of answering."""
        rows = self._take(QuizRow, module=module)
        return {row.slug: row.model_dump(include=set(QuizAnswer.model_fields)) for row in rows}

    def quiz_score(self, module: str) -> QuizScore:
        """Return how many questions were right at the first try, and how many were answered."""
        rows = self._take(QuizRow, module=module)
        first = sum(row.right and row.tries == 1 for row in rows)
        return QuizScore(right_first=first, answered=len(rows))

    def add_evidence(self, module: str, name: str, record: dict[str, Any]) -> str:
        """Keep a measurement, and return its id.

        Raises:
            ValueError: the record would not come back from JSON as it is.
        """
        _check_json(record)
        evidence = Evidence(
            id=uuid4().hex, module=module, name=name, record=record, at=datetime.now(UTC)
        )
        self._put(evidence)
        return evidence.id

    def evidence(self, module: str | None = None) -> tuple[Evidence, ...]:
        """Return the measurements, oldest first; of every module where it is None."""
        return self._take(Evidence, module=module)

    def exercises(self) -> dict[str, ExerciseProgress]:
        """Return how far the learner has come with each exercise they touched, by its slug."""
        with reading(self.path) as connection:
            rows = connection.execute(_PROGRESS).fetchall() if connection else []
        return {
            exercise: ExerciseProgress(
                attempts=attempts, solved=bool(solved), hints=hints, solution_seen=bool(solution)
            )
            for exercise, attempts, solved, hints, solution in rows
        }

    def export(self, path: Path) -> None:
        """Write everything to one readable file, as a whole or not at all.

        Raises:
            StoreError: nothing is kept yet, or the file cannot be written.
        """
        with reading(self.path) as connection:
            if connection is None:
                raise StoreError(
                    f"Nothing is kept about '{self.learner}' in {self.path.parent.parent}; "
                    "check the learner's name."
                )
            export = Export(
                learner=self.learner,
                attempts=take(connection, Attempt),
                reveals=take(connection, Reveal),
                quiz=take(connection, QuizRow),
                evidence=take(connection, Evidence),
            )
        write_export(path, export)

    def merge(self, export: Export) -> ImportSummary:
        """Add what an export holds and this store does not, all of it or nothing."""
        with writing(self.path) as connection:
            attempts, reveals, quiz, evidence = (
                put(connection, records) for records in export.records
            )
        return ImportSummary(
            learner=self.learner, attempts=attempts, reveals=reveals, quiz=quiz, evidence=evidence
        )

    def exists(self) -> bool:
        """Whether anything was ever kept about the learner."""
        return present(self.path)

    def delete(self) -> None:
        """Remove all that is kept about the learner; nothing happens where nothing is."""
        remove(self.path)

    def _put(self, *records: Kept) -> None:
        if records:
            with writing(self.path) as connection:
                put(connection, records)

    def _take(self, kind: type[K], **where: object) -> tuple[K, ...]:
        with reading(self.path) as connection:
            return take(connection, kind, **where) if connection else ()


def import_store(path: Path, learner: str | None = None) -> ImportSummary:
    """Add what an export holds to a learner's store; a second time changes nothing.

    Args:
        path: a file that ``Store.export`` wrote.
        learner: whose store; that of the file's own learner where it is None.

    Raises:
        StoreError: the file cannot be read or is no undamaged export, or the store cannot be
            written; nothing is changed then.
    """
    export = read_export(path)
    return Store(export.learner if learner is None else learner).merge(export)


def honest(attempts: Iterable[Attempt]) -> int:
    """Count the different answers that did not pass, as ``Store.honest_attempts`` does."""
    return len({_without_blanks(a.source) for a in attempts if a.status != "passed"})


def _without_blanks(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())


def _check_json(record: dict[str, Any]) -> None:
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
        same = json.loads(text) == record
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"The record holds what JSON can't: {error}.") from None
    if not same:
        raise ValueError("The record would not come back from JSON as it is; use lists and text.")
