"""The booking service behind a real web server, for as long as its owner lives."""

from __future__ import annotations

import http.client
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from prodev.services.environment import plain_environment
from prodev.services.ports import free_port
from prodev.services.program import Program, run_program
from prodev.services.service import ServiceError
from prodev.stays.cache_settings import cache_settings
from prodev.stays.database_settings import database_settings

SECONDS = 60.0  # to start, on a busy machine
TRIES = 3  # ports: another program may take one before the server does


@dataclass(frozen=True)
class Served:
    """A booking service that answers.

    Attributes:
        url: where, such as ``http://127.0.0.1:40123``.
        program: its web server.
    """

    url: str
    program: Program


@contextmanager
def serve(  # noqa: PLR0913 - all but the first are named by the caller
    database_url: str,
    *,
    workers: int = 2,
    threads: int = 4,
    cache_url: str = "",
    broker_url: str = "",
    faults: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """Serve the booking service on a free port of this machine alone; it ends with the block.

    Its tables must be there: ``prodev.stays.migrate`` makes them, ``prodev.stays.load`` fills them.

    Args:
        database_url: as ``STAYS_DATABASE_URL``.
        workers: processes.
        threads: in each process; so many requests run at once in it.
        cache_url: as ``STAYS_CACHE_URL``.
        broker_url: as ``STAYS_BROKER_URL``.
        faults: names of faults to switch on, see ``prodev.stays.faults``.
        env: more variables.

    Raises:
        CourseError: a URL is wrong.
        ServiceError: it does not start; the sentence has its last words.
    """
    # A wrong one would else be told by a worker that fails to boot, in twenty lines.
    database_settings(database_url)
    cache_settings(cache_url)
    settings = {
        "DJANGO_SETTINGS_MODULE": "prodev.stays.settings",
        "STAYS_DATABASE_URL": database_url,
        "STAYS_CACHE_URL": cache_url,
        "STAYS_BROKER_URL": broker_url,
        "STAYS_FAULTS": ",".join(faults),
        **(env or {}),
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "prodev.stays.wsgi", "--worker-class=gthread"),
        *(f"--workers={workers}", f"--threads={threads}", "--graceful-timeout=2"),
        *("--log-level=warning", "--capture-output", "--no-control-socket"),
    ]
    port, program = _start(command, settings)
    with program:
        yield Served(f"http://127.0.0.1:{port}", program)


def _start(command: Sequence[str], settings: Mapping[str, str]) -> tuple[int, Program]:
    for left in reversed(range(TRIES)):
        port = free_port()
        try:
            return port, run_program(
                [*command, f"--bind=127.0.0.1:{port}"],
                name="The booking service",
                env=plain_environment(Path(tempfile.gettempdir()), **settings),
                ready=partial(_answers, port),
                seconds=SECONDS,
            )
        except ServiceError as error:
            if not left or "in use" not in str(error):
                raise
    raise AssertionError  # the last try returns or raises


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
