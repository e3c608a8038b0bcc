"""The keeper's side of MySQL: make the data directory once, start the server, stop it."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.account import Account, hand_over, server_account
from prodev.services.environment import plain_environment
from prodev.services.mysql.settings import creation_settings_for, settings_for
from prodev.services.mysql.trouble import another_version, explained, tells_full_disk
from prodev.services.place import fresh_folder
from prodev.services.server import Server, StartError

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

ADMINISTRATOR = "root"

_READY = "ready for connections"
_START_SECONDS = 60.0
_MADE_BY = "made-by-version"


class MySQLServer(Server):
    """One server for all processes of an OS user, with a socket in a private folder."""

    title = "MySQL"
    linger = 1.0
    stop_seconds = 2.0  # to be killed harms no data: the log is written at each commit

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start it; details are ``socket``, ``user``, ``password``, ``pid``, ``data``, ``account``.

        The administrator gets another password at each start, before the server lets anyone in.
        """
        account = server_account("mysql")
        private = fresh_folder(account)
        keeper.leftovers.add_folder(private)
        data = self.folder / "data"
        self._prepare(keeper, private, data, account)
        temporary = self.folder / "temporary"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        hand_over(temporary, account)
        password = secrets.token_urlsafe(24)
        first = _private_file(
            private / "first.sql",
            f"ALTER USER '{ADMINISTRATOR}'@'localhost' IDENTIFIED BY '{password}';\n"
            f"DROP USER IF EXISTS '{ADMINISTRATOR}'@'127.0.0.1', '{ADMINISTRATOR}'@'::1';\n",
            account,
        )
        socket = private / "mysql.sock"
        process = keeper.spawn(
            [
                self.options["server"],
                "--no-defaults",
                *self._base(),
                f"--datadir={data}",
                f"--socket={socket}",
                f"--pid-file={private / 'mysql.pid'}",
                f"--tmpdir={temporary}",
                f"--secure-file-priv={private}",
                f"--init-file={first}",
                *settings_for(self.options["engine"]),
            ],
            env=plain_environment(private),
            account=account,
            cwd=str(data),
        )
        keeper.wait_for(lambda: _READY in keeper.log(), process, _START_SECONDS)
        first.unlink()
        return {
            "socket": str(socket),
            "user": ADMINISTRATOR,
            "password": password,
            "pid": process.pid,
            "data": str(data),
            "account": list(account[1:]) if account else None,
        }

    def explain(self, log: str, status: int) -> str:
        """Say why it ended: a full disk, damaged data, data of another version."""
        return explained(log, status, self.folder)

    def tells_full_disk(self, log: str) -> bool:
        """Whether it has written so; MariaDB and MySQL have many words for it."""
        return tells_full_disk(log)

    def _prepare(self, keeper: Keeper, private: Path, data: Path, account: Account | None) -> None:
        """Make the data directory unless it is there."""
        series = f"{self.options['engine']} {self.options['version'].rpartition('.')[0]}"
        if data.exists():
            made_by = data / _MADE_BY
            told = made_by.read_text("utf-8").strip() if made_by.exists() else series
            if told != series:
                raise StartError(another_version(self.folder, told, series))
            return
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        hand_over(new, account)
        keeper.run(self._creation(new), env=plain_environment(private), account=account)
        _private_file(new / _MADE_BY, series + "\n", account)
        try:
            # The name comes last: a data directory that exists is complete.
            new.rename(data)
        except OSError as error:
            raise StartError(f"{data} cannot be made: {error.strerror}.") from None

    def _creation(self, data: Path) -> list[str]:
        engine = self.options["engine"]
        if engine == "MySQL":
            return [
                self.options["server"],
                "--no-defaults",
                *self._base(),
                "--initialize-insecure",
                f"--datadir={data}",
                *creation_settings_for(engine),
            ]
        return [
            self.options["installer"],
            "--no-defaults",
            *self._base(),
            f"--datadir={data}",
            # Without the accounts of this host's name, and those of everybody.
            "--cross-bootstrap",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
            "--skip-log-bin",
            *creation_settings_for(engine),
        ]

    def _base(self) -> list[str]:
        """Return where the programs' own files are, unless they know it themselves."""
        root = Path(self.options["server"]).parent.parent
        return [] if root == Path("/usr") else [f"--basedir={root}"]


def _private_file(path: Path, text: str, account: Account | None) -> Path:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    if account:
        os.chown(path, account.uid, account.gid)
    return path
