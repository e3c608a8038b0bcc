"""The solvability matrix: a row for each exercise, from its record or proved now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from prodev.catalog.course import course_folder
from prodev.catalog.exercise import Exercise, read_exercise
from prodev.catalog.exercises import exercise_folders, read_exercises
from prodev.catalog.read import read_tables, shown_path
from prodev.catalog.records import Module
from prodev.errors import CourseError, DataError
from prodev.judge.kinds import kind_of
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
    folder, data = records_folder(), course_folder("data")
    rows, problems = [], []
    with Prover() as prover:
        for path, owner in exercise_folders(data, module):
            try:
                exercise = read_exercise(path, owner.objectives)
                check_kind(exercise)
                found = None if afresh else recorded(exercise, folder)
                if found is None:
                    found = prover.prove(exercise, show=show)
                    record(exercise, found, folder)
            except CourseError as error:
                problems.append(str(error))
                continue
            rows.append(row(found))
            problems += found.problems
    if not problems:
        # What no exercise shows alone, such as two with the same order.
        try:
            read_exercises(data, read_tables(data / "modules.toml", "module", Module))
        except CourseError as error:
            problems.append(str(error))
    return rows, problems


def check_kind(exercise: Exercise) -> None:
    """Raise DataError if nobody can judge the exercise's kind, or answers of its suffix."""
    try:
        kind = kind_of(exercise.kind)
    except CourseError as error:
        where = shown_path(exercise.folder / "exercise.toml")
        said = str(error).rstrip(".")
        raise DataError(where, said[:1].lower() + said[1:], column="kind") from None
    if exercise.suffix not in kind.suffixes:
        where = shown_path(exercise.folder / f"starter{exercise.suffix}")
        endings = " or ".join(repr(suffix) for suffix in kind.suffixes)
        raise DataError(where, f"an answer of kind '{kind.name}' must end in {endings}")


def row(found: Proof) -> dict[str, Any]:
    """Return the report's row of a proof."""
    held = asdict(found)
    del held["problems"]
    return held
