"""The keeper's side of Docker: removes what its owner made there, also if the owner was killed."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.server import Server

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

_SECONDS = 60.0


class DockerServer(Server):
    """Starts nothing: the engine runs already, and belongs to the machine."""

    title = "Docker"

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        """Take ``program`` and ``host``: the client and its ``DOCKER_HOST``."""
        super().__init__(folder, options)
        self._token = secrets.token_hex(4)

    def start(self, keeper: Keeper) -> dict[str, Any]:  # noqa: ARG002
        """Choose what marks everything that this owner makes; the detail is ``token``."""
        return {"token": self._token}

    def after_stop(self) -> None:
        """Remove containers, networks, volumes and images that carry the mark."""
        name, label = f"name=^/?prodev-{self._token}-", f"label=prodev.engine={self._token}"
        self._remove(["rm", "--force", "--volumes"], ["ps", "-aq", "--filter", name])
        self._remove(["rm", "--force", "--volumes"], ["ps", "-aq", "--filter", label])
        self._remove(["network", "rm"], ["network", "ls", "-q", "--filter", name])
        self._remove(["volume", "rm", "--force"], ["volume", "ls", "-q", "--filter", name])
        reference = f"reference=prodev-{self._token}-*"
        self._remove(["rmi", "--force"], ["images", "-q", "--filter", reference])
        self._remove(["rmi", "--force"], ["images", "-q", "--filter", label])

    def _remove(self, how: list[str], which: list[str]) -> None:
        if listed := self._docker(which).split():
            self._docker([*how, *dict.fromkeys(listed)])

    def _docker(self, arguments: list[str]) -> str:
        host = self.options["host"]
        try:
            return subprocess.run(
                [self.options["program"], *arguments],
                env={**os.environ, **({"DOCKER_HOST": host} if host else {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                check=False,
                timeout=_SECONDS,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            return ""
