"""The user's side of a keeper: get a server, hold it, let it go."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

from prodev.services.keeper import door_of
from prodev.services.service import ServiceError

_PAUSE = 0.02  # seconds between two tries
_GONE = "The server is gone; run the cell that started it again."
_CLOSING = 30.0  # seconds that a private server may take to go away


class Kept:
    """A server that lives at least as long as this object's connection to its keeper."""

    def __init__(self, connection: socket.socket, details: dict[str, Any]) -> None:
        """Take the connection, and what the server said on it."""
        self._connection: socket.socket | None = connection
        self.details = details
        self._ended = ""
        self.last_log = ""
        """The end of what a server wrote that stopped by itself."""

    def ended(self) -> str:
        """Return why the server ended by itself, as a sentence; empty while it runs."""
        if self._connection is None:
            return "This server was stopped; start it again."
        if not self._ended:
            self._connection.setblocking(False)
            try:
                self._ended, self.last_log = _last_words(self._connection.recv(65536))
            except BlockingIOError:
                return ""
            except OSError:
                self._ended = _GONE
        return self._ended

    def order(self, what: Literal["stop", "kill", "start"], *, seconds: float = 60.0) -> None:
        """Stop, kill or start the server, while its keeper and its files stay.

        Raises:
            ServiceError: it is gone, or does not start.
        """
        if self._connection is None or (ended := self.ended()):
            raise ServiceError(ended if self._connection else "This server was stopped.")
        try:
            self._connection.settimeout(seconds)
            self._connection.sendall(what.encode() + b"\n")
            details = _answer(self._connection, time.monotonic() + seconds)
        except ServiceError as error:
            self._ended = str(error)
            raise
        except OSError:
            details = None
        if details is None:
            self._ended = _GONE
            raise ServiceError(_GONE)
        self.details = details

    def close(self, *, wait: bool) -> None:
        """Let the server go; ``wait`` until all of it is gone, if it is nobody else's."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(_CLOSING)
            while wait and connection.recv(65536):
                pass
        connection.close()


def keep_shared(server: str, folder: Path, options: dict[str, Any], *, seconds: float) -> Kept:
    """Return the one server of this folder; start it where it does not run.

    Any number of processes may call this at the same time: one keeper is started.

    Args:
        server: module and class of the server, such as ``prodev.services.redis.server:Redis``.
        folder: the server's folder; it exists.
        options: what the server's class takes; used only where it is started.
        seconds: how long it may take in all.

    Raises:
        ServiceError: it does not start; the sentence says why and what to do.
    """
    door = door_of(folder)
    deadline = time.monotonic() + seconds
    while True:
        connection = _connected(door) or _started(server, folder, options)
        if connection and (details := _answer(connection, deadline)):
            return Kept(connection, details)
        if time.monotonic() > deadline:
            raise _too_slow(f"The server in {folder}", seconds)
        time.sleep(_PAUSE)  # another keeper of this folder is just starting or ending


def keep_private(server: str, options: dict[str, Any], *, seconds: float) -> Kept:
    """Start a server for this process alone; its folder is made and removed by its keeper.

    Raises:
        ServiceError: it does not start; the sentence says why and what to do.
    """
    connection = _start_keeper(server, None, options, lock=None)
    details = _answer(connection, time.monotonic() + seconds)
    if details is None:
        raise _too_slow("The server", seconds)
    return Kept(connection, details)


def _last_words(text: bytes) -> tuple[str, str]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            message = json.loads(line)
            return str(message["died"]), str(message["log"])
    return _GONE, ""


def _too_slow(what: str, seconds: float) -> ServiceError:
    return ServiceError(
        f"{what} did not start within {seconds:.0f} seconds; this machine may be busy: try again."
    )


def _connected(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def _answer(connection: socket.socket, deadline: float) -> dict[str, Any] | None:
    """Return the details; None, with the connection closed, where the keeper says nothing."""
    text = b""
    try:
        while not text.endswith(b"\n"):
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            part = connection.recv(65536)
            if not part:
                break
            text += part
        else:
            message = json.loads(text.splitlines()[0])
            if "details" in message:
                details: dict[str, Any] = message["details"]
                return details
            connection.close()
            raise ServiceError(str(message.get("error") or message["died"]))
    except OSError:  # it was closing down, or takes too long
        pass
    connection.close()
    return None


def _started(server: str, folder: Path, options: dict[str, Any]) -> socket.socket | None:
    """Start a keeper, if nobody else holds the folder's lock."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The keeper inherits the lock with its file descriptor, and so has it before anyone else.
        return _start_keeper(server, folder, options, lock=lock)
    except BlockingIOError:
        return None
    finally:
        os.close(lock)


def _start_keeper(
    server: str, folder: Path | None, options: dict[str, Any], *, lock: int | None
) -> socket.socket:
    try:
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    except OSError as error:
        raise ServiceError(
            f"The server cannot be started: no folder for temporary files can be written ({error});"
            " free some space, or set TMPDIR to a folder that you may write to."
        ) from None
    mine, its = socket.socketpair()
    orders = {
        "server": server,
        "folder": str(folder) if folder else "",
        "options": options,
        "user": its.fileno(),
    }
    with its, errors:
        started = subprocess.run(
            [sys.executable, "-P", "-m", "prodev.services.keeper"],
            input=json.dumps(orders).encode(),
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=[its.fileno(), *([lock] if lock is not None else [])],
            start_new_session=True,
            cwd="/",
            check=False,
        )
        errors.seek(0)
        told = errors.read().decode("utf-8", "replace").strip().splitlines()
    if started.returncode:
        mine.close()
        raise ServiceError(f"The keeper of the server does not start: {' '.join(told[-1:])}")
    return mine
