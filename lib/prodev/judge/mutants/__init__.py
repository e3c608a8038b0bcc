"""Small changes to a solution, each of which the exercise's check should notice."""

from __future__ import annotations

from prodev.judge.mutants.file import file_mutants
from prodev.judge.mutants.mutant import Mutant
from prodev.judge.mutants.python import python_mutants

__all__ = ["Mutant", "file_mutants", "python_mutants"]
