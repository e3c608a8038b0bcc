"""The parameters that every module has: their names, types and values."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from prodev.errors import ParameterError

Scale = Literal["small", "medium", "large"]
Mode = Literal["learn", "solve"]
Services = Literal["auto", "embedded"]


class Parameter(NamedTuple):
    """What one parameter is; ``values`` is empty where any value of the type will do."""

    type: str
    default: str | int
    values: tuple[str, ...]
    help: str


PARAMETERS: dict[str, Parameter] = {
    "learner": Parameter("str", "demo", (), "who this run is for"),
    "seed": Parameter("int", 1, (), "which data: the same seed gives the same rows"),
    "scale": Parameter("str", "small", get_args(Scale), "small, medium or large: rows of data"),
    "mode": Parameter("str", "learn", get_args(Mode), "learn, or solve to use the solutions"),
    "services": Parameter(
        "str", "auto", get_args(Services), "auto, or embedded to use wheels only"
    ),
}


class Parameters(BaseModel):
    """The parameters of one run, of the right types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    learner: str = "demo"
    seed: int = 1
    scale: Scale = "small"
    mode: Mode = "learn"
    services: Services = "auto"


def parameters_cell() -> str:
    """Return the source of the cell tagged ``parameters``, the same in every notebook."""
    lines = []
    for name, (kind, default, _, text) in PARAMETERS.items():
        value = f'"{default}"' if isinstance(default, str) else str(default)
        lines.append(f"{name}: {kind} = {value}  # {text}")
    return "\n".join(lines)


def parse_parameters(given: Mapping[str, object], *, where: str) -> dict[str, str | int]:
    """Return the given parameters, typed; whole numbers may come as text, as from a roster.

    Args:
        given: name to value; names that are left out keep their defaults.
        where: the place to name in an error, such as ``roster.csv, row 2``.

    Raises:
        ParameterError: a name is unknown, or a value has the wrong type or is not allowed.
    """
    return {name: _parse(name, value, where) for name, value in given.items()}


def check_parameters(given: Mapping[str, object], *, where: str) -> Parameters:
    """Return the parameters of one run; text is not taken for a number, as in a notebook's cell.

    Raises:
        ParameterError: a name is unknown, or a value has the wrong type or is not allowed.
    """
    typed = parse_parameters(given, where=where)
    for name, value in given.items():
        if PARAMETERS[name].type == "int" and not isinstance(value, int):
            raise ParameterError(
                f"{where}: parameter '{name}' is the text {value!r}; "
                f"write a whole number without quotes, such as {name} = {typed[name]}."
            )
    return Parameters.model_validate(typed)


def _parse(name: str, value: object, where: str) -> str | int:
    if name not in PARAMETERS:
        near = get_close_matches(name, PARAMETERS, n=1)
        advice = f"did you mean '{near[0]}'?" if near else f"it may be {_either(list(PARAMETERS))}."
        raise ParameterError(f"{where}: there is no parameter '{name}'; {advice}")
    kind, _, values, _ = PARAMETERS[name]
    if kind == "int":
        return _whole(name, value, where)
    if not isinstance(value, str) or not value.strip():
        raise ParameterError(f"{where}: parameter '{name}' is {value!r}; write a text.")
    if values and value not in values:
        raise ParameterError(
            f"{where}: parameter '{name}' is '{value}'; it may be {_either(values)}."
        )
    return value


def _whole(name: str, value: object, where: str) -> int:
    text = str(value).strip()
    # bool is an int to Python, and "1_000" and "１" are numbers to int(): neither is meant here.
    plain = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
    if isinstance(value, bool) or not plain or len(text) > 18:
        raise ParameterError(
            f"{where}: parameter '{name}' is {value!r}; write a whole number, such as 7."
        )
    number = int(text)
    if name == "seed" and number < 0:
        raise ParameterError(f"{where}: parameter 'seed' is {number}; write 0 or more.")
    return number


def _either(values: list[str] | tuple[str, ...]) -> str:
    return ", ".join(values[:-1]) + " or " + values[-1]
