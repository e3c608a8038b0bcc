"""The keeper: a small process that starts a server, and stops it when its last user is gone.

A user is a connection to the keeper. The system closes it when the user's process ends, also by
SIGKILL, so a server without users cannot stay behind. The first user's connection is there from the
start. Others of a shared server come by a socket in its folder; its keeper holds the lock on that
folder from before the start until everything is gone: who gets the lock is alone.

Run as ``python -m prodev.services.keeper``, with its orders as JSON on standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from prodev.services.account import Account
from prodev.services.leftovers import Leftovers
from prodev.services.place import fresh_folder, short_folder
from prodev.services.processes import Processes
from prodev.services.server import PortTakenError, Server, StartError, refused

LOG = "server.log"

_TRIES = 5  # ports
_TURN = 0.02  # seconds between two looks while something starts
_REST = 0.25  # seconds between two looks at a server that runs
_LOG_TAIL = 20_000  # bytes
_LAST_WORDS = 4_000  # characters


class Abandoned(Exception):  # noqa: N818 - not an error: nobody waits for the server any more
    """The last user went away."""


class Keeper:
    """Keeps one server for its users."""

    def __init__(self, server: Server, user: socket.socket, *, door: Path | None) -> None:
        """Take the server, its first user, and the path of the socket for others."""
        self.server, self.door = server, door
        self.log_path = server.folder / LOG
        self.leftovers = Leftovers(server.folder)
        self._users: set[socket.socket] = set()
        self._ready = b""
        self._processes = Processes(server, self.log_path, self.leftovers)
        self._alone_since: float | None = None
        self._stopping = False
        self._orders: list[tuple[socket.socket, str]] = []
        self._selector = selectors.DefaultSelector()
        self._add(user)

    def serve(self) -> None:
        """Start the server, keep it while it has users, then stop it and leave nothing."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        listener, refusal = None, ""
        try:
            self.leftovers.clear()  # of a keeper that was killed
            listener = self._listen(self.door) if self.door else None
            self._ready = _line({"details": self._start()})
            self._tell(self._ready)
            self._watch()
        except Abandoned:
            pass
        except StartError as error:
            refusal = str(error)
        except OSError as error:
            refusal = refused(self.server.title, error, self.server.folder)
        finally:
            # Nobody new from here on: who comes now is told by a closed door to start anew.
            if listener and self.door:
                listener.close()
                self.door.unlink(missing_ok=True)
                if self.door.parent != self.server.folder:
                    with contextlib.suppress(OSError):
                        self.door.parent.rmdir()
            self._stop()
        if refusal:
            # Last of all, so that who follows the advice finds nothing in use.
            self._tell(_line({"error": refusal}))

    def run(self, command: Sequence[str], **options: Any) -> None:
        """Run a command to its end.

        Raises:
            StartError: it failed; the sentence comes from the server's ``explain``.
        """
        process = self.spawn(command, **options)
        while process.poll() is None:
            self.turn(_TURN)
        self._processes.forget(process)
        if process.returncode:
            raise StartError(self.server.explain(self.log(), process.returncode))

    def spawn(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        account: Account | None = None,
        cwd: str = "/",
    ) -> subprocess.Popen[bytes]:
        """Start a process that ends with the keeper; its output goes to the server's log."""
        return self._processes.spawn(command, env=env, account=account, cwd=cwd)

    def wait_for(
        self, ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float
    ) -> None:
        """Wait until ``ready()``.

        Raises:
            StartError: the process ended, or it took longer than these seconds.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None:
                raise StartError(self.server.explain(self.log(), process.returncode))
            if time.monotonic() > deadline:
                title = self.server.title
                raise StartError(
                    f"{title} did not answer within {seconds:.0f} seconds; this machine may be "
                    "busy: try again."
                )
            self.turn(_TURN)

    def log(self, since: int = 0) -> str:
        """Return the end of what the server has written, from this many bytes on."""
        try:
            with self.log_path.open("rb") as file:
                file.seek(max(since, file.seek(0, os.SEEK_END) - _LOG_TAIL))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def written(self) -> int:
        """Return how many bytes the server has written so far."""
        return self.log_path.stat().st_size if self.log_path.exists() else 0

    def turn(self, seconds: float) -> None:
        """Wait this long for users who come and go.

        Raises:
            Abandoned: the last one has gone, or the keeper was asked to stop.
        """
        for key, _ in self._selector.select(seconds):
            if key.data == "listener":
                self._welcome(key.fileobj)  # type: ignore[arg-type]
            else:
                self._hear(key.fileobj)  # type: ignore[arg-type]
        if self._stopping:
            raise Abandoned
        if self._alone_since is not None:
            alone = time.monotonic() - self._alone_since
            if not self._ready or alone >= self.server.linger:
                raise Abandoned

    def _start(self) -> dict[str, Any]:
        with contextlib.suppress(OSError):
            self.log_path.unlink()
        for attempt in range(1, _TRIES + 1):
            try:
                return self.server.start(self)
            except PortTakenError:
                self._processes.end()
                if attempt == _TRIES:
                    raise StartError(
                        f"{self.server.title} found {_TRIES} ports taken, one after the other; "
                        "try again."
                    ) from None
        raise AssertionError

    def _watch(self) -> None:
        while not (server := self._processes.last) or server.poll() is None:
            self.turn(_REST)
            while self._orders:
                user, order = self._orders.pop(0)
                self._send(user, self._obey(order))
        log = self.log()[-_LAST_WORDS:]
        self._tell(_line({"died": self.server.why_it_stopped(log, server.returncode), "log": log}))

    def _obey(self, order: str) -> bytes:
        """Stop, kill or start the server while its users stay; return the answer."""
        if order == "start":
            if not self._processes.last:
                self._ready = _line({"details": self._start()})
        elif order == "kill":
            self._processes.kill()
        else:
            self._processes.end()
        return self._ready

    def _listen(self, door: Path) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        door.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(door))
        finally:
            os.umask(before)
        listener.listen(64)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, "listener")
        return listener

    def _asked_to_stop(self, *_: object) -> None:
        self._stopping = True

    def _welcome(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            user, _ = listener.accept()
            self._add(user)
            if self._ready:
                self._send(user, self._ready)

    def _add(self, user: socket.socket) -> None:
        user.settimeout(1.0)
        self._users.add(user)
        self._alone_since = None
        self._selector.register(user, selectors.EVENT_READ, "user")

    def _hear(self, user: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if words := user.recv(4096):
                self._orders += [(user, order) for order in words.decode().split()]
                return
        self._selector.unregister(user)
        self._users.discard(user)
        if self._users or self._alone_since is not None:
            user.close()
            return
        self._alone_since = time.monotonic()
        if self.server.linger:
            user.close()
        else:
            # The last user of a private server may be waiting for the door to close.
            self._users.add(user)

    def _tell(self, line: bytes) -> None:
        for user in list(self._users):
            self._send(user, line)

    @staticmethod
    def _send(user: socket.socket, line: bytes) -> None:
        with contextlib.suppress(OSError):
            user.sendall(line)

    def _stop(self) -> None:
        if self.server.disposable:
            self._processes.kill()
        else:
            self._processes.end()
        self.server.after_stop()
        self.leftovers.clear()


def main() -> None:
    """Read the orders, leave the user's family of processes, and serve."""
    orders = json.loads(sys.stdin.buffer.read())
    if os.fork():
        os._exit(0)
    user = socket.socket(fileno=orders["user"])
    try:
        _serve(orders, user)
    except Exception as error:
        # A mistake of ours; the user's process can show it, this one has no terminal.
        with contextlib.suppress(OSError):
            user.sendall(_line({"error": f"The keeper failed: {error!r}."}))
        raise
    finally:
        user.close()


def _serve(orders: dict[str, Any], user: socket.socket) -> None:
    module, _, name = orders["server"].partition(":")
    server_class: type[Server] = getattr(import_module(module), name)
    if shared := orders["folder"]:
        folder = Path(shared)
        Keeper(server_class(folder, orders["options"]), user, door=door_of(folder)).serve()
        return
    try:
        folder = fresh_folder(None)
    except OSError as error:
        user.sendall(_line({"error": refused(server_class.title, error, Path("/tmp"))}))
        return
    try:
        Keeper(server_class(folder, orders["options"]), user, door=None).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def door_of(folder: Path) -> Path:
    """Return where the keeper of a shared server's folder listens."""
    return short_folder(folder) / "keeper"


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to tidy, and a user may be waiting for the end
