"""What a server leaves if its keeper is killed: written down, and cleared by the next keeper."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from pathlib import Path

_FILE = "leftovers.json"


class Leftovers:
    """The processes and folders of one server that have to go with it."""

    def __init__(self, folder: Path) -> None:
        """Take the server's folder, whose lock this process holds."""
        self._path = folder / _FILE
        self._new = self._path.with_suffix(".new")
        self._processes: list[tuple[int, str]] = []
        self._folders: list[str] = []

    def add_process(self, pid: int) -> None:
        """Note a process; it is known again by its pid and the moment of its start."""
        self._processes.append((pid, started(pid)))
        self._write()

    def add_folder(self, folder: Path) -> None:
        """Note a folder."""
        self._folders.append(str(folder))
        self._write()

    def clear(self) -> None:
        """Kill the processes and remove the folders that are written down.

        What this keeper has noted itself counts as well: on a full disk it could not be written.
        """
        processes, folders = list(self._processes), list(self._folders)
        with contextlib.suppress(OSError, ValueError):
            noted = json.loads(self._path.read_text("utf-8"))
            processes += noted["processes"]
            folders += noted["folders"]
        for pid, start in processes:
            _end(pid, start)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        for path in (self._path, self._new):
            path.unlink(missing_ok=True)
        self._processes.clear()
        self._folders.clear()

    def _write(self) -> None:
        text = json.dumps({"processes": self._processes, "folders": self._folders})
        self._new.write_text(text, "utf-8")
        self._new.replace(self._path)


def started(pid: int) -> str:
    """Return when a process started, as the system counts; empty where it does not tell."""
    try:
        # The second field, the name in brackets, may itself hold spaces and brackets.
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if status[0] == "Z" else status[19]


def _end(pid: int, start: str) -> None:
    if not start or started(pid) != start:
        return
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while started(pid) == start and time.monotonic() < deadline:
        time.sleep(0.01)
