"""All exercises of the course, in the order of their modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from prodev.catalog.course import course_folder
from prodev.catalog.exercise import Exercise, read_exercise
from prodev.catalog.read import check_unique, read_tables, shown_path
from prodev.catalog.records import Module
from prodev.errors import CourseError, DataError


def exercise_folders(data: Path, module: str | None = None) -> list[tuple[Path, Module]]:
    """Return each exercise's folder and its module, in the order of the modules and of names.

    Raises:
        CourseError: there is no such module.
        DataError: ``data/modules.toml`` is wrong, or a folder belongs to no module.
    """
    modules = read_tables(data / "modules.toml", "module", Module)
    return list(_folders(data, modules, module))


def read_exercises(data: Path, modules: Iterable[Module]) -> tuple[Exercise, ...]:
    """Read and check every exercise, in the order of the modules and of ``order``.

    Raises:
        DataError: a file is missing, left over or wrong.
    """
    found: dict[str, list[Exercise]] = {}
    for path, module in _folders(data, tuple(modules)):
        exercises = found.setdefault(module.slug, [])
        exercises.append(read_exercise(path, module.objectives))
    for slug, exercises in found.items():
        check_unique(tuple(exercises), "order", data / "exercises" / slug, key="exercise")
        exercises.sort(key=lambda exercise: exercise.order)
    return tuple(exercise for exercises in found.values() for exercise in exercises)


def find_exercise(slug: str, data: Path | None = None) -> Exercise:
    """Read one exercise.

    Args:
        slug: ``module/name``.
        data: the folder to read; the course's own by default.

    Raises:
        CourseError: there is no such exercise; the nearest name is given.
        DataError: its files are wrong.
    """
    folders = exercise_folders(data or course_folder("data"))
    known = {f"{module.slug}/{path.name}": (path, module) for path, module in folders}
    if slug not in known:
        near = get_close_matches(slug, known, n=1)
        advice = f"did you mean '{near[0]}'?" if near else "'prodev exercises list' names them all."
        raise CourseError(f"There is no exercise '{slug}'; {advice}")
    path, module = known[slug]
    return read_exercise(path, module.objectives)


def _folders(
    data: Path, modules: Sequence[Module], only: str | None = None
) -> Iterator[tuple[Path, Module]]:
    known = {module.slug: module for module in modules}
    if only is not None and only not in known:
        near = get_close_matches(only, known, n=1)
        advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}."
        raise CourseError(f"There is no module '{only}'; {advice}")
    folder = data / "exercises"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            raise DataError(shown_path(path), "is no module; rename or remove it")
    for module in sorted(modules, key=lambda module: module.order):
        if only in (None, module.slug) and (folder / module.slug).is_dir():
            for path in sorted((folder / module.slug).iterdir()):
                # A folder whose name begins with a dot is being written.
                if path.is_dir() and not path.name.startswith("."):
                    yield path, module
