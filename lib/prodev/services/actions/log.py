"""Read what act tells: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from prodev.services.actions.results import JobResult, JobRun, StepResult, StepRun
from prodev.services.actions.shells import Shells
from prodev.services.actions.stand_ins import STAND_INS
from prodev.services.actions.workflows import Workflow

_LINES = 5_000  # of one step; more is counted, not kept
_LINE = 2_000  # signs of one line


@dataclass
class _Step:
    name: str = ""
    result: StepResult = "cancelled"  # until act tells how it ended
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, text: str) -> None:
        for line in text.rstrip("\n").split("\n"):
            if len(self.log) < _LINES:
                self.log.append(line[:_LINE])
            else:
                self.more += 1


@dataclass
class _Job:
    name: str
    matrix: tuple[tuple[str, str], ...]
    result: JobResult = "cancelled"
    reason: str = ""
    steps: dict[str, _Step] = field(default_factory=dict)


class ActLog:
    """What one workflow's jobs did, as far as act has told it.

    Attributes:
        too_long: whether act was ended because it told too much.
    """

    def __init__(self, workflow: Workflow, shells: Shells, secrets: Iterable[str] = ()) -> None:
        """Take the workflow that act runs, the shells of its steps, and what to mask."""
        self._workflow = workflow
        self._shells = shells
        # act masks a secret of several lines as a whole only; GitHub masks each line.
        lines = {line for secret in secrets for line in secret.splitlines() if line.strip()}
        self._secrets = sorted(lines, key=len, reverse=True)
        self.too_long = False
        self._closed = False
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._plain: list[str] = []

    def close(self) -> None:
        """Take nothing more: what act tells from here on is about its own end."""
        self._closed = True

    def feed(self, line: str) -> None:
        """Take one line."""
        if self._closed:
            return
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            if line.strip():
                self._plain.append(line.strip())
            return
        if "jobID" in entry:
            self._job_entry(entry)

    @property
    def refusal(self) -> str:
        """Why act ran nothing; empty where it ran something."""
        if self._jobs or not self._plain:
            return ""
        return " ".join(self._plain[:4]).removeprefix("Error: ")

    def jobs(self, asked: str) -> list[JobRun]:
        """Return the workflow's jobs in the order of the file, also those that did not run."""
        runs: list[JobRun] = []
        for key, content in self._workflow.jobs.items():
            ran = [job for (job_key, _), job in self._jobs.items() if job_key == key]
            if ran:
                runs += [self._job_run(key, content, job) for job in ran]
                continue
            name = str(content.get("name", key))
            result: JobResult = "never fired" if self.refusal else "skipped"
            reason = "act refuses the file" if self.refusal else self._why_not(key, content, asked)
            runs.append(JobRun(self._workflow.file, key, name, (), result, reason, ()))
        return runs

    def _job_entry(self, entry: dict[str, Any]) -> None:
        matrix = tuple(sorted((str(k), str(v)) for k, v in (entry.get("matrix") or {}).items()))
        full = str(entry.get("job", ""))
        workflow = str(self._workflow.content.get("name") or "")
        name = full.removeprefix(f"{workflow}/") if workflow else full.partition("/")[2]
        key = (str(entry["jobID"]), full)
        job = self._jobs.setdefault(key, _Job(name.strip(), matrix))
        message = self._shells.seen(str(entry.get("msg", "")))
        if message is None:
            return
        for secret in self._secrets:
            message = message.replace(secret, "***")
        if entry.get("jobResult") in ("success", "failure"):
            job.result = entry["jobResult"]
        if "Skipping unsupported platform" in message:
            job.result = "skipped"
            job.reason = f"there is no runner for {_after(message, '-P ').partition('=')[0]} here"
        if entry.get("stage") == "Main" and entry.get("stepID"):
            self._step_entry(job, entry, message)

    def _step_entry(self, job: _Job, entry: dict[str, Any], message: str) -> None:
        outer, *inner = entry["stepID"]
        step = job.steps.setdefault(str(outer), _Step())
        if entry.get("raw_output") or entry.get("level") in ("error", "warning"):
            step.add(message)
        if inner:
            return
        step.name = str(entry.get("step", ""))
        if entry.get("stepResult") in ("success", "failure", "skipped"):
            step.result = entry["stepResult"]
            step.seconds = float(entry.get("executionTime", 0)) / 1e9

    def _job_run(self, key: str, content: dict[str, Any], job: _Job) -> JobRun:
        steps = []
        listed = content.get("steps")
        for index, text in enumerate(listed if isinstance(listed, list) else []):
            known = text if isinstance(text, dict) else {}
            ran = job.steps.get(str(known.get("id") or index))
            uses = str(known.get("uses", ""))
            stand_in = uses if uses.partition("@")[0] in STAND_INS else ""
            if ran is None:
                name = str(known.get("name") or uses or known.get("run", "")).partition("\n")[0]
                steps.append(StepRun(name, "skipped", 0.0, (), stand_in))
                continue
            log = (*ran.log, f"… {ran.more} more lines") if ran.more else tuple(ran.log)
            steps.append(StepRun(ran.name, ran.result, ran.seconds, log, stand_in))
        result = job.result
        ended = {step.result for step in steps}
        if job.matrix and result == "failure" and "success" in ended <= {"success", "skipped"}:
            result = "success"  # act gives all jobs of a matrix the result of the one that failed
        file = self._workflow.file
        return JobRun(file, key, job.name, job.matrix, result, job.reason, tuple(steps))

    def _why_not(self, key: str, content: dict[str, Any], asked: str) -> str:
        if asked and key != asked:
            return f"only {asked} was asked for"
        needs = content.get("needs", [])
        for need in needs if isinstance(needs, list) else [needs]:
            results = {job.result for (other, _), job in self._jobs.items() if other == need}
            if results != {"success"}:
                return f"it needs {need}, which did not succeed"
        if "if" in content:
            return f"its condition is false: {content['if']}"
        return "act did not start it"


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2].strip("` .")
