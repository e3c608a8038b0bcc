"""The records as rows of the store's tables: put them in, take them out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from prodev.learner.records import Attempt, Evidence, Kept, QuizRow, Reveal
from prodev.learner.schema import Unusable

K = TypeVar("K", bound=Kept)

_TABLES: dict[type[Kept], tuple[str, str]] = {
    Attempt: ("attempts", "judged_at, rowid"),
    Reveal: ("reveals", "at, rowid"),
    QuizRow: ("quiz", "at, rowid"),
    Evidence: ("evidence", "at, rowid"),
}
_JSON = ("evidence", "record")
_MOMENTS = ("judged_at", "at")

# Once a question is right it stays as it is. Until then a try is never forgotten: an answer that
# comes from another page, which counts from one again, still counts as one more.
_ANSWERED = """
ON CONFLICT (module, slug) DO UPDATE SET
    tries = CASE
        WHEN excluded."right" THEN max(excluded.tries, quiz.tries + 1) ELSE excluded.tries
    END,
    "right" = excluded."right"
WHERE NOT quiz."right" AND (excluded."right" OR excluded.tries > quiz.tries)
"""


def put(connection: sqlite3.Connection, records: Iterable[Kept]) -> int:
    """Write records that are not there yet, and return how many that were.

    What is there stays; only the answer to a question can become better.
    """
    return sum(_put(connection, record) for record in records)


def _put(connection: sqlite3.Connection, record: Kept) -> int:
    kind = type(record)
    row = {name: _column(value) for name, value in record}
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(f":{name}" for name in row)
    conflict = _ANSWERED if kind is QuizRow else "ON CONFLICT DO NOTHING"
    return connection.execute(
        f"INSERT INTO {_TABLES[kind][0]} ({columns}) VALUES ({marks}) {conflict}", row
    ).rowcount


def take(connection: sqlite3.Connection, kind: type[K], **where: object) -> tuple[K, ...]:
    """Read the records of a kind, oldest first.

    Args:
        connection: to the store.
        kind: the record's class.
        **where: values of columns; those that are None are left out.

    Raises:
        Unusable: a row is not what the store wrote.
    """
    table, order = _TABLES[kind]
    wanted = {name: value for name, value in where.items() if value is not None}
    condition = " AND ".join(f"{name} = :{name}" for name in wanted) or "true"
    fields = kind.model_fields
    columns = ", ".join(f'"{name}"' for name in fields)
    rows = connection.execute(
        f"SELECT {columns} FROM {table} WHERE {condition} ORDER BY {order}", wanted
    )
    try:
        return tuple(
            kind(**{name: _value(name, held) for name, held in zip(fields, row, strict=True)})
            for row in rows
        )
    except ValueError:
        raise Unusable(
            f"is damaged (a row of {table}); move it away, and bring back your last export with "
            "'prodev learner import FILE'"
        ) from None


def _column(value: object) -> object:
    if isinstance(value, datetime):
        # All of the same width, so that their order as text is their order in time.
        return value.isoformat(timespec="microseconds")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    return value


def _value(name: str, held: object) -> object:
    if name in _JSON:
        return json.loads(str(held))
    if name in _MOMENTS:
        return datetime.fromisoformat(str(held))
    return bool(held) if name == "right" else held
