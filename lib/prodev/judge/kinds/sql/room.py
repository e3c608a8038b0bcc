"""A database of its own for one answer, on one engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from prodev.judge.endings import Noisy, Raised, TimedOut
from prodev.judge.kinds.sql.refusal import Refusal
from prodev.judge.kinds.sql.statements import Statement, split
from prodev.judge.kinds.sql.watch import Watch
from prodev.services.address import Engine

DISK_MB = 128
_MOST_ROWS, _MOST_BYTES = 20_000, 4 << 20
_SHOWN = 120

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Ran:
    """What came of one statement of the answer.

    Attributes:
        statement: the statement, with its number and line.
        refusal: why the database refused it; None where it did not.
        columns: the names of the result's columns; empty where there is no result.
        rows: the result's rows.
    """

    statement: Statement
    refusal: Refusal | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


class Room(ABC):
    """A database and a role that nobody else has; both are gone with the verdict.

    The answer's statements run on a connection of their own, which is closed behind them. What the
    check asks runs on another one, opened before the answer: as the same role, which never is a
    superuser, so that no trigger or function of the answer's ever runs with more power.

    Attributes:
        title: the engine and its version, for a person.
    """

    engine: ClassVar[Engine]
    title: str
    _watch: Watch

    def execute(self, text: str) -> tuple[Ran, ...]:
        """Run an answer's statements one by one, each also where one before it was refused.

        Raises:
            Ending: the answer took too long, or too much; or it is no SQL.
        """
        statements = split(text, self.engine)
        try:
            found = [self._run(statement) for statement in statements]
        finally:
            self._hang_up()
        return tuple(found)

    @abstractmethod
    def rows(self, query: str, *values: Any) -> list[Row]:
        """Return the rows of a query; ``%s`` stands for a value.

        Raises:
            Ending: the database refuses it as the answer left it, the answer's time is over, or it
                has cut the connection.
        """

    @abstractmethod
    def attempt(self, statement: str, *values: Any) -> Refusal | None:
        """Try a statement and take it back; return why it was refused, or None."""

    def try_insert(self, table: str, row: Mapping[str, Any]) -> Refusal | None:
        """Try to insert a row and take it back; return why it was refused, or None."""
        return self.attempt(_insert(table, row), *row.values())

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Insert a row for good.

        Raises:
            Ending: as ``rows``.
        """
        self.rows(_insert(table, row), *row.values())

    @abstractmethod
    def close(self) -> None:
        """Drop the database and the role; whoever is connected is cut off."""

    @abstractmethod
    def _run(self, statement: Statement) -> Ran:
        """Run one statement on the answer's connection."""

    @abstractmethod
    def _hang_up(self) -> None:
        """Close the answer's connection."""

    def _lost(self) -> NoReturn:
        """Say why a connection is gone."""
        match self._watch.reason:
            case "time":
                raise TimedOut
            case "memory":
                raise Raised("MemoryError", "")
            case "disk":
                raise Raised("DiskFull", f"it wrote more than {DISK_MB} MB")
        raise Raised("ConnectionLost", "your answer ended the judge's connection to the database")


def _insert(table: str, row: Mapping[str, Any]) -> str:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"


def refused(refusal: Refusal, query: str) -> Raised:
    """Return the ending of an answer after which the check cannot even ask its question."""
    ending = Raised(refusal.error, refusal.message)
    ending.call = " ".join(query.split())[:_SHOWN]
    return ending


def taken(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Return rows as they come.

    Raises:
        Noisy: they are more than a check can look at.
    """
    kept: list[Row] = []
    size = 0
    for row in rows:
        kept.append(tuple(row))
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
        if len(kept) > _MOST_ROWS or size > _MOST_BYTES:
            raise Noisy
    return kept
