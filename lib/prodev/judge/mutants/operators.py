"""The operators of cosmic-ray and of mutmut, used as libraries on a text.

Both are imported where they are used: they are tools of the course's authors, and ``prodev`` works
without them. cosmic-ray's own ``plugins`` and ``mutating`` are left alone, for they load stevedore,
which writes a cache into the user's home.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodev.judge.mutants.mutant import Rewrite


def cosmic_ray_rewrites(source: str) -> Iterator[Rewrite]:
    """Yield what cosmic-ray's operators make of a Python text.

    Operators that need arguments are left out: they want names of variables and choose at random.

    Raises:
        ImportError: cosmic-ray is missing.
    """
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.operators.provider import OperatorProvider

    operators = OperatorProvider()
    nodes = list(ast_nodes(get_ast(source)))
    for name in operators:
        if operators[name].arguments():
            continue
        operator = operators[name]()
        for place, node in enumerate(nodes):
            for index, _ in enumerate(operator.mutation_positions(node)):
                # Operators change the tree itself, so each gets a new one.
                tree = get_ast(source)
                _replace(list(ast_nodes(tree))[place], operator, index)
                yield Rewrite(name, tree.get_code())


def _replace(node: Any, operator: Any, index: int) -> None:
    siblings, parent = node.parent.children, node.parent
    place = next(n for n, sibling in enumerate(siblings) if sibling is node)
    changed = operator.mutate(node, index)
    parent.children[place : place + 1] = [] if changed is None else [changed]


def mutmut_rewrites(source: str) -> Iterator[Rewrite]:
    """Yield what mutmut's operators make of a Python text, in decorated functions too.

    mutmut's own visitor skips functions with a decorator, and so most of what ``functools.wraps``
    touches; only its operators are used here.

    Raises:
        ImportError: mutmut or libcst is missing.
    """
    import libcst
    from mutmut.mutation.mutators import mutation_operators

    tree: Any = libcst.parse_module(source)
    for node in _nodes(tree):
        for kind, operator in mutation_operators:
            for changed in operator(node) if isinstance(node, kind) else ():
                try:
                    text = tree.deep_replace(node, changed).code
                except libcst.CSTValidationError:
                    continue  # such as a keyword that would touch the name after it
                yield Rewrite(operator.__name__, text)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from _nodes(child)
