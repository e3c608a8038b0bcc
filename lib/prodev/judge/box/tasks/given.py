"""The module that an answer imports: its application, functions that the judge answers, errors."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable, Mapping
from typing import Any

from prodev.judge.box.tasks.door import Door
from prodev.judge.wire import NotPlain, decode, encode


def make_module(
    name: str, app: Any, functions: Mapping[str, list[str]], errors: Mapping[str, str], door: Door
) -> types.ModuleType:
    """Make it.

    Args:
        name: how the answer imports it.
        app: its application.
        functions: names, and the names of their parameters.
        errors: names of exception types, each with a builtin type below it.
        door: the way to the judge.
    """
    module = types.ModuleType(name, "Given by the judge.")
    module.app = app  # type: ignore[attr-defined]
    types_of: dict[str, type[Exception]] = {
        error: type(error, (getattr(builtins, base),), {"__module__": name})
        for error, base in errors.items()
    }
    for error, made in types_of.items():
        setattr(module, error, made)
    for function, parameters in functions.items():
        setattr(module, function, _function(module, function, parameters, types_of, door))
    return module


def _function(
    module: types.ModuleType,
    name: str,
    parameters: list[str],
    errors: Mapping[str, type[Exception]],
    door: Door,
) -> Callable[..., Any]:
    def ask(**arguments: Any) -> Any:
        try:
            held = encode(arguments)
        except NotPlain as error:
            raise TypeError(f"{name}() cannot take {error}") from None
        said = door.ask({"call": name, "arguments": held})
        if "raise" in said:
            kind, text = said["raise"]
            raise errors.get(kind, getattr(builtins, kind, RuntimeError))(text)
        return decode(said["ok"])

    # A real signature, so that a wrong call raises Python's own TypeError on the answer's line.
    listed = ", ".join(parameters)
    handed = ", ".join(f"{p.partition('=')[0]}={p.partition('=')[0]}" for p in parameters)
    names: dict[str, Any] = {"ask": ask, "__name__": module.__name__}
    exec(f"def {name}({listed}):\n    return ask({handed})\n", names)
    made: Callable[..., Any] = names[name]
    made.__doc__ = "Given by the judge."
    return made
