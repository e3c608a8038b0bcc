"""Prove exercises: every answer, every degenerate one and every mutant, for five pairs of seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from prodev.catalog.exercise import Exercise
from prodev.judge.client import Judge
from prodev.judge.kinds import kind_of
from prodev.judge.mutants import Mutant
from prodev.judge.proof.cases import SEEDS, Case, cases, crash
from prodev.judge.verdict import Verdict

_MUTANT_SECONDS = 1.5
_EQUIVALENT_AT_MOST = 0.1


@dataclass
class Proof:
    """What came of proving one exercise; the fields but the last are those of the report.

    Attributes:
        mutants: all of them, with the equivalent ones.
        killed: mutants that no pair of seeds lets pass.
        equivalent: mutants that the author recorded as equivalent, and that indeed survive.
        problems: a sentence for everything that does not hold.
    """

    slug: str
    solution: str = ""
    starter: str = ""
    wrong_total: int = 0
    wrong_named: int = 0
    right_total: int = 0
    right_passed: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def proved(self) -> bool:
        """Whether everything holds."""
        return not self.problems


class Prover:
    """Five judges, one for each pair of seeds; a context manager."""

    def __init__(self) -> None:
        """Make the judges; each starts with its first answer."""
        self._judges = [(seed, Judge(hash_seed=hash_seed)) for seed, hash_seed in SEEDS]
        self._pool = ThreadPoolExecutor(min(len(SEEDS), os.cpu_count() or 1))

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for _seed, judge in self._judges:
            judge.close()

    def verdicts(
        self,
        exercise: Exercise,
        sources: Sequence[str],
        *,
        seconds: float | None = None,
        pairs: int,
    ) -> list[list[Verdict]]:
        """Judge answers; return for each its verdicts at the first ``pairs`` pairs of seeds.

        An answer that ran out of time is not judged at the pairs that follow.
        """
        slow: set[int] = set()

        def at(pair: tuple[int, Judge]) -> list[Verdict | None]:
            seed, judge = pair
            found: list[Verdict | None] = []
            for number, source in enumerate(sources):
                if number in slow:
                    found.append(None)
                    continue
                verdict = judge.judge(exercise, source, seed=seed, seconds=seconds)
                if verdict.status == "timeout":
                    slow.add(number)
                found.append(verdict)
            return found

        columns = list(self._pool.map(at, self._judges[:pairs]))
        return [[v for v in row if v is not None] for row in zip(*columns, strict=True)]

    def prove(self, exercise: Exercise, *, show: Callable[[str], None] = lambda _: None) -> Proof:
        """Prove one exercise.

        Args:
            exercise: the exercise.
            show: called with a line on what comes next.
        """
        proof = Proof(exercise.slug)
        slow = kind_of(exercise.kind).slow
        listed = list(cases(exercise))
        show(f"{exercise.slug}: {len(listed)} answers")
        for group, pairs in (
            ([case for case in listed if case.kind != "degenerate"], len(SEEDS)),
            ([case for case in listed if case.kind == "degenerate"], 1 if slow else len(SEEDS)),
        ):
            judged = self.verdicts(exercise, [case.source for case in group], pairs=pairs)
            for case, verdicts in zip(group, judged, strict=True):
                _count(proof, exercise, case, verdicts)
        if proof.solution == "passed":
            mutants = kind_of(exercise.kind).mutants(exercise.solution, exercise.suffix)
            show(f"{exercise.slug}: {len(mutants)} mutants")
            survivors = self.survivors(exercise, mutants, proof, pairs=1 if slow else len(SEEDS))
            weigh(proof, exercise, mutants, survivors)
        return proof

    def survivors(
        self, exercise: Exercise, mutants: Sequence[Mutant], proof: Proof, *, pairs: int
    ) -> list[Mutant]:
        """Return the mutants that pass at one pair of seeds or more; note checks that crash."""
        seconds = exercise.limits.seconds
        if not kind_of(exercise.kind).slow:
            seconds = min(_MUTANT_SECONDS, seconds)
        left = []
        judged = self.verdicts(exercise, [m.source for m in mutants], seconds=seconds, pairs=pairs)
        for mutant, verdicts in zip(mutants, judged, strict=True):
            statuses = {verdict.status for verdict in verdicts}
            if "judge_failed" in statuses:
                failed = next(v for v in verdicts if v.status == "judge_failed")
                proof.problems.append(
                    f"{exercise.slug}, {crash(failed)} on mutant {mutant.id} "
                    f"(solution line {mutant.line}: {mutant.after!r})."
                )
            if "passed" in statuses:
                left.append(mutant)
        return left


def weigh(
    proof: Proof, exercise: Exercise, mutants: Sequence[Mutant], survivors: Sequence[Mutant]
) -> None:
    """Count the mutants, and say which survivor nobody has explained."""
    reasons = {equivalent.mutant for equivalent in exercise.equivalent}
    alive = {mutant.id for mutant in survivors}
    proof.mutants = len(mutants)
    proof.killed = len(mutants) - len(survivors)
    proof.equivalent = len(alive & reasons)
    for mutant in survivors:
        if mutant.id not in reasons:
            proof.problems.append(
                f"{exercise.slug}, check.py: mutant {mutant.id} survives (solution line "
                f"{mutant.line}, {mutant.operator}: {mutant.before!r} became {mutant.after!r}); "
                "catch it, or record it under [[equivalent]] with the reason."
            )
    for identity in sorted(reasons - alive):
        proof.problems.append(
            f"{exercise.slug}, exercise.toml: the equivalent mutant {identity} "
            "does not survive, or does not exist; remove it."
        )
    if proof.equivalent > _EQUIVALENT_AT_MOST * len(mutants):
        proof.problems.append(
            f"{exercise.slug}, exercise.toml: {proof.equivalent} of {len(mutants)} mutants are "
            "recorded as equivalent; at most one in ten may be."
        )


def _count(proof: Proof, exercise: Exercise, case: Case, verdicts: Sequence[Verdict]) -> None:
    wrong = next((v for v in verdicts if case.problem(v)), None)
    if wrong is not None:
        proof.problems.append(f"{exercise.slug}, {case.problem(wrong)}.")
    status = wrong.status if wrong is not None else verdicts[0].status
    match case.kind:
        case "solution":
            proof.solution = status
        case "starter":
            proof.starter = status
        case "right":
            proof.right_total += 1
            proof.right_passed += status == case.status
        case "wrong":
            proof.wrong_total += 1
            proof.wrong_named += wrong is None and status == case.status
