"""The keeper's side of PostgreSQL: make the data directory once, start the server, stop it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prodev.services.account import Account, hand_over, server_account
from prodev.services.environment import plain_environment
from prodev.services.place import fresh_folder, reachable_copy
from prodev.services.server import Server, StartError, full_disk

if TYPE_CHECKING:
    from prodev.services.keeper import Keeper

SUPERUSER = "postgres"

# Data that can be made again needs no waiting for the disk. The rest is what a lesson looks at.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "track_io_timing": "on",
    "jit": "off",
}
_READY = "database system is ready to accept connections"
_START_SECONDS = 60.0
LEAST_SPACE = 20_000_000  # bytes: the next file of its write-ahead log has 16 MiB


class PostgreSQLServer(Server):
    """One server for all processes of an OS user, with a socket in a private folder."""

    title = "PostgreSQL"
    linger = 1.0
    least_space = LEAST_SPACE
    stop_signal = (
        signal.SIGINT
    )  # fast shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
    stop_seconds = 20.0
    death_signal = signal.SIGQUIT  # immediate shutdown, which also ends its children

    def start(self, keeper: Keeper) -> dict[str, Any]:
        """Start it.

        Details are ``socket`` (a folder), ``data``, ``user``, ``password`` and ``pid``.
        """
        account = server_account("postgres")
        programs = self._programs(account)
        sockets = fresh_folder(account)
        keeper.leftovers.add_folder(sockets)
        data = self.folder / "data"
        password = self._prepare(keeper, programs, data, account)
        (data / "postmaster.pid").unlink(missing_ok=True)  # the lock says that nobody runs here
        settings = [f"{name}={value}" for name, value in _SETTINGS.items()]
        settings += [f"{name}={value}" for name, value in self._extensions(programs).items()]
        said = keeper.written()
        process = keeper.spawn(
            [
                str(programs / "postgres"),
                "-D", str(data),
                "-k", str(sockets),
                *[part for setting in settings for part in ("-c", setting)],
            ],
            env=plain_environment(sockets),
            account=account,
            cwd=str(data),
        )  # fmt: skip
        keeper.wait_for(lambda: _READY in keeper.log(said), process, _START_SECONDS)
        return {
            "socket": str(sockets),
            "data": str(data),
            "user": SUPERUSER,
            "password": password,
            "pid": process.pid,
        }

    def explain(self, log: str, status: int) -> str:
        """Say why it ended: a full disk, a damaged data directory, one of another version."""
        if self.tells_full_disk(log):
            return full_disk(self.title, self.folder)
        again = (
            f"remove it (rm -r '{self.folder}'), then try again: it holds nothing but copies of "
            "the course's data"
        )
        if other := re.search(r"initialized by PostgreSQL version (\S+?),", log):
            return (
                f"The data directory {self.folder / 'data'} is of PostgreSQL {other[1]}, and this "
                f"is another version; {again}."
            )
        if (self.folder / "data").exists():
            trouble = re.search(r"(?:FATAL|PANIC):\s+(.+)", log)
            what = trouble[1] if trouble else f"it ended with status {status}"
            return (
                f"PostgreSQL does not start from its data directory {self.folder / 'data'} "
                f"({what}); {again}."
            )
        return super().explain(log, status)

    def _programs(self, account: Account | None) -> Path:
        folder = Path(self.options["programs"])
        # The programs look for their libraries and files beside them: the whole tree is needed.
        root = folder.parent
        name = f"postgresql-{self.options['version']}"
        return reachable_copy(root, name, account) / folder.relative_to(root)

    def _prepare(self, keeper: Keeper, programs: Path, data: Path, account: Account | None) -> str:
        """Make the data directory unless it is there; return the superuser's password."""
        known = self.folder / "password"
        if data.exists() and known.exists():
            return known.read_text("utf-8").strip()
        shutil.rmtree(data, ignore_errors=True)  # one without its password was never finished
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        hand_over(new, account)
        password = secrets.token_urlsafe(24)
        told = fresh_folder(account)
        keeper.leftovers.add_folder(told)
        secret = told / "password"
        secret.touch(mode=0o600)
        secret.write_text(password, "utf-8")
        if account:
            os.chown(secret, account.uid, account.gid)
        keeper.run(
            [
                str(programs / "initdb"),
                "-D", str(new),
                "-U", SUPERUSER,
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "-E", "UTF8",
                "--no-locale",
                "-N",
            ],
            env=plain_environment(told),
            account=account,
        )  # fmt: skip
        shutil.rmtree(told, ignore_errors=True)
        known.touch(mode=0o600)
        known.write_text(password, "utf-8")
        try:
            new.rename(data)
        except OSError as error:
            raise StartError(f"{data} cannot be made: {error.strerror}.") from None
        return password

    @staticmethod
    def _extensions(programs: Path) -> dict[str, str]:
        """Return the settings of contributed modules, where they are installed."""
        library = programs.parent / "lib"
        names = ("pg_stat_statements",)
        there = [
            n for n in names if any(library.rglob(f"{n}.so")) or any(library.rglob(f"{n}.dylib"))
        ]
        return {"shared_preload_libraries": ",".join(there)} if there else {}
