"""The walls for an answer that may start programs, as a worker does.

A session made with ``Session(..., programs=())`` (in a kind: ``job.session(programs=())``) has
these walls. In it no code of an answer runs by itself: the judge sends an operation of
``prodev.judge.box.runners``, such as ``start_worker``, over the session's channel
(``Conversation(session).operate("start_worker", label, **details)``). That function may start
programs, and they inherit every wall:

- **no network**: no socket can be made, and the network namespace has no device;
- **files**: only the session's own folder can be written, a small disk that goes with the session;
  every other mount is read-only. Landlock lets it read Python's folders, the system's programs and
  ``prodev.services``;
- **processes**: those of the session are all that it sees. The first of them counts the others, and
  ends when there are too many or when they hold too much memory; with it all end, also those that
  have left their parent or group. Behind it stands the system's own limit, which does not hold for
  root: a session that stays root's has a control group, or is refused;
- **rights**: none; no program that is started gains any, and no namespace can be made.

Without a namespace of processes nothing ends a fork bomb for certain, so there no session starts
programs: ``prodev.judge.box.layers.Isolation.programs`` is False, and a verdict ``unavailable``.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
import sysconfig
from contextlib import suppress
from ctypes import c_size_t
from pathlib import Path

from prodev.judge.sandbox import landlock, seccomp
from prodev.judge.sandbox.crowd import enter_group
from prodev.judge.sandbox.limits import limit
from prodev.judge.sandbox.system import call, drop_bounds, drop_capabilities

DISK_MB, FILES = 192, 20_000
"""The size of a session's own folder, and how many files it holds."""

_SYSTEM = (
    "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/share", "/usr/libexec", "/usr/local/bin",
    "/usr/local/lib", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache",
    "/etc/alternatives", "/etc/profile", "/etc/bash.bashrc", "/etc/debian_version",
    "/etc/os-release", "/dev/full", "/proc",
)  # fmt: skip
_SERVICES = Path(__file__).resolve().parents[2] / "services"

_PRIVATE_AND_BELOW, _MOUNT_SETATTR, _HERE, _RECURSIVE, _READ_ONLY = 0x44000, 442, -100, 0x8000, 1
_NO_WRITE, _NO_SETUID_NO_DEVICES, _NO_EXEC = 1, 2 | 4, 8


def folders_of_programs() -> list[str]:
    """Return what a program reads besides what an answer in Python may read.

    That is the system's programs, and those of Python: of this environment, and of the one that it
    was made from. The course's own folders may lie below; leave them out.
    """
    scripts, own = Path(sysconfig.get_path("scripts")), Path(sys.executable)
    pythons = {scripts, own.parent, own.resolve().parent, Path(sys.prefix, "pyvenv.cfg")}
    return [*_SYSTEM, str(_SERVICES), *map(str, pythons)]


def limit_processes(group: str) -> None:
    """See to it that a limit on processes holds; before a namespace hides who this is.

    Args:
        group: the folder of a control group, which root needs; else empty.

    Raises:
        PermissionError: no limit would hold.
        OSError: the system does not let this process into the group.
    """
    if 0 not in os.getresuid():
        return  # the system's own limit holds
    if not group:
        raise PermissionError("no limit on processes holds for root without a control group")
    enter_group(Path(group))


def own_view(place: str) -> bool:
    """Make every mount read-only, and put a small disk over ``place``; in a namespace of mounts.

    Returns:
        Whether all of it is read-only; False where the kernel is older than 5.12.

    Raises:
        OSError: the system does not allow the disk.
    """
    call("mount", None, b"/", None, _PRIVATE_AND_BELOW, None)
    guarded = True
    try:
        wanted = struct.pack("=QQQQ", _READ_ONLY, 0, 0, 0)
        call("syscall", _MOUNT_SETATTR, _HERE, b"/", _RECURSIVE, wanted, c_size_t(len(wanted)))
    except OSError:
        guarded = False
    options = f"size={DISK_MB}m,nr_inodes={FILES},mode=700".encode()
    call("mount", b"tmpfs", place.encode(), b"tmpfs", _NO_SETUID_NO_DEVICES, options)
    return guarded


def own_processes() -> None:
    """Show only the processes of this namespace in ``/proc``.

    Raises:
        OSError: the system does not allow it.
    """
    flags = _NO_WRITE | _NO_SETUID_NO_DEVICES | _NO_EXEC
    call("mount", None, b"/", None, _PRIVATE_AND_BELOW, None)
    call("mount", b"proc", b"/proc", b"proc", flags, None)


def confine(  # noqa: PLR0913 - a wall each
    layers: tuple[str, ...],
    place: str,
    read: tuple[str, ...],
    *,
    seconds: float,
    memory_mb: int,
    files_are_safe: bool,
) -> None:
    """Stand all walls that there are around this process and what it starts; for good.

    Args:
        layers: those of ``prodev.judge.box.layers`` that work.
        place: the only folder that can be written.
        read: the files and folders that can be read, and programs started from.
        seconds: processor time of each process.
        memory_mb: memory of each process, beyond what this one has.
        files_are_safe: whether no file outside belongs to this account and can be changed.
    """
    limit(seconds=seconds, memory_mb=0, file_mb=64, files=512, processes=256, address_space=False)
    if resource.getrlimit(resource.RLIMIT_NPROC)[1] == resource.RLIM_INFINITY:
        raise PermissionError("there is no limit on processes")
    with suppress(ValueError):
        # Go reserves far more address space than it uses, so what can be written is counted.
        most = _data() + (memory_mb << 20)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    drop_bounds()
    drop_capabilities()
    if "landlock" in layers:
        landlock.restrict(read, [place, os.devnull], execute=True)
    seccomp.restrict(programs=True, modes=files_are_safe)


def _data() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    except OSError:
        return 0
    return pages * resource.getpagesize()
