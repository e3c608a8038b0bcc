"""The steps that a rehearsal runs, by name, and how they take their arguments.

Source of the steps' arguments and defaults: Jenkins' reference, "Pipeline Steps".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prodev.services.jenkins.build import BuildEvaluator
from prodev.services.jenkins.context import Context
from prodev.services.jenkins.groovy.scope import Block
from prodev.services.jenkins.groovy.values import GroovyError

_NEEDED: Any = object()
_UNITS = {
    "NANOSECONDS": 1e-9, "MICROSECONDS": 1e-6, "MILLISECONDS": 1e-3, "SECONDS": 1.0,
    "MINUTES": 60.0, "HOURS": 3600.0, "DAYS": 86400.0,
}  # fmt: skip


@dataclass(frozen=True)
class StepCall:
    """A step that is to run: in which build and context, and with which arguments."""

    run: BuildEvaluator
    context: Context
    plain: list[Any]
    """The arguments without a name; a block is the last one."""
    named: dict[str, Any]

    def argument(self, name: str, default: Any = _NEEDED, *, at: int = 0) -> Any:
        """Return an argument by its name, or by its place among those without a name.

        Raises:
            GroovyError: it is needed and missing.
        """
        if name in self.named:
            return self.named[name]
        values = self.values
        if at < len(values):
            return values[at]
        if default is _NEEDED:
            raise GroovyError(f'Missing required parameter: "{name}"')
        return default

    @property
    def values(self) -> list[Any]:
        """The arguments without a name, but for the block."""
        return [value for value in self.plain if not isinstance(value, Block)]

    @property
    def block(self) -> Block:
        """The block of the step.

        Raises:
            GroovyError: there is none.
        """
        if self.plain and isinstance(self.plain[-1], Block):
            return self.plain[-1]
        raise GroovyError("There is no body to invoke")

    def seconds(self, unit: str) -> float:
        """Return ``time`` and ``unit`` in seconds.

        Raises:
            GroovyError: the time is no number, or the unit is unknown.
        """
        number = self.argument("time")
        factor = _UNITS.get(str(self.named.get("unit", unit)))
        if factor is None or isinstance(number, bool) or not isinstance(number, int | float):
            raise GroovyError("a time is a number, with a unit such as 'SECONDS' or 'MINUTES'")
        return float(number) * factor


Step = Callable[[StepCall], Any]

STEPS: dict[str, Step] = {}


def step(*names: str) -> Callable[[Step], Step]:
    """Make a function the step of these names."""

    def remember(function: Step) -> Step:
        STEPS.update(dict.fromkeys(names, function))
        return function

    return remember
