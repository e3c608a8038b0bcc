"""Where the course lies: in the repository, or inside the installed package."""

from __future__ import annotations

import os
from pathlib import Path

from prodev.errors import CourseError

_PACKAGE = Path(__file__).resolve().parents[1]


def course_folder(name: str) -> Path:
    """Return the folder ``data`` or ``notebooks`` of the course.

    ``PRODEV_COURSE`` names another folder that holds both, for authors who try out a change.

    Raises:
        CourseError: the folder is not there.
    """
    chosen = os.environ.get("PRODEV_COURSE")
    roots = [Path(chosen)] if chosen else [_PACKAGE / "course", _PACKAGE.parents[1]]
    for root in roots:
        if (root / name).is_dir():
            return root / name
    said = "PRODEV_COURSE names" if chosen else "this installation has"
    raise CourseError(
        f"The course's folder '{name}' is not in {roots[-1]}, which {said}; "
        "install prodev-notebooks again, or run it from a clone of the repository."
    )
