"""Engines: what starts one run in a process of its own, and the handle on it.

A registry of names; a faster engine is one more entry that returns the same handle.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from prodev.batch.job import Ended, Job
from prodev.batch.processes import kill_descendants
from prodev.errors import CourseError


class Running(Protocol):
    """A run under way."""

    sentinel: int
    """Becomes ready, for ``multiprocessing.connection.wait``, when the run has ended."""

    def stop(self) -> None:
        """Ask the run to end now and to keep what it has."""

    def kill(self) -> None:
        """End every process of the run."""

    def ended(self) -> Ended | None:
        """Wait for the end; None if the run's process died without a word."""


Engine = Callable[[Job], Running]


def start_papermill(job: Job) -> Running:
    """Run a notebook with stock papermill on a stock kernel, in a fresh process.

    The process is forked from a server that has imported papermill once, which takes more than a
    second; so time, memory and working directory belong to this run alone.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["prodev.batch.papermill_run"])
    ours, theirs = context.Pipe()
    process = context.Process(target=_enter, args=(job, theirs), daemon=False)
    with _without_main():
        process.start()
    theirs.close()
    return _Process(process, ours)


ENGINES: dict[str, Engine] = {"papermill": start_papermill}


def get_engine(name: str) -> Engine:
    """Return an engine by its name.

    Raises:
        CourseError: there is no such engine.
    """
    if name not in ENGINES:
        raise CourseError(f"There is no engine '{name}'; there is {' or '.join(ENGINES)}.")
    return ENGINES[name]


class _Process:
    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self._process, self._connection = process, connection
        self.sentinel: int = process.sentinel

    def stop(self) -> None:
        # It may have ended meanwhile: then there is nothing to stop.
        try:
            self._connection.send("stop")
        except OSError:
            return

    def kill(self) -> None:
        pid = self._process.pid
        if pid is None or not self._process.is_alive():
            return
        # Held still, it can start nothing new while its descendants are looked up.
        try:
            os.kill(pid, signal.SIGSTOP)
        except ProcessLookupError:
            return
        kill_descendants(pid)
        self._process.kill()

    def ended(self) -> Ended | None:
        self._process.join()
        try:
            return self._connection.recv() if self._connection.poll() else None
        except (EOFError, OSError):
            return None
        finally:
            self._connection.close()
            self._process.close()


def _enter(job: Job, connection: Connection) -> None:
    # Imported here so that the batch itself never pays for papermill.
    from prodev.batch.papermill_run import run_in_this_process

    run_in_this_process(job, connection)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep multiprocessing from running the caller's script again in each process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
