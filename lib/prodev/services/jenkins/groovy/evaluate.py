"""Work out Groovy's expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import singledispatchmethod
from typing import Any

from prodev.services.jenkins.groovy import nodes as n
from prodev.services.jenkins.groovy.operators import combine, number
from prodev.services.jenkins.groovy.scope import (
    MISSING,
    Block,
    Scope,
)
from prodev.services.jenkins.groovy.values import (
    GroovyError,
    Interpolated,
    UnsupportedError,
    is_true,
    method,
    text_of,
)


class ExpressionEvaluator(ABC):
    """Works out expressions; a child says what names and steps mean."""

    @abstractmethod
    def name(self, name: str, scope: Scope) -> Any:
        """Return what a name means that is no variable.

        Raises:
            GroovyError: there is nothing of this name.
        """

    @abstractmethod
    def step(
        self, name: str, plain: list[Any], named: dict[str, Any], scope: Scope, line: int
    ) -> Any:
        """Run a step or function."""

    @abstractmethod
    def assign(self, target: n.Node, value: Any, scope: Scope) -> None:
        """Set something that is no declared variable, such as ``env.X``."""

    @abstractmethod
    def tick(self, scope: Scope) -> None:
        """Do nothing, or raise where the run has to end; called before each statement."""

    @abstractmethod
    def run(self, body: Iterable[n.Node], scope: Scope) -> Any:
        """Run statements; return the value of the last one."""

    @abstractmethod
    def set(self, target: n.Node, value: Any, scope: Scope) -> None:
        """Set a variable, a property or an item."""

    def evaluate(self, node: n.Node, scope: Scope) -> Any:
        """Return the value of a node; what goes wrong in it is an exception of Groovy's.

        Raises:
            GroovyError: it has no value.
        """
        try:
            return self.value(node, scope)
        except RecursionError:
            raise GroovyError("java.lang.StackOverflowError") from None
        except OSError as error:
            raise GroovyError(f"java.io.IOException: {error}") from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            message = f"line {node.line}: this is not possible with these values"
            raise GroovyError(message) from None

    @singledispatchmethod
    def value(self, node: n.Node, scope: Scope) -> Any:  # noqa: ARG002
        """Return the value of a node."""
        raise UnsupportedError(f"line {node.line}: this is not run here")

    @value.register
    def _(self, node: n.Literal, scope: Scope) -> Any:  # noqa: ARG002
        return node.value

    @value.register
    def _(self, node: n.GString, scope: Scope) -> Any:
        return Interpolated(
            "".join(p if isinstance(p, str) else text_of(self.value(p, scope)) for p in node.parts)
        )

    @value.register
    def _(self, node: n.ListNode, scope: Scope) -> Any:
        return [self.value(item, scope) for item in node.items]

    @value.register
    def _(self, node: n.MapNode, scope: Scope) -> Any:
        return {self.value(key, scope): self.value(each, scope) for key, each in node.items}

    @value.register
    def _(self, node: n.Closure, scope: Scope) -> Any:
        return Block(self, node, scope)

    @value.register
    def _(self, node: n.Name, scope: Scope) -> Any:
        value = scope.get(node.name)
        return self.name(node.name, scope) if value is MISSING else value

    @value.register
    def _(self, node: n.Property, scope: Scope) -> Any:
        of = self.value(node.of, scope)
        if of is None:
            if node.safe:
                return None
            raise GroovyError(f"Cannot get property '{node.name}' on null object")
        if isinstance(of, dict):
            return of.get(node.name)
        getter: Callable[[str], Any] | None = getattr(of, "groovy_get", None)
        if getter:
            return getter(node.name)
        raise UnsupportedError(f"line {node.line}: the property '{node.name}' is not known here")

    @value.register
    def _(self, node: n.Index, scope: Scope) -> Any:
        of, key = self.value(node.of, scope), self.value(node.key, scope)
        if isinstance(of, dict):
            return of.get(key)
        if isinstance(of, list | str) and isinstance(key, int):
            return of[key] if -len(of) <= key < len(of) else None
        getter: Callable[[str], Any] | None = getattr(of, "groovy_get", None)
        if getter:
            return getter(text_of(key))
        raise GroovyError(f"[{text_of(key)}] is not possible on {text_of(of)}")

    @value.register
    def _(self, node: n.Call, scope: Scope) -> Any:
        target: Any = MISSING
        if node.of is not None:
            target = self.value(node.of, scope)
            if target is None:
                if node.safe:
                    return None
                raise GroovyError(f"Cannot invoke method {node.name}() on null object")
        plain = [self.value(argument, scope) for argument in node.arguments]
        named = {key: self.value(argument, scope) for key, argument in node.named}
        if target is not MISSING:
            return self._method(node, target, plain, named)
        local = scope.get(node.name)
        if isinstance(local, Block):
            return local(*plain)
        return self.step(node.name, plain, named, scope, node.line)

    def _method(self, node: n.Call, of: Any, plain: list[Any], named: dict[str, Any]) -> Any:
        if isinstance(of, Block) and node.name == "call":
            return of(*plain)
        found = method(of, node.name)
        caller: Callable[..., Any] | None = getattr(of, "groovy_call", None)
        if caller:
            return caller(node.name, plain)
        if found is None or named:
            raise UnsupportedError(f"line {node.line}: the method '{node.name}' is not known here")
        try:
            return found(of, *plain)
        except (TypeError, AttributeError, IndexError) as error:
            raise GroovyError(f"{node.name}: {error}") from None

    @value.register
    def _(self, node: n.Unary, scope: Scope) -> Any:
        if node.sign.endswith(("++", "--")):
            old = self.value(node.operand, scope)
            new = number(old) + (1 if node.sign.endswith("++") else -1)
            self.set(node.operand, new, scope)
            return old if node.sign.startswith("post") else new
        value = self.value(node.operand, scope)
        if node.sign == "!":
            return not is_true(value)
        return -number(value) if node.sign == "-" else number(value)

    @value.register
    def _(self, node: n.Binary, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        if node.sign == "&&":
            return is_true(left) and is_true(self.value(node.right, scope))
        if node.sign == "||":
            return is_true(left) or is_true(self.value(node.right, scope))
        if node.sign == "as":
            return text_of(left) if getattr(node.right, "name", "") == "String" else left
        return combine(node.sign, left, self.value(node.right, scope), node.line)

    @value.register
    def _(self, node: n.Choice, scope: Scope) -> Any:
        test = self.value(node.test, scope)
        if is_true(test):
            return test if node.yes is None else self.value(node.yes, scope)
        return self.value(node.no, scope)
