"""A guard for one run: its processes and its folder go when it ends, also if the owner is killed.

A pipeline's step may leave processes behind, and they may have left its group. So every process
of the run carries a mark in its environment, as Jenkins does it with ``JENKINS_NODE_COOKIE``. At
the end of the run, or of the owner, a small process of ours ends all that carry the mark.

The small process's program is ``guard_watch.py``.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

MARK = "PRODEV_RUN"
_WATCH = Path(__file__).with_name("guard_watch.py").resolve()


class Guard:
    """Starts the processes of one run, and ends all of them when it is closed."""

    def __init__(self, prefix: str = "prodev-run-") -> None:
        """Make the run's private folder, and start the small process that watches this one."""
        self.folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
        self._mark = secrets.token_hex(16)
        program = [sys.executable, "-I", "-S", str(_WATCH)]
        self._process = subprocess.Popen(
            [*program, f"{MARK}={self._mark}", str(os.getpid()), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def spawn(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int | IO[bytes] = subprocess.STDOUT,
    ) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own; ``env`` is its whole environment."""
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env={**env, MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            process_group=0,
        )
        self._tell(f"+{process.pid}\n")
        return process

    def reap(self, process: subprocess.Popen[bytes], seconds: float | None = None) -> int:
        """Wait for a process of the run and return its status; what it left behind goes on.

        Raises:
            subprocess.TimeoutExpired: it still runs after these seconds.
        """
        status = process.wait(seconds)
        self._tell(f"-{process.pid}\n")
        return status

    def end(self, process: subprocess.Popen[bytes], patience: float = 2.0) -> None:
        """Ask a process and its group to end, and kill them if they do not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.reap(process, patience)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what did not listen, but left the leader

    def close(self) -> None:
        """End every process of the run and remove its folder; when this returns they are gone."""
        if self._process.stdin and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def __enter__(self) -> Guard:
        """Return the guard."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the run."""
        self.close()

    def _tell(self, line: str) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                # A write this short is one piece, also with several threads.
                os.write(self._process.stdin.fileno(), line.encode())
