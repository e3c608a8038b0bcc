"""Quantities that are counted: rows, bytes, statements. A count has no interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, Self

from pydantic import ConfigDict, Field, model_validator

from prodev.catalog.records import Record
from prodev.errors import CourseError
from prodev.measure.condition import Conditions
from prodev.measure.condition import conditions as conditions_now

CountWord = Literal["less", "more", "the same", "not reproducible", "not comparable"]


class Counted(Record):
    """An exact count, made twice.

    Attributes:
        name: of the way that was counted.
        unit: what was counted, such as ``statements``.
        value: the first count.
        again: the second one.
        conditions: under which both were made.
    """

    model_config = ConfigDict(strict=True)

    name: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    value: int
    again: int
    conditions: Conditions

    @property
    def reproducible(self) -> bool:
        """Whether both counts agree."""
        return self.value == self.again

    def __repr__(self) -> str:
        twice = "counted twice" if self.reproducible else f"but {self.again:,} the second time"
        return f"{self.name}: {self.value:,} {self.unit}, {twice}"

    __str__ = __repr__


class CountComparison(Record):
    """Two counts; ``why`` gives the reason for the verdict in one sentence."""

    model_config = ConfigDict(strict=True)

    kind: Literal["counts"] = "counts"
    before: Counted
    after: Counted
    verdict: CountWord
    why: str

    @model_validator(mode="after")
    def _follows_from_its_counts(self) -> Self:
        word, _ = _verdict(self.before, self.after)
        if word != self.verdict:
            raise ValueError(f"the counts do not support '{self.verdict}', but '{word}'")
        return self

    def lines(self) -> list[str]:
        """Return all of it as text."""
        return [str(self.before), str(self.after), f"{self.verdict}: {self.why}"]

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    __str__ = __repr__


class CountingProxy(Protocol):
    """What counts statements on their way to a database."""

    @property
    def count(self) -> int:
        """Statements since ``clear``."""

    def clear(self) -> None:
        """Forget what was counted."""


def counted(
    name: str,
    count: Callable[[], int],
    *,
    unit: str,
    conditions: Conditions | None = None,
) -> Counted:
    """Count twice.

    Args:
        name: of the way that is counted.
        count: does the work, and returns how many.
        unit: what is counted, such as ``rows``.
        conditions: those of now where they are left out.

    Raises:
        CourseError: what it returned is no whole number.
    """
    found = conditions or conditions_now()
    first, second = count(), count()
    for number in (first, second):
        if type(number) is not int:
            raise CourseError(f"'{name}' returned {number!r}; a count is a whole number.")
    return Counted(name=name, unit=unit, value=first, again=second, conditions=found)


def statements(
    proxy: CountingProxy,
    action: Callable[[], Any],
    *,
    name: str = "statements",
    conditions: Conditions | None = None,
) -> Counted:
    """Count the statements that an action sends to the database, twice.

    Statements of an open connection's first use, such as ``SET``, count as well: use the
    connection once before, or the two counts will differ and say so.

    Args:
        proxy: through which the action reaches the database.
        action: what is counted; it may return anything.
        name: of the way that is counted.
        conditions: those of now where they are left out.
    """

    def count() -> int:
        proxy.clear()
        action()
        return proxy.count

    return counted(name, count, unit="statements", conditions=conditions)


def compare_counts(before: Counted, after: Counted) -> CountComparison:
    """Compare two counts; what is not reproducible, or not of one kind, is not compared.

    Raises:
        CourseError: the units differ.
    """
    if before.unit != after.unit:
        raise CourseError(
            f"'{before.name}' counts {before.unit} and '{after.name}' {after.unit}; "
            "count the same on both sides."
        )
    word, why = _verdict(before, after)
    return CountComparison(before=before, after=after, verdict=word, why=why)


def _verdict(before: Counted, after: Counted) -> tuple[CountWord, str]:
    apart = before.conditions.differences(after.conditions)
    if apart:
        return "not comparable", (
            f"before and after were counted under different conditions ({', '.join(apart)}); "
            "count both under the same."
        )
    for side in (before, after):
        if not side.reproducible:
            return "not reproducible", (
                f"'{side.name}' counted {side.value:,} {side.unit} and then {side.again:,}; "
                "find out what else happens before you compare."
            )
    told = f"{before.value:,} → {after.value:,} {before.unit}, the same at each repeat."
    if before.value == after.value:
        return "the same", told
    return ("less" if after.value < before.value else "more"), told
