"""Seccomp: system calls that an answer has no use for fail with EPERM, on the answer's own line.

Sources: https://docs.kernel.org/userspace-api/seccomp_filter.html, and the kernel's tables of
system calls for x86_64 and aarch64.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

from prodev.judge.sandbox.system import LINUX, call, refuse_new_privileges

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# name: (x86_64, aarch64)
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    # no network: a pair of streams stays, asyncio wakes itself with one
    "socket": (41, 198),
    # no way into another process
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    # no signal to another process; kill and tgkill are looked at below
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    # no other view of the system
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    # no memory that the limits don't count, and none that is shared with other processes
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # no say in what processor another process gets
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    # no corner of the kernel that an answer does not need
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
}
# No change of files that Landlock lets be: whose they are, who may read them, how old they are.
_OWNERS_AND_MODES: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}
_PROCESSES: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
}
_CLONE, _CLONE3, _KILL, _TGKILL = (56, 220), (435, 435), (62, 129), (234, 131)
_FCNTL, _IOCTL, _PRCTL, _PRLIMIT = (72, 25), (16, 29), (157, 167), (302, 261)
_A_THREAD, _NEW_NAMESPACES = 0x10000, 0x7E020000
# These make the kernel send a signal to another process when a descriptor is ready.
_OWNER_COMMANDS, _OWNER_REQUESTS = (8, 10, 15), (0x8901, 0x8902)
_SET_DEATH_SIGNAL = 1
_SOCKETPAIR, _KIND_OF_SOCKET, _STREAM = (53, 199), 0xF, 1

_LOAD, _AND, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x50000
_EPERM, _ENOSYS = 1, 38
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT, _SECOND_AT = 0, 4, 16, 24
_X32 = 0x40000000
_SET_SECCOMP, _FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def available() -> bool:
    """Return whether the filter knows this system."""
    return LINUX and platform.machine() in _ARCHITECTURES


def restrict(*, programs: bool = False, modes: bool = False) -> None:
    """Let this process open no socket, start no other one and signal nobody else; threads stay.

    Args:
        programs: let it start processes and programs after all, under the same filter, and signal
            them: whoever asks for this has a namespace of processes.
        modes: let it change owners, modes and times of the files that it reaches.

    Raises:
        OSError: the kernel refused.
    """
    refuse_new_privileges()
    code = b"".join(_program(programs, modes))
    held = ctypes.create_string_buffer(code)
    program = _Program(len(code) // 8, ctypes.addressof(held))
    zero = ctypes.c_ulong(0)
    call("prctl", _SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(program), zero, zero)


def _program(programs: bool, modes: bool) -> list[bytes]:
    column, architecture = _ARCHITECTURES[platform.machine()]
    refused = _ERROR | _EPERM
    code = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_JUMP_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER_AT),
    ]
    if column == 0:
        code += [_step(_JUMP_AT_LEAST, _X32, 0, 1), _step(_RETURN, refused)]
    tables = [_NUMBERS, *(() if modes else (_OWNERS_AND_MODES,))]
    tables += () if programs else (_PROCESSES,)
    for numbers in (numbers for table in tables for numbers in table.values()):
        number = numbers[column]
        if number is not None:
            code += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, refused)]
    # Without clone3 the C library uses clone, whose flags a filter can read.
    code += [_step(_JUMP_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _ERROR | _ENOSYS)]
    if programs:
        code += _unless(_CLONE[column], _NEW_NAMESPACES)
    else:
        code += _only(_CLONE[column], _step(_JUMP_BITS, _A_THREAD, 0, 1))
    me = _step(_JUMP_EQUAL, os.getpid(), 0, 1)
    for number in () if programs else (_KILL[column], _TGKILL[column]):
        # kill(0) and kill(-1) reach others, so the only target is this process.
        code += _only(number, me)
    # Limits of another process of the same user could end it.
    code += _only(_PRLIMIT[column], me, _step(_JUMP_EQUAL, 0, 0, 1))
    # A pair of datagram sockets could still send to any other one that has a name.
    code += [
        _step(_JUMP_EQUAL, _SOCKETPAIR[column], 0, 5),
        _step(_LOAD, _SECOND_AT),
        _step(_AND, _KIND_OF_SOCKET),
        _step(_JUMP_EQUAL, _STREAM, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, refused),
    ]
    # The answer must not outlive the processes above it.
    code += _never(_PRCTL[column], _FIRST_AT, (_SET_DEATH_SIGNAL,))
    for number, commands in ((_FCNTL[column], _OWNER_COMMANDS), (_IOCTL[column], _OWNER_REQUESTS)):
        code += _never(number, _SECOND_AT, commands)
    return [*code, _step(_RETURN, _ALLOW)]


def _step(operation: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, yes, no, value)


def _only(number: int, *tests: bytes) -> list[bytes]:
    """Allow this call if a test of its first argument holds, else refuse it."""
    allowed = [step for test in tests for step in (test, _step(_RETURN, _ALLOW))]
    return [
        _step(_JUMP_EQUAL, number, 0, len(allowed) + 2),
        _step(_LOAD, _FIRST_AT),
        *allowed,
        _step(_RETURN, _ERROR | _EPERM),
    ]


def _unless(number: int, bits: int) -> list[bytes]:
    """Refuse this call if its first argument has one of these bits, else allow it."""
    return [
        _step(_JUMP_EQUAL, number, 0, 4),
        _step(_LOAD, _FIRST_AT),
        _step(_JUMP_BITS, bits, 0, 1),
        _step(_RETURN, _ERROR | _EPERM),
        _step(_RETURN, _ALLOW),
    ]


def _never(number: int, place: int, values: tuple[int, ...]) -> list[bytes]:
    """Refuse this call with any of these values in an argument, else allow it."""
    tests = []
    for value in values:
        tests += [_step(_JUMP_EQUAL, value, 0, 1), _step(_RETURN, _ERROR | _EPERM)]
    return [
        _step(_JUMP_EQUAL, number, 0, len(tests) + 2),
        _step(_LOAD, place),
        *tests,
        _step(_RETURN, _ALLOW),
    ]
