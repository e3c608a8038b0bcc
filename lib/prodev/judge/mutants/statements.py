"""The course's own operator: a statement is left out, which neither library does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from prodev.judge.mutants.mutant import Rewrite

_LEFT_OUT = (ast.Expr, ast.Raise, ast.Return, ast.AugAssign, ast.Delete, ast.Break, ast.Continue)


def statement_rewrites(source: str) -> Iterator[Rewrite]:
    """Yield a Python text with ``pass`` in the place of one statement.

    Calls whose result nobody takes (``connection.commit()``), ``raise``, ``return`` and the like.
    An assignment is not left out: mutmut gives it another value.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _LEFT_OUT) and not _says_nothing(node):
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            before = lines[first].encode()[: node.col_offset].decode()
            after = lines[last].encode()[node.end_col_offset :].decode()
            text = [*lines[:first], f"{before}pass{after}", *lines[last + 1 :]]
            yield Rewrite("DeleteStatement", "".join(text), node.lineno)


def _says_nothing(node: ast.stmt) -> bool:
    """A docstring, ``...``, or the None that a function returns at its end anyway."""
    if isinstance(node, ast.Return):
        return node.value is None or ast.unparse(node.value) == "None"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
