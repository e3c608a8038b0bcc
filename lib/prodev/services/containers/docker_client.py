"""The way to an engine of Docker: its own program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from prodev.services.containers.built import MARK
from prodev.services.containers.client import Client
from prodev.services.service import ServiceError


class DockerClient(Client):
    """The docker program, with an engine that others may use too."""

    name = "Docker"

    # Behind this program may be Podman's interface, which then says 0 for every exit status.
    removing = ()

    def __init__(self, program: str, host: str, token: str) -> None:
        """Take the program, its ``DOCKER_HOST`` if there is one, and what marks what is ours."""
        self._program, self._host = program, host
        self.prefix = f"prodev-{token}-"
        self.label = f"{MARK}={token}"

    def command(self, arguments: Sequence[str], *, alone: bool = False) -> list[str]:
        """Call the program; a build is kept from the network, and leaves no failed step behind."""
        first, *rest = arguments
        return [
            self._program,
            first,
            *(["--network", "none", "--force-rm"] if alone else []),
            *rest,
        ]

    def environment(self) -> dict[str, str]:
        """Return the user's own environment: it says how to reach the engine."""
        return {**os.environ, **({"DOCKER_HOST": self._host} if self._host else {})}

    def project(self, folder: Path) -> tuple[Path, str]:
        """Leave the folder where it is: the client sends it."""
        return folder, str(folder)

    def reach(self, container: str, port: int) -> int:
        """Ask which port the engine has published."""
        answer = self.call(["port", container, f"{port}/tcp"])
        if answer.status or not answer.output.strip():
            raise ServiceError(
                f"Port {port} of the container {container} is not published; "
                f"start it with ports=[{port}]."
            )
        return int(answer.output.split()[0].rpartition(":")[2])


def docker_program() -> str:
    """Return the docker client of this machine; empty where there is none."""
    return shutil.which("docker") or ""
