"""The judge process: ``python -m prodev.judge.process ASKER [HASH_SEED] [WITHOUT]``.

ASKER is the descriptor of a socket to who asks: a kernel, the command line, a grader. Checks,
solutions and hidden cases are in this process only; nobody else can read its memory. It ends, and
everything below it, when the asker is gone.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from prodev.catalog.exercise import Exercise
from prodev.errors import CourseError
from prodev.judge.endings import Abandoned
from prodev.judge.forkers import ForkerGone
from prodev.judge.frames import Closed, receive, send
from prodev.judge.referee import Referee
from prodev.judge.sandbox import system

_LOOK_EVERY_S = 1.0
_END_WITHIN_S = 5.0


def main() -> None:
    """Serve the asker until it is gone."""
    system.hide_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asker = socket.socket(fileno=int(sys.argv[1]))
    asker.set_inheritable(False)
    hash_seed = int(sys.argv[2]) if sys.argv[2:] and sys.argv[2] else None
    without = tuple(sys.argv[3].split(",")) if sys.argv[3:] and sys.argv[3] else ()
    try:
        referee = Referee(hash_seed=hash_seed, without=without)
    except (ForkerGone, OSError) as error:
        send(asker, {"failed": str(error)})
        return
    threading.Thread(target=_follow, args=(os.getppid(), asker), daemon=True).start()
    try:
        send(asker, {"ready": referee.forker.described})
        while True:
            message, _ = receive(asker)
            send(asker, _answer(referee, message, asker))
    except (Closed, Abandoned):
        referee.close()


def _answer(referee: Referee, message: dict[str, Any], asker: socket.socket) -> dict[str, Any]:
    try:
        # The asker has read and checked it; the check, the solution and the cases are read here.
        exercise = Exercise.model_validate(message["exercise"])
        if message["seconds"] is not None:
            limits = exercise.limits.model_copy(update={"seconds": message["seconds"]})
            exercise = exercise.model_copy(update={"limits": limits})
        verdict = referee.judge(exercise, message["source"], message["seed"], asker)
    except CourseError as error:
        return {"error": str(error)}
    return {"verdict": verdict.model_dump()}


def _follow(parent: int, asker: socket.socket) -> None:
    """Notice the asker's death also where a process that it forked keeps the socket open."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    with suppress(OSError):
        asker.shutdown(socket.SHUT_RDWR)
    # A check that never ends does not look at the socket; the forker and the answer end with us.
    time.sleep(_END_WITHIN_S)
    os._exit(1)


if __name__ == "__main__":
    main()
