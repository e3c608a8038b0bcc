"""Answers that reach for other processes and for the kernel."""

from hostile.record import DOUBLE, LIBC, TRIED, Hostile, attempts

_PIDS = ("@VICTIM@", "@JUDGE@", "@ASKER@", "os.getppid()", "1", "0", "-1", "-@VICTIM@")

ANSWERS = {
    "signals to its neighbours": attempts(
        *(f"os.kill({pid}, {number})" for pid in _PIDS for number in (9, 15, 19)),
        "os.killpg(os.getpgrp(), 9)",
        before="import os",
    ),
    "signals to everyone that was before": Hostile(
        "import os\nfor pid in range(1, @JUDGE@ + 500):\n    if pid != os.getpid():\n"
        "        try:\n            os.kill(pid, 9)\n        except OSError:\n            pass\n"
        "        else:\n            print('LEAK', pid)\n" + DOUBLE,
        "passed",
    ),
    "signals by other ways": attempts(
        "os.pidfd_open(@VICTIM@)",
        "os.pidfd_open(@JUDGE@)",
        "signal.pidfd_send_signal(0, 9)",
        "syscall(200, @VICTIM@, 9)",
        "syscall(234, @VICTIM@, @VICTIM@, 9)",
        "syscall(129, @VICTIM@, 9, bytes(128))",
        "syscall(297, @VICTIM@, @VICTIM@, 9, bytes(128))",
        before="import os, signal" + LIBC,
    ),
    "signals from a descriptor": attempts(
        "fcntl.fcntl(3, fcntl.F_SETOWN, @VICTIM@)",
        "fcntl.fcntl(3, 10, 9)",
        "fcntl.fcntl(3, 15, bytes(8))",
        "fcntl.ioctl(3, 0x8901, struct.pack('i', @VICTIM@))",
        "fcntl.ioctl(3, 0x8902, struct.pack('i', @VICTIM@))",
        before="import fcntl, struct",
    ),
    "a debugger": attempts(
        "syscall(101, 16, @VICTIM@, 0, 0)",
        "syscall(101, 0x4206, @JUDGE@, 0, 0)",
        "syscall(310, @JUDGE@, bytes(16), 1, bytes(16), 1, 0)",
        "syscall(311, @VICTIM@, bytes(16), 1, bytes(16), 1, 0)",
        "syscall(312, @JUDGE@, @VICTIM@, 0, 0, 0)",
        before=LIBC,
    ),
    "limits of a neighbour": attempts(
        *(
            f"resource.prlimit({pid}, resource.{limit}, (1, 1))"
            for pid in ("@VICTIM@", "@JUDGE@", "@ASKER@", "os.getppid()")
            for limit in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_NOFILE")
        ),
        "resource.prlimit(@VICTIM@, resource.RLIMIT_CPU)",
        before="import os, resource",
    ),
    "limits of its own": attempts(
        *(
            f"resource.setrlimit(resource.{limit}, (-1, -1))"
            for limit in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
        ),
        before="import resource",
    ),
    "a neighbour's share of the processor": attempts(
        "os.setpriority(os.PRIO_PROCESS, @VICTIM@, 19)",
        "os.setpriority(os.PRIO_USER, os.getuid(), 19)",
        "os.sched_setaffinity(@VICTIM@, {0})",
        "os.sched_setscheduler(@VICTIM@, os.SCHED_IDLE, os.sched_param(0))",
        "syscall(251, 1, @VICTIM@, 3 << 13)",
        before="import os" + LIBC,
    ),
    "memory that processes share": attempts(
        "syscall(29, 0, 4096, 0o1666)",
        "syscall(30, 0, 0, 0)",
        "syscall(31, 0, 0, 0)",
        "syscall(68, 1, 0o1666)",
        "syscall(64, 1, 1, 0o1666)",
        "syscall(240, b'hostile', 0o102, 0o666, 0)",
        "shared_memory.SharedMemory(create=True, size=10)",
        before="from multiprocessing import shared_memory" + LIBC,
    ),
    "another view of the system": attempts(
        "syscall(272, 0x10000000)",
        "syscall(272, 0x20000)",
        "syscall(308, 3, 0)",
        "syscall(165, b'none', b'/tmp', b'tmpfs', 0, 0)",
        "syscall(166, b'/', 2)",
        "syscall(161, b'.')",
        "os.chroot('.')",
        "syscall(155, b'.', b'.')",
        "syscall(428, -100, b'/', 1)",
        "syscall(430, b'tmpfs', 0)",
        before="import os" + LIBC,
    ),
    "another account": attempts(
        "os.setuid(1) or 1 / 0 if os.getuid() else os.setuid(1)",
        "os.setgid(1)",
        "os.setgroups([0, 1])",
        "os.setresuid(1, 1, 1)",
        "os.open('/root/.hostile', os.O_CREAT)",
        before="import os",
    ),
    "all powers back": attempts(
        "capset()",
        before=LIBC + "def capset():\n    header = (ctypes.c_uint32 * 2)(0x20080522, 0)\n"
        "    powers = (ctypes.c_uint32 * 6)(*[0xffffffff] * 6)\n"
        "    if libc.capset(header, powers):\n        raise OSError\n",
    ),
    "a process that can be read": Hostile(
        # It may show its own memory: nothing of the judge is in there.
        TRIED + LIBC + "libc.prctl(4, 1, 0, 0, 0)\n"
        "tried('mem', lambda: open('/proc/self/mem', 'rb'))\n" + DOUBLE,
        "passed",
    ),
    "corners of the kernel": attempts(
        "syscall(321, 5, bytes(128), 128)",
        "syscall(298, bytes(128), 0, -1, -1, 0)",
        "syscall(250, 0, -3, 1)",
        "syscall(248, b'user', b'x', b'y', 1, -3)",
        "syscall(425, 8, bytes(120))",
        "syscall(323, 0)",
        "syscall(319, b'x', 0)",
        "syscall(169, 0xfee1dead, 672274793, 0x89abcdef, 0)",
        "syscall(170, b'hostile', 7)",
        "syscall(227, 0, bytes(16))",
        before=LIBC,
    ),
}
