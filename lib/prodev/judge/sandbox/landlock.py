"""Landlock: files outside of two lists can't be opened, and no TCP or signal gets out.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress

from prodev.judge.sandbox.system import LIBC, LINUX, call, refuse_new_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
# Rights: execute 1, write 2, read 4, read a folder 8, … truncate 1 << 14, device ioctl 1 << 15.
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_READ = 1 | 4 | 8
_OF_A_FILE = 1 | 2 | 4
_TCP_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3


def version() -> int:
    """Return the version of Landlock's interface here; 0 where there is none."""
    if not LINUX or LIBC is None:
        return 0
    return max(0, int(LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def restrict(read: Iterable[str], write: Iterable[str], *, execute: bool = False) -> None:
    """Let this process open only what lies below these paths; it cannot be undone.

    Args:
        read: files and folders to read and execute; missing ones are passed over.
        write: folders to read and write, but not to execute from.
        execute: let it execute from there too.

    Raises:
        OSError: the kernel refused.
    """
    abi = version()
    rights = _RIGHTS.get(abi, (1 << 16) - 1)
    attributes = struct.pack("=Q", rights)
    if abi >= 4:
        attributes += struct.pack("=Q", _TCP_BIND_AND_CONNECT)
    if abi >= 6:
        attributes += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = call("syscall", _CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    of_a_file = _OF_A_FILE | (1 << 14 if abi >= 3 else 0) | (1 << 15 if abi >= 5 else 0)
    own = rights if execute else rights & ~1
    for paths, granted in ((read, _READ), (write, own)):
        for path in paths:
            with suppress(FileNotFoundError, PermissionError):
                _allow(ruleset, path, granted, of_a_file)
    refuse_new_privileges()
    call("syscall", _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, granted: int, of_a_file: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = granted if os.path.isdir(path) else granted & of_a_file  # noqa: PTH112
        rule = struct.pack("=Qi", rights, place)
        call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)
