"""Find a container engine and start one for a run."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from prodev.services.containers.client import Client
from prodev.services.containers.docker_client import DockerClient, docker_program
from prodev.services.containers.engine import Engine
from prodev.services.containers.podman_client import PodmanClient
from prodev.services.containers.podman_parts import GET, Lacking, Podman, find_podman, find_runtime
from prodev.services.kept import keep_private
from prodev.services.service import Found, MissingError, Service, Wanted

_ANSWER_SECONDS = 10.0
_START_SECONDS = 30.0
_PODMAN = "prodev.services.containers.podman_server:PodmanServer"
_DOCKER = "prodev.services.containers.docker_server:DockerServer"


class Containers(Service):
    """Docker, or Podman, which runs the same images and Dockerfiles."""

    system = "docker"
    title = "Docker"
    variable = "DOCKER_HOST"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which engine would run.

        The engine at an address that the user names comes first, then the one that the docker
        program reaches, then Podman. A docker program without an engine does not count.

        Raises:
            MissingError: there is none, or the address does not answer, or Podman lacks something.
        """
        if wanted == "embedded":
            raise MissingError(self.title, GET, why="comes in no package of Python")
        asked = self.asked(wanted, address)
        if found := _docker(asked):
            return found
        if asked:
            if not docker_program():
                raise MissingError(
                    "The program docker", "sudo apt-get install docker-cli, or unset DOCKER_HOST"
                )
            raise MissingError(
                self.title,
                f"start that engine, or unset {self.variable}",
                why=f"at {asked} does not answer",
            )
        podman = find_podman()
        if isinstance(podman, Lacking):
            why = f"has no engine on this machine, and Podman {podman.why}"
            raise MissingError(self.title, podman.how, why=why)
        return _found(podman)

    def start(
        self, wanted: Wanted = "auto", *, address: str = "", makes_images: bool = False
    ) -> Engine:
        """Start an engine for this process, or take the one that runs.

        Args:
            wanted: see ``find``.
            address: see ``find``.
            makes_images: what is built stays, for all engines of this account.

        Raises:
            MissingError: there is none.
            ServiceError: it does not start.
        """
        found = self.find(wanted, address=address)
        client: Client
        if Path(found.folder).name == "podman":
            options = {"runtime": find_runtime(), "makes_images": makes_images}
            kept = keep_private(_PODMAN, options, seconds=_START_SECONDS)
            client = PodmanClient(kept.details)
        else:
            docker = {"program": found.folder, "host": found.address}
            kept = keep_private(_DOCKER, docker, seconds=_START_SECONDS)
            client = DockerClient(found.folder, found.address, kept.details["token"])
            if makes_images:
                client.label = ""  # without the mark they stay
        return Engine(found, kept, client)


def _docker(host: str) -> Found | None:
    """Return the engine that the docker program reaches, if one answers."""
    program = docker_program()
    if not program:
        return None
    env = {**os.environ, **({"DOCKER_HOST": host} if host else {})}
    try:
        told = subprocess.run(
            [program, "version", "--format", "{{json .Server}}"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=_ANSWER_SECONDS,
        )
        server = json.loads(told.stdout) if told.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        return None
    if not server:
        return None
    components = [part["Name"] for part in server.get("Components") or []]
    name = "Podman" if any("Podman" in part for part in components) else "Docker"
    version = str(server["Version"])
    return Found("real", f"{name} {_short(version)}", version, address=host, folder=program)


def _found(podman: Podman) -> Found:
    provider = f"Podman {_short(podman.version)}"
    return Found("real", provider, podman.version, folder=podman.program)


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])
