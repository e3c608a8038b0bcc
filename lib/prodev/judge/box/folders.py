"""Removing a folder that an answer wrote: it may be deep, full, or closed to its own owner."""

from __future__ import annotations

import os

# Python's own rmtree stops at some thousand folders inside of each other.
_REMOVE = 'rm -rf -- "$0" 2>/dev/null || { chmod -R u+rwx -- "$0"; rm -rf -- "$0"; }'


def removal(folder: str) -> int:
    """Start the removal of a folder in a process of its own; return the process's number."""
    return os.posix_spawn("/bin/sh", ["sh", "-c", _REMOVE, folder], {"PATH": "/usr/bin:/bin"})
