"""A server that a keeper can start, watch and stop."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper


_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Loaded now: after fork the process may be an account that cannot read Python's files any more.
_LIBC = ctypes.CDLL(None)


class StartError(Exception):
    """The server does not start; the text is one sentence for a person."""


class PortTakenError(Exception):
    """Somebody took the port between choosing and binding it; another one may be free."""


class Server(ABC):
    """How one kind of server is started and stopped. It lives in the keeper's process.

    Nothing heavy is imported by these files: a keeper lives as long as its server.
    """

    title: ClassVar[str]
    linger: ClassVar[float] = 0.0
    """Seconds to wait for another user after the last one has gone."""
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    stop_seconds: ClassVar[float] = 10.0
    """How long it may take to stop; then it is killed."""
    death_signal: ClassVar[signal.Signals] = signal.SIGKILL
    """What the system sends it if the keeper itself is killed (Linux)."""
    least_space: ClassVar[int] = 4_000_000
    """Bytes without which it cannot write."""
    disposable: ClassVar[bool] = False
    """Whether its files go with its last user: then it is killed at the end, which is faster."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take the server's folder, which the keeper has locked, and what its users ask for."""
        self.folder, self.options = folder, options

    @abstractmethod
    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start it, wait until it answers, and return what its users need to connect.

        Raises:
            StartError: it cannot start.
            PortTakenError: another port may do; the keeper calls again.
        """

    def explain(self, log: str, status: int) -> str:
        """Say in one sentence why it ended, for a person who asked for it."""
        return f"{self.title} {how_it_ended(status)}. {last_line(log)}".strip()

    def why_it_stopped(self, log: str, status: int) -> str:
        """Say in one sentence why it stopped by itself, and what to do."""
        # On a full disk it could not even write why.
        if self.tells_full_disk(log) or (status >= 0 and is_full(self.folder, self.least_space)):
            return (
                f"{self.title} stopped by itself: the disk that holds its data is full; free some "
                "space, then run the cell that started it again."
            )
        return (
            f"{self.title} stopped by itself: it {how_it_ended(status)}. "
            "Run the cell that started it again; it starts anew."
        )

    def tells_full_disk(self, log: str) -> bool:
        """Whether it has written that a disk is full."""
        return "No space left on device" in log

    def after_stop(self) -> None:  # noqa: B027 - most have nothing to do
        """Tidy up when its processes are gone."""


def is_full(folder: Path, least: int) -> bool:
    """Whether the disk that holds this folder has fewer free bytes than these."""
    return shutil.disk_usage(folder).free < least


def full_disk(title: str, folder: Path) -> str:
    """Say that a server cannot start because the disk of this folder is full."""
    return (
        f"{title} does not start: the disk that holds {folder} is full; free some space, then try "
        "again."
    )


def damaged(title: str, folder: Path, reason: str) -> str:
    """Say that a private server, halted by a lab, does not start again from its files."""
    return (
        f"{title} does not start again from its files in {folder} ({reason}); run the cell that "
        "started it first: a new one starts empty."
    )


def refused(title: str, error: OSError, folder: Path) -> str:
    """Say what the system refused to a server whose files are in this folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_disk(title, folder)
    return f"{title} does not start: {error}."


def how_it_ended(status: int) -> str:
    """Say how a process ended, from its return code."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"


def last_line(log: str) -> str:
    """Return the last line that says something, as the end of a sentence's explanation."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return f"Its last words: {lines[-1][:200]}" if lines else ""


def die_with_parent(parent: int, death_signal: int) -> None:
    """Ask the system to end this process when its parent ends; called between fork and exec."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)
