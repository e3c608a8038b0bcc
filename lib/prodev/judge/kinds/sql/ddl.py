"""What a text says of its tables, where an engine may not do what it says."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError


def references_behind_columns(text: str) -> tuple[str, ...]:
    """Return the columns whose foreign key is written behind them, as ``REFERENCES users (id)``.

    PostgreSQL and MariaDB keep such a key; MySQL 8.4 reads it and forgets it:
    https://dev.mysql.com/doc/refman/8.4/en/ansi-diff-foreign-keys.html. A text that cannot be
    parsed has none.
    """
    for dialect in ("postgres", "mysql"):
        try:
            trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
        except (SqlglotError, RecursionError):
            continue
        return tuple(
            column.name
            for tree in trees
            for column in tree.find_all(exp.ColumnDef)
            if any(isinstance(rule.kind, exp.Reference) for rule in column.constraints)
        )
    return ()
