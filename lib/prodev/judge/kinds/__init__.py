"""The kinds of exercise; each is one file, and a new one is one more line in ``KINDS``."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from prodev.errors import CourseError
from prodev.judge.kinds.kind import Kind

KINDS: dict[str, str] = {
    "python": "prodev.judge.kinds.python",
    "file": "prodev.judge.kinds.file",
    "workflow": "prodev.judge.kinds.workflow",
    "jenkinsfile": "prodev.judge.kinds.jenkinsfile",
    "task": "prodev.judge.kinds.task",
    "service": "prodev.judge.kinds.service",
    "sql": "prodev.judge.kinds.sql",
}
"""Name of a kind, and the module that holds it as ``KIND``; imported when it is first asked for."""


def register(name: str, module: str) -> None:
    """Add a kind of exercise, or replace one."""
    KINDS[name] = module


def kind_of(name: str) -> Kind:
    """Return a kind of exercise.

    Raises:
        CourseError: there is no such kind; the nearest name is given.
    """
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=1)
        advice = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(KINDS)}."
        raise CourseError(f"There is no kind of exercise named '{name}'; {advice}")
    kind = import_module(KINDS[name]).KIND
    assert isinstance(kind, Kind)
    return kind
