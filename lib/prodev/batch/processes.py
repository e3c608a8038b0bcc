"""Find and end the processes that a run has started."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt_orphans() -> None:
    """Make this process the parent of descendants whose own parent ends, where the system can.

    So a process that a notebook sends to the background still belongs to its run.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_descendants(pid: int) -> None:
    """Kill every descendant of a process, also those that start while this goes on.

    A keeper of ``prodev.services`` stays: other runs may use its server, and it ends by itself when
    the last of them is gone.
    """
    killed: set[int] = set()
    while new := [child for child in _descendants(pid) if child not in killed]:
        for child in new:
            kill(child)
            killed.add(child)


def kill(pid: int) -> None:
    """Kill a process and, if it leads one, its group; nothing happens if it is gone."""
    for send in (os.killpg, os.kill):
        try:
            send(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def peak_memory_mb(pid: int) -> float | None:
    """Return the peak resident memory of a live process in MB, where the system tells it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


def _is_keeper(folder: Path) -> bool:
    try:
        return b"\0prodev.services.keeper\0" in (folder / "cmdline").read_bytes()
    except OSError:
        return False


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text("utf-8", "replace")
        except OSError:
            continue
        # The second field, the name in brackets, may itself hold spaces and brackets.
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state != "Z" and not _is_keeper(folder):
            children.setdefault(int(parent), []).append(int(folder.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found
