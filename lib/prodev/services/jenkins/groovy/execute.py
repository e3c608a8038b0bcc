"""Run Groovy's statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prodev.services.jenkins.groovy import nodes as n
from prodev.services.jenkins.groovy.evaluate import ExpressionEvaluator
from prodev.services.jenkins.groovy.operators import combine
from prodev.services.jenkins.groovy.scope import Caught, LeaveSignal, ReturnSignal, Scope
from prodev.services.jenkins.groovy.values import GroovyError, is_true, text_of


class Evaluator(ExpressionEvaluator):
    """Works out expressions and runs statements."""

    def value(self, node: n.Node, scope: Scope) -> Any:
        """Return the value of an expression, or run a statement."""
        run = _STATEMENTS.get(type(node))
        return run(self, node, scope) if run else super().value(node, scope)

    def run(self, body: Iterable[n.Node], scope: Scope) -> Any:
        """Run statements; return the value of the last one."""
        value = None
        for node in body:
            self.tick(scope)
            value = self.evaluate(node, scope)
        return value

    def block(self, body: Iterable[n.Node], scope: Scope) -> Any:
        """Run statements with variables of their own."""
        return self.run(body, Scope(scope.context, scope))

    def call_function(
        self, function: n.Function, values: list[Any], context: Any, top: Scope
    ) -> Any:
        """Call a function of the file."""
        scope = Scope(context, top)
        for index, name in enumerate(function.parameters):
            scope.declare(name, values[index] if index < len(values) else None)
        try:
            return self.run(function.body, scope)
        except ReturnSignal as signal:
            return signal.value

    def turn(self, body: tuple[n.Node, ...], scope: Scope) -> bool:
        """Run a loop's body once; False where it leaves the loop."""
        try:
            self.run(body, scope)
        except LeaveSignal as signal:
            return signal.word == "continue"
        return True

    def set(self, target: n.Node, value: Any, scope: Scope) -> None:
        """Set a variable where it was declared, a property or an item."""
        if isinstance(target, n.Name):
            if not scope.assign(target.name, value):
                self.assign(target, value, scope)
            return
        if isinstance(target, n.Property | n.Index):
            of = self.value(target.of, scope)
            key = target.name if isinstance(target, n.Property) else self.value(target.key, scope)
            if isinstance(of, dict):
                of[key] = value
                return
            if isinstance(of, list) and isinstance(key, int) and 0 <= key < len(of):
                of[key] = value
                return
        self.assign(target, value, scope)


def _if(run: Evaluator, node: n.If, scope: Scope) -> Any:
    return run.block(node.yes if is_true(run.value(node.test, scope)) else node.no, scope)


def _for(run: Evaluator, node: n.For, scope: Scope) -> Any:
    values = run.value(node.values, scope)
    for value in list(values) if isinstance(values, list | dict | str) else ():
        inner = Scope(scope.context, scope)
        inner.declare(node.name, value)
        if not run.turn(node.body, inner):
            break


def _loop(run: Evaluator, node: n.Loop, scope: Scope) -> Any:
    scope = Scope(scope.context, scope)
    if node.start is not None:
        run.value(node.start, scope)
    while is_true(run.value(node.test, scope)):
        run.tick(scope)
        if not run.turn(node.body, Scope(scope.context, scope)):
            break
        if node.step is not None:
            run.value(node.step, scope)


def _while(run: Evaluator, node: n.While, scope: Scope) -> Any:
    while is_true(run.value(node.test, scope)):
        run.tick(scope)
        if not run.turn(node.body, Scope(scope.context, scope)):
            break


def _try(run: Evaluator, node: n.Try, scope: Scope) -> Any:
    try:
        return run.block(node.body, scope)
    except GroovyError as error:
        if not node.name:
            raise
        inner = Scope(scope.context, scope)
        inner.declare(node.name, Caught(error))
        return run.run(node.handler, inner)
    finally:
        run.block(node.final, scope)


def _return(run: Evaluator, node: n.Return, scope: Scope) -> Any:
    raise ReturnSignal(run.value(node.value, scope))


def _leave(run: Evaluator, node: n.Leave, scope: Scope) -> Any:  # noqa: ARG001
    raise LeaveSignal(node.word)


def _throw(run: Evaluator, node: n.Throw, scope: Scope) -> Any:
    value = run.value(node.value, scope)
    raise value.error if isinstance(value, Caught) else GroovyError(text_of(value))


def _annotation(run: Evaluator, node: n.Annotation, scope: Scope) -> Any:  # noqa: ARG001
    return None  # it is for Jenkins itself


def _function(run: Evaluator, node: n.Function, scope: Scope) -> Any:  # noqa: ARG001
    return None  # functions are known from the start


def _assign(run: Evaluator, node: n.Assign, scope: Scope) -> Any:
    value = run.value(node.value, scope)
    if node.sign:
        value = combine(node.sign, run.value(node.target, scope), value, node.line)
    run.set(node.target, value, scope)
    return value


def _declare(run: Evaluator, node: n.Declare, scope: Scope) -> Any:
    scope.declare(node.name, run.value(node.value, scope))


_STATEMENTS: dict[type[n.Node], Callable[[Evaluator, Any, Scope], Any]] = {
    n.If: _if,
    n.For: _for,
    n.Loop: _loop,
    n.While: _while,
    n.Try: _try,
    n.Return: _return,
    n.Leave: _leave,
    n.Throw: _throw,
    n.Annotation: _annotation,
    n.Function: _function,
    n.Assign: _assign,
    n.Declare: _declare,
}
