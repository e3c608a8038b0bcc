"""Rehearse a Jenkinsfile: run its steps on this machine. Nothing of it is Jenkins."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prodev.errors import CourseError
from prodev.services.actions.stand_ins.checkout import copy_tree
from prodev.services.environment import plain_environment
from prodev.services.guard import Guard
from prodev.services.jenkins.build import Build
from prodev.services.jenkins.context import Context, Interrupt, Log
from prodev.services.jenkins.credentials import Credential
from prodev.services.jenkins.groovy.nodes import Call, ListNode, Literal
from prodev.services.jenkins.reader import parse_jenkinsfile
from prodev.services.jenkins.records import Pipeline
from prodev.services.jenkins.results import PipelineRun, Result


def rehearse(  # noqa: PLR0913 - a build has as many sides
    jenkinsfile: str | Pipeline,
    folder: Path | None = None,
    *,
    credentials: Mapping[str, Credential] | None = None,
    parameters: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    branch: str = "",
    job: str = "rehearsal",
    number: int = 1,
    previous: Result | None = None,
    timeout: float = 300.0,
    artifacts: Path | None = None,
) -> PipelineRun:
    """Run a pipeline here, step by step, and wait for its end.

    The steps really run, on this machine, as the user who calls: run only what you trust. They see
    a private workspace and home, and an environment without anything of the user's.

    Args:
        jenkinsfile: its text, or what ``parse_jenkinsfile`` returned.
        folder: the repository that ``checkout scm`` copies; nothing in it is changed.
        credentials: by their ids.
        parameters: values for the pipeline's parameters; the others have their defaults.
        env: variables that all steps see.
        branch: what a multibranch job would set as ``BRANCH_NAME``; empty: no such job.
        job: the name of the job.
        number: the number of the build.
        previous: the result of the build before; None where this is the first.
        timeout: seconds for all of it; then it is ended and its result is ``ABORTED``.
        artifacts: a folder that keeps what is archived.

    Raises:
        JenkinsfileError: the Jenkinsfile is not valid.
        CourseError: the folder is none, or a parameter is unknown.
    """
    pipeline = parse_jenkinsfile(jenkinsfile) if isinstance(jenkinsfile, str) else jenkinsfile
    if folder is not None and not folder.is_dir():
        raise CourseError(f"{folder} is no folder; name the folder of a repository.")
    values = _parameters(pipeline, parameters or {})
    log = Log()
    started = time.monotonic()
    with Guard("prodev-jenkins-") as guard:
        build = Build(
            pipeline,
            guard,
            folder.resolve() if folder else None,
            base={**_base(guard.folder, job, number, branch), **_texts(values), **(env or {})},
            parameters=values,
            credentials=credentials or {},
            previous=previous,
            number=number,
        )
        from prodev.services.jenkins.runner import Runner

        Runner(build).run(Context(log, interrupts=(Interrupt(timeout),)))
        log.write(f"Finished: {build.result}")
        names = build.artifact_names()
        if artifacts is not None and names:
            copy_tree(build.artifacts, artifacts)
        seconds = time.monotonic() - started
    return PipelineRun(
        result=build.result,
        stages=tuple(state.record() for state in build.stages),
        log=log.lines(),
        seconds=seconds,
        artifacts=names,
        tests=build.tests,
        warnings=tuple(build.warnings),
        notes=tuple(build.notes),
    )


def _base(place: Path, job: str, number: int, branch: str) -> dict[str, str]:
    for name in ("home", "artifacts"):
        (place / name).mkdir()
    on_branch = {"BRANCH_NAME": branch, "GIT_BRANCH": branch} if branch else {}
    return {
        **plain_environment(place / "home"),
        "CI": "true",
        "BUILD_NUMBER": str(number),
        "BUILD_ID": str(number),
        "BUILD_DISPLAY_NAME": f"#{number}",
        "BUILD_TAG": f"jenkins-{job}-{number}".replace("/", "-"),
        "JOB_NAME": job,
        "JOB_BASE_NAME": job.rpartition("/")[2],
        "NODE_NAME": "built-in",
        "EXECUTOR_NUMBER": "0",
        "SHELL": os.environ.get("SHELL", "/bin/sh"),
        **on_branch,
    }


def _parameters(pipeline: Pipeline, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters' values: those that are given, else their defaults."""
    values: dict[str, Any] = {}
    for parameter in pipeline.parameters:
        named = dict(parameter.named)
        if isinstance(name := named["name"], Literal):
            values[str(name.value)] = _default(parameter)
    for unknown in set(given) - set(values):
        known = ", ".join(values) or "none"
        raise CourseError(f"The pipeline has no parameter '{unknown}'; it has {known}.")
    return {**values, **given}


def _default(parameter: Call) -> Any:
    named = dict(parameter.named)
    if parameter.name == "choice":
        choices = named.get("choices")
        first = choices.items[0] if isinstance(choices, ListNode) and choices.items else choices
        text = first.value if isinstance(first, Literal) else ""
        return str(text).partition("\n")[0]
    default = named.get("defaultValue")
    if isinstance(default, Literal) and default.value is not None:
        return default.value
    return False if parameter.name == "booleanParam" else ""


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }
