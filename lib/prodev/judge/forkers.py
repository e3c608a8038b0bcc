"""The warm forker, seen from the judge: started by exec, asked for a child, told to kill it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from prodev.judge.box.folders import removal
from prodev.judge.frames import Closed, receive, send

_START_S, _ANSWER_S = 60.0, 20.0
_PACKAGE = Path(__file__).resolve().parents[2]


class ForkerGone(Exception):  # noqa: N818
    """The forker has died; a new one can be started. The text is what it said last, if anything."""


class Forker:
    """A warm forker of this process; one answer at a time.

    Attributes:
        described: ``layers``, ``account`` and ``refused``, as ``prodev.judge.box.layers`` has them.
    """

    def __init__(self, *, hash_seed: int | None = None, without: tuple[str, ...] = ()) -> None:
        """Start a forker.

        Args:
            hash_seed: ``PYTHONHASHSEED`` of every answer; random by default.
            without: layers of isolation to leave out.

        Raises:
            ForkerGone: it did not start.
        """
        self.control, theirs = socket.socketpair()
        self.folder = tempfile.mkdtemp(prefix="prodev-judge-")
        # An answer under an account of its own must come through to its folder in here.
        os.chmod(self.folder, 0o711)  # noqa: PTH101
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "random" if hash_seed is None else str(hash_seed),
            "PYTHONPATH": package_path(),
            "PYTHONDONTWRITEBYTECODE": "1",
            # A second thread in the forker would be lost, with its locks, in every child.
            "OPENBLAS_NUM_THREADS": "1",
        }
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the forker is
        number = str(theirs.fileno())
        command = [sys.executable, "-P", "-m", "prodev.judge.box.forker", number, self.folder]
        self.process = subprocess.Popen(
            [*command, ",".join(without)],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.said,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
        theirs.close()
        self.busy = False
        try:
            self.described: dict[str, Any] = self._next("ready", _START_S)
        except ForkerGone:
            self.close()
            raise

    def warm(self, service: str) -> None:
        """Have the forker load what answers of this kind need, and go on meanwhile.

        Raises:
            ForkerGone: the forker has died.
        """
        try:
            send(self.control, {"warm": service})
        except Closed:
            raise self._gone() from None

    def fork(self, wanted: dict[str, Any], *descriptors: int) -> int:
        """Fork a child for one answer; return its process number.

        Args:
            wanted: what the child shall be.
            *descriptors: the channel, the pipe for what it prints, and a service's door.

        Raises:
            ForkerGone: the forker has died.
        """
        try:
            send(self.control, {"fork": wanted}, descriptors)
        except Closed:
            raise self._gone() from None
        self.busy = True
        return int(self._next("pid", _ANSWER_S))

    def wait(self, seconds: float) -> int | None:
        """Wait for the child's own end; return its exit code, or None if it goes on.

        Raises:
            ForkerGone: the forker has died.
        """
        end = time.monotonic() + seconds
        while self.busy and (left := end - time.monotonic()) > 0:
            if not select.select([self.control], [], [], left)[0]:
                return None
            try:
                message, _ = receive(self.control)
            except Closed:
                raise self._gone() from None
            if "ended" in message:
                self.busy = False
                return int(message["ended"]["exit"])
        return None

    def kill(self) -> int:
        """Kill the child and everything that it started; return its exit code.

        Raises:
            ForkerGone: the forker has died.
        """
        if not self.busy:
            return 0
        try:
            send(self.control, {"kill": True})
        except Closed:
            raise self._gone() from None
        code = int(self._next("ended", _ANSWER_S)["exit"])
        self.busy = False
        return code

    def close(self) -> None:
        """End the forker and everything that it started."""
        self.control.close()
        try:
            self.process.wait(_ANSWER_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if Path(self.folder).exists():
            os.waitpid(removal(self.folder), 0)
        self.said.close()

    def _next(self, key: str, timeout: float) -> Any:
        self.control.settimeout(timeout)
        try:
            while True:
                message, _ = receive(self.control)
                if key in message:
                    return message[key]
        except (Closed, TimeoutError):
            with suppress(OSError):
                self.process.kill()
            raise self._gone() from None

    def _gone(self) -> ForkerGone:
        self.said.seek(0)
        lines = self.said.read().decode("utf-8", "replace").strip().splitlines()
        return ForkerGone(lines[-1] if lines else "")


def package_path() -> str:
    """Return a ``PYTHONPATH`` with which a new Python finds this package and what it needs."""
    return os.pathsep.join(filter(None, [str(_PACKAGE), os.environ.get("PYTHONPATH", "")]))
