"""A Celery worker and beat as programs that end with their owner."""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from prodev.services.environment import plain_environment
from prodev.services.program import Program, run_program
from prodev.services.service import Found, Running

if TYPE_CHECKING:
    from kombu import Connection

_START_SECONDS = 60.0
_STOP_SECONDS = 5.0


@dataclass
class RunningCelery(Running):
    """A worker, its beat where one was asked for, and its broker where we started that."""

    found: Found
    broker_url: str
    """The broker's address; applications and other workers may use it too."""
    node: str
    """The worker's name."""
    worker: Program
    beat: Program | None = None
    broker: Running | None = None

    @property
    def pid(self) -> int:
        """The worker's main process; it leads a group with the processes that run tasks."""
        return self.worker.pid

    def log(self) -> str:
        """Return what the worker has written so far."""
        return self.worker.log()

    def answers(self) -> bool:
        """Tell whether the worker answers a ping by the broker."""
        return answers(self.broker_url, self.node)

    def kill(self) -> None:
        """Kill the worker and the processes that run its tasks at once, as a crash would.

        The broker goes on: a second worker with this ``broker_url`` gets what was left.
        """
        self.worker.kill()

    def stop(self) -> None:
        """Stop beat, the worker, and the broker that was started for it."""
        for running in (self.beat, self.worker, self.broker):
            if running is not None:
                running.stop()

    def check(self) -> None:
        """Do nothing while all of it runs.

        Raises:
            ServiceError: a part of it stopped by itself.
        """
        for running in (self.broker, self.worker, self.beat):
            if running is not None:
                running.check()


def run_worker(
    app: str,
    *,
    broker_url: str,
    queues: Sequence[str],
    concurrency: int,
    environment: Mapping[str, str],
) -> tuple[str, Program]:
    """Start a worker; return its name and its program when it answers.

    Raises:
        ServiceError: it does not start; the sentence has its last words.
    """
    node = f"course-{secrets.token_hex(4)}@localhost"
    command = ["worker", "--hostname", node, "--concurrency", str(concurrency)]
    # Without them it does not look for other workers first, which takes a second.
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    if queues:
        command += ["--queues", ",".join(queues)]
    worker = run_program(
        _celery(app, *command),
        name="The Celery worker",
        env=_environment(broker_url, environment),
        ready=lambda: answers(broker_url, node),
        seconds=_START_SECONDS,
        stop_seconds=_STOP_SECONDS,
    )
    return node, worker


def run_beat(app: str, *, broker_url: str, environment: Mapping[str, str]) -> Program:
    """Start beat, which fires the application's schedule; what it notes goes away with it.

    Two of them on one broker fire everything twice.

    Raises:
        ServiceError: it does not start.
    """
    return run_program(
        _celery(app, "beat", "--schedule", "schedule", "--pidfile", "", "--loglevel", "INFO"),
        name="Celery's beat",
        env=_environment(broker_url, environment),
        stop_seconds=_STOP_SECONDS,
    )


def answers(broker_url: str, node: str, *, seconds: float = 0.5) -> bool:
    """Ping a worker by its broker, and tell whether it answers in time."""
    from kombu.exceptions import OperationalError
    from kombu.pidbox import Mailbox

    # Celery's own ping would go to the broker that CELERY_BROKER_URL names in this process.
    with connection_to(broker_url) as connection:
        mailbox = Mailbox("celery", type="fanout", connection=connection, accept=["json"])
        lost = cast("tuple[type[Exception], ...]", connection.connection_errors)
        broken: tuple[type[Exception], ...] = (OperationalError, OSError, *lost)
        try:
            return bool(mailbox.call([node], "ping", timeout=seconds))
        except broken:
            return False


def connection_to(url: str) -> Connection:
    """Return a connection to a broker, not yet open."""
    from kombu import Connection

    return Connection(url, connect_timeout=3)


def _celery(app: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", app, *arguments]


def _environment(broker_url: str, more: Mapping[str, str]) -> dict[str, str]:
    # By the environment, not by --broker: everybody can read a command line with its password.
    home = Path(tempfile.gettempdir())
    return {**plain_environment(home), **more, "CELERY_BROKER_URL": broker_url}
