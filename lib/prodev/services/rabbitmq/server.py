"""The keeper's side of RabbitMQ: a node of its own, and the port mapper that Erlang needs."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.account import server_account
from prodev.services.environment import plain_environment
from prodev.services.place import fresh_folder
from prodev.services.ports import LOOPBACK, answers, free_port
from prodev.services.server import (
    PortTakenError,
    Server,
    StartError,
    damaged,
    full_disk,
    how_it_ended,
)

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

USER = "course"
_READY = "Server startup complete"
_TAKEN = ("eaddrinuse", "already in use")
_START_SECONDS = 90.0
LEAST_SPACE = 50_000_000  # bytes
_PORTS = ("amqp", "distribution", "mapper", "management")


class RabbitMQServer(Server):
    """A node on loopback ports, with a user and a password; its data is nobody else's."""

    title = "RabbitMQ"
    disposable = True
    stop_signal = signal.SIGTERM
    stop_seconds = 20.0

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take ``program`` and ``management``: whether the management plugin is wanted."""
        super().__init__(folder, options)
        self._place: Path | None = None
        self._ran = False
        self._ports: dict[str, int] = {}
        self._password = secrets.token_urlsafe(24)

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start it.

        Details are ``place``, ``port``, ``management_port``, ``user``, ``password`` and ``pid``.
        """
        account = server_account("rabbitmq")
        if self._place is None:
            self._place = fresh_folder(account)
            keeper.leftovers.add_folder(self._place)
        place = self._place
        if nearly_full := too_little_space(place):
            raise StartError(f"RabbitMQ does not start: {nearly_full}")
        # The same ones when it starts again: its clients come back to where it was.
        ports = self._ports or {name: free_port() for name in _PORTS}
        self._ports = ports
        self._configure(place, ports)
        if account:
            for path in place.iterdir():
                os.chown(path, account.uid, account.gid)
        environment = self._environment(place, ports)
        # In the foreground: left to itself, it would outlive the node.
        mapper = keeper.spawn(
            [_mapper(), "-port", str(ports["mapper"]), "-address", LOOPBACK],
            env=environment,
            account=account,
            cwd=str(place),
        )
        keeper.wait_for(lambda: answers(ports["mapper"]), mapper, 10)
        said = keeper.written()
        node = keeper.spawn(
            [self.options["program"]], env=environment, account=account, cwd=str(place)
        )
        keeper.wait_for(lambda: self._is_ready(keeper.log(said), mapper), node, _START_SECONDS)
        self._ran = True
        return {
            "place": str(place),
            "port": ports["amqp"],
            "management_port": ports["management"] if self.options["management"] else 0,
            "user": USER,
            "password": self._password,
            "pid": node.pid,
        }

    def _is_ready(self, log: str, mapper: subprocess.Popen[bytes]) -> bool:
        # A node that cannot bind a port takes its time to end; a mapper ends without a word.
        if mapper.poll() is not None or any(sign in log for sign in _TAKEN):
            self._ports = {}
            raise PortTakenError
        return _READY in log

    def explain(self, log: str, status: int) -> str:
        """Say why it ended: a full disk, or damaged files."""
        place = self._place or self.folder
        if self.tells_full_disk(log):
            return full_disk(self.title, place)
        reason = _why_it_did_not_boot(log) or how_it_ended(status)
        if self._ran:
            return damaged(self.title, place, reason)
        return f"RabbitMQ does not start ({reason}); try again."

    def tells_full_disk(self, log: str) -> bool:
        """Whether it has written so, in Erlang's words or the system's."""
        return "enospc" in log or super().tells_full_disk(log)

    def _configure(self, place: Path, ports: dict[str, int]) -> None:
        lines = [
            f"listeners.tcp.course = {LOOPBACK}:{ports['amqp']}",
            f"default_user = {USER}",
            f"default_pass = {self._password}",
            "default_user_tags.administrator = true",
            "log.console = true",
            "log.console.level = info",
            # A laptop's disk is often nearly full; the course's queues are small.
            f"disk_free_limit.absolute = {LEAST_SPACE}",
            "vm_memory_high_watermark.absolute = 512MB",
        ]
        if self.options["management"]:
            lines += [
                f"management.tcp.ip = {LOOPBACK}",
                f"management.tcp.port = {ports['management']}",
            ]
        configuration = place / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("\n".join(lines) + "\n", "utf-8")
        plugins = "[rabbitmq_management]." if self.options["management"] else "[]."
        (place / "enabled_plugins").write_text(plugins, "utf-8")

    @staticmethod
    def _environment(place: Path, ports: dict[str, int]) -> dict[str, str]:
        # The variables: https://www.rabbitmq.com/docs/configure#supported-environment-variables
        # and https://www.rabbitmq.com/docs/relocate
        return plain_environment(
            place,
            RABBITMQ_NODENAME="course@localhost",
            RABBITMQ_NODE_IP_ADDRESS=LOOPBACK,
            RABBITMQ_NODE_PORT=str(ports["amqp"]),
            RABBITMQ_DIST_PORT=str(ports["distribution"]),
            ERL_EPMD_PORT=str(ports["mapper"]),
            ERL_EPMD_ADDRESS=LOOPBACK,
            RABBITMQ_MNESIA_BASE=str(place / "data"),
            RABBITMQ_LOG_BASE=str(place / "log"),
            RABBITMQ_LOGS="-",
            RABBITMQ_ENABLED_PLUGINS_FILE=str(place / "enabled_plugins"),
            RABBITMQ_CONFIG_FILE=str(place / "rabbitmq.conf"),
            RABBITMQ_PID_FILE=str(place / "pid"),
            RABBITMQ_CONF_ENV_FILE="/dev/null",
            # The script then becomes the node, instead of waiting beside it.
            RABBITMQ_ALLOW_INPUT="1",
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=(
                "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none"
                " +sbwtdio none"
            ),
        )


def too_little_space(place: Path) -> str:
    """Say that this folder's disk is so full that RabbitMQ takes no messages; else nothing.

    It lets its clients wait then, without a word: https://www.rabbitmq.com/docs/disk-alarms
    """
    free = shutil.disk_usage(place).free
    if free >= LEAST_SPACE:
        return ""
    return (
        f"the disk that holds {place} is nearly full: {free // 1_000_000} MB are free, and it "
        f"needs {LEAST_SPACE // 1_000_000}; free some space, then try again."
    )


def _why_it_did_not_boot(log: str) -> str:
    """Return Erlang's reason on one line."""
    if unread := re.search(r'"(Cannot [^"]+)"', log):
        return unread[1]
    found = re.search(r"BOOT FAILED\s+=+\s+(.+?)(?:\n\s*\n|\Z)", log, re.DOTALL)
    return " ".join(found[1].split())[:200] if found else ""


def _mapper() -> str:
    if there := shutil.which("epmd"):
        return there
    for path in sorted(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")):
        return str(path)
    raise StartError("RabbitMQ does not start: Erlang's epmd is not on this machine.")
