"""What a Python text does, as plain data: without all that no check could notice.

Left out are layout and comments; docstrings and other expressions without an effect; annotations,
type variables and aliases, the type in ``cast`` and what stands under ``if TYPE_CHECKING``; and the
message of a raised exception or of an assert. A message is for people: an exercise that asks for
its words would fail right answers, so mutants of it would be noise that no good check may kill.
"""

from __future__ import annotations

import ast
from typing import Any

_TYPE_VARIABLES = ("TypeVar", "ParamSpec", "TypeVarTuple")
_UNSEEN_FIELDS = ("ctx", "type_comment", "type_ignores", "type_params")


def behaviour(tree: ast.Module, type_variables: frozenset[str]) -> Any:
    """Return nested lists that are equal for two texts which do the same for every check.

    They are the same on every Python: ``ast.dump`` and ``ast.unparse`` are not. The tree is
    changed.

    Args:
        tree: of the text, or of a mutant of it.
        type_variables: those of the text, which a mutant may have lost.
    """
    return _plain(_Strip(type_variables).visit(tree))


def type_variables(tree: ast.Module) -> frozenset[str]:
    """Return the names of the type variables that a module defines."""
    return frozenset(
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _called(node.value) in _TYPE_VARIABLES
        for target in node.targets
        if isinstance(target, ast.Name)
    )


class _Strip(ast.NodeTransformer):
    def __init__(self, type_variables: frozenset[str]) -> None:
        self.type_variables = type_variables

    def visit_Pass(self, _: ast.Pass) -> None:
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        return None if names & self.type_variables else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if _name(node.annotation) == "TypeAlias":
            return None
        # A field of a dataclass stays a field.
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_TypeAlias(self, _: ast.AST) -> None:
        return None

    def visit_If(self, node: ast.If) -> ast.AST | None:
        asked = {_name(part) for part in ast.walk(node.test)}
        return None if "TYPE_CHECKING" in asked else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _called(node) == "cast" and len(node.args) == 2:
            node.args[0] = ast.Constant(None)
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        # Python 3.12 adds an empty text after `{width}` in `f"{x:>{width}}"`.
        node.values = [part for part in node.values if not _is_empty(part)]
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            # An operator may have put None in the message's place, or removed it.
            call = node.exc
            call.args = [ast.Constant(None) if _is_message(arg) else arg for arg in call.args]
            while call.args and _is_none(call.args[-1]):
                call.args.pop()
            call.keywords = [
                word
                for word in call.keywords
                if not (_is_message(word.value) or _is_none(word.value))
            ]
        return self.generic_visit(node)


def _is_message(node: ast.expr) -> bool:
    """Whether this is a text, or is built from one: ``"…" % x``, ``"…" + x``, ``"…".format(x)``."""
    if isinstance(node, ast.BinOp):
        return _is_message(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_message(node.func.value)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""


def _called(node: ast.expr) -> str:
    return _name(node.func) if isinstance(node, ast.Call) else ""


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, ast.Constant):
        return ["Constant", type(value.value).__name__, repr(value.value)]
    if not isinstance(value, ast.AST):
        return value
    fields = {
        name: held
        for name, held in ast.iter_fields(value)
        if name not in _UNSEEN_FIELDS and held is not None and held != []
    }
    return [type(value).__name__, {name: _plain(held) for name, held in fields.items()}]
