"""Recorded proofs: what was proved is not proved again while nothing it depends on has changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from prodev.catalog.course import course_folder
from prodev.catalog.exercise import Exercise
from prodev.judge import mutants, proof
from prodev.judge.kinds import kind_of
from prodev.judge.proof.prove import Proof


def records_folder() -> Path | None:
    """Return ``tests/proofs`` beside the course's data; None where there is no ``tests``."""
    tests = course_folder("data").parent / "tests"
    return tests / "proofs" if tests.is_dir() else None


def digest(exercise: Exercise) -> str:
    """Return the hash of all that a proof depends on: the exercise's folder, and its kind's inputs.

    What proves is an input too. Names count, and order does not.
    """
    package = Path(mutants.__file__).parents[2]
    files = {
        f"exercise/{path.relative_to(exercise.folder).as_posix()}": path
        for path in exercise.folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inputs = [*kind_of(exercise.kind).inputs]
    for folder in (*mutants.__path__, *proof.__path__):
        inputs += sorted(Path(folder).glob("*.py"))
    files |= {path.relative_to(package).as_posix(): path for path in inputs}
    total = hashlib.sha256(exercise.slug.encode())
    for name, path in sorted(files.items()):
        total.update(f"\0{name}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def recorded(exercise: Exercise, folder: Path | None) -> Proof | None:
    """Return the recorded proof of an exercise as it is now, or None."""
    if folder is None:
        return None
    try:
        held = json.loads(_file(exercise, folder).read_text("utf-8"))
        if held.pop("digest") != digest(exercise):
            return None
        return Proof(**held)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def record(exercise: Exercise, found: Proof, folder: Path | None) -> None:
    """Record a proof that holds; forget an older one where it does not."""
    if folder is None:
        return
    file = _file(exercise, folder)
    if not found.proved or found.solution != "passed":
        file.unlink(missing_ok=True)
        return
    held = {"digest": digest(exercise), **asdict(found)}
    del held["problems"]
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    draft.replace(file)


def _file(exercise: Exercise, folder: Path) -> Path:
    return folder / exercise.module / f"{exercise.name}.json"
