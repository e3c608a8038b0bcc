"""Run the workflows that an event sets off, one after the other, with act."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodev.errors import CourseError
from prodev.services.actions.log import ActLog
from prodev.services.actions.results import JobRun, RunResult, WorkflowRun
from prodev.services.actions.shells import Shells
from prodev.services.actions.stand_ins import NOTES, STAND_INS, make_stand_ins, used_actions
from prodev.services.actions.workflows import (
    PLACE,
    Workflow,
    misplaced,
    where_it_must_lie,
    workflows_of,
)
from prodev.services.guard import Guard
from prodev.services.service import Found

_LINUX = re.compile(r"\bubuntu-[\w.]+|\bself-hosted\b|\blinux\b", re.IGNORECASE)
_MOST = 32 << 20  # bytes that a workflow may write
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Run:
    """One event in one repository."""

    found: Found
    folder: Path
    event: str
    payload: Mapping[str, Any]
    branch: str
    changed: tuple[str, ...]
    env: Mapping[str, str]
    secrets: Mapping[str, str]
    timeout: float
    artifacts: Path | None

    def all_workflows(self, job: str) -> WorkflowRun:
        """Run each workflow that fires; jobs of the others have never fired."""
        workflows = workflows_of(self.folder)
        jobs = {key for workflow in workflows for key in workflow.jobs}
        if job and job not in jobs:
            known = ", ".join(sorted(jobs)) or "none"
            raise CourseError(
                f"There is no job '{job}' in {self.folder / PLACE}; there is {known}."
            )
        silent = {w.file: w.silent_reason(self.event, self.branch, self.changed) for w in workflows}
        firing = [w for w in workflows if not silent[w.file] and (not job or job in w.jobs)]
        runs = [
            JobRun(w.file, key, str(content.get("name", key)), (), "never fired", reason, ())
            for w in workflows
            if (reason := silent[w.file])
            for key, content in w.jobs.items()
        ]
        if not firing:
            strays = misplaced(self.folder)
            runs += [
                JobRun(stray.file, key, str(content.get("name", key)), (), "never fired",
                       "its file lies in the wrong folder", ())
                for stray in strays
                for key, content in stray.jobs.items()
            ]  # fmt: skip
            why = next((f"{reason}." for reason in silent.values() if reason), "")
            reason = (
                f"No workflow fires for this event: {why}" if why else where_it_must_lie(strays)
            )
            return self._result("never fired", runs, 0.0, reason, firing)
        return self._run(firing, runs, job)

    def _run(self, firing: list[Workflow], runs: list[JobRun], job: str) -> WorkflowRun:
        started = time.monotonic()
        reasons: list[str] = []
        late = False
        with Guard("prodev-actions-") as guard:
            arguments = self._prepare(guard.folder, firing)
            env = _environment(guard.folder)
            shells = Shells(guard.folder / "shells", env["PATH"])
            env["PATH"] = shells.first_in(env["PATH"])
            for workflow in firing:
                log = ActLog(workflow, shells, self.secrets.values())
                left = self.timeout - (time.monotonic() - started)
                more = ["-j", job] if job else []
                command = [*arguments, "-W", workflow.file, *more]
                late = not _act(guard, command, env, left, log)
                runs += log.jobs(job)
                if log.refusal:
                    reasons.append(log.refusal)
                if late or log.too_long:
                    reasons = [f"It was ended after {self.timeout:g} seconds."]
                    break
        result: RunResult = "success"
        if log.too_long:
            result, reasons = "stopped", [f"It was ended: its log is longer than {_MOST:,} bytes."]
        elif late:
            result = "timed out"
        elif reasons:
            result = "invalid"
        elif any(run.result == "failure" and not _may_fail(run, firing) for run in runs):
            result = "failure"
        elif all(run.result in ("skipped", "never fired") for run in runs):
            result = "skipped"
        seconds = time.monotonic() - started
        return self._result(result, runs, seconds, " ".join(reasons), firing)

    def _prepare(self, place: Path, firing: list[Workflow]) -> list[str]:
        """Write what act reads into the run's folder; return act's program and arguments."""
        for name in ("home", "cache", "tmp", "act", "stand-ins", "shells"):
            (place / name).mkdir()
        files = {
            "--env-file": _lines(self.env),
            "--secret-file": _lines(self.secrets),
            "--var-file": "",
            "--input-file": "",
            "--eventpath": json.dumps(self._event(), ensure_ascii=False),
        }
        arguments = [str(Path(self.found.folder) / "act"), self.event, "--json", "--pull=false"]
        for option, text in files.items():
            file = place / option.strip("-")
            file.touch(mode=0o600)
            file.write_text(text, "utf-8")
            arguments += [option, str(file)]
        repository = place / "act"
        self._copy_workflows(repository)
        self._write_git(repository)
        actions = used_actions(_files_with_uses(self.folder))
        told = {"STAND_IN_SOURCE": str(self.folder), "STAND_IN_KNOWN": ", ".join(STAND_INS)}
        told["STAND_IN_ARTIFACTS"] = str((self.artifacts or place / "artifacts").resolve())
        packages = [path for path in sys.path if path.endswith("-packages")]
        told["STAND_IN_PACKAGES"] = os.pathsep.join(packages)
        arguments += ["-C", str(repository), "--no-skip-checkout", "--no-cache-server"]
        arguments += ["--container-daemon-socket", "-", "--actor", "learner"]
        for label in sorted({label.lower() for label in _labels(firing)}):
            arguments += ["-P", f"{label}=-self-hosted"]
        return arguments + make_stand_ins(actions, place / "stand-ins", told)

    def _copy_workflows(self, target: Path) -> None:
        for file in (self.folder / PLACE).iterdir():
            if file.is_file():
                copy = target / PLACE / file.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())

    def _write_git(self, target: Path) -> None:
        """Write as much of a git repository as act reads: the branch, the commit, the address."""
        git = target / ".git"
        head = git / "refs" / "heads" / self.branch
        head.parent.mkdir(parents=True)
        (git / "objects").mkdir()
        (git / "HEAD").write_text(f"ref: refs/heads/{self.branch}\n", "utf-8")
        head.write_text(f"{self._commit}\n", "utf-8")
        (git / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
            f'[remote "origin"]\n\turl = https://github.com/{self._name}.git\n',
            "utf-8",
        )

    @property
    def _commit(self) -> str:
        after = str(self.payload.get("after", ""))
        if _COMMIT.fullmatch(after):
            return after
        return hashlib.sha1(str(self.folder).encode(), usedforsecurity=False).hexdigest()

    @property
    def _name(self) -> str:
        plain = re.sub(r"[^\w.-]+", "-", self.folder.name, flags=re.ASCII).strip("-")
        return f"learner/{plain or 'repository'}"

    def _event(self) -> dict[str, Any]:
        name = self._name.partition("/")[2]
        return {
            "ref": f"refs/heads/{self.branch}",
            "after": self._commit,
            "repository": {"full_name": self._name, "name": name, "default_branch": "main"},
            **self.payload,
        }

    def _result(
        self,
        result: RunResult,
        runs: list[JobRun],
        seconds: float,
        reason: str,
        firing: list[Workflow],
    ) -> WorkflowRun:
        engine = f"act {self.found.version}".strip()
        notes = _notes(firing, runs, paths=bool(self.changed))
        return WorkflowRun(result, self.event, tuple(runs), seconds, engine, reason, notes)


def _may_fail(run: JobRun, firing: list[Workflow]) -> bool:
    """Whether the job is allowed to fail, which act does not know of jobs."""
    jobs = next((w.jobs for w in firing if w.file == run.workflow), {})
    allowed = str(jobs.get(run.job, {}).get("continue-on-error", "")).replace(" ", "").lower()
    return allowed in ("true", "${{true}}")


def _act(
    guard: Guard, command: list[str], env: Mapping[str, str], seconds: float, log: ActLog
) -> bool:
    """Run act and feed the log; False where it had to be ended."""
    process = guard.spawn(command, cwd=guard.folder, env=env)
    reader = threading.Thread(target=_read, args=(process, log), daemon=True)
    reader.start()
    try:
        guard.reap(process, max(seconds, 0.0))
    except subprocess.TimeoutExpired:
        log.close()
        guard.end(process)
        return False
    else:
        # Not longer: a process that a step left behind may hold the pipe open.
        reader.join(1.0)
        return True
    finally:
        if not reader.is_alive() and process.stdout is not None:
            process.stdout.close()


def _read(process: subprocess.Popen[bytes], log: ActLog) -> None:
    assert process.stdout is not None
    left = _MOST
    for line in process.stdout:
        left -= len(line)
        if left < 0:
            # act stops at its next line, for nobody reads it any more.
            log.too_long = True
            process.stdout.close()
            return
        log.feed(line.decode("utf-8", "replace"))


def _environment(place: Path) -> dict[str, str]:
    """Return all that act and the steps see: nothing of the user's but where programs are."""
    own = Path(sysconfig.get_path("scripts"))
    path = os.environ.get("PATH", "") or os.defpath
    kept = [part for part in path.split(os.pathsep) if part and Path(part) != own]
    return {
        "PATH": os.pathsep.join(kept) or os.defpath,
        "HOME": str(place / "home"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "TMPDIR": str(place / "tmp"),
        "LANG": "C.UTF-8",
    }


def _lines(values: Mapping[str, str]) -> str:
    """Write variables as act reads them from a file."""
    # act's reader of such files replaces $NAME and knows these escapes.
    signs = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r"})
    return "".join(f'{name}="{value.translate(signs)}"\n' for name, value in values.items())


def _labels(workflows: Iterable[Workflow]) -> set[str]:
    """Return the runners' names that mean Linux, also those in a matrix."""
    found = {"ubuntu-latest"}
    for workflow in workflows:
        for job in workflow.jobs.values():
            text = json.dumps([job.get("runs-on"), job.get("strategy")], default=str)
            found |= set(_LINUX.findall(text))
    return found


def _files_with_uses(folder: Path) -> list[Path]:
    """Return the files that may name actions: workflows and the repository's own actions."""
    own = [path for name in ("action.yml", "action.yaml") for path in folder.rglob(name)]
    return [path for path in [*(folder / PLACE).iterdir(), *own] if path.is_file()]


def _notes(firing: list[Workflow], runs: list[JobRun], *, paths: bool) -> tuple[str, ...]:
    notes = []
    used = sorted({step.stand_in.partition("@")[0] for run in runs for step in run.steps})
    notes += [f"Stand-in: {NOTES[name]}." for name in used if name in NOTES]
    for workflow in firing:
        if not paths and any(
            "paths" in filter_ for filters in workflow.events.values() for filter_ in filters
        ):
            notes.append(f"{workflow.file}: its filter of paths is not applied.")
        for key, job in workflow.jobs.items():
            for word, what in (("services", "its services are"), ("container", "its container is")):
                if job.get(word):
                    notes.append(f"{key}: {what} not started; its steps run on this machine.")
    return tuple(notes)
