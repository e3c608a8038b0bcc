"""The calls of mount(2) that a private room needs."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

# sys/mount.h
READ_ONLY, NO_SUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE = 1, 2, 4, 32, 4096, 16384
_DETACH = 2

# The C library has no function for it.
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_LIBC = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: Path, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount something in this process's own mount namespace.

    Raises:
        OSError: the system refuses.
    """
    done = _LIBC.mount(
        source.encode() or None,
        os.fsencode(target),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    if done != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))


def unmount(target: Path, *, with_all_below: bool = False) -> None:
    """Take a mount away.

    Raises:
        OSError: the system refuses.
    """
    flags = _DETACH if with_all_below else 0
    if _LIBC.umount2(os.fsencode(target), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(target))


def change_root(root: Path) -> None:
    """Make a mount the root, and let the old root go, see pivot_root(2).

    Raises:
        OSError: the system refuses.
    """
    os.chdir(root)
    # Both paths the same: the old root comes to lie on top of the new one, and is taken away.
    if _LIBC.syscall(_PIVOT_ROOT[platform.machine()], b".", b".") != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(root))
    unmount(Path(), with_all_below=True)
    os.chdir("/")


def hide(folder: Path, *, mode: str = "755") -> None:
    """Put an empty folder in memory over this one."""
    mount("tmpfs", folder, "tmpfs", NO_SUID | NO_DEVICES, f"mode={mode}")


def show(descriptor: int, target: Path) -> None:
    """Show an open folder here, also one whose own path is hidden by now."""
    target.mkdir(parents=True, exist_ok=True)
    mount(f"/proc/self/fd/{descriptor}", target, flags=BIND | RECURSIVE)
