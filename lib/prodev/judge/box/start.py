"""From the fork to the answer: give up everything, then listen to the judge. Never returns."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from typing import Any

from prodev.judge.box.layers import Isolation
from prodev.judge.box.peer import Peer
from prodev.judge.sandbox import landlock, limits, namespaces, seccomp, system

CHANNEL = 3
_FAILED = 99


def start_answer(
    isolation: Isolation, place: str, wanted: dict[str, Any], descriptors: list[int]
) -> None:
    """Become the answer's process; called in the forked child.

    Three processes stand in line: a supervisor that adopts what loses its parent, the first process
    of the new process namespace where there is one, and the answer itself.

    Args:
        isolation: the layers to use.
        place: the answer's own folder.
        wanted: ``seconds``, ``memory_mb`` and ``cpu``, the processor that the judge runs on.
        descriptors: the channel to the judge, and the pipe for what the answer prints.
    """
    become_answer(isolation, place, wanted, descriptors, lambda: None, _serve)


def become_answer(  # noqa: PLR0913, PLR0917 - in this order
    isolation: Isolation,
    place: str,
    wanted: dict[str, Any],
    descriptors: list[int],
    connect: Callable[[], None],
    serve: Callable[[], None],
) -> None:
    """Connect, stand the walls of an answer around this process, and serve; never returns.

    Args:
        isolation: the layers to use.
        place: the answer's own folder.
        wanted: see ``start_answer``.
        descriptors: the channel, the pipe, and more, which become 4 and up.
        connect: called before any wall stands; what it opens stays open.
        serve: called behind the walls.
    """
    try:
        os.setsid()
        system.die_with_parent()
        system.adopt_orphans()
        signal.set_wakeup_fd(-1)
        arrange(*descriptors)
        connect()
        change_account(isolation)
        if "namespaces" in isolation.layers:
            namespaces.enter()
            if "disk" in isolation.layers:
                namespaces.small_disk(place)
            stand_before()
        stand_before()
        _confine(isolation, place, wanted)
    except BaseException:
        traceback.print_exc()
        leave(_FAILED)
    try:
        serve()
    finally:
        # Whatever the answer did to its end: a traceback of ours would tell a learner nothing.
        leave(0)


def _serve() -> None:
    Peer(socket.socket(fileno=CHANNEL)).serve_for_ever()


def arrange(channel: int, output: int, *more: int) -> None:
    """Keep three standard streams, the channel, and more from 4 on; close everything else."""
    above = CHANNEL + 1 + len(more)
    channel, output, *others = (
        fcntl.fcntl(one, fcntl.F_DUPFD, above) for one in (channel, output, *more)
    )
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    for number, one in enumerate((channel, *others), CHANNEL):
        os.dup2(one, number, inheritable=False)
    os.closerange(above, 4096)


def change_account(isolation: Isolation) -> None:
    """Change to the account without rights, where the judge runs as root."""
    if isolation.account:
        user, group = isolation.account
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        # Changing the account forgets this signal.
        system.die_with_parent()


def stand_before() -> None:
    """Fork; the parent waits for the child, reaps what comes to it, and ends with its code."""
    child = os.fork()
    if child == 0:
        system.die_with_parent()
        return
    os.closerange(0, 4096)
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            # What is still below is killed by the forker, or dies with the namespace.
            os._exit(code if code >= 0 else 128 - code)


def settle(place: str) -> None:
    """Forget what the forker had: its environment, folder, streams, signals and random state."""
    os.environ.clear()
    os.environ.update(PATH="/usr/bin:/bin", HOME=place, TMPDIR=place, LANG="C.UTF-8")
    os.chdir(place)
    tempfile.tempdir = None
    random.seed()
    sys.argv = ["answer"]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _stream(1, 1)
    sys.stderr = _stream(2, 1)
    for number in range(1, signal.NSIG):
        if number not in (signal.SIGKILL, signal.SIGSTOP) and number < 32:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    threading.stack_size(1 << 20)


def _confine(isolation: Isolation, place: str, wanted: dict[str, Any]) -> None:
    settle(place)
    if wanted["cpu"] is not None:
        system.stay_on({wanted["cpu"]})
    limits.limit(seconds=wanted["seconds"], memory_mb=wanted["memory_mb"])
    system.drop_capabilities()
    if "landlock" in isolation.layers:
        landlock.restrict(isolation.read, [place, os.devnull])
    if "seccomp" in isolation.layers:
        seccomp.restrict()


def _stream(descriptor: int, buffering: int) -> Any:
    return open(
        descriptor, "w", buffering, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def leave(code: int) -> None:
    """End this process at once; what it printed is sent off."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    os._exit(code)
