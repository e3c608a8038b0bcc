"""What the environment says: the settings that differ from place to place."""

from __future__ import annotations

import os

from prodev.errors import CourseError


def text(name: str, default: str = "") -> str:
    """Return a variable's value, or the default where it is empty or not set."""
    return os.environ.get(name, "") or default


def flag(name: str) -> bool:
    """Return whether a variable is switched on.

    Raises:
        CourseError: it is neither on nor off.
    """
    value = text(name, "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise CourseError(f"The environment variable {name} is '{value}'; write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    """Return the words of a comma-separated variable."""
    return [word for part in text(name, default).split(",") if (word := part.strip())]
