"""How a command reaches an engine."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from prodev.services.service import ServiceError

_ADVICE = ("Run 'docker ", "See 'docker ")  # what the program adds below its error


class Answer(NamedTuple):
    """What one command of an engine's client said."""

    status: int
    output: str
    seconds: float
    timed_out: bool


class Client(ABC):
    """The client program of one engine."""

    name: str
    """The engine's name for sentences to a person."""
    prefix: str = ""
    """What the names of containers, networks and volumes start with."""
    label: str = ""
    """What marks images and containers as this engine's; empty where it has a store of its own."""
    removing: tuple[str, ...] = ("--rm",)
    """What lets a container that ran to its end go by itself."""
    remove: tuple[str, ...] = ("rm", "--force", "--volumes")
    """The command that ends a container at once and removes it."""
    no_limits: str = ""
    """Why memory cannot be limited, as a sentence to a person; empty where it can."""

    @abstractmethod
    def command(self, arguments: Sequence[str], *, alone: bool = False) -> list[str]:
        """Return the whole command; ``alone`` keeps the processes of a build to themselves."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the environment of the client and of Compose."""

    @abstractmethod
    def project(self, folder: Path) -> tuple[Path, str]:
        """Return where a project lies for us, and for the engine; it may be a copy."""

    @abstractmethod
    def reach(self, container: str, port: int) -> int:
        """Return a port of 127.0.0.1 that leads to this port of a container.

        Raises:
            ServiceError: there is no way to it.
        """

    def call(
        self,
        arguments: Sequence[str],
        *,
        given: str | IO[bytes] | None = None,
        timeout: float = 60.0,
        alone: bool = False,
    ) -> Answer:
        """Run a command to its end, or kill it after ``timeout`` seconds."""
        return call(
            self.command(arguments, alone=alone), self.environment(), given=given, timeout=timeout
        )

    def ask(self, *arguments: str, timeout: float = 60.0) -> str:
        """Return what a command says that has to succeed.

        Raises:
            ServiceError: it fails; the sentence has its last words.
        """
        answer = self.call(arguments, timeout=timeout)
        if answer.status:
            raise ServiceError(f"{self.name} does not {arguments[0]}: {last_words(answer.output)}")
        return answer.output.strip()


def call(
    command: Sequence[str],
    env: dict[str, str],
    *,
    given: str | IO[bytes] | None = None,
    timeout: float,
) -> Answer:
    """Run a command with standard output and error together; kill its group after ``timeout``."""
    began = time.monotonic()
    # A container that goes on in the background may keep a pipe open: so it is a file.
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.PIPE if isinstance(given, str) else (given or subprocess.DEVNULL),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            process_group=0,
        )
        timed_out = False
        try:
            process.communicate(given.encode() if isinstance(given, str) else None, timeout)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return Answer(process.returncode, _plain(text), time.monotonic() - began, timed_out)


def last_words(output: str) -> str:
    """Return the last line that says something, without the client's ornaments."""
    lines = [line.strip() for line in output.splitlines()]
    lines = [line for line in lines if line and not line.startswith(_ADVICE)]
    return lines[-1].removeprefix("Error: ")[:400] if lines else "it said nothing."


def _plain(text: str) -> str:
    # Netavark says this wherever no system log runs; it is about nothing of the container's.
    noise = "failed to connect to syslog: Initialization\n"
    return text.replace(noise, "")
