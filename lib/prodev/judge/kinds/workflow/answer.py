"""A workflow as a check sees it: where it lies, what its linter says, and what its runs gave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from prodev.judge.endings import Noisy, TimedOut, Unreadable
from prodev.judge.kinds.pipeline import QUIET, Pipelines
from prodev.judge.kinds.workflow.place import PLACE, is_found, is_inside

# Where act keeps a step's script says nothing to a learner.
_SCRIPT = re.compile(r"^/\S+/act/workflow/\S+?: (?=line \d)")


@dataclass(frozen=True)
class Ran:
    """What one event set off.

    Attributes:
        result: ``success``, ``failure``, ``skipped``, ``never fired`` or ``invalid``.
        reason: why nothing ran; else empty.
        jobs: ``job`` (its key), ``result``, ``reason``, ``steps``: of each its ``name``,
            ``result``, ``log`` (lines) and ``stand_in`` (the action that it stands in for).
        seconds: from the start of act to its end.
    """

    result: str
    reason: str
    jobs: list[dict[str, Any]]
    seconds: float

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps of all jobs."""
        return [step for job in self.jobs for step in job["steps"]]

    def uses(self, action: str) -> bool:
        """Say whether a step ran this action, such as ``actions/checkout``."""
        return any(
            step["stand_in"].partition("@")[0] == action and step["result"] == "success"
            for step in self.steps
        )

    @property
    def first_failure(self) -> tuple[str, str]:
        """The first step that failed, and the last line of its log; both may be empty."""
        for step in self.steps:
            if step["result"] == "failure":
                lines = [_SCRIPT.sub("", line) for line in step["log"] if line.strip()]
                told = [line for line in lines if not line.startswith("exit status")]
                return step["name"].partition("\n")[0], (told or lines or [""])[-1].rstrip(".")
        return "", ""


class WorkflowAnswer:
    """One workflow file.

    Attributes:
        path: where the learner says that it lies; empty where the first line says nothing.
        text: all of it.
        content: what YAML reads in it; the key ``on`` is the text.
        random: draws the hidden cases; the same for the same seed.
    """

    def __init__(  # noqa: PLR0913 - what was read, and what runs it
        self,
        pipelines: Pipelines,
        act: str,
        random: Random,
        *,
        path: str,
        text: str,
        content: Any,
    ) -> None:
        """Hold what was read."""
        self._pipelines, self._act, self.random = pipelines, act, random
        self.path, self.text = path, text
        # YAML 1.1 reads the key ``on`` as true.
        pairs = content.items() if isinstance(content, dict) else ()
        self.content = {"on" if key is True else key: value for key, value in pairs}

    @property
    def is_found(self) -> bool:
        """Whether it lies where GitHub looks for workflows."""
        return is_found(self.path)

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the events that it waits for."""
        on = self.content.get("on")
        return tuple(map(str, on if isinstance(on, dict | list) else [on] if on else []))

    @property
    def runners(self) -> list[str]:
        """What its jobs ask for under ``runs-on``, as text."""
        jobs = self.content.get("jobs")
        named = [job for job in jobs.values() if isinstance(job, dict)] if jobs else []
        return [str(job.get("runs-on", "")) for job in named]

    def problems(self) -> list[dict[str, Any]]:
        """Return what actionlint says: ``line``, ``rule`` and ``message`` of each problem.

        The file is read as if it lay in the right place, under its own name.
        """
        name = self.path.rpartition("/")[2]
        name = name if name.endswith((".yml", ".yaml")) else "workflow.yml"
        files = {f"{PLACE}/{name}": self.text}
        found = self._pipelines.ask("lint_workflow", "actionlint", files=files)
        return [{key: each[key] for key in ("line", "rule", "message")} for each in found]

    def run(
        self,
        files: Mapping[str, str],
        event: str = "push",
        *,
        branch: str = "main",
        changed: Sequence[str] = (),
        secrets: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run what an event sets off in a repository of these files and the workflow, with act.

        Each run has a session of its own and knows nothing of the others.

        Args:
            files: the repository: paths and texts. The workflow is added at its own path.
            event: ``push``, or ``pull_request`` from a branch of the repository.
            branch: the branch that is pushed, or that the request is to be merged into.
            changed: the files that the event changes, for filters of paths.
            secrets: values for ``secrets.NAME``.
        """
        own = {self.path: self.text} if is_inside(self.path) else {}
        told = self._pipelines.ask(
            "run_workflow",
            f"{event} to {branch}",
            files={**files, **own},
            event=event,
            branch=branch,
            changed=list(changed),
            payload=_request(branch) if event.startswith("pull_request") else {},
            secrets=dict(secrets or {}),
            env=QUIET,
            act=self._act,
        )
        if told["result"] == "timed out":
            raise TimedOut
        if told["result"] == "stopped":
            raise Noisy
        ran = Ran(told["result"], told["reason"], told["jobs"], told["seconds"])
        if ran.result == "invalid":
            raise Unreadable(f"a workflow: {' '.join(ran.reason.split())[:300].rstrip('.')}")
        return ran


def _request(base: str) -> dict[str, Any]:
    """What GitHub sends with a pull request, as far as workflows ask for it."""
    return {
        "action": "opened",
        "number": 7,
        "ref": "refs/pull/7/merge",
        "pull_request": {"number": 7, "head": {"ref": "work"}, "base": {"ref": base}},
    }
