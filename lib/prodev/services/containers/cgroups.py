"""The control groups of one engine: where its containers are counted and limited."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_TOP = Path("/sys/fs/cgroup")


def may_limit() -> bool:
    """Whether this account may make control groups."""
    return os.geteuid() == 0 and any(os.access(top, os.W_OK) for top in _hierarchies())


def remove_groups(name: str) -> None:
    """Remove an engine's groups; its processes have ended a moment ago."""
    deadline = time.monotonic() + 2
    for top in _hierarchies():
        group = top / name
        while group.is_dir() and not _removed(group) and time.monotonic() < deadline:
            time.sleep(0.02)


def _removed(group: Path) -> bool:
    # Only folders can be removed there; the files in them go by themselves.
    for folder, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            Path(folder).rmdir()
    return not group.exists()


def _hierarchies() -> list[Path]:
    if (_TOP / "cgroup.controllers").exists():
        return [_TOP]
    return [path for path in _TOP.glob("*") if path.is_dir() and not path.is_symlink()]
