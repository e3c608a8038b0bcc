"""The learner's name: asked for once, then ``demo`` means this learner."""

from __future__ import annotations

import os

from prodev.errors import CourseError
from prodev.learner.home import home

DEMO = "demo"
_LONGEST = 100


def learner_name(given: str = DEMO) -> str:
    """Return the name to use: ``demo`` is replaced by the learner's own name, if one is known.

    ``PRODEV_LEARNER`` comes before the stored name: a batch sets it, so that the names of a roster
    are used as they stand.
    """
    if given != DEMO:
        return given
    return os.environ.get("PRODEV_LEARNER") or stored_name() or DEMO


def stored_name() -> str:
    """Return the stored name, or an empty text."""
    try:
        return (home() / "learner.txt").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            f"The learner's name in {home() / 'learner.txt'} cannot be read ({error}); "
            "run 'prodev lab --learner NAME' to write it again."
        ) from None


def store_name(name: str) -> str:
    """Store the learner's name and return it without spaces around it.

    Raises:
        CourseError: the name is empty, too long or not one line, or cannot be written.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise CourseError(f"The learner's name must be one line of 1 to {_LONGEST} characters.")
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / "learner.txt.new"
        draft.write_text(name + "\n", "utf-8")
        draft.replace(folder / "learner.txt")
    except OSError as error:
        raise CourseError(
            f"The learner's name cannot be written to {folder} ({error.strerror}); "
            "free some space, or set PRODEV_HOME to a folder of your own."
        ) from None
    return name
