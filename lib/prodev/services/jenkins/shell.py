"""Run the scripts of ``sh`` steps, as Jenkins does it: ``/bin/sh -xe``."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from prodev.services.guard import Guard
from prodev.services.jenkins.context import Context, InterruptedRunError
from prodev.services.jenkins.groovy.values import GroovyError

_PATIENCE = 2.0  # seconds to end after a signal
_MOST = 2_000_000  # bytes of output that are kept
_TOO_MUCH = 200_000_000  # bytes of output that end a script


class Finished(NamedTuple):
    """How a script ended."""

    status: int
    output: str
    """What it wrote to standard output, where that was asked for; else empty."""


def run_script(
    guard: Guard, script: str, context: Context, env: Mapping[str, str], *, capture: bool
) -> Finished:
    """Run a script in the context's folder; what it writes goes into the log.

    A first line such as ``#!/usr/bin/env python3`` names another program, and then there is no
    ``-xe``. Processes that it leaves in the background go on until the end of the build.

    Raises:
        InterruptedRunError: it had to end.
    """
    folder = context.here()
    folder.mkdir(parents=True, exist_ok=True)
    control = Path(mkdtemp(prefix="script-", dir=guard.folder))
    file = control / "script.sh"
    file.write_text(script, "utf-8")
    output, log = control / "output", control / "log"
    with log.open("wb") as log_file, output.open("wb") as output_file:
        process = guard.spawn(
            [*_program(script), str(file)],
            cwd=folder,
            env=env,
            stdout=output_file if capture else log_file,
            stderr=log_file,
        )
        try:
            status = _wait(guard, process, context, (log, output))
        finally:
            _tell(context, log)
    return Finished(status, _read(output) if capture else "")


def _wait(
    guard: Guard, process: subprocess.Popen[bytes], context: Context, files: tuple[Path, ...]
) -> int:
    while True:
        try:
            return guard.reap(process, 0.1)
        except subprocess.TimeoutExpired:
            try:
                context.check()
                _check_size(files)
            except (InterruptedRunError, GroovyError):
                guard.end(process, _PATIENCE)
                raise
        except BaseException:
            guard.end(process, _PATIENCE)
            raise


def _check_size(files: tuple[Path, ...]) -> None:
    if any(file.stat().st_size > _TOO_MUCH for file in files):
        raise GroovyError(f"the script wrote more than {_TOO_MUCH:,} bytes")


def _program(script: str) -> list[str]:
    first, _, _ = script.partition("\n")
    return shlex.split(first[2:]) if first.startswith("#!") else ["/bin/sh", "-xe"]


def _tell(context: Context, log: Path) -> None:
    if text := _read(log):
        context.say(text)


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        text = opened.read(_MOST).decode("utf-8", "replace")
        return text + ("\n… more was left out\n" if opened.read(1) else "")
