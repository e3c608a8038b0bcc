"""A control group that limits the processes of a session; only root can make one, and needs one.

The system's own limit on processes does not hold for root.
Sources: https://docs.kernel.org/admin-guide/cgroup-v1/pids.html and
https://docs.kernel.org/admin-guide/cgroup-v2.html#pid
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MOST = 320
"""How many threads a group may have, of all its processes: more than a session's watcher allows."""

_TOP = Path("/sys/fs/cgroup")
_NAME = "prodev-answer-"


def make_group() -> Path | None:
    """Make an empty group for this forker's next session; None where that is not allowed.

    Groups of forkers that were killed are removed; the system refuses where anybody is in one.
    """
    for parent in _parents():
        for old in parent.glob(f"{_NAME}*"):
            if not Path("/proc", old.name.removeprefix(_NAME)).exists():
                remove_group(old)
        group = parent / f"{_NAME}{os.getpid()}"
        with suppress(OSError):
            group.mkdir(exist_ok=True)
            (group / "pids.max").write_text(str(MOST), "ascii")
            return group
        remove_group(group)
    return None


def enter_group(group: Path) -> None:
    """Enter it, with all that this process starts from now on.

    Raises:
        PermissionError: the group does not limit this process.
        OSError: the system does not allow it.
    """
    (group / "cgroup.procs").write_text("0", "ascii")
    inside = str(os.getpid()) in (group / "cgroup.procs").read_text("ascii").split()
    if not inside or (group / "pids.max").read_text("ascii").strip() != str(MOST):
        raise PermissionError(f"the control group {group} does not limit this process")


def remove_group(group: Path) -> None:
    """Remove a group in which nobody is."""
    with suppress(OSError):
        group.rmdir()


def _parents() -> list[Path]:
    """Where a group may be made: in this process's own group, or at the top of what is mounted."""
    paths = dict(line.split(":", 2)[1:] for line in _own_groups().splitlines())
    if "pids" in paths:
        top = _TOP / "pids"
        return [top / paths["pids"].lstrip("/"), top]
    top = _TOP / paths.get("", "/").lstrip("/")
    with suppress(OSError):
        control = top / "cgroup.subtree_control"
        if "pids" not in control.read_text("ascii").split():
            control.write_text("+pids", "ascii")
        return [top]
    return []


def _own_groups() -> str:
    try:
        return Path("/proc/self/cgroup").read_text("utf-8")
    except OSError:
        return ""
