"""From the fork to the answer: give up everything, then listen to the judge. Never returns."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import tempfile
import threading
import traceback
from typing import Any

from prodev.judge.box.layers import Isolation
from prodev.judge.box.peer import Peer
from prodev.judge.sandbox import landlock, limits, namespaces, seccomp, system

_CHANNEL = 3
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
    try:
        os.setsid()
        system.die_with_parent()
        system.adopt_orphans()
        signal.set_wakeup_fd(-1)
        channel, output = descriptors
        _arrange(channel, output)
        _change_account(isolation)
        if "namespaces" in isolation.layers:
            namespaces.enter()
            if "disk" in isolation.layers:
                namespaces.small_disk(place)
            _stand_before()
        _stand_before()
        _confine(isolation, place, wanted)
    except BaseException:
        traceback.print_exc()
        _leave(_FAILED)
    try:
        Peer(socket.socket(fileno=_CHANNEL)).serve_for_ever()
    finally:
        # Whatever the answer did to the peer: a traceback of ours would tell a learner nothing.
        _leave(0)


def _arrange(channel: int, output: int) -> None:
    """Keep three standard streams and the channel; close everything else."""
    channel, output = os.dup(channel), os.dup(output)
    while channel < 4 or output < 4:
        channel, output = os.dup(channel), os.dup(output)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(channel, _CHANNEL, inheritable=False)
    os.closerange(4, 4096)


def _change_account(isolation: Isolation) -> None:
    if isolation.account:
        user, group = isolation.account
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        # Changing the account forgets this signal.
        system.die_with_parent()


def _stand_before() -> None:
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


def _confine(isolation: Isolation, place: str, wanted: dict[str, Any]) -> None:
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


def _leave(code: int) -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    os._exit(code)
