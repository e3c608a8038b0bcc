"""A container engine for one run: build, run, look, compose."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from prodev.services.containers.base_images import BASE
from prodev.services.containers.built import BuildError, Built, read_steps, reason
from prodev.services.containers.client import Answer, Client, last_words
from prodev.services.containers.compose import Compose, compose_command
from prodev.services.containers.container import Container, Ran
from prodev.services.kept import Kept
from prodev.services.kept_running import KeptRunning
from prodev.services.service import Found, MissingError, ServiceError

_ENGINE_FAILED = 125  # what `docker run` and `podman run` return for a mistake that is theirs
_KILLED = 128 + 9  # as an engine reports SIGKILL


class Image(NamedTuple):
    """An image that the engine has."""

    image: str
    tags: tuple[str, ...]
    size_bytes: int


class Engine(KeptRunning):
    """An engine that is private to its owner; all that it made goes away with it.

    Podman has a store and networks of its own here. An engine of Docker is shared with everything
    else on the machine: there, what is made carries a mark and is removed at the end.
    """

    def __init__(self, found: Found, kept: Kept, client: Client) -> None:
        """Take how it was found, its keeper, and the client that talks to it."""
        super().__init__(found, kept)
        self.client = client

    def build(  # noqa: PLR0913 - as the engines have them
        self,
        folder: Path,
        tag: str,
        *,
        file: str = "Dockerfile",
        target: str = "",
        arguments: Mapping[str, str] | None = None,
        no_cache: bool = False,
        timeout: float = 300.0,
    ) -> Built:
        """Build an image from a folder, without network; its steps see no process but their own.

        Raises:
            BuildError: a step fails, or it takes longer than ``timeout`` seconds.
            CourseError: there is no such folder or file.
        """
        if not (folder / file).is_file():
            raise BuildError(f"There is no {file} in {folder}.", steps=(), log="")
        _, there = self.client.project(folder)
        options = ["--tag", tag, "--file", f"{there}/{file}"]
        options += ["--no-cache"] if no_cache else []
        options += ["--target", target] if target else []
        options += [f"--build-arg={key}={value}" for key, value in (arguments or {}).items()]
        options += ["--label", self.client.label] if self.client.label else []
        answer = self.client.call(["build", *options, there], timeout=timeout, alone=True)
        steps = read_steps(answer.output)
        if answer.status:
            raise _build_error(answer, timeout)
        return Built(
            image=self.client.ask("image", "inspect", "--format", "{{.Id}}", tag),
            tag=tag,
            seconds=answer.seconds,
            size_bytes=int(self.client.ask("image", "inspect", "--format", "{{.Size}}", tag)),
            steps=steps,
            log=answer.output,
        )

    def run(  # noqa: PLR0913
        self,
        image: str,
        command: Sequence[str] = (),
        *,
        env: Mapping[str, str] | None = None,
        user: str = "",
        network: str = "",
        memory: str = "",
        options: Sequence[str] = (),
        given: str | None = None,
        timeout: float = 60.0,
    ) -> Ran:
        """Run a container to its end and remove it.

        Args:
            image: a tag or an id.
            command: what it runs; without it the image's own command.
            env: variables.
            user: an account's name or number.
            network: ``none`` or a network of ``add_network``; left out, the engine's own.
            memory: the most it may use, such as ``64m``.
            options: any more options of ``podman run`` and ``docker run``.
            given: what it gets on standard input.
            timeout: seconds; then it is killed, and ``timed_out`` says so.

        Raises:
            ServiceError: the engine cannot start it: there is no such image, for example.
        """
        name = self._name("run")
        asked = self._options(env, user, network, memory)
        asked += ["--interactive"] if given is not None else []
        answer = self.client.call(
            ["run", *self.client.removing, "--name", name, *asked, *options, image, *command],
            given=given,
            timeout=timeout,
        )
        status = answer.status
        if not answer.timed_out and status == _ENGINE_FAILED:
            self.client.call([*self.client.remove, name])
            raise ServiceError(f"{self._cannot_run(image)}: {last_words(answer.output)}")
        if answer.timed_out:
            status = _KILLED
        elif not self.client.removing:
            status = int(self.client.ask("inspect", "--format", "{{.State.ExitCode}}", name))
        if answer.timed_out or not self.client.removing:
            self.client.call([*self.client.remove, name])
        return Ran(status, answer.output, answer.seconds, answer.timed_out)

    def run_in_background(  # noqa: PLR0913
        self,
        image: str,
        command: Sequence[str] = (),
        *,
        name: str = "",
        ports: Sequence[int] = (),
        env: Mapping[str, str] | None = None,
        user: str = "",
        network: str = "",
        memory: str = "",
        options: Sequence[str] = (),
    ) -> Container:
        """Start a container and return at once; see ``run``.

        Args:
            image: see ``run``.
            command: see ``run``.
            name: what others of its network call it.
            ports: ports of the container that ``Container.address`` will be asked for.
            env: see ``run``.
            user: see ``run``.
            network: see ``run``.
            memory: see ``run``.
            options: see ``run``.

        Raises:
            ServiceError: the engine cannot start it.
        """
        asked = self._options(env, user, network, memory)
        asked += [f"--publish=127.0.0.1::{port}" for port in ports if self.client.prefix]
        asked += [f"--network-alias={name}"] if name and network else []
        whole = f"{self.client.prefix}{name}" if name else self._name("container")
        answer = self.client.call(
            ["run", "--detach", "--name", whole, *asked, *options, image, *command]
        )
        if answer.status:
            raise ServiceError(f"{self._cannot_run(image)}: {last_words(answer.output)}")
        return Container(self.client, whole)

    def add_network(self, name: str) -> str:
        """Make a network whose containers find each other by name; return what ``run`` takes."""
        whole = f"{self.client.prefix}{name}"
        self.client.ask("network", "create", whole)
        return whole

    def containers(self) -> list[Container]:
        """Return this engine's containers, ended ones too."""
        mine = [f"--filter=name={self.client.prefix}"] if self.client.prefix else []
        names = self.client.ask("ps", "--all", "--format", "{{.Names}}", *mine).splitlines()
        return [Container(self.client, name) for name in names]

    def images(self, *, all_of_them: bool = False) -> list[Image]:
        """Return the images that were built here, or ``all_of_them`` that can be run."""
        found: dict[str, list[str]] = {}
        form = "{{.ID}} {{.Repository}}:{{.Tag}}"
        told = self.client.ask("images", "--no-trunc", "--format", form)
        for line in told.splitlines():
            image, tag = line.split(" ", 1)
            found.setdefault(image, []).append(tag.removeprefix("localhost/"))
        if not found:
            return []
        details: list[dict[str, Any]] = json.loads(self.client.ask("image", "inspect", *found))
        key, _, value = self.client.label.partition("=")
        return [
            Image(one["Id"].removeprefix("sha256:"), tuple(tags), int(one["Size"]))
            for one, tags in zip(details, found.values(), strict=True)
            if all_of_them or not key or (one["Config"].get("Labels") or {}).get(key) == value
        ]

    def load_files(self, archive: Path, tag: str) -> None:
        """Make an image of one layer from a tar archive of files.

        Raises:
            ServiceError: the engine does not take it.
        """
        with archive.open("rb") as files:
            answer = self.client.call(["import", "-", tag], given=files, timeout=300)
        if answer.status:
            words = last_words(answer.output)
            raise ServiceError(f"{self.client.name} does not take the files for {tag}: {words}")

    def base_image(self, name: str = BASE) -> str:
        """Return the course's base image, if this engine has it.

        Raises:
            MissingError: it was not made yet.
        """
        if self.client.call(["image", "inspect", name]).status:
            raise MissingError(f"The image {name}", "make services", why="was not made yet")
        return name

    def compose(self, project: Path | Mapping[str, Any], *, name: str = "project") -> Compose:
        """Return a project of Docker Compose, for a folder with its file or for the file's data.

        Raises:
            MissingError: Compose is not here.
        """
        return Compose(self.client, compose_command(), project, name)

    def _options(
        self, env: Mapping[str, str] | None, user: str, network: str, memory: str
    ) -> list[str]:
        options = [f"--env={key}={value}" for key, value in (env or {}).items()]
        options += ["--user", user] if user else []
        options += ["--network", network] if network else []
        options += ["--label", self.client.label] if self.client.label else []
        if memory:
            if refusal := self.client.no_limits:
                raise ServiceError(refusal)
            options += ["--memory", memory, "--memory-swap", memory]
        return options

    def _name(self, kind: str) -> str:
        return f"{self.client.prefix}{kind}-{secrets.token_hex(4)}"

    def _cannot_run(self, image: str) -> str:
        return f"{self.client.name} cannot run the image {image}"


def _build_error(answer: Answer, timeout: float) -> BuildError:
    steps = read_steps(answer.output)
    where = f"at step {len(steps)}, {steps[-1].instruction}" if steps else "before its first step"
    if answer.timed_out:
        why = f"it took longer than {timeout:.0f} seconds."
    else:
        why = reason(answer.output)
    return BuildError(f"The build stopped {where}: {why}", steps=steps, log=answer.output)
