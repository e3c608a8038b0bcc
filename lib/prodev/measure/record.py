"""The evidence record: a claim with the measurement and the check that back it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AwareDatetime, ConfigDict, Field, ValidationError, model_validator

from prodev.catalog.records import Record
from prodev.errors import CourseError
from prodev.measure.comparison import Comparison
from prodev.measure.count import CountComparison
from prodev.version import __version__

SCHEMA: Literal[1] = 1

T = TypeVar("T")
Finding = Annotated[Comparison | CountComparison, Field(discriminator="kind")]
Text = Annotated[str, Field(min_length=1)]


class Check(Record):
    """A statement that holds after the change, and fails when the change is taken back.

    Attributes:
        statement: in words or code, such as ``queries == 2``.
        before: whether it held for the way as it was.
        after: whether it held for the changed way.
    """

    model_config = ConfigDict(strict=True)

    statement: Text
    before: bool
    after: bool

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        if not self.after:
            raise ValueError(f"'{self.statement}' does not hold after the change")
        if self.before:
            raise ValueError(f"'{self.statement}' held before the change too, so it proves nothing")
        return self


def check(statement: str, holds: Callable[[T], bool], *, before: T, after: T) -> Check:
    """Try a statement on both ways.

    Args:
        statement: what must hold from now on, such as ``queries == 2``.
        holds: says whether it holds for what was found of one way.
        before: what was found of the way as it was.
        after: what was found of the changed way.

    Raises:
        CourseError: it does not hold after, or held before already.
    """
    try:
        return Check(statement=statement, before=bool(holds(before)), after=bool(holds(after)))
    except ValidationError as error:
        raise CourseError(f"This check backs no claim: {_first(error)}.") from None


class Evidence(Record):
    """What stands behind one claim.

    Attributes:
        schema_version: of this record's form.
        what: what was measured, in one sentence.
        change: what was changed between before and after.
        findings: the comparisons, with all samples, conditions and verdicts.
        check: what would fail if the change were reverted.
        at: when the record was made, in UTC.
        course: version of the course.
    """

    model_config = ConfigDict(strict=True)

    schema_version: Literal[1] = SCHEMA
    what: Text
    change: Text
    findings: tuple[Finding, ...] = Field(min_length=1)
    check: Check
    at: AwareDatetime
    course: str = __version__

    def to_json(self) -> str:
        """Return the record as JSON text; equal records give equal text."""
        return self.model_dump_json(indent=1)

    def plain(self) -> dict[str, Any]:
        """Return the record as plain data that JSON can hold."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, text: str | bytes) -> Evidence:
        """Read a record.

        Raises:
            CourseError: it is no such record, or a verdict in it does not follow from its samples.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise CourseError(f"This is no evidence record: {_first(error)}.") from None

    def __repr__(self) -> str:
        lines = [self.what, f"change: {self.change}"]
        for finding in self.findings:
            lines += finding.lines()
        return "\n".join([*lines, f"check: {self.check.statement}"])

    __str__ = __repr__


def evidence(
    what: str, *findings: Comparison | CountComparison, change: str, check: Check
) -> Evidence:
    """Make a record of now.

    Args:
        what: what was measured, in one sentence.
        *findings: the comparisons.
        change: what was changed between before and after.
        check: what would fail if the change were reverted.

    Raises:
        CourseError: there is no finding, or a text is empty.
    """
    try:
        return Evidence(
            what=what, change=change, findings=findings, check=check, at=datetime.now(UTC)
        )
    except ValidationError as error:
        raise CourseError(f"This is no evidence: {_first(error)}.") from None


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    place = ".".join(str(step) for step in found["loc"])
    message = found["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{place}: {message}" if place else message
