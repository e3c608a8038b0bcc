"""What tests of services ask: which processes, ports and folders are left."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 60.0


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something holds before long; the first time ends the wait."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def servers_in(cache: Path) -> bool:
    """Whether keepers have noted something in this cache that is still there."""
    try:
        return any(cache.rglob("leftovers.json"))
    except FileNotFoundError:  # a server removes its folders at this moment
        return True


def keeper_of(pid: int) -> int:
    """Return the parent of a server's process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def owner(code: str, **environment: str) -> subprocess.Popen[str]:
    """Start a Python that runs this code, and talks by standard input and output."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
