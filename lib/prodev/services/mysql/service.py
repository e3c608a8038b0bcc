"""Find MySQL or MariaDB, or start the one of this OS user."""

from __future__ import annotations

from pathlib import Path

from prodev.services.account import can_enter, server_account
from prodev.services.address import Address, parse_address
from prodev.services.kept import keep_shared
from prodev.services.mysql.admin import Admin
from prodev.services.mysql.programs import (
    Programs,
    installed_folders,
    programs_in,
    short_version,
)
from prodev.services.mysql.running import RunningMySQL
from prodev.services.place import server_folder
from prodev.services.service import Found, MissingError, Service, Wanted

_GET = "sudo apt-get install mariadb-server (or conda install mysql-server)"
_START_SECONDS = 180.0
_ACCOUNT = "mysql"


class MySQL(Service):
    """MySQL; MariaDB is its fork, speaks the same protocol, and is what Debian installs."""

    system = "mysql"
    title = "MySQL"
    variable = "PRODEV_MYSQL"

    def find(self, wanted: Wanted = "auto", *, address: str = "") -> Found:
        """Say which server would run.

        An address or a folder of programs that the user names comes first, then what is installed.
        No wheel carries a server, so ``embedded`` finds none.

        Raises:
            MissingError: there is none, or the address does not answer.
            CourseError: the address is not one.
        """
        asked = self.asked(wanted, address)
        if "://" in asked:
            return self._at(asked)
        return _found(self._programs(wanted, asked))

    def start(self, wanted: Wanted = "auto", *, address: str = "") -> RunningMySQL:
        """Return the one server of this OS user, started if it does not run yet.

        The first start makes the data directory, which takes about two seconds. Where the user
        gave an address, that server is used: it must let us make users and databases.

        Raises:
            MissingError: there is none.
            ServiceError: it does not start.
        """
        asked = self.asked(wanted, address)
        if "://" in asked:
            admin = parse_address(asked, where=self.variable)
            return RunningMySQL(self._at(asked), admin, None)
        programs = self._programs(wanted, asked)
        account = server_account(_ACCOUNT)
        name = programs.name.lower().replace(" ", "-")
        kept = keep_shared(
            "prodev.services.mysql.server:MySQLServer",
            server_folder(f"mysql-{name}", account),
            {
                "engine": programs.engine,
                "version": programs.version,
                "server": str(programs.server),
                "installer": str(programs.installer or ""),
            },
            seconds=_START_SECONDS,
        )
        details = kept.details
        admin = Address(
            engine="mysql",
            user=details["user"],
            password=details["password"],
            database="",
            socket=details["socket"],
        )
        return RunningMySQL(_found(programs), admin, kept)

    def _programs(self, wanted: Wanted, asked: str) -> Programs:
        """Return the programs to start.

        Raises:
            MissingError: there are none that the server's account can reach.
        """
        account = server_account(_ACCOUNT)
        if asked:
            programs = programs_in(Path(asked).expanduser())
            if programs is None:
                raise MissingError(
                    self.title,
                    f"set {self.variable} to an address (mysql://user:password@127.0.0.1/mysql), "
                    "or to a folder with mariadbd and mariadb-install-db, or with mysqld",
                    why=f"is not in {asked}",
                )
            if not can_enter(account, programs.server.parent):
                raise MissingError(
                    self.title,
                    "put the programs into a folder that everybody may enter",
                    why=f"is in {asked}, which the account {account and account.name} of the "
                    "server cannot enter",
                )
            return programs
        for folder in installed_folders() if wanted == "auto" else []:
            programs = programs_in(folder)
            if programs and can_enter(account, programs.server.parent):
                return programs
        raise MissingError(self.title, _GET)

    def _at(self, address: str) -> Found:
        import pymysql

        parsed = parse_address(address, where=self.variable)
        try:
            with Admin(parsed, connect_seconds=3) as admin:
                told = admin.version
        # PyMySQL raises RuntimeError where a way to log in needs a package that is not here.
        except (pymysql.Error, RuntimeError) as error:
            raise MissingError(
                self.title,
                f"start that server, or unset {self.variable}",
                why=f"at {parsed.host or parsed.socket} does not let us in "
                f"({' '.join(str(part) for part in error.args)})",
            ) from None
        engine = "MariaDB" if "MariaDB" in told else "MySQL"
        version = told.split("-")[0]
        return Found("real", f"{engine} {short_version(version)}", version, address=address)


def _found(programs: Programs) -> Found:
    return Found("real", programs.name, programs.version, folder=str(programs.server.parent))
