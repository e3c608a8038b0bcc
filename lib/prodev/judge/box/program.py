"""From the fork to an answer that starts programs: a watcher, the walls, and one function to run.

Nothing of the answer runs here by itself: the judge asks for an operation of ``runners``, and that
starts the programs.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from prodev.judge.box import runners
from prodev.judge.box.ends import TOO_LARGE, TOO_MANY
from prodev.judge.box.explain import explain
from prodev.judge.box.layers import Isolation, without_the_course
from prodev.judge.box.start import arrange, change_account, leave, settle, stand_before
from prodev.judge.frames import Closed, receive, send
from prodev.judge.sandbox import namespaces, program, system
from prodev.judge.wire import NotPlain, encode

MOST_THREADS = 300
"""How many threads, of all its processes, a session may have."""

_CHANNEL, _FAILED = 3, 99
_LOOK_EVERY_S = 0.02


def start_program(
    isolation: Isolation, place: str, wanted: dict[str, Any], descriptors: list[int]
) -> None:
    """Become a session that may start programs; called in the forked child, never returns.

    Three processes stand in line, as for an answer in Python, but the second, the first of the new
    process namespace, does not sleep: it counts those behind it.

    Args:
        isolation: the layers to use.
        place: the session's own folder.
        wanted: ``seconds``, ``memory_mb`` (of all processes together, too), ``programs``, more
            folders to start programs from, and ``group``, the control group of root's session.
        descriptors: the channel to the judge, and the pipe for what the session prints.
    """
    try:
        os.setsid()
        system.die_with_parent()
        system.adopt_orphans()
        signal.set_wakeup_fd(-1)
        arrange(*descriptors)
        change_account(isolation)
        assert isolation.programs
        program.limit_processes(wanted["group"])
        namespaces.enter()
        files_are_safe = program.own_view(place) or isolation.account is not None
        most_mb = wanted["memory_mb"] + 2 * _written_mb(os.getpid())
        stand_before()
        namespaces.apart()
        program.own_processes()
        _stand_and_watch(most_mb)
        read = [*isolation.read]
        for folder in (*program.folders_of_programs(), *wanted["programs"]):
            read += without_the_course(folder)
        settle(place)
        program.confine(
            isolation.layers,
            place,
            tuple(read),
            seconds=wanted["seconds"],
            memory_mb=wanted["memory_mb"],
            files_are_safe=files_are_safe,
        )
    except BaseException:
        traceback.print_exc()
        leave(_FAILED)
    try:
        _serve(socket.socket(fileno=_CHANNEL), place)
    except BaseException:
        traceback.print_exc()
    finally:
        leave(0)


def _serve(channel: socket.socket, place: str) -> None:
    """Do what the judge asks, until it is gone."""
    with suppress(Closed):
        send(channel, {"ready": True})
        while True:
            message, _ = receive(channel)
            said: dict[str, Any]
            try:
                operation = getattr(runners, f"do_{message['op']}")
                said = {"ok": encode(operation(Path(place), message))}
            except NotPlain as error:
                said = {"notplain": str(error)}
            except Exception as error:
                said = {"raise": explain(error)}
            sys.stdout.flush()
            send(channel, {"id": message["id"], **said})


def _stand_and_watch(most_mb: float) -> None:
    """Fork; the parent, the first of its namespace, counts all others, and they end with it.

    It ends with the child's code, or when there are too many processes, or when they hold too much.
    """
    # The programs have the same account: they shall not read those that stand before them.
    system.hide_memory()
    child = os.fork()
    if child == 0:
        system.die_with_parent()
        # A crowd of processes must not keep the one that counts them from its turn.
        os.setsid()
        os.nice(2)
        return
    os.closerange(0, 4096)
    while True:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            if found[0] == child:
                code = os.waitstatus_to_exitcode(found[1])
                os._exit(code if code >= 0 else 128 - code)
        threads, used_mb = 0, 0.0
        for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
            if pid == "1":
                continue
            with suppress(OSError, ValueError, IndexError):
                threads += len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208
                used_mb += _written_mb(pid)
            if threads > MOST_THREADS:
                os._exit(TOO_MANY)
        if used_mb > most_mb:
            os._exit(TOO_LARGE)
        time.sleep(_LOOK_EVERY_S)


def _written_mb(pid: int | str) -> float:
    # What a process shares with the one that it is forked from seems to be its own.
    _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
