"""The variables that a block sees, and how a block is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prodev.services.jenkins.groovy import nodes as n
from prodev.services.jenkins.groovy.values import GroovyError

if TYPE_CHECKING:
    from prodev.services.jenkins.groovy.evaluate import ExpressionEvaluator

MISSING: Any = object()
"""What a scope returns for a name that it does not know."""


class Scope:
    """The variables that a block sees; ``context`` is whatever its steps need."""

    def __init__(self, context: Any, parent: Scope | None = None) -> None:
        """Begin without variables of its own."""
        self.context, self._parent = context, parent
        self._own: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Return a variable, or the mark for none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._own:
                return scope._own[name]
            scope = scope._parent
        return MISSING

    def declare(self, name: str, value: Any) -> None:
        """Make a variable in this block."""
        self._own[name] = value

    def assign(self, name: str, value: Any) -> bool:
        """Set a variable where it was declared; False where it was not."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._own:
                scope._own[name] = value
                return True
            scope = scope._parent
        return False


class Block:
    """A closure, with the variables that it sees."""

    def __init__(self, evaluator: ExpressionEvaluator, closure: n.Closure, scope: Scope) -> None:
        """Take what is needed to run it later."""
        self._evaluator, self.closure, self._scope = evaluator, closure, scope

    def __call__(self, *values: Any) -> Any:
        """Run it with arguments, where it stands."""
        return self.run(self._scope.context, *values)

    def run(self, context: Any, *values: Any) -> Any:
        """Run it with arguments, and with what its steps need."""
        scope = Scope(context, self._scope)
        names = ("it",) if self.closure.parameters is None else self.closure.parameters
        for index, name in enumerate(names):
            scope.declare(name, values[index] if index < len(values) else None)
        try:
            return self._evaluator.run(self.closure.body, scope)
        except ReturnSignal as signal:
            return signal.value
        except LeaveSignal as signal:
            raise GroovyError(f"'{signal.word}' stands outside of a loop") from None


class Caught:
    """The ``e`` of ``catch (e)``."""

    def __init__(self, error: GroovyError) -> None:
        """Take the exception."""
        self.error = error

    def __str__(self) -> str:
        """Return it as Groovy prints it."""
        return f"hudson.AbortException: {self.error}"

    def groovy_get(self, name: str) -> Any:
        """Return its ``message``."""
        return str(self.error) if name in ("message", "localizedMessage") else None

    def groovy_call(self, name: str, values: list[Any]) -> Any:  # noqa: ARG002
        """Answer ``getMessage()`` and ``toString()``."""
        return str(self) if name == "toString" else str(self.error)


class ReturnSignal(Exception):  # noqa: N818 - no error
    """A ``return``."""

    def __init__(self, value: Any) -> None:
        """Take the value."""
        self.value = value


class LeaveSignal(Exception):  # noqa: N818 - no error
    """A ``break`` or ``continue``."""

    def __init__(self, word: str) -> None:
        """Take the word."""
        self.word = word
