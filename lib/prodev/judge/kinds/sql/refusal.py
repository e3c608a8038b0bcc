"""Why a database refused a statement, in the same words for both engines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Kind = str
"""``not null``, ``check``, ``unique``, ``foreign key``, ``exclusion``, ``type``, ``trigger``,
``syntax`` or ``other``."""

# https://www.postgresql.org/docs/18/errcodes-appendix.html
_STATES = {
    "23502": "not null",
    "23503": "foreign key",
    "23505": "unique",
    "23514": "check",
    "23P01": "exclusion",
    "42804": "type",
    "P0001": "trigger",
    "42601": "syntax",
}
_DATA = "22"  # the class of values that a type does not take

# https://mariadb.com/kb/en/mariadb-error-code-reference/; MySQL has the same but for 3819.
_NUMBERS = {
    1048: "not null",
    1364: "not null",
    1062: "unique",
    1169: "unique",
    1216: "foreign key",
    1217: "foreign key",
    1451: "foreign key",
    1452: "foreign key",
    3819: "check",
    4025: "check",
    1264: "type",
    1265: "type",
    1292: "type",
    1366: "type",
    1406: "type",
    1644: "trigger",
    1064: "syntax",
}
_NAMED = re.compile(r"(?:CONSTRAINT|[Kk]ey|[Cc]olumn|constraint) [`']([^`']+)[`']")


@dataclass(frozen=True)
class Refusal:
    """Why a database refused a statement.

    Attributes:
        kind: which rule it broke; see ``Kind``.
        name: the constraint or the column, as the database calls it; may be empty.
        code: PostgreSQL's SQLSTATE, or MySQL's error number.
        error: the exception's type, such as ``UniqueViolation``.
        message: what the database said, on one line.
    """

    kind: Kind
    name: str
    code: str
    error: str
    message: str


def of_postgresql(error: Any) -> Refusal:
    """Return what a ``psycopg.Error`` says."""
    state = error.sqlstate or ""
    kind = _STATES.get(state, "type" if state.startswith(_DATA) else "other")
    name = error.diag.constraint_name or error.diag.column_name or ""
    message = error.diag.message_primary or str(error)
    return Refusal(kind, name, state, type(error).__name__, _line(message))


def of_mysql(error: Any, database: str) -> Refusal:
    """Return what a ``pymysql.Error`` says, without the name of the judge's database."""
    number, said = (*error.args, "", "")[:2]
    message = _line(str(said)).replace(f"`{database}`.", "")
    message = message.replace(f"{database}.", "").replace(database, "the database")
    found = _NAMED.search(message)
    name = found[1].rpartition(".")[2] if found else ""
    kind = _NUMBERS.get(number, "other")
    return Refusal(kind, name, str(number), type(error).__name__, message)


def _line(message: str) -> str:
    return " ".join(message.split())[:300].rstrip(".")
