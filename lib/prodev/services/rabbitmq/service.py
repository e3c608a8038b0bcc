"""Find and start RabbitMQ."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from prodev.services.kept import Kept, keep_private
from prodev.services.rabbitmq.server import too_little_space
from prodev.services.service import Found, MissingError, Running, Service, ServiceError, Wanted

_GET = "sudo apt-get install rabbitmq-server, or conda install -c conda-forge rabbitmq-server"
_START_SECONDS = 120.0
_DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class RunningRabbitMQ(Running):
    """A node that is private to its owner, or the broker at an address that the user gave."""

    def __init__(self, found: Found, url: str, kept: Kept | None) -> None:
        """Take how it was found, where it answers, and its keeper if we started it."""
        self.found, self._url, self._kept = found, url, kept

    @property
    def url(self) -> str:
        """The address for Celery and every client: ``amqp://user:password@127.0.0.1:port//``."""
        if self._kept is None:
            return self._url
        return f"amqp://{self._who}@127.0.0.1:{self._kept.details['port']}//"

    @property
    def management_url(self) -> str:
        """The address of the management interface; empty where it was not asked for."""
        port = self._kept.details["management_port"] if self._kept else 0
        return f"http://{self._who}@127.0.0.1:{port}/" if port else ""

    @property
    def private(self) -> bool:
        """Whether this process started it, and may restart or measure it as it likes."""
        return self._kept is not None

    @property
    def details(self) -> dict[str, Any]:
        """What ``RabbitMQServer.start`` says of a private node: ``port``, ``password`` and more."""
        return self._kept.details if self._kept else {}

    def halt(self, *, kill: bool = False) -> None:
        """Stop the node and keep its files, as when a machine goes down; ``resume`` it.

        Raises:
            ServiceError: it is not ours to stop.
        """
        self._keeper().order("kill" if kill else "stop")

    def resume(self) -> None:
        """Start the node again with its messages, at the same address unless that was taken.

        Raises:
            ServiceError: it is not ours, or does not start.
        """
        self._keeper().order("start", seconds=_START_SECONDS)

    def stop(self) -> None:
        """Stop using it; a private node is gone when this returns."""
        if self._kept:
            self._kept.close(wait=True)

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself, does not answer any more, or its disk is full.
        """
        if self._kept:
            if ended := self._kept.ended():
                raise ServiceError(ended)
            if nearly_full := too_little_space(Path(self.details["place"])):
                raise ServiceError(f"RabbitMQ takes no messages: {nearly_full}")
        elif error := _refusal(self._url):
            raise ServiceError(f"RabbitMQ at {_shown(self._url)} does not answer: {error}.")

    def _keeper(self) -> Kept:
        if self._kept is None:
            raise ServiceError(
                f"The broker at {_shown(self._url)} is yours; this lab stops only its own."
            )
        return self._kept

    @property
    def _who(self) -> str:
        return f"{self.details['user']}:{quote(self.details['password'], safe='')}"


class RabbitMQ(Service):
    """RabbitMQ; no wheel carries it."""

    system = "rabbitmq"
    title = "RabbitMQ"
    variable = "PRODEV_RABBITMQ"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which RabbitMQ would run: at the user's address, or an installed one.

        Raises:
            MissingError: there is none, or the address does not answer.
        """
        asked = self.asked(wanted, address)
        if "://" in asked:
            return self._at(asked)
        if asked:
            program = Path(asked).expanduser() / "rabbitmq-server"
            if not program.is_file():
                raise MissingError(
                    self.title,
                    f"set {self.variable} to an address, or to a folder with rabbitmq-server",
                    why=f"is not in {asked}",
                )
            return _found(program)
        installed = _installed() if wanted == "auto" else None
        if installed is None:
            raise MissingError(self.title, _GET)
        return _found(installed)

    def start(
        self, wanted: Wanted = "auto", *, address: str = "", management: bool = False
    ) -> RunningRabbitMQ:
        """Start a private node, or take the broker that the user named.

        Args:
            wanted: see ``find``.
            address: see ``find``.
            management: also start the management plugin of a private node: slower by seconds.

        Raises:
            MissingError: there is none.
            ServiceError: it does not start.
        """
        found = self.find(wanted, address=address)
        if found.address:
            return RunningRabbitMQ(found, found.address, None)
        kept = keep_private(
            "prodev.services.rabbitmq.server:RabbitMQServer",
            {"program": found.folder, "management": management},
            seconds=_START_SECONDS,
        )
        return RunningRabbitMQ(found, "", kept)

    def _at(self, address: str) -> Found:
        from kombu import Connection

        try:
            with Connection(address, connect_timeout=3) as connection:
                connection.connect()
                told = connection.connection.server_properties
        except Exception as error:
            raise MissingError(
                self.title,
                f"start that broker, or unset {self.variable}",
                why=f"at {_shown(address)} does not answer ({error})",
            ) from None
        name, version = str(told.get("product", "RabbitMQ")), str(told.get("version", ""))
        return Found("real", f"{name} {_short(version)}".strip(), version, address=address)


def _installed() -> Path | None:
    # Debian's wrapper on the path insists on the account rabbitmq; the script behind it does not.
    places = [_DEBIAN, Path(sys.prefix) / "bin" / "rabbitmq-server"]
    if on_path := which("rabbitmq-server"):
        places.append(Path(on_path).resolve())
    return next((place for place in places if place.is_file()), None)


def _found(program: Path) -> Found:
    version = _version(program)
    return Found("real", f"RabbitMQ {_short(version)}", version, folder=str(program))


def _version(program: Path) -> str:
    """Return the version: the folder's name has it, and asking Erlang takes seconds."""
    near = [program.resolve(), *sorted((program.parents[1] / "lib").glob("rabbitmq_server-*"))]
    for path in near:
        if named := re.search(r"rabbitmq_server-(\d[\d.]*\d)", str(path)):
            return named[1]
    command = [str(program.with_name("rabbitmqctl")), "version"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return ""
    return told.stdout.strip()


def _refusal(url: str) -> str:
    from kombu import Connection

    try:
        with Connection(url, connect_timeout=3) as connection:
            connection.connect()
    except Exception as error:
        return str(error)
    return ""


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _shown(address: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(address)
    if parts.password:
        parts = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@"))
    return urlunsplit(parts)
