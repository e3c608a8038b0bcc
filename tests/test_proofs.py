"""Every exercise is proved: a record under its hash counts, what has changed is proved here.

``PRODEV_PROVE`` says how much of what is recorded is proved afresh: ``tenth`` (by the commit's
hash) or ``all``. One test id for each answer.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from prodev.catalog import Exercise, load_catalog
from prodev.judge.kinds import kind_of
from prodev.judge.mutants import Mutant
from prodev.judge.proof.cases import SEEDS, Case, cases
from prodev.judge.proof.prove import Proof, Prover, weigh
from prodev.judge.proof.records import recorded

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).resolve().parents[1]
RECORDS = REPOSITORY / "tests" / "proofs"


@cache
def exercises() -> tuple[Exercise, ...]:
    return load_catalog(REPOSITORY / "data").exercise_records


@cache
def commit() -> str:
    command = ["git", "rev-parse", "HEAD"]
    found = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def proved_here(exercise: Exercise) -> bool:
    """Whether this run proves the exercise itself, instead of trusting its record."""
    wanted = os.environ.get("PRODEV_PROVE", "changed")
    if wanted == "all" or recorded(exercise, RECORDS) is None:
        return True
    drawn = hashlib.sha256(f"{commit()} {exercise.slug}".encode()).digest()[0]
    return wanted == "tenth" and drawn < 26


def to_prove() -> list[Exercise]:
    return [exercise for exercise in exercises() if proved_here(exercise)]


def answers() -> Iterator[object]:
    for exercise in to_prove():
        for case in cases(exercise):
            yield pytest.param(exercise, case, id=f"{exercise.slug}:{case.name}")


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover() as opened:
        yield opened


if to_prove():

    @pytest.mark.parametrize(("exercise", "case"), list(answers()))
    def test_each_answer_is_judged_as_it_should_be(prover: Prover, exercise: Exercise, case: Case):
        (verdicts,) = prover.verdicts(exercise, [case.source], pairs=len(SEEDS))

        assert not [case.problem(verdict) for verdict in verdicts if case.problem(verdict)]

    @pytest.mark.parametrize("exercise", [pytest.param(e, id=e.slug) for e in to_prove()])
    def test_every_mutant_of_the_solution_is_noticed_or_explained(
        prover: Prover, exercise: Exercise
    ):
        proof = Proof(exercise.slug)
        mutants: tuple[Mutant, ...] = kind_of(exercise.kind).mutants(
            exercise.solution, exercise.suffix
        )
        pairs = 1 if kind_of(exercise.kind).slow else len(SEEDS)

        weigh(proof, exercise, mutants, prover.survivors(exercise, mutants, proof, pairs=pairs))

        assert not proof.problems


def test_every_record_belongs_to_an_exercise():
    known = {f"{exercise.module}/{exercise.name}.json" for exercise in exercises()}
    kept = {path.relative_to(RECORDS).as_posix() for path in RECORDS.rglob("*.json")}

    assert not kept - known


@pytest.mark.parametrize(
    "exercise", [pytest.param(e, id=e.slug) for e in exercises() if not proved_here(e)]
)
def test_a_recorded_proof_counts_the_answers_that_are_there(exercise: Exercise):
    proof = recorded(exercise, RECORDS)

    assert proof is not None
    assert (proof.solution, proof.starter) == ("passed", "not_attempted")
    assert proof.wrong_total == proof.wrong_named == len(exercise.answers("wrong"))
    assert proof.right_total == proof.right_passed == len(exercise.answers("right"))
    assert proof.mutants == proof.killed + proof.equivalent
