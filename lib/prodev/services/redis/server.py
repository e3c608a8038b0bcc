"""The keeper's side of Redis: start the program with a socket and a password."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.account import server_account
from prodev.services.environment import plain_environment
from prodev.services.place import fresh_folder, reachable_copy
from prodev.services.server import Server

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper


class RedisServer(Server):
    """A server without a port, with a socket in a private folder; its data is nobody else's."""

    title = "Redis"

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take ``program`` and ``configuration``."""
        super().__init__(folder, options)
        self._place: Path | None = None
        self._password = secrets.token_urlsafe(24)

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start it; details are ``socket``, ``password`` and ``pid``."""
        account = server_account("redis", "valkey")
        program = Path(self.options["program"])
        program = reachable_copy(program.parent, f"redis-{_stamp(program)}", account) / program.name
        if self._place is None:
            self._place = fresh_folder(account)
            keeper.leftovers.add_folder(self._place)
        place = self._place
        path = place / "redis.sock"
        settings = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "requirepass": self._password,
            "dir": str(place),
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            **self.options["configuration"],
        }
        # The password goes by a file: a command line can be read by everybody.
        configuration = place / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        if account:
            os.chown(configuration, account.uid, account.gid)
        process = keeper.spawn(
            [str(program), str(configuration)],
            env=plain_environment(place),
            account=account,
            cwd=str(place),
        )
        keeper.wait_for(lambda: _answers(path), process, 15)
        return {"socket": str(path), "password": self._password, "pid": process.pid}

    def explain(self, log: str, status: int) -> str:
        """Say why it ended; a setting that it does not know is the most frequent reason."""
        for line in log.splitlines():
            if "FATAL CONFIG" in line or "Bad directive" in line or "No space left" in line:
                return f"Redis does not start: {line.strip()}"
        return super().explain(log, status)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(str(path)) == 0


def _stamp(program: Path) -> str:
    status = program.stat()
    return f"{status.st_size}-{status.st_mtime_ns}"
