"""The way to Podman in its room."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from prodev.services.containers.client import Answer, Client, call
from prodev.services.containers.context import copy_folder
from prodev.services.containers.door import ask_room, listening_socket
from prodev.services.containers.layout import INTERFACE, PLACE, environment
from prodev.services.service import ServiceError

_LOOPBACK = "127.0.0.1"


class PodmanClient(Client):
    """Podman, run in its room."""

    name = "Podman"
    remove = (*Client.remove, "--time", "0")  # else it waits ten seconds for some

    def __init__(self, details: Mapping[str, Any]) -> None:
        """Take what the room said about itself."""
        self._room, self._groups = str(details["room"]), str(details["groups"])
        self._place, self._door = Path(str(details["place"])), Path(str(details["door"]))
        self._ports: dict[tuple[str, int], int] = {}
        self._interface = False
        if not self._groups:
            self.no_limits = (
                "Podman cannot limit memory here, because your account may not use control "
                "groups; use Docker, or run as root."
            )

    def command(self, arguments: Sequence[str], *, alone: bool = False) -> list[str]:
        """Enter the room; in there nothing of the machine's network and processes is seen."""
        enter = ["nsenter", "--target", self._room, "--mount", "--pid", "--net", "--ipc"]
        if os.geteuid() != 0:
            enter.append("--user")
        if alone:
            enter += ["unshare", "--pid", "--fork", "--kill-child", "--net", "--mount-proc"]
        groups = []
        if self._groups and arguments[0] in ("run", "create", "build"):
            groups = ["--cgroup-parent", f"/{self._groups}"]
        return [*enter, "podman", arguments[0], *groups, *arguments[1:]]

    def environment(self) -> dict[str, str]:
        """Return Podman's environment; ``DOCKER_HOST`` is for Compose."""
        if not self._interface:
            ask_room(self._door, {"do": "interface"})
            self._interface = True
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._place / "work"),
            "LANG": "C.UTF-8",
            "DOCKER_HOST": f"unix://{self._door / INTERFACE}",
        }

    def call(
        self,
        arguments: Sequence[str],
        *,
        given: str | IO[bytes] | None = None,
        timeout: float = 60.0,
        alone: bool = False,
    ) -> Answer:
        """Run Podman to its end in the room, or kill it after ``timeout`` seconds."""
        return call(
            self.command(arguments, alone=alone), environment(), given=given, timeout=timeout
        )

    def project(self, folder: Path) -> tuple[Path, str]:
        """Copy the folder to where the room sees it: the learner's own folders are hidden."""
        # Under a plain name: Podman takes a comma in a path for the end of the path.
        copy = Path(tempfile.mkdtemp(dir=self._place / "work")) / "project"
        copy_folder(folder, copy)
        return copy, str(PLACE / copy.relative_to(self._place))

    def reach(self, container: str, port: int) -> int:
        """Listen outside and let the room join it to the container's own address."""
        key = container, port
        if key not in self._ports:
            form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
            addresses = self.ask("inspect", "--format", form, container).split()
            host = self.ask("inspect", "--format", "{{.HostConfig.NetworkMode}}", container)
            if not addresses and host != "host":
                raise ServiceError(
                    f"The container {container} has no network, so port {port} cannot be reached."
                )
            with listening_socket() as listener:
                request = {"do": "join", "host": (addresses or [_LOOPBACK])[0], "port": port}
                ask_room(self._door, request, listener)
                self._ports[key] = int(listener.getsockname()[1])
        return self._ports[key]
