"""The keeper's side of Redis: start the program with a socket and a password."""

from __future__ import annotations

import os
import re
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.account import server_account
from prodev.services.environment import plain_environment
from prodev.services.place import fresh_folder, reachable_copy
from prodev.services.server import Server, damaged, full_disk, last_line

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

_START_SECONDS = 15.0
_SETTING = re.compile(r">>> '(.+)'\n(.+)")
_STAMP = re.compile(r"(?<=: )\d+:\w \d+ \w+ \d+ [\d:.]+ \S ")  # 12:M 23 Nov 2026 15:16:39.297 #


class RedisServer(Server):
    """A server without a port, with a socket in a private folder; its data is nobody else's."""

    title = "Redis"
    disposable = True

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take ``program`` and ``configuration``."""
        super().__init__(folder, options)
        self._place: Path | None = None
        self._ran = False
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
        keeper.wait_for(lambda: _answers(path, self._password), process, _START_SECONDS)
        self._ran = True
        return {"socket": str(path), "password": self._password, "pid": process.pid}

    def explain(self, log: str, status: int) -> str:
        """Say why it ended: a full disk, a setting that it does not take, damaged files."""
        place = self._place or self.folder
        if self.tells_full_disk(log):
            return full_disk(self.title, place)
        if setting := _SETTING.search(log):
            return (
                f"Redis does not start: it does not take the setting '{setting[1]}' "
                f"({setting[2].strip().rstrip('.')}); correct it, then try again."
            )
        if self._ran:
            words = _STAMP.sub("", last_line(log)).rstrip(".")
            return damaged(self.title, place, words[:1].lower() + words[1:])
        return super().explain(log, status)


def _answers(path: Path, password: str) -> bool:
    """Whether it serves: it accepts connections before it has read its files."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            told = b""
            while told.count(b"\n") < 2 and (part := probe.recv(4096)):
                told += part
        except OSError:
            return False
    return told.endswith(b"+PONG\r\n")


def _stamp(program: Path) -> str:
    status = program.stat()
    return f"{status.st_size}-{status.st_mtime_ns}"
