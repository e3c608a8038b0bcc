"""A program of the course's own, such as a web server or a worker, that ends with its owner."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from prodev.services.kept import keep_private
from prodev.services.kept_running import KeptRunning
from prodev.services.server import last_line
from prodev.services.service import Found, ServiceError

_PAUSE = 0.02  # seconds


class Program(KeptRunning):
    """A program that runs until ``stop()``, or until its owner ends, also by SIGKILL."""

    @property
    def pid(self) -> int:
        """The process; it leads a group of its own."""
        return int(self.details["pid"])

    @property
    def folder(self) -> Path:
        """A private folder for its files; it goes away with the program."""
        return Path(self.details["folder"])

    def log(self) -> str:
        """Return what it has written so far, standard output and error together."""
        try:
            return Path(self.details["log"]).read_text("utf-8", "replace")
        except OSError:  # it went away with the program
            return self._kept.last_log

    def kill(self) -> None:
        """Kill it and all of its group at once, as a crash would; ``check`` then tells so."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def run_program(  # noqa: PLR0913 - as subprocess has them
    command: Sequence[str],
    *,
    name: str,
    env: Mapping[str, str],
    ready: Callable[[], bool] | None = None,
    seconds: float = 30.0,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    stop_seconds: float = 10.0,
) -> Program:
    """Start a program and return it when it is ready.

    Args:
        command: the program and its arguments; nothing goes through a shell.
        name: what it is called in sentences to a person, such as ``The web server``.
        env: its whole environment.
        ready: asked again and again until it is true; without it the program is ready at once.
        seconds: how long that may take.
        cwd: its working folder; its own private one if left out.
        stop_signal: what asks it to stop.
        stop_seconds: how long stopping may take; then it is killed.

    Raises:
        ServiceError: it ended or was not ready in time; the sentence has its last words.
    """
    options: dict[str, Any] = {
        "command": list(command),
        "name": name,
        "env": dict(env),
        "cwd": str(cwd) if cwd else "",
        "stop_signal": int(stop_signal),
        "stop_seconds": stop_seconds,
    }
    kept = keep_private("prodev.services.program_server:ProgramServer", options, seconds=seconds)
    program = Program(Found(state="real", provider=name, version=""), kept)
    try:
        _wait(program, ready or (lambda: True), seconds)
    except BaseException:
        program.stop()
        raise
    return program


def _wait(program: Program, ready: Callable[[], bool], seconds: float) -> None:
    name = program.found.provider
    deadline = time.monotonic() + seconds
    while not ready():
        if program.ended():
            raise ServiceError(f"{name} does not start. {last_line(program.log())}".strip())
        if time.monotonic() > deadline:
            raise ServiceError(
                f"{name} was not ready within {seconds:.0f} seconds. {last_line(program.log())}"
            )
        time.sleep(_PAUSE)
