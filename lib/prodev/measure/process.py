"""Ask a process of its own: one task, one answer, and it ends with its owner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from prodev.errors import CourseError


def ask_process(module: str, task: dict[str, Any], *, what: str, seconds: float) -> Any:
    """Run a module of ours in a fresh process, and return its answer.

    The process ends when this one ends, however that happens: it watches a pipe that only its
    owner holds open.

    Args:
        module: it calls ``answer_owner``.
        task: plain data.
        what: what the process does, for an error: ``The code in its own process``.
        seconds: it is ended after so long.

    Raises:
        CourseError: it failed, or took too long.
    """
    life, held = os.pipe()
    with os.fdopen(held, "w"):
        try:
            child = subprocess.Popen(
                # -P: a json.py in the notebook's folder must not stand in for Python's own.
                [sys.executable, "-P", "-m", module, str(life)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[life],
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        finally:
            os.close(life)
        with child:
            try:
                told, said = child.communicate(json.dumps(task), timeout=seconds)
            except subprocess.TimeoutExpired:
                raise CourseError(
                    f"{what} took more than {seconds:g} s; give it less to do, or more seconds."
                ) from None
            finally:
                child.kill()
    if child.returncode or not told:
        last = (said.strip().splitlines() or [f"it ended with {child.returncode}"])[-1]
        raise CourseError(f"{what} failed: {last}")
    return json.loads(told)
