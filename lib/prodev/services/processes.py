"""The processes of one server: each ends with its keeper; the first to start is the last to go."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from prodev.services.account import Account
from prodev.services.leftovers import Leftovers
from prodev.services.server import Server, die_with_parent


class Processes:
    """What a keeper has started and not yet ended."""

    def __init__(self, server: Server, log: Path, leftovers: Leftovers) -> None:
        """Take the server, the file for all output, and where each process is written down."""
        self._server, self._log, self._leftovers = server, log, leftovers
        self._all: list[subprocess.Popen[bytes]] = []

    def spawn(
        self, command: Sequence[str], *, env: Mapping[str, str], account: Account | None, cwd: str
    ) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, under an account."""
        keeper, death_signal = os.getpid(), self._server.death_signal
        who: dict[str, Any] = {}
        if account is not None:
            who = {"user": account.uid, "group": account.gid, "extra_groups": []}
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd,
                env=dict(env),
                process_group=0,
                preexec_fn=lambda: die_with_parent(keeper, death_signal),  # noqa: PLW1509 - no threads
                **who,
            )
        self._all.append(process)
        self._leftovers.add_process(process.pid)
        return process

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """Leave out a process that has ended."""
        self._all.remove(process)

    @property
    def last(self) -> subprocess.Popen[bytes] | None:
        """The process that was started last: the server itself."""
        return self._all[-1] if self._all else None

    def kill(self) -> None:
        """Kill all of them at once, with their groups, as a crash would."""
        for process in self._all:
            _kill_group(process)
        self.end()

    def end(self) -> None:
        """Ask one after the other to stop, and kill what does not in the server's time."""
        for process in reversed(self._all):
            if process.poll() is None:
                process.send_signal(self._server.stop_signal)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(self._server.stop_seconds)
            _kill_group(process)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
        self._all.clear()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
