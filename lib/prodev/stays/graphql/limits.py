"""Limits: what a query may ask for, counted before any of it runs.

Depth is how far fields nest. Cost is how many fields could be returned: each field counts once for
every row of each list around it. So forty aliases of one field cost forty times as much, and
fragments what is in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from prodev.stays.graphql.pages import FIRST, MOST

DEPTH = 10
COST = 6_000
LISTS = frozenset({"properties", "bookings", "reviews"})  # each has ``first`` and ``last``
SHORT_LISTS = {"payments": 5, "messages": 10}  # as a rule; they have no ``first``
LONGEST_NUMBER = 12  # digits are read; a number of more is refused all the same


class Measured(NamedTuple):
    """How deep a query is, and what it costs."""

    depth: int
    cost: int


class Limits(SchemaExtension):
    """Refuses an operation that is too deep or too costly."""

    def on_validate(self) -> Iterator[None]:
        """Count before the usual validation, whose time grows with the query too."""
        context = self.execution_context
        if context.graphql_document is not None and not context.pre_execution_errors:
            refused = _refusal(context.graphql_document, context.variables or {})
            context.pre_execution_errors = [refused] if refused else None
        yield


def _refusal(document: DocumentNode, variables: Mapping[str, Any]) -> GraphQLError | None:
    try:
        found = measure(document, variables)
    except RecursionError:
        told = f"Fragments nest too deep to be counted; a depth of at most {DEPTH} is allowed."
        return GraphQLError(told, extensions={"code": "depth_limit"})
    for name, is_, may_be in (("depth", found.depth, DEPTH), ("cost", found.cost, COST)):
        if is_ > may_be:
            told = f"The query's {name} is {is_}; at most {may_be} is allowed."
            return GraphQLError(told, extensions={"code": f"{name}_limit"})
    return None


def measure(document: DocumentNode, variables: Mapping[str, Any]) -> Measured:
    """Return depth and cost of a document's costliest operation.

    Fields of the introspection are free; a rule of its own decides about them. So are fragments
    that are unknown or contain themselves, which the validation refuses.
    """
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    found = [
        _Counting(fragments, {**_defaults(node), **variables}).of(node.selection_set)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    return Measured(
        max((one.depth for one in found), default=0), max((one.cost for one in found), default=0)
    )


class _Counting:
    def __init__(
        self, fragments: Mapping[str, SelectionSetNode], variables: Mapping[str, Any]
    ) -> None:
        self._fragments, self._variables = fragments, variables
        # Each fragment is counted once: a chain of thirty that use the next one twice would else
        # be counted a billion times.
        self._known: dict[str, Measured] = {}

    def of(self, selected: SelectionSetNode | None) -> Measured:
        found = [self._of_one(node) for node in selected.selections] if selected else []
        return Measured(
            max((one.depth for one in found), default=0), sum(one.cost for one in found)
        )

    def _of_one(self, node: SelectionNode) -> Measured:
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value)
        if isinstance(node, FieldNode):
            if node.name.value.startswith("__"):
                return Measured(0, 0)
            inside = self.of(node.selection_set)
            return Measured(inside.depth + 1, 1 + inside.cost * _rows(node, self._variables))
        return self.of(getattr(node, "selection_set", None))

    def _of_fragment(self, name: str) -> Measured:
        if name not in self._known:
            self._known[name] = Measured(0, 0)  # what a fragment inside of itself finds
            self._known[name] = self.of(self._fragments.get(name))
        return self._known[name]


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        one.variable.name.value: one.default_value
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }


def _rows(field: FieldNode, variables: Mapping[str, Any]) -> int:
    name = field.name.value
    if name not in LISTS:
        return SHORT_LISTS.get(name, 1)
    asked = [
        _number(argument.value, variables)
        for argument in field.arguments or ()
        if argument.name.value in {"first", "last"}
    ]
    return max((max(rows, 1) for rows in asked if rows is not None), default=FIRST)


def _number(value: Any, variables: Mapping[str, Any]) -> int | None:
    """Return how many rows a value asks for; None where it is null.

    What is no whole number, GraphQL may still take for one, as it does with 100.0: it counts as a
    full page.
    """
    if isinstance(value, VariableNode):
        value = variables.get(value.name.value)
    if value is None or isinstance(value, NullValueNode):
        return None
    if isinstance(value, IntValueNode):
        value = int(value.value[:LONGEST_NUMBER])
    return value if type(value) is int else MOST
