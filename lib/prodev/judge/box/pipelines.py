"""What a session does with pipelines: run a workflow with act, rehearse a Jenkinsfile."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prodev.services.actions import GitHubActions, lint_workflow
from prodev.services.actions.run import Run
from prodev.services.jenkins import (
    SecretText,
    UsernamePassword,
    check_jenkinsfile,
    parse_jenkinsfile,
    rehearse,
    runner,
    steps,
)
from prodev.services.jenkins.outline import outline

WARM = (Run, runner, steps)
"""What the services import only where they need it."""

_LINES, _LINE = 150, 300
_ARTIFACTS, _ARTIFACT = 40, 4_000


def do_lint_workflow(place: Path, message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what actionlint says of the workflows among some files."""
    _prepare(place)
    folder = _written(place, message["files"])
    return [asdict(problem) for problem in lint_workflow(folder, tools=("actionlint",))]


def do_run_workflow(place: Path, message: dict[str, Any]) -> dict[str, Any]:
    """Run what an event sets off in a repository of these files, with act."""
    _prepare(place)
    run = GitHubActions().run_workflow(
        _written(place, message["files"]),
        message["event"],
        event_payload=message["payload"],
        branch=message["branch"],
        changed=message["changed"],
        secrets=message["secrets"],
        env=message["env"],
        timeout=message["seconds"],
        address=message["act"],
    )
    told = asdict(run)
    for job in told["jobs"]:
        job["matrix"] = dict(job["matrix"])
        for step in job["steps"]:
            step["log"] = _last(step["log"])
    return told


def do_read_jenkinsfile(_: Path, message: dict[str, Any]) -> dict[str, Any]:
    """Return what is wrong with a Jenkinsfile, and its outline where nothing is."""
    problems = [asdict(problem) for problem in check_jenkinsfile(message["text"])]
    return {
        "problems": problems,
        "outline": {} if problems else outline(parse_jenkinsfile(message["text"])),
    }


def do_rehearse(place: Path, message: dict[str, Any]) -> dict[str, Any]:
    """Run a Jenkinsfile in the rehearsal, in a repository of these files."""
    _prepare(place)
    kept = place / "artifacts"
    run = rehearse(
        message["text"],
        _written(place, message["files"]),
        credentials={
            name: UsernamePassword(*held) if isinstance(held, list) else SecretText(held)
            for name, held in message["credentials"].items()
        },
        branch=message["branch"],
        env=message["env"],
        timeout=message["seconds"],
        artifacts=kept,
    )
    told = asdict(run)
    told["log"] = _last(told["log"], 1_000)
    for stage in told["stages"]:
        stage["log"] = _last(stage["log"])
    told["artifacts"] = {name: _text(kept / name) for name in run.artifacts[:_ARTIFACTS]}
    return told


def _prepare(place: Path) -> None:
    """Put the names ``python`` and ``pip`` before the system's programs, as a runner has them."""
    programs = place / "bin"
    programs.mkdir(exist_ok=True)
    for name in ("python", "python3"):
        if not (programs / name).is_symlink():
            (programs / name).symlink_to(os.path.realpath(sys.executable))
    for name in ("pip", "pip3"):
        _write(programs / name, '#!/bin/sh\nexec python3 -m pip "$@"\n', mode=0o755)
    (place / "tmp").mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(place / "tmp")
    os.environ["PATH"] = f"{programs}:/usr/local/bin:/usr/bin:/bin"


def _written(place: Path, files: Mapping[str, str]) -> Path:
    folder = place / "project"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        target = folder / name
        if not Path(os.path.abspath(target)).is_relative_to(folder):  # noqa: PTH100 - no links
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, text, mode=0o755 if text.startswith("#!") else 0o644)
    return folder


def _write(path: Path, text: str, *, mode: int) -> None:
    """Write a file with its mode from the start: changing one may be refused here."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(made, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)


def _last(lines: Iterable[str], most: int = _LINES) -> list[str]:
    listed = [_shown(line) for line in lines]
    left_out = [f"… {len(listed) - most} lines before"] if len(listed) > most else []
    return [*left_out, *listed[-most:]]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _shown(file.read(_ARTIFACT).decode("utf-8", "replace"), _ARTIFACT)
    except OSError:
        return ""


def _shown(text: str, most: int = _LINE) -> str:
    return text[:most].encode("utf-8", "replace").decode()
