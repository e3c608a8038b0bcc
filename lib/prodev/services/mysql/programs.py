"""Where MariaDB's and MySQL's programs are: Debian's, conda's, Homebrew's, or a named folder's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Literal, NamedTuple

Engine = Literal["MariaDB", "MySQL"]

_SERVERS = ("mariadbd", "mysqld")
_INSTALLERS = ("mariadb-install-db", "mysql_install_db")
# Debian keeps the server in sbin and its installer in bin; other builds use libexec or scripts.
_NEIGHBOURS = ("", "../bin", "../sbin", "../libexec", "../scripts")
_USUAL = (
    "/usr/sbin",
    "/usr/libexec",
    "/opt/homebrew/opt/mariadb/bin",
    "/opt/homebrew/opt/mysql/bin",
    "/usr/local/opt/mariadb/bin",
    "/usr/local/opt/mysql/bin",
    "/usr/local/mysql/bin",
)


class Programs(NamedTuple):
    """A server that can be started from here."""

    engine: Engine
    version: str
    """The whole version, such as ``10.11.14``."""
    server: Path
    installer: Path | None
    """What makes a data directory; None for MySQL, whose server does it itself."""

    @property
    def name(self) -> str:
        """Return the name as people say it, such as ``MariaDB 10.11``."""
        return f"{self.engine} {short_version(self.version)}"


def installed_folders() -> list[Path]:
    """Return the folders where programs may be installed, the first choice first."""
    on_path = [which(name) for name in _SERVERS]
    return [
        Path(sys.prefix) / "bin",
        *[Path(program).resolve().parent for program in on_path if program],
        *[Path(folder) for folder in _USUAL],
    ]


def programs_in(folder: Path) -> Programs | None:
    """Return the programs of this folder and those beside it; None where they are not complete."""
    for name in _SERVERS:
        server = _beside(folder, [name])
        told = _told(server) if server else None
        if server is None or told is None:
            continue
        engine, version = told
        installer = _beside(server.parent, _INSTALLERS)
        if engine == "MySQL":
            return Programs(engine, version, server, None)
        if installer:
            return Programs(engine, version, server, installer)
    return None


def short_version(version: str) -> str:
    """Return the first two numbers of a version: what data files of one series share."""
    return ".".join(version.split(".")[:2])


def _beside(folder: Path, names: tuple[str, ...] | list[str]) -> Path | None:
    for name in names:
        for neighbour in _NEIGHBOURS:
            program = folder / neighbour / name
            if program.is_file():
                return program.parent.resolve() / name
    return None


def _told(server: Path) -> tuple[Engine, str] | None:
    """Ask a server for its name and version; None where it does not run here."""
    try:
        told = subprocess.run(
            [server, "--no-defaults", "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\bVer (\d+\.\d+\.\d+)", told)
    if version is None:
        return None
    return ("MariaDB" if "MariaDB" in told else "MySQL"), version[1]
