"""The program's topics and the course's modules, from ``data/`` to validated tables and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prodev.catalog.course import course_folder
from prodev.catalog.exercise import Exercise
from prodev.catalog.parameters import PARAMETERS, Parameters, parse_parameters
from prodev.catalog.records import Card, Choice, Module, Program, Question, Term, Topic

if TYPE_CHECKING:
    from prodev.catalog.catalog import Catalog as Catalog
    from prodev.catalog.load import load_catalog as load_catalog

__all__ = [
    "PARAMETERS",
    "Card",
    "Catalog",
    "Choice",
    "Exercise",
    "Module",
    "Parameters",
    "Program",
    "Question",
    "Term",
    "Topic",
    "course_folder",
    "load_catalog",
    "parse_parameters",
]


def __getattr__(name: str) -> object:
    # The tables need pandas; the records and the parameters do not, and the command line starts
    # faster without it.
    if name in ("Catalog", "load_catalog"):
        from prodev.catalog import load

        return getattr(load, name)
    raise AttributeError(f"module 'prodev.catalog' has no attribute {name!r}")
