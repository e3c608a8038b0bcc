"""What a run of a repository's workflows gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JobResult = Literal["success", "failure", "skipped", "never fired", "cancelled"]
StepResult = Literal["success", "failure", "skipped", "cancelled"]
RunResult = Literal[
    "success", "failure", "skipped", "never fired", "invalid", "timed out", "stopped"
]
"""``stopped``: its log became too long."""


@dataclass(frozen=True)
class StepRun:
    """One step of a job."""

    name: str
    result: StepResult
    seconds: float
    """As act measured it; 0 where the step did not run."""
    log: tuple[str, ...]
    """What it wrote, line by line; secrets are masked by act."""
    stand_in: str = ""
    """The action that a stand-in of the course replaced, such as ``actions/checkout@v4``."""


@dataclass(frozen=True)
class JobRun:
    """One job, or one job of a matrix."""

    workflow: str
    """The workflow's file, such as ``.github/workflows/ci.yml``."""
    job: str
    """Its key in the file."""
    name: str
    matrix: tuple[tuple[str, str], ...]
    result: JobResult
    reason: str
    """Why it was skipped or never fired; else empty."""
    steps: tuple[StepRun, ...]


@dataclass(frozen=True)
class WorkflowRun:
    """What an event set off in a repository."""

    result: RunResult
    event: str
    jobs: tuple[JobRun, ...]
    seconds: float
    """From the start of act to its end."""
    engine: str
    """What ran it: ``act 0.2.89``."""
    reason: str = ""
    """One sentence where nothing ran, or the run was stopped."""
    notes: tuple[str, ...] = ()
    """How this run differs from one on GitHub, one sentence each."""

    def job(self, name: str) -> JobRun:
        """Return the first job with this key or name.

        Raises:
            KeyError: there is none.
        """
        for job in self.jobs:
            if name in (job.job, job.name):
                return job
        raise KeyError(name)
