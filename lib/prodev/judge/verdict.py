"""What the judge says of one answer."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field

from prodev.catalog.records import Record

VERDICT_TYPE = "application/vnd.prodev.verdict+json"
"""MIME type of a verdict's record in a notebook's output: ``exercise``, ``status``, ``code``."""

Status = Literal[
    "passed", "failed", "not_attempted", "error", "timeout", "unavailable", "judge_failed"
]
STATUSES: tuple[str, ...] = get_args(Status)
"""``error``: the answer itself raised, exited, ran out of memory or sent what isn't plain data;
``unavailable``: a system is missing; ``judge_failed``: the course's own fault."""

ATTEMPTED = ("passed", "failed", "error", "timeout")
"""The statuses that count as an attempt of the learner."""


class Verdict(Record):
    """What the judge says of one answer; never a bool.

    Attributes:
        exercise: the exercise's slug, ``module/name``.
        status: one of ``STATUSES``.
        code: the recognised mistake; empty unless ``failed``, ``error`` or ``timeout``.
        message: one or two sentences to the learner.
        evidence: what was observed, in the order in which a person should read it. Three keys have
            a meaning of their own: ``lines``, the answer's own lines of a traceback (a list of
            dicts ``line``, ``function``, ``text``), ``printed``, what the answer wrote, and
            ``traceback``, for authors, of a check that crashed.
        section: the heading in the module's notebook where to read again; may be empty.
        seconds: wall time that the answer took, as the judge saw it.
    """

    exercise: str
    status: Status
    code: str = ""
    message: str = ""
    evidence: dict[str, Any] = Field(default_factory=dict)
    section: str = ""
    seconds: float = 0.0

    @property
    def attempted(self) -> bool:
        """Whether this counts as an attempt of the learner."""
        return self.status in ATTEMPTED

    def __bool__(self) -> bool:
        """Raise TypeError: a verdict has seven statuses, so ask for ``status``."""
        raise TypeError("A verdict is never true or false; compare its status.")
