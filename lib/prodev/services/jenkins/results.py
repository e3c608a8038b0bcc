"""What a rehearsal of a pipeline gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LABEL = "rehearsal, not Jenkins"

Result = Literal["SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"]

_ORDER: tuple[Result, ...] = ("SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED")


def worst(first: Result, second: Result) -> Result:
    """Return the worse of two results, in Jenkins' order."""
    return max(first, second, key=_ORDER.index)


def is_worse(first: Result, second: Result) -> bool:
    """Whether the first result is worse than the second."""
    return _ORDER.index(first) > _ORDER.index(second)


@dataclass(frozen=True)
class StageRun:
    """One stage; ``NOT_BUILT`` where it did not run."""

    name: str
    result: Result
    seconds: float
    log: tuple[str, ...]
    reason: str = ""
    """Why it did not run; else empty."""
    inside: str = ""
    """The stage around it; empty at the top."""


@dataclass(frozen=True)
class TestCounts:
    """What ``junit`` counted."""

    __test__ = False  # no test of pytest

    total: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: TestCounts) -> TestCounts:
        """Return the sum."""
        return TestCounts(
            self.total + other.total, self.failed + other.failed, self.skipped + other.skipped
        )

    @property
    def passed(self) -> int:
        """Those that ran and did not fail."""
        return self.total - self.failed - self.skipped


@dataclass(frozen=True)
class PipelineRun:
    """A rehearsal of a pipeline: nothing in it comes from Jenkins."""

    result: Result
    stages: tuple[StageRun, ...]
    log: tuple[str, ...]
    seconds: float
    artifacts: tuple[str, ...]
    """Paths that were archived, sorted."""
    tests: TestCounts
    warnings: tuple[str, ...] = ()
    """What Jenkins would warn of, such as a secret that goes into a script by ``${...}``."""
    notes: tuple[str, ...] = ()
    """How this rehearsal differs from a run in Jenkins, one sentence each."""
    label: str = LABEL

    def stage(self, name: str) -> StageRun:
        """Return the first stage with this name.

        Raises:
            KeyError: there is none.
        """
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(name)
