"""Linux's own calls that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Collection
from contextlib import suppress

LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None

_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_SUBREAPER, _SET_NO_NEW_PRIVILEGES = 1, 4, 36, 38
_DROP_FROM_BOUNDS = 24
_CAPABILITY_VERSION_3 = 0x20080522


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library; 0 where this is not Linux.

    Raises:
        OSError: the call failed.
    """
    if LIBC is None:
        return 0
    result = int(getattr(LIBC, name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _control(option: int, value: int = 0) -> None:
    zero = ctypes.c_ulong(0)
    call("prctl", option, ctypes.c_ulong(value), zero, zero, zero)


def current_cpu() -> int | None:
    """Return the processor that this thread runs on; None where the system does not tell."""
    return None if LIBC is None else max(0, int(LIBC.sched_getcpu()))


def stay_on(cpus: Collection[int]) -> None:
    """Run this thread on these processors only; a no-op where that cannot be."""
    if LIBC is not None:
        with suppress(OSError):
            os.sched_setaffinity(0, cpus)


def hide_memory(hidden: bool = True) -> None:
    """Let no other process of this user read this one's memory, open files or environment."""
    _control(_SET_DUMPABLE, 0 if hidden else 1)


def die_with_parent() -> None:
    """Be killed when the thread that made this process ends."""
    _control(_SET_DEATH_SIGNAL, 9)


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    _control(_SET_SUBREAPER, 1)


def refuse_new_privileges() -> None:
    """Let no program that is started later gain rights, which seccomp and Landlock ask for."""
    _control(_SET_NO_NEW_PRIVILEGES, 1)


def drop_bounds() -> None:
    """Take root's powers from every program that is started later too; needs them itself."""
    if LIBC is None:
        return
    for capability in range(64):
        with suppress(OSError):
            _control(_DROP_FROM_BOUNDS, capability)


def drop_capabilities() -> None:
    """Give up every power of root, for good; a no-op where there is none to give up."""
    if LIBC is None:
        return
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    call("capset", header, none)
