"""Mutants of a solution in Python."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from prodev.errors import CourseError
from prodev.judge.mutants.behaviour import behaviour, type_variables
from prodev.judge.mutants.mutant import Mutant, distinct
from prodev.judge.mutants.operators import cosmic_ray_rewrites, mutmut_rewrites
from prodev.judge.mutants.statements import statement_rewrites


def python_mutants(source: str) -> tuple[Mutant, ...]:
    """Return what the operators of cosmic-ray and mutmut, and our own, make of a Python text.

    Mutants that do not compile are left out, and those that differ only in what no check should
    ask for, above all the words of an exception's message (``behaviour`` says what and why).

    Raises:
        CourseError: the text is no Python, or the libraries are missing.
    """
    try:
        variables = type_variables(ast.parse(source))
    except SyntaxError as error:
        said = f"{error.msg}, line {error.lineno}"
        raise CourseError(f"The solution is no valid Python ({said}); correct it.") from None
    try:
        rewrites = [
            *cosmic_ray_rewrites(source),
            *mutmut_rewrites(source),
            *statement_rewrites(source),
        ]
    except ImportError as error:
        raise CourseError(
            f"Mutants of Python need cosmic-ray and mutmut ({error}); run `make setup`, "
            "or `pip install cosmic-ray mutmut`."
        ) from None
    return distinct(source, rewrites, lambda text: _meaning(text, variables))


def _meaning(text: str, variables: frozenset[str]) -> Any:
    with warnings.catch_warnings():
        # A mutant such as `x is 1` warns as it is compiled.
        warnings.simplefilter("ignore")
        try:
            compile(text, "<mutant>", "exec", dont_inherit=True)
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return None
    return behaviour(tree, variables)
