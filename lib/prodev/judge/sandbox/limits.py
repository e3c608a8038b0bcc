"""Limits that every system has: processor time, memory, file size, open files, processes."""

from __future__ import annotations

import resource
from pathlib import Path

_MB = 1 << 20


def limit(  # noqa: PLR0913 - a limit each
    *,
    seconds: float,
    memory_mb: int,
    file_mb: int = 16,
    files: int = 64,
    processes: int = 32,
    address_space: bool = True,
) -> None:
    """Limit this process and what it starts.

    Args:
        seconds: wall time that the answer has; its processor time may be little more.
        memory_mb: address space beyond what the process has now, in MB.
        file_mb: size of each file that it writes, in MB.
        files: file descriptors at a time.
        processes: threads and processes that it may have beyond those of this machine.
        address_space: whether its address space is limited; if not, ``memory_mb`` does nothing.
    """
    cpu = int(seconds) + 2
    wanted = [
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file_mb * _MB),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_CORE, 0),
        # Root ignores this one, and it counts all of the user's processes: it is a second line,
        # behind seccomp and the process namespace, and large enough for a few threads.
        (resource.RLIMIT_NPROC, _processes() + processes),
    ]
    if address_space and (size := _address_space()):
        wanted.append((resource.RLIMIT_AS, size + memory_mb * _MB))
    for kind, value in wanted:
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _processes() -> int:
    """How many threads run on this machine; those of this user are not more."""
    try:
        return int(Path("/proc/loadavg").read_text("ascii").split()[3].split("/")[1])
    except (OSError, ValueError, IndexError):
        return 2_000
