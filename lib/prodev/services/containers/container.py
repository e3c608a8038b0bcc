"""One container that runs in the background, or has ended."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prodev.services.containers.client import Client
from prodev.services.service import ServiceError

Health = Literal["", "starting", "healthy", "unhealthy"]

_PAUSE = 0.1  # seconds


@dataclass(frozen=True)
class Ran:
    """A command that ran in a container to its end."""

    exit_status: int
    """0 is success; 137 and the like is 128 and the number of the signal that ended it."""
    output: str
    """Standard output and error together."""
    seconds: float
    timed_out: bool = False


class Container:
    """A container, by its name."""

    def __init__(self, client: Client, name: str) -> None:
        """Take the engine's client and the container's name."""
        self._client, self.name = client, name

    def inspect(self) -> dict[str, Any]:
        """Return all that the engine knows about it, as ``docker inspect`` says it.

        Raises:
            ServiceError: it was removed.
        """
        told = self._client.ask("inspect", "--type", "container", self.name)
        inspected: dict[str, Any] = json.loads(told)[0]
        return inspected

    def logs(self) -> str:
        """Return what it has written so far, standard output and error together."""
        return self._client.call(["logs", self.name]).output

    def exec(self, command: Sequence[str], *, user: str = "", timeout: float = 60.0) -> Ran:
        """Run one more command in it."""
        who = ["--user", user] if user else []
        answer = self._client.call(["exec", *who, self.name, *command], timeout=timeout)
        return Ran(answer.status, answer.output, answer.seconds, answer.timed_out)

    def stop(self, seconds: int = 10) -> float:
        """Ask it to end, and kill it after these seconds; return how long that took."""
        began = time.monotonic()
        self._client.ask("stop", "--time", str(seconds), self.name, timeout=seconds + 30)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._client.ask("kill", self.name)

    def start(self) -> None:
        """Start it again after it ended."""
        self._client.ask("start", self.name)

    def remove(self) -> None:
        """Remove it, also while it runs."""
        self._client.ask(*self._client.remove, self.name)

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return bool(self.inspect()["State"]["Running"])

    def health(self) -> Health:
        """Return what its health check says; empty where it has none."""
        state = self.inspect()["State"]
        health: Health = (state.get("Health") or state.get("Healthcheck") or {}).get("Status", "")
        return health

    def wait_for_health(self, wanted: Health = "healthy", *, seconds: float = 30.0) -> None:
        """Wait until its health check says so.

        Raises:
            ServiceError: it takes longer; the sentence says what the check says.
        """
        deadline = time.monotonic() + seconds
        while (health := self.health()) != wanted:
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"The container {self.name} is not {wanted} after {seconds:.0f} seconds; "
                    f"its health check says {health or 'nothing: it has none'}."
                )
            time.sleep(_PAUSE)

    def wait(self, seconds: float = 60.0) -> int:
        """Wait until it has ended and return its exit status.

        Raises:
            ServiceError: it takes longer.
        """
        answer = self._client.call(["wait", self.name], timeout=seconds)
        if answer.timed_out or answer.status:
            raise ServiceError(
                f"The container {self.name} has not ended after {seconds:.0f} seconds."
            )
        return int(answer.output.split()[-1])

    def address(self, port: int) -> tuple[str, int]:
        """Return where this machine reaches a port of it: a host and a port.

        Raises:
            ServiceError: there is no way to it.
        """
        return "127.0.0.1", self._client.reach(self.name, port)

    def __repr__(self) -> str:
        return f"Container({self.name!r})"
