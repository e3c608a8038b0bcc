"""The solvability matrix: a row for each exercise, from its record or proved now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from prodev.catalog.course import course_folder
from prodev.catalog.exercise import read_exercise
from prodev.catalog.exercises import exercise_folders
from prodev.errors import CourseError
from prodev.judge.proof.prove import Proof, Prover
from prodev.judge.proof.records import record, recorded, records_folder


def prove_all(
    module: str | None = None,
    *,
    afresh: bool = False,
    show: Callable[[str], None] = lambda _: None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Prove exercises, each on its own: one that cannot be read does not stop the others.

    Args:
        module: only this module's.
        afresh: prove what is recorded too.
        show: called with a line on what comes next.

    Returns:
        the rows of the matrix, in the order of the modules, and a sentence for each problem.

    Raises:
        CourseError: there is no such module.
    """
    folder = records_folder()
    rows, problems = [], []
    with Prover() as prover:
        for path, owner in exercise_folders(course_folder("data"), module):
            try:
                exercise = read_exercise(path, owner.objectives)
                found = None if afresh else recorded(exercise, folder)
                if found is None:
                    found = prover.prove(exercise, show=show)
                    record(exercise, found, folder)
            except CourseError as error:
                problems.append(str(error))
                continue
            rows.append(row(found))
            problems += found.problems
    return rows, problems


def row(found: Proof) -> dict[str, Any]:
    """Return the report's row of a proof."""
    held = asdict(found)
    del held["problems"]
    return held
