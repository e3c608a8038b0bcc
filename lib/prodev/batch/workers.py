"""Workers: a bounded number of runs at a time, each settled and in the ledger when it ends."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import wait
from pathlib import Path

from prodev.batch.engine import Running, get_engine
from prodev.batch.interrupt import Interrupt
from prodev.batch.job import Ended, Job
from prodev.batch.ledger import Ledger, Outcome
from prodev.batch.plan import Run
from prodev.batch.settle import settle

_GRACE = 5.0  # seconds between asking a run to stop and ending its processes
_SOCKET_PATH = 80  # a socket's path may have about 104 bytes, its own name included


@dataclass
class _Active:
    run: Run
    attempt: int
    running: Running
    draft: Path
    folder: Path
    started_at: str
    began: float
    deadline: float | None
    asked: Ended | None = None  # what the run ends as, once it was asked to stop


@dataclass
class Workers:
    """Work through runs in one thread, which waits for the processes of the runs."""

    runs: Sequence[Run]
    out: Path
    ledger: Ledger
    engine: str
    cell_timeout: float | None
    run_timeout: float | None
    on_done: Callable[[Outcome], None]

    def __post_init__(self) -> None:
        self.waiting = deque(self.runs)
        self.active: dict[int, _Active] = {}
        self.outcomes: list[Outcome] = []

    def work(self, jobs: int, interrupt: Interrupt) -> None:
        """Run until nothing waits and nothing runs."""
        seen = 0
        while self.waiting or self.active:
            while self.waiting and len(self.active) < jobs and not interrupt.count:
                self._begin(self.waiting.popleft())
            ready = wait([*self.active, interrupt.sentinel], timeout=self._patience())
            for sentinel in ready:
                if isinstance(sentinel, int) and sentinel in self.active:
                    self._finish(self.active.pop(sentinel))
            if interrupt.count > seen:
                seen = interrupt.take()
                self._cancel(now=seen > 1)
            self._watch_time()

    def end_all(self) -> None:
        """End whatever still runs; only after an error is there anything."""
        for active in self.active.values():
            active.running.kill()
            active.running.ended()
            _tidy(active)

    def _begin(self, run: Run) -> None:
        attempt = self.ledger.attempt(run.run_id)
        place = self.out / run.output_path
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = _private_folder()
        cwd = folder / "work" if run.own_folder else run.notebook.parent
        if run.own_folder:
            cwd.mkdir()
        job = Job(
            notebook=run.notebook,
            draft=place.parent.absolute() / f".{run.run_id}.ipynb",
            parameters=run.parameters,
            folder=folder,
            cwd=cwd,
            # The roster's names are used as they stand, whoever is logged in here.
            environment={**os.environ, "PRODEV_LEARNER": run.learner},
            cell_timeout=self.cell_timeout,
        )
        started, began = _now(), time.monotonic()
        running = get_engine(self.engine)(job)
        deadline = began + self.run_timeout if self.run_timeout else None
        self.active[running.sentinel] = _Active(
            run, attempt, running, job.draft, folder, started, began, deadline
        )

    def _finish(self, active: _Active) -> None:
        ended = active.running.ended()
        wall = time.monotonic() - active.began
        if active.asked and (ended is None or ended.status == "stopped"):
            # Asked just as it ended by itself, it keeps its own end.
            ended = replace(
                ended or active.asked, status=active.asked.status, reason=active.asked.reason
            )
        ended = ended or Ended("kernel_died", "the process that ran the notebook died")
        try:
            settled = settle(active.run, ended, active.draft, self.out, attempt=active.attempt)
        finally:
            _tidy(active)
        self._record(
            replace(
                self._row(active.run, active.attempt, ended.status, settled.reason),
                started_at=active.started_at,
                wall_s=round(wall, 3),
                cpu_s=None if ended.cpu_s is None else round(ended.cpu_s, 3),
                max_rss_mb=None if ended.max_rss_mb is None else round(ended.max_rss_mb, 1),
                cells_total=settled.cells_total,
                cells_run=settled.cells_run,
                verdicts_passed=settled.verdicts_passed,
                verdicts_total=settled.verdicts_total,
                output_path=active.run.output_path if settled.output_sha256 else "",
                output_sha256=settled.output_sha256,
            )
        )

    def _cancel(self, *, now: bool) -> None:
        for active in self.active.values():
            self._ask(active, Ended("cancelled", "the batch was interrupted"))
            if now:
                active.running.kill()
        while self.waiting:
            run = self.waiting.popleft()
            reason = "the batch was interrupted before this run began"
            self._record(self._row(run, self.ledger.attempt(run.run_id), "cancelled", reason))

    def _ask(self, active: _Active, ending: Ended) -> None:
        if active.asked is None:
            active.asked = ending
            active.deadline = time.monotonic() + _GRACE
            active.running.stop()

    def _watch_time(self) -> None:
        for active in self.active.values():
            if active.deadline is None or time.monotonic() < active.deadline:
                continue
            if active.asked is None:
                reason = f"the run took longer than {self.run_timeout:g} s"
                self._ask(active, Ended("timed_out", reason))
            else:
                active.running.kill()
                active.deadline = None

    def _patience(self) -> float | None:
        deadlines = [active.deadline for active in self.active.values() if active.deadline]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _record(self, outcome: Outcome) -> None:
        self.ledger.record(outcome)
        self.outcomes.append(outcome)
        self.on_done(outcome)

    def _row(self, run: Run, attempt: int, status: str, reason: str) -> Outcome:
        return Outcome(
            run_id=run.run_id,
            attempt=attempt,
            module=run.module,
            learner=run.learner,
            parameters=json.dumps(run.parameters, ensure_ascii=False, sort_keys=True),
            status=status,
            reason=reason,
            started_at=None,
            ended_at=_now(),
            wall_s=0.0,
            cpu_s=None,
            max_rss_mb=None,
            cells_total=0,
            cells_run=0,
            verdicts_passed=0,
            verdicts_total=0,
            output_path="",
            output_sha256="",
            cache_key="",
            engine=self.engine,
            host=platform.node(),
        )


def _tidy(active: _Active) -> None:
    active.draft.unlink(missing_ok=True)
    shutil.rmtree(active.folder, ignore_errors=True)


def _private_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="prodev-")
    if len(folder.encode()) > _SOCKET_PATH:
        Path(folder).rmdir()
        folder = tempfile.mkdtemp(prefix="prodev-", dir="/tmp")
    return Path(folder)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
