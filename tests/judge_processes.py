"""The processes and folders of a judge, seen from outside."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from prodev.judge import Judge


def pid_of(judge: Judge) -> int:
    """The judge process."""
    assert judge._process is not None
    return judge._process.pid


def children(pid: int) -> list[int]:
    """The children of a process, of all of its threads."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text("ascii").split()]
    except FileNotFoundError:
        pass
    return found


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def folder_of(forker: int) -> Path:
    """The temporary folder of a forker."""
    arguments = Path(f"/proc/{forker}/cmdline").read_bytes().split(b"\0")
    return next(Path(os.fsdecode(a)) for a in arguments if b"prodev-judge-" in a)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait for something that other processes do."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"this took more than {seconds:g} seconds"
        time.sleep(0.01)
