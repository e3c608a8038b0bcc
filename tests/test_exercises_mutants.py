"""A mutant that survives is caught by a better check, or recorded as equivalent with a reason."""

from __future__ import annotations

import pytest

from judge_exercises import MODULE, make_exercise
from prodev.catalog.exercise import Equivalent
from prodev.judge.mutants import Mutant
from prodev.judge.proof.prove import Proof, weigh

SLUG = f"{MODULE}/small"


@pytest.fixture
def weighed(tmp_path):
    """Weigh a solution's mutants: which survive, and which the author calls equivalent."""
    exercise = make_exercise(tmp_path, "def check(answer): pass\n")
    mutants = [Mutant(f"{n:08x}", "Operator", n, "before", "after", "source") for n in range(1, 21)]

    def run(survivors, recorded):
        proof = Proof(SLUG)
        reasons = tuple(Equivalent(mutant=f"{n:08x}", reason="The same.") for n in recorded)
        marked = exercise.model_copy(update={"equivalent": reasons})
        weigh(proof, marked, mutants, [mutants[n - 1] for n in survivors])
        return proof

    return run


def test_a_survivor_with_a_reason_is_equivalent(weighed):
    proof = weighed([3, 5], [3, 5])

    assert (proof.mutants, proof.killed, proof.equivalent) == (20, 18, 2)
    assert proof.problems == []


def test_a_survivor_without_a_reason_is_a_problem(weighed):
    proof = weighed([3, 5], [5])

    assert (proof.mutants, proof.killed, proof.equivalent) == (20, 18, 1)
    assert proof.problems == [
        f"{SLUG}, check.py: mutant 00000003 survives (solution line 3, Operator: 'before' became "
        "'after'); catch it, or record it under [[equivalent]] with the reason."
    ]


def test_an_equivalent_mutant_that_does_not_survive_is_a_problem(weighed):
    proof = weighed([3], [3, 4, 99])

    assert (proof.killed, proof.equivalent) == (19, 1)
    assert proof.problems == [
        f"{SLUG}, exercise.toml: the equivalent mutant {mutant} does not survive, or does not "
        "exist; remove it."
        for mutant in ("00000004", "00000063")
    ]


def test_at_most_one_mutant_in_ten_may_be_equivalent(weighed):
    proof = weighed([1, 2, 3], [1, 2, 3])

    assert proof.problems == [
        f"{SLUG}, exercise.toml: 3 of 20 mutants are recorded as equivalent; at most one in ten "
        "may be."
    ]
