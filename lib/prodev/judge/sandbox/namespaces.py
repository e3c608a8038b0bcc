"""Namespaces: no network, no other process, and a small disk of its own.

Source: https://man7.org/linux/man-pages/man7/user_namespaces.7.html
"""

from __future__ import annotations

import os
from pathlib import Path

from prodev.judge.sandbox.system import LINUX, call, hide_memory

_MOUNT, _UTS, _IPC, _USER, _PID, _NET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_PRIVATE_AND_BELOW = 0x44000
_NO_SETUID_NO_DEVICES_NO_EXEC = 2 | 4 | 8


def enter() -> None:
    """Enter new namespaces; the next child is the first process of its own process namespace.

    The user stays the same, so files belong to whom they belonged, but root is only a name inside.

    Raises:
        OSError: the system does not allow it.
    """
    if not LINUX:
        raise OSError("namespaces are Linux's own")
    user, group = os.getuid(), os.getgid()
    # A hidden process's maps belong to root, and only the process itself may write them.
    hide_memory(False)
    call("unshare", _USER | _PID | _NET | _IPC | _UTS | _MOUNT)
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def apart() -> None:
    """Have mounts of one's own, so that those above see none that follow.

    Raises:
        OSError: the system does not allow it.
    """
    call("unshare", _MOUNT)


def small_disk(folder: str, *, mb: int = 32, files: int = 500) -> None:
    """Put an empty disk of its own over a folder; it is gone with the namespace.

    Raises:
        OSError: the system does not allow it.
    """
    call("mount", None, b"/", None, _PRIVATE_AND_BELOW, None)
    options = f"size={mb}m,nr_inodes={files},mode=700".encode()
    call("mount", b"tmpfs", folder.encode(), b"tmpfs", _NO_SETUID_NO_DEVICES_NO_EXEC, options)
