"""What a notebook of the course may call.

Nothing heavy is imported here: pandas and the widgets arrive with the first call that needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from prodev.version import __version__ as __version__

if TYPE_CHECKING:
    from prodev.catalog import Catalog as Catalog
    from prodev.catalog import load_catalog as load_catalog
    from prodev.errors import CourseError as CourseError
    from prodev.lesson import Lesson as Lesson
    from prodev.lesson import begin as begin

__all__ = ["Catalog", "CourseError", "Lesson", "begin", "load_catalog"]

_HOMES = {
    "Catalog": "prodev.catalog",
    "CourseError": "prodev.errors",
    "Lesson": "prodev.lesson",
    "begin": "prodev.lesson",
    "load_catalog": "prodev.catalog",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prodev' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
