"""The parameters that a notebook declares, and values of their types."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from prodev.errors import ParameterError

_SIMPLE = ("bool", "int", "float", "str", "list", "dict")
_EXAMPLES = {
    "bool": "True or False",
    "int": "a whole number, such as 7",
    "float": "a number, such as 0.5",
    "list": "a list, such as [1, 2]",
    "dict": "a dictionary, such as {'a': 1}",
}


def declared_parameters(notebook: Path) -> dict[str, str] | None:
    """Return the names in a notebook's ``parameters`` cell, each with its type.

    The type is one of bool, int, float, str, list and dict, from the annotation, else from the
    default; an empty text where neither says. None for a notebook that cannot be read.
    """
    # papermill takes more than a second to import; a batch of the course's own modules never asks.
    from papermill import inspect_notebook

    # A hint such as "Unable to parse line 3" is for an author, not for who runs a batch.
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        found = inspect_notebook(str(notebook.absolute()).replace("{", "{{").replace("}", "}}"))
    except Exception:  # whatever is wrong with the file, the run will say so
        return None
    return {name: _type(about) for name, about in found.items()}


def parse_declared(
    given: Mapping[str, str], declared: Mapping[str, str], *, notebook: str, where: str
) -> dict[str, Any]:
    """Return the given values, typed as the notebook declares them.

    Raises:
        ParameterError: a name is not declared (the nearest one is given), or a value has the wrong
            type.
    """
    typed = {}
    for name, text in given.items():
        if name not in declared:
            near = get_close_matches(name, declared, n=1)
            advice = f"did you mean '{near[0]}'?" if near else "add it to the cell or leave it out."
            raise ParameterError(
                f"{where}: {notebook} has no parameter '{name}' "
                f"in a cell tagged 'parameters'; {advice}"
            )
        try:
            typed[name] = _value(text, declared[name])
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            raise ParameterError(
                f"{where}: parameter '{name}' is {text!r}; write {_EXAMPLES[declared[name]]}."
            ) from None
    return typed


def _type(about: Mapping[str, str]) -> str:
    annotated = about["inferred_type_name"].partition("[")[0].strip().casefold()
    if annotated in _SIMPLE:
        return annotated
    try:
        default = ast.literal_eval(about["default"])
    except (ValueError, SyntaxError):
        return ""
    name = type(default).__name__
    return name if name in _SIMPLE else ""


def _value(text: str, kind: str) -> Any:
    match kind:
        case "bool":
            return {"true": True, "false": False}[text.casefold()] if _is_bool(text) else _no(text)
        case "int":
            return int(text) if text.removeprefix("-").isdecimal() and text.isascii() else _no(text)
        case "float":
            return float(text) if "_" not in text else _no(text)
        case "list" | "dict":
            value = ast.literal_eval(text)
            # The ledger keeps parameters as JSON, so a value must be one that JSON can hold.
            plain = json.loads(json.dumps(value, default=_no))
            return plain if type(plain).__name__ == kind else _no(text)
        case _:
            return text


def _is_bool(text: str) -> bool:
    return text.casefold() in ("true", "false")


def _no(value: object) -> Any:
    raise ValueError(value)
