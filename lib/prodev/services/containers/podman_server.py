"""The keeper's side of Podman: a room for one engine, and nothing left of it afterwards."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.containers.cgroups import may_limit, remove_groups
from prodev.services.containers.layout import READY
from prodev.services.environment import plain_environment
from prodev.services.leftovers import started
from prodev.services.place import cache_folder, made
from prodev.services.server import Server, last_line

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

GROUPS = "prodev-"  # and the engine's name: its control groups
NEW_ROOM = ("--mount", "--pid", "--fork", "--net", "--ipc")
NEW_ACCOUNTS = ("--map-auto", "--map-root-user")
_START_SECONDS = 20.0
_END_SECONDS = 10.0


class PodmanServer(Server):
    """A room; Podman itself runs in it only while it is told something."""

    title = "Podman"
    stop_signal = signal.SIGKILL

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take ``runtime``: the OCI runtime's path, and ``makes_images``: see ``layout``."""
        super().__init__(folder, options)
        self._place: Path | None = None
        self._lock = -1
        self._room = 0

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Set a room up; details are ``room`` (its first process), ``place``, ``groups``."""
        engines = made(made(cache_folder() / "containers") / "engines")
        place = self._place = self._make_place(engines)
        limits = may_limit()
        orders = {
            "place": str(place),
            "door": str(self.folder),
            "images": str(images_folder()),
            "runtime": self.options["runtime"],
            "makes_images": self.options["makes_images"],
            "limits": limits,
        }
        python_path = os.environ.get("PYTHONPATH", "")
        process = keeper.spawn(
            [
                "unshare",
                *(NEW_ACCOUNTS if os.geteuid() != 0 else ()),
                *NEW_ROOM,
                "--kill-child",
                *(sys.executable, "-P", "-m", "prodev.services.containers.room"),
                json.dumps(orders),
            ],
            env=plain_environment(self.folder, PYTHONPATH=python_path),
        )
        ready = self.folder / READY
        keeper.wait_for(ready.exists, process, _START_SECONDS)
        self._room = json.loads(ready.read_text("utf-8"))["pid"]
        return {
            "room": self._room,
            "door": str(self.folder),
            "place": str(place),
            "groups": f"{GROUPS}{place.name}" if limits else "",
        }

    def _make_place(self, engines: Path) -> Path:
        # With the lock, so that no other engine sweeps a folder away that is just being made.
        sweeping = os.open(engines, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(sweeping, fcntl.LOCK_EX)
            _sweep(engines)
            place = engines / secrets.token_hex(4)
            place.mkdir(0o700)
            self._lock = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        finally:
            os.close(sweeping)
        return place

    def explain(self, log: str, status: int) -> str:  # noqa: ARG002
        """Say what the system refused."""
        return f"Podman's containers cannot start here. {last_line(log)}".strip()

    def after_stop(self) -> None:
        """Wait for the last process of the room, then remove its files and control groups."""
        if self._room and (start := started(self._room)):
            deadline = time.monotonic() + _END_SECONDS
            while started(self._room) == start and time.monotonic() < deadline:
                time.sleep(0.01)
        if self._place:
            _remove(self._place)
            os.close(self._lock)


def images_folder() -> Path:
    """Return the folder of the images that all engines of this account share."""
    return made(made(cache_folder() / "containers") / "images")


def _sweep(engines: Path) -> None:
    """Remove what engines left whose keeper was killed: nobody holds the lock on their folder."""
    for place in engines.iterdir():
        with contextlib.suppress(OSError):
            lock = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(place)
            finally:
                os.close(lock)


def _remove(place: Path) -> None:
    remove_groups(f"{GROUPS}{place.name}")
    if os.geteuid() == 0:
        shutil.rmtree(place, ignore_errors=True)
        return
    # The files of containers belong to accounts that exist only in a room.
    subprocess.run(
        ["unshare", *NEW_ACCOUNTS, "rm", "-rf", "--", str(place)],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
