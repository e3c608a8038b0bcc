"""Run code in a process of its own, and ask the operating system for its peak of memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from prodev.measure.process import ask_process

SECONDS = 120.0


@dataclass(frozen=True)
class ChildRun:
    """What a child process did.

    Attributes:
        result: what its ``run()`` returned.
        ms: wall time of ``run()``, in milliseconds.
        peak_mb: how far the memory of the process grew during ``run()``, at its peak, in MB of
            2**20 bytes.
    """

    result: Any
    ms: float
    peak_mb: float


def run_in_child(code: str, *arguments: Any, seconds: float = SECONDS) -> ChildRun:
    """Run code in a fresh process; measure what its function ``run()`` takes and needs.

    The peak is that of the resident memory: on Linux ``VmHWM`` of ``/proc/self/status``, set back
    before ``run()``; on macOS ``ru_maxrss``, of which a peak before ``run()`` hides a part.

    Args:
        code: Python text that defines a function ``run()``, which returns plain data. What stands
            outside of it is preparation and not measured; the list ``arguments`` is known there.
        *arguments: plain data for the code; a path arrives as text.
        seconds: the process is ended after so long.

    Raises:
        CourseError: the code failed, took too long, or has no ``run()``.
    """
    plain = [str(value) if isinstance(value, os.PathLike) else value for value in arguments]
    answer = ask_process(
        "prodev.measure.child_process",
        {"code": code, "arguments": plain},
        what="The code in its own process",
        seconds=seconds,
    )
    return ChildRun(**answer)
