"""The small process of a guard: it ends a run's processes and removes its folder.

It runs as a program of its own, with the mark, the owner's process and the folder as arguments.
It imports next to nothing, for it starts with each run.
"""

# pathlib takes longer to import than all of the rest.
# ruff: noqa: PTH101, PTH106, PTH108, PTH123, PTH208

from __future__ import annotations

import os
import select
import signal
import sys
import time

_LOOK = 0.5  # seconds between two looks at the owner
_PATIENCE = 5.0  # seconds for processes that keep starting others


def watch(owner: int) -> set[int]:
    """Read which groups live until the owner closes the pipe or ends; return those that do."""
    groups: set[int] = set()
    text = b""
    while True:
        readable, _, _ = select.select([0], [], [], _LOOK)
        if not readable:
            if os.getppid() != owner:  # its forks may still hold the pipe open
                return groups
            continue
        piece = os.read(0, 65536)
        if not piece:
            return groups
        *lines, text = (text + piece).split(b"\n")
        for line in lines:
            (groups.add if line[:1] == b"+" else groups.discard)(int(line[1:]))


def marked(mark: bytes) -> list[int]:
    """Return the processes whose environment holds the mark (Linux)."""
    found = []
    for name in os.listdir("/proc") if sys.platform == "linux" else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read():
                        found.append(int(name))
            except OSError:  # it has just ended, or is somebody else's
                continue
    return found


def end_all(mark: bytes, groups: set[int]) -> None:
    """Kill the groups, and all that carries the mark."""
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue
    deadline = time.monotonic() + _PATIENCE
    while (left := marked(mark)) and time.monotonic() < deadline:
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.005)


def remove(folder: str) -> None:
    """Remove a folder, also where its own folders have lost their permissions."""
    try:
        os.chmod(folder, 0o700)
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    remove(entry.path)
                else:
                    os.unlink(entry.path)
        os.rmdir(folder)
    except OSError:
        return  # the next run's folder is another one


if __name__ == "__main__":
    for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(_number, signal.SIG_IGN)
    end_all(sys.argv[1].encode(), watch(int(sys.argv[2])))
    remove(sys.argv[3])
