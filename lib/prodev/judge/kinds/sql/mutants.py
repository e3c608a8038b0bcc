"""Small changes of SQL: a rule, a column, a comparison, a type, an order or a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError

from prodev.judge.mutants import Mutant
from prodev.judge.mutants.mutant import Rewrite, distinct

Edit = Callable[[exp.Expr], object]

_COMPARISONS: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.And: exp.Or,
    exp.Or: exp.And,
}
_TYPES = {
    "INT": "DOUBLE PRECISION",
    "BIGINT": "DOUBLE PRECISION",
    "SMALLINT": "DOUBLE PRECISION",
    "DATE": "VARCHAR(20)",
    "TIMESTAMP": "DATE",
    "TIMESTAMPTZ": "DATE",
    "BOOLEAN": "INT",
}


def sql_mutants(source: str) -> tuple[Mutant, ...]:
    """Return the text with one small change each; a line is the first of the changed statement.

    Each mutant is written anew from its tree, without comments. How an index is sorted, ascending
    or descending, is left alone: a server reads it in both directions.
    """
    dialect, trees = _parsed(source)
    if trees is None:
        return ()
    return distinct(_written(trees, dialect), _rewrites(trees, dialect), _meaning)


def rewritten(source: str) -> str:
    """Return a text as a mutant without a change would be written."""
    dialect, trees = _parsed(source)
    return source if trees is None else _written(trees, dialect)


def _parsed(source: str) -> tuple[str, list[exp.Expression] | None]:
    for dialect in ("postgres", "mysql"):
        try:
            found = sqlglot.parse(source, read=dialect)
        except (SqlglotError, RecursionError):
            continue
        return dialect, [tree for tree in found if isinstance(tree, exp.Expression)]
    return "", None


def _written(trees: list[exp.Expression], dialect: str) -> str:
    texts = (
        tree.sql(dialect, pretty=True, comments=False, unsupported_level=ErrorLevel.IGNORE)
        for tree in trees
    )
    return "".join(f"{text};\n" for text in texts)


def _meaning(text: str) -> list[str] | None:
    dialect, trees = _parsed(text)
    return None if trees is None else [tree.sql(dialect, comments=False) for tree in trees]


def _rewrites(trees: list[exp.Expression], dialect: str) -> Iterator[Rewrite]:
    for place, tree in enumerate(trees):
        before, after = trees[:place], trees[place + 1 :]
        line = 1 + _written(before, dialect).count("\n")
        yield Rewrite("DropStatement", _written([*before, *after], dialect), line)
        for operator, changed in _changes(tree):
            yield Rewrite(operator, _written([*before, changed, *after], dialect), line)


def _changes(tree: exp.Expression) -> Iterator[tuple[str, exp.Expression]]:
    for place, node in enumerate(tree.dfs()):
        for operator, edit in _edits(node):
            changed = tree.copy()
            target = next(one for at, one in enumerate(changed.dfs()) if at == place)
            edit(target)
            yield operator, changed


def _edits(node: exp.Expr) -> Iterator[tuple[str, Edit]]:  # noqa: PLR0912 - a table
    match node:
        case exp.Schema():
            if len(node.expressions) > 1:
                yield from _fewer("DropColumn", node, "expressions")
            if node.find_ancestor(exp.PrimaryKey, exp.ForeignKey, exp.UniqueColumnConstraint):
                yield from _swapped("SwapColumns", node, "expressions")
        case exp.ColumnDef():
            yield from _fewer("DropConstraint", node, "constraints")
            if isinstance(node.kind, exp.DataType) and (new := _TYPES.get(node.kind.sql())):
                yield "ChangeType", lambda one: one.set("kind", exp.DataType.build(new))
        case exp.IndexParameters():
            columns = node.args.get("columns") or []
            if len(columns) > 1:
                yield from _fewer("DropColumn", node, "columns")
                yield from _swapped("SwapColumns", node, "columns")
            if node.args.get("where"):
                yield "DropWhere", lambda one: one.set("where", None)
        case exp.Create(kind="INDEX"):
            unique = not node.args.get("unique")
            yield "ChangeUnique", lambda one: one.set("unique", unique)
        case exp.Reference() | exp.ForeignKey():
            yield from _fewer("DropAction", node, "options")
        case exp.In():
            if len(node.expressions) > 1:
                yield from _fewer("DropValue", node, "expressions")
        case exp.Where() if isinstance(node.parent, exp.Select):
            yield "DropWhere", lambda one: one.pop()
        case exp.Ordered() if node.find_ancestor(exp.Order):
            desc = not node.args.get("desc")
            yield "ChangeOrder", lambda one: one.set("desc", desc)
        case exp.Join():
            side = "" if node.side else "LEFT"
            yield "ChangeJoin", lambda one: one.set("side", side)
        case exp.Window() if node.args.get("partition_by"):
            yield "DropPartition", lambda one: one.set("partition_by", None)
        case exp.Distinct() | exp.Limit() | exp.Offset():
            yield f"Drop{type(node).__name__}", lambda one: one.pop()
        case exp.Literal() if not node.is_string and node.this.isdigit():
            if not node.find_ancestor(exp.DataType, exp.DataTypeParam):
                number = str(int(node.this) + 1)
                yield "ChangeNumber", lambda one: one.replace(exp.Literal.number(number))
        case _ if type(node) in _COMPARISONS:
            other = _COMPARISONS[type(node)]
            operator = "ChangeLogic" if isinstance(node, exp.Connector) else "ChangeComparison"
            yield operator, lambda one: one.replace(other(this=one.this, expression=one.expression))
            if isinstance(node, exp.Connector):
                for side in ("this", "expression"):
                    yield "DropCondition", lambda one, side=side: one.replace(one.args[side])  # type: ignore[misc]


def _fewer(operator: str, node: exp.Expr, key: str) -> Iterator[tuple[str, Edit]]:
    """Yield the node without one of its parts, for each of them."""
    for place, part in enumerate(node.args.get(key) or []):
        named = operator
        if key == "expressions" and isinstance(node, exp.Schema):
            plain = isinstance(part, exp.ColumnDef | exp.Identifier)
            named = operator if plain else "DropConstraint"

        def edit(one: exp.Expr, place: int = place) -> None:
            parts = one.args[key]
            one.set(key, [*parts[:place], *parts[place + 1 :]])

        yield named, edit


def _swapped(operator: str, node: exp.Expr, key: str) -> Iterator[tuple[str, Edit]]:
    """Yield the node with two neighbouring parts in the other order."""
    for first, second in pairwise(range(len(node.args.get(key) or []))):

        def edit(one: exp.Expr, first: int = first, second: int = second) -> None:
            parts = list(one.args[key])
            parts[first], parts[second] = parts[second], parts[first]
            one.set(key, parts)

        yield operator, edit
