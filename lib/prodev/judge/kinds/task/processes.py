"""Processes of an answer, seen from outside of its namespace: who is below whom, who is dead."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_PATIENCE_S = 5.0


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that waits for its parent to notice its end does not."""
    return _state(pid)[0] not in ("", "Z", "X")


def is_below(pid: int, top: int) -> bool:
    """Say whether a process is a descendant of another one."""
    for _ in range(50):
        if pid == top:
            return True
        pid = _state(pid)[1]
        if pid <= 1:
            return False
    return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that have not lost it."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def kill(pids: list[int]) -> None:
    """Kill processes at once, and return when they are dead: what they had open is closed then."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + _PATIENCE_S
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.001)


def _state(pid: int) -> tuple[str, int]:
    """Return a process's state and its parent, as ``/proc/<pid>/stat`` has them."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return "", 0
    state, parent, *_ = text.rpartition(")")[2].split()
    return state, int(parent)
