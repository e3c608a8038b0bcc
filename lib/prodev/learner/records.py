"""What is kept about a learner: attempts, reveals, quiz answers and evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, FiniteFloat, JsonValue

from prodev.catalog.records import Record

AttemptStatus = Literal["passed", "failed", "error", "timeout"]
Solver = Literal["learner", "reference"]
RevealKind = Literal["hint", "solution"]

_LARGEST = 2**63 - 1

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside of the calendar") from None


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


class Kept(Record):
    """A record of the store; a value of another type is an error, and never converted."""

    model_config = ConfigDict(strict=True)


class Attempt(Kept):
    """An answer that was judged.

    Attributes:
        source: the answer as it was judged.
        status: one of the statuses that count as an attempt.
        code: the recognised mistake, or empty; ``message`` and ``evidence`` are the verdict's.
        solver: ``learner``, or ``reference`` where the course's own solution stood in.
        judged_at: in UTC.
        seconds: wall time that the answer took.
        version: of the course that judged it.
    """

    id: Id
    exercise: Name
    source: str
    status: AttemptStatus
    code: str
    message: str
    evidence: dict[str, Any]
    solver: Solver
    seed: Annotated[int, Field(ge=-_LARGEST - 1, le=_LARGEST)]
    judged_at: Moment
    seconds: FiniteFloat
    version: str


class Reveal(Kept):
    """A hint (``number`` says which) or the solution that the learner looked at, at first."""

    id: Id
    exercise: Name
    kind: RevealKind
    number: Count
    at: Moment


class QuizAnswer(Kept):
    """What the learner did with one question.

    Attributes:
        first: index of the first choice.
        tries: checks until it was right, or until now.
    """

    first: Count
    tries: Annotated[int, Field(ge=1, le=_LARGEST)]
    right: bool


class QuizRow(QuizAnswer):
    """The answer to one question, where it belongs, and when it was first answered."""

    module: Name
    slug: Name
    at: Moment


class QuizScore(Kept):
    """How many questions of a module were right at the first try, and how many were answered."""

    right_first: int
    answered: int


class Evidence(Kept):
    """A measurement that the learner made: a JSON record, kept as it was."""

    id: Id
    module: Name
    name: Name
    record: dict[str, JsonValue]
    at: Moment


class ExerciseProgress(Kept):
    """How far the learner has come with one exercise; ``hints`` counts those that were seen."""

    attempts: int
    solved: bool
    hints: int
    solution_seen: bool
