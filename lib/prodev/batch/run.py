"""Run a plan: several runs at a time, each settled and in the ledger before it is reported."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prodev.batch.conditions import conditions
from prodev.batch.engine import get_engine
from prodev.batch.interrupt import Interrupt
from prodev.batch.ledger import Ledger, Outcome, open_ledger
from prodev.batch.plan import Plan
from prodev.batch.workers import Workers
from prodev.errors import CourseError


@dataclass(frozen=True)
class Summary:
    """How a batch ended: its outcomes in the order in which they ended, and its duration."""

    outcomes: tuple[Outcome, ...]
    wall_s: float
    interrupted: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many runs ended with each status, the most frequent first."""
        return dict(Counter(outcome.status for outcome in self.outcomes).most_common())

    @property
    def ok(self) -> bool:
        """Whether every run passed."""
        return all(outcome.ok for outcome in self.outcomes)


def run(  # noqa: PLR0913 - each is an option of the command
    plan: Plan,
    out: Path,
    *,
    jobs: int | None = None,
    on_done: Callable[[Outcome], None] = lambda _outcome: None,
    engine: str = "papermill",
    cell_timeout: float | None = None,
    run_timeout: float | None = None,
) -> Summary:
    """Run a plan and return how its runs ended; a run that fails does not stop the others.

    A first Ctrl-C or SIGTERM cancels what runs and what waits, and the ledger says so; a second one
    does not wait for notebooks to be saved.

    Args:
        plan: what to run.
        out: the output folder; it is made if need be.
        jobs: runs at a time; as many as there are processors by default.
        on_done: called with each run's outcome once that is in the ledger.
        engine: a name in ``prodev.batch.engine.ENGINES``.
        cell_timeout: seconds that a cell may take.
        run_timeout: seconds that a run may take.

    Raises:
        CourseError: the output folder or the ledger cannot be written, or there is no such engine.
    """
    if jobs is not None and jobs < 1:
        raise CourseError(f"--jobs is {jobs}; give 1 or more.")
    get_engine(engine)
    jobs = jobs or _processors()
    ledger = _prepare(out)
    began = time.monotonic()
    try:
        ledger.record_conditions(conditions(engine, jobs))
        workers = Workers(plan.runs, out, ledger, engine, cell_timeout, run_timeout, on_done)
        with Interrupt() as interrupt:
            try:
                workers.work(jobs, interrupt)
            except OSError as error:
                raise CourseError(
                    f"The output folder {out} cannot be written ({error.strerror or error}); "
                    "no other run was started."
                ) from None
            finally:
                workers.end_all()
    finally:
        ledger.close()
    return Summary(tuple(workers.outcomes), time.monotonic() - began, interrupt.count > 0)


def _prepare(out: Path) -> Ledger:
    try:
        out.mkdir(parents=True, exist_ok=True)
        # A folder that is there may still refuse files.
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise CourseError(
            f"The output folder {out} cannot be used ({error.strerror}); choose another."
        ) from None
    return open_ledger(out)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
