"""What the judge may ask of a session with workers: ``do_<operation>(place, message)``."""

from __future__ import annotations

import linecache
import os
import signal
import socket
import sys
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

from prodev.judge.box.operations import ANSWER_FILE
from prodev.judge.box.tasks.application import WORK, install_sleep, make_application
from prodev.judge.box.tasks.door import LIFE, Door
from prodev.judge.box.tasks.given import make_module
from prodev.judge.box.tasks.locks import FromStock, Stock

MODULE = "answer"
_CHANNEL = 3
_LOOK_EVERY_S = 0.1
_STOCK = Stock()


class _Session:
    """What one session has; a forked worker has a copy."""

    door: Door
    app: Any
    held: socket.socket


def do_open_door(_: Path, __: dict[str, Any]) -> None:
    """Send the judge its end of the door, over the channel, with one byte before the reply."""
    ours, theirs = socket.socketpair()
    with socket.socket(fileno=os.dup(_CHANNEL)) as channel, theirs:
        socket.send_fds(channel, [b"d"], [theirs.fileno()])
    _Session.door = Door(ours)


def do_load_tasks(_: Path, message: dict[str, Any]) -> dict[str, Any]:
    """Run the answer's source as its module; return its tasks by the name of their variable."""
    app = make_application(_Session.door, message["broker"])
    given = make_module(
        message["module"], app, message["functions"], message["errors"], _Session.door
    )
    sys.modules[message["module"]] = given
    install_sleep(_Session.door)
    _Session.app = app
    answer = types.ModuleType(MODULE)
    sys.modules[MODULE] = answer
    source = message["source"]
    linecache.cache[ANSWER_FILE] = (len(source), None, source.splitlines(True), ANSWER_FILE)
    exec(compile(source, ANSWER_FILE, "exec", dont_inherit=True), answer.__dict__)
    app.finalize()
    found = {}
    for name, value in list(vars(answer).items()):
        task = app.tasks.get(str(getattr(value, "name", ""))) if callable(value) else None
        if task is not None and getattr(value, "run", None) is not None:
            found[name] = {"name": task.name, "late": bool(task.acks_late)}
        elif callable(value):
            found[name] = {}
    return found


def do_pause(_: Path, __: dict[str, Any]) -> None:
    """Do nothing: whoever waits for the answer takes what it printed, and sees that it lives."""


def do_start_worker(_: Path, message: dict[str, Any]) -> int:
    """Start a worker of the tasks that were loaded; return its number in this session."""
    part = _STOCK.part()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(_CHANNEL)
        _Session.held = _Session.door.connect(LIFE)
        _work(message["pool"], part)
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _work(pool: str, part: Any) -> None:
    import billiard.synchronize

    locks: Any = billiard.synchronize
    locks._billiard = FromStock(part, locks._billiard.SemLock)
    _look_often()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # That root shall not run a worker; behind the walls root has no powers.
    warnings.filterwarnings("ignore", module="celery.platforms")
    worker = _Session.app.Worker(
        hostname="worker@answer",
        pool=pool,
        queues=[WORK],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
        loglevel="CRITICAL",
    )
    worker.start()


def _look_often() -> None:
    """Have the worker look every moment whether a process of its own has died; else every 5 s."""
    from celery.concurrency import asynpool

    pool: Any = asynpool.AsynPool
    pool.timers = property(lambda self: {self.maintain_pool: _LOOK_EVERY_S})
